/** The SOAP call that takes records out of the recycle bin. */
import { Problem } from './problem.js';
import type { Answer, SignIn } from './sign-in.js';
import type { Store } from './store.js';

const MOST = 200;

export function emptyRecycleBin(store: Store, signIn: SignIn, xml: string): Answer {
  const session = /<sessionId>([^<]*)<\/sessionId>/.exec(xml)?.[1] ?? '';
  if (!signIn.knows(session)) return fault('INVALID_SESSION_ID', 'Session expired or invalid');
  const ids = [...xml.matchAll(/<ids>([^<]*)<\/ids>/g)].map(([, id]) => id ?? '');
  if (ids.length > MOST) return fault('EXCEEDED_ID_LIMIT', 'too many ids');
  const results = ids.map((id) => `<result>${resultOf(store, id)}</result>`).join('');
  return {
    status: 200,
    type: 'text/xml',
    text: envelope(`<emptyRecycleBinResponse>${results}</emptyRecycleBinResponse>`),
  };
}

function resultOf(store: Store, id: string): string {
  try {
    store.purge(id);
    return `<id>${id}</id><success>true</success>`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `<errors><message>${error.message}</message><statusCode>${error.code}</statusCode></errors><id>${id}</id><success>false</success>`;
  }
}

function fault(code: string, text: string): Answer {
  const inner = `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${text}</faultstring></soapenv:Fault>`;
  return { status: 500, type: 'text/xml', text: envelope(inner) };
}

function envelope(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${inner}</soapenv:Body></soapenv:Envelope>`;
}
