/** Streaming needs its cookies sent back: without them a session is not found again ("no cookie present"). */
export class Cookies {
  private readonly values = new Map<string, string>();

  /** Takes over what an answer sets. The sender joins several headers with a comma, which dates have too. */
  keep(setCookie: string | undefined): void {
    for (const [, name = '', value = ''] of (setCookie ?? '').matchAll(/(?:^|,\s*)([^\s=;,]+)=([^;,]*)/g))
      this.values.set(name, value);
  }

  /** The header to send, if there is anything to send. */
  header(): Readonly<Record<string, string>> {
    const pairs = [...this.values].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
  }
}
