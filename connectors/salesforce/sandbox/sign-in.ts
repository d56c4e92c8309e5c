/** Sessions: the OAuth token endpoint with its grants, and SOAP login. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { isObject } from '../api/api-failure.js';
import { USERS } from './first-rows.js';

export interface Account {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  readonly refreshToken: string;
  /** Each refresh token works once. */
  readonly rotate: boolean;
  /** PEM, for the JWT bearer flow. */
  readonly jwtPublicKey: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of `body`. */
  readonly text?: string;
  readonly type?: string;
  readonly setCookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const FIRST_WITHOUT_SOAP_LOGIN = 65;

export class SignIn {
  private readonly sessions = new Set<string>();
  private refreshToken: string;
  private isRevoked = false;

  constructor(
    private readonly account: Account,
    private readonly baseUrl: () => string,
  ) {
    this.refreshToken = account.refreshToken;
  }

  knows(authorization: string | undefined): boolean {
    return this.sessions.has(authorization?.replace(/^Bearer /, '') ?? '');
  }

  expire(): void {
    this.sessions.clear();
  }

  /** Nobody signs in any more. */
  revoke(): void {
    this.expire();
    this.isRevoked = true;
  }

  /** OAuth 2.0 token endpoint. */
  token(form: URLSearchParams): Answer {
    const grant = form.get('grant_type');
    const { account } = this;
    if (this.isRevoked) return refused('inactive_user', 'user is inactive');
    if (grant === JWT_GRANT)
      return this.jwtHolds(form.get('assertion') ?? '')
        ? this.granted()
        : refused('invalid_grant', 'invalid assertion');
    if (form.get('client_id') !== account.clientId)
      return refused('invalid_client_id', 'client identifier invalid');
    if (form.get('client_secret') !== account.clientSecret)
      return refused('invalid_client', 'invalid client credentials');
    if (grant === 'client_credentials') return this.granted();
    if (grant === 'password') {
      const right = form.get('username') === account.username && form.get('password') === account.password;
      return right ? this.granted() : refused('invalid_grant', 'authentication failure');
    }
    if (grant !== 'refresh_token') return refused('unsupported_grant_type', 'grant type not supported');
    if (form.get('refresh_token') !== this.refreshToken)
      return refused('invalid_grant', 'expired access/refresh token');
    if (!account.rotate) return this.granted();
    this.refreshToken = `refresh-${randomBytes(12).toString('hex')}`;
    return this.granted({ refresh_token: this.refreshToken });
  }

  private granted(more: Readonly<Record<string, string>> = {}): Answer {
    const id = `${this.baseUrl()}/id/00DSB0000000001AAA/${USERS.sync}`;
    return {
      status: 200,
      body: { access_token: this.open(), instance_url: this.baseUrl(), id, token_type: 'Bearer', ...more },
    };
  }

  private open(): string {
    const token = `00DSB!${randomBytes(24).toString('base64url')}`;
    this.sessions.add(token);
    return token;
  }

  private jwtHolds(assertion: string): boolean {
    const [header = '', claims = '', signature = ''] = assertion.split('.');
    if (this.account.jwtPublicKey === undefined) return false;
    const key = createPublicKey(this.account.jwtPublicKey);
    if (!verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url')))
      return false;
    const said: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return (
      isObject(said) &&
      said['iss'] === this.account.clientId &&
      said['sub'] === this.account.username &&
      said['aud'] === this.baseUrl()
    );
  }

  /** The login call of the SOAP API, as far as a client reads it. */
  soap(version: string, xml: string): Answer {
    const part = (tag: string): string => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
    const envelope = (inner: string): string =>
      `<?xml version="1.0"?><soapenv:Envelope><soapenv:Body>${inner}</soapenv:Body></soapenv:Envelope>`;
    const fault = (text: string): Answer => ({
      status: 500,
      type: 'text/xml',
      text: envelope(`<soapenv:Fault><faultstring>${text}</faultstring></soapenv:Fault>`),
    });
    if (Number(version) >= FIRST_WITHOUT_SOAP_LOGIN)
      return fault('UNSUPPORTED_CLIENT: login() is not available in this API version');
    if (part('username') !== this.account.username || part('password') !== this.account.password)
      return fault('INVALID_LOGIN: Invalid username, password, security token; or user locked out.');
    const serverUrl = `${this.baseUrl()}/services/Soap/u/${version}/00DSB0000000001AAA`;
    const result = `<serverUrl>${serverUrl}</serverUrl><sessionId>${this.open()}</sessionId><userId>${USERS.sync}</userId><userInfo><organizationId>00DSB0000000001AAA</organizationId></userInfo>`;
    return {
      status: 200,
      type: 'text/xml',
      text: envelope(`<loginResponse><result>${result}</result></loginResponse>`),
    };
  }
}

function refused(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}
