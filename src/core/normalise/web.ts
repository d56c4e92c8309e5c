import { memoised } from './memo.js';
import { textKey } from './text.js';

/** Host, port, path and query of a web address; scheme, `www.`, default ports and slashes at the end don't count. */
export function urlKey(text: string): string {
  const url = parseWeb(text);
  if (url === undefined) return textKey(text);
  const port = url.port === '443' || url.port === '' ? '' : `:${url.port}`;
  const user = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
  return `${user}${hostOf(url)}${port}${url.pathname.replace(/\/+$/, '')}${url.search}${url.hash}`;
}

/** Host name in lower case (Punycode for other scripts), out of a bare domain, a web address or an e-mail address. */
export const domainKey = memoised(20_000, (text) => {
  const plain = textKey(textKey(text).replace(/^(?:mailto:\s*)+/i, ''));
  const address = /^[^\s/@]*@([^\s/@]+)$/.exec(plain)?.[1] ?? plain;
  const url = parseWeb(address);
  return url === undefined ? textKey(plain.toLowerCase()) : hostOf(url);
});

/** The parsed address, `http:` assumed where no scheme is named; undefined for what is no web address. */
export function parseWeb(text: string): URL | undefined {
  const plain = textKey(text);
  const address = /^https?:\/\//i.test(plain)
    ? plain.replace(/^https/i, 'http')
    : `http://${plain.replace(/^\/+/, '')}`;
  if (
    /\s/.test(address) ||
    (/^[a-z][a-z\d+.-]*:/i.test(plain) && !/^(?:https?:\/\/|[\w.-]+:\d+(?:[/?#]|$))/i.test(plain))
  ) {
    return undefined;
  }
  const url = URL.parse(address);
  // An empty label names no host, though the parser lets it pass.
  return url === null || /^\.|\.\./.test(url.hostname) ? undefined : url;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '').replace(/^(?:www\.)+(?=[^.]+\.[^.])/, '');
}
