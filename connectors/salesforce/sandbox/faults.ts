/** A switch for what can go wrong. */

export interface Fault {
  /**
   * lostAnswer     the call is done, and its answer never comes
   * reset          the connection breaks before anything is done
   * resetMidBody   the call is done, and the connection breaks in the middle of the answer
   * malformed      the call is done, and its answer is no JSON
   * maintenance    a 503 page for humans
   * error          an answer with `status` and `code`
   * record         single records of a collection fail with `code`: those whose text holds `text`, or all
   * slow           the call is done at once, and its answer comes `ms` later
   */
  readonly kind:
    'lostAnswer' | 'reset' | 'resetMidBody' | 'malformed' | 'maintenance' | 'error' | 'record' | 'slow';
  readonly method?: string;
  /** Part of the path with its query, decoded. */
  readonly path?: string;
  /** Once unless told. */
  readonly times?: number;
  /** Calls that match and go well first. */
  readonly after?: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly text?: string;
  readonly ms?: number;
  readonly retryAfterSeconds?: number;
}

export class Faults {
  private active: { readonly fault: Fault; seen: number }[] = [];

  add(fault: Fault): void {
    this.active.push({ fault, seen: 0 });
  }

  clear(): void {
    this.active = [];
  }

  /** The fault that this call is to suffer. */
  pick(method: string, path: string): Fault | undefined {
    for (const one of this.active) {
      const { fault } = one;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !path.includes(fault.path)) continue;
      one.seen += 1;
      const turn = one.seen - (fault.after ?? 0);
      if (turn >= 1 && turn <= (fault.times ?? 1)) return fault;
    }
    return undefined;
  }
}
