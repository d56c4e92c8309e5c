/** Why a secret cannot be sealed or opened, and what to do about it. Never holds a key or a secret. */
export class SecretError extends Error {
  readonly code: 'key-invalid' | 'key-missing' | 'key-exposed' | 'key-unreadable' | 'tampered' | 'malformed';
  readonly remedy: string;

  constructor(init: {
    readonly code: SecretError['code'];
    readonly message: string;
    readonly remedy: string;
    readonly cause?: unknown;
  }) {
    super(`${init.message} ${init.remedy}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'SecretError';
    this.code = init.code;
    this.remedy = init.remedy;
  }
}
