/** The private app's token, and OAuth with refresh tokens. */
import { randomUUID } from 'node:crypto';
import { ApiError } from './answers.js';
import { ok, type ApiAnswer, type ApiRequest } from './request.js';

interface TokenOptions {
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessTokenSeconds: number;
  readonly rotateRefreshTokens: boolean;
  readonly scopes: readonly string[];
}

export const ALL_SCOPES: readonly string[] = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.objects.deals.read',
  'crm.objects.deals.write',
  'crm.objects.owners.read',
  'crm.schemas.contacts.read',
  'crm.schemas.companies.read',
  'crm.schemas.deals.read',
];

export class Tokens {
  private readonly access = new Map<string, number>();
  private readonly refresh = new Set<string>();
  private revoked = false;

  constructor(
    private readonly options: TokenOptions,
    private readonly now: () => number,
  ) {}

  /** What installing an app gives. */
  install(): string {
    const token = randomUUID();
    this.refresh.add(token);
    return token;
  }

  expire(): void {
    for (const token of this.access.keys()) this.access.set(token, 0);
  }

  /** The app is removed, or its token taken back. */
  revoke(): void {
    this.revoked = true;
    this.access.clear();
    this.refresh.clear();
  }

  /** POST /oauth/v1/token */
  grant(request: ApiRequest): ApiAnswer {
    const form = new URLSearchParams(request.raw);
    if (
      form.get('client_id') !== this.options.clientId ||
      form.get('client_secret') !== this.options.clientSecret
    )
      throw new ApiError(400, { status: 'BAD_CLIENT_SECRET', message: 'missing or invalid client secret' });
    const given = form.get('refresh_token') ?? '';
    if (form.get('grant_type') !== 'refresh_token' || !this.refresh.has(given))
      throw new ApiError(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' });
    if (this.options.rotateRefreshTokens) this.refresh.delete(given);
    const refreshToken = this.options.rotateRefreshTokens ? this.install() : given;
    const accessToken = `C${randomUUID()}`;
    this.access.set(accessToken, this.now() + this.options.accessTokenSeconds * 1000);
    return ok({
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: this.options.accessTokenSeconds,
      token_type: 'bearer',
    });
  }

  /** Installed by OAuth, and no private app. */
  isPublicApp(authorization: string | undefined): boolean {
    return this.access.has(authorization?.replace(/^Bearer /, '') ?? '');
  }

  check(authorization: string | undefined): void {
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    if (token === this.options.token && !this.revoked) return;
    if ((this.access.get(token) ?? 0) > this.now()) return;
    const expired = this.access.has(token);
    throw new ApiError(401, {
      message: expired ? 'The OAuth token used to make this call expired.' : 'The access token is not valid.',
      category: expired ? 'EXPIRED_AUTHENTICATION' : 'INVALID_AUTHENTICATION',
    });
  }

  require(scope: string): void {
    if (this.options.scopes.includes(scope)) return;
    throw new ApiError(403, {
      message: "This app hasn't been granted all required scopes to make this call.",
      category: 'MISSING_SCOPES',
      errors: [{ message: 'a scope is required', context: { requiredGranularScopes: [scope] } }],
    });
  }
}
