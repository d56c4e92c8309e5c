/** The guard's no. `unknown`: nobody is known by what was sent. `scope`: the key may not do this. */
export class AccessDenied extends Error {
  readonly status: 401 | 403;

  constructor(
    readonly reason: 'unknown' | 'scope',
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'AccessDenied';
    this.status = reason === 'unknown' ? 401 : 403;
  }
}
