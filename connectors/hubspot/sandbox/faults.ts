/** Faults to order: what networks and busy servers do. */
import type { ApiRequest } from './request.js';

export interface Fault {
  /**
   * `lost-answer`: applied, then the connection breaks. `reset`: it breaks before anything is applied.
   * `reset-mid-body`: the answer is cut off. `malformed`: an answer that is no JSON. `status`: an answer of a gateway.
   * `slow`: applied at once, answered `ms` later.
   */
  readonly kind: 'lost-answer' | 'reset' | 'reset-mid-body' | 'malformed' | 'status' | 'slow';
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly policyName?: string;
  readonly ms?: number;
  readonly method?: string;
  /** Part of the path. */
  readonly path?: string;
  /** How often it strikes; once unless told. */
  readonly times?: number;
  /** So many matching calls go through first. */
  readonly skip?: number;
}

export class Faults {
  private rules: { readonly fault: Fault; left: number; skip: number }[] = [];

  add(fault: Fault): void {
    this.rules.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault that strikes this call, if any; uses it up. */
  pick(request: ApiRequest): Fault | undefined {
    for (const rule of this.rules) {
      const { fault } = rule;
      if (rule.left === 0) continue;
      if (fault.method !== undefined && fault.method !== request.method) continue;
      if (fault.path !== undefined && !request.path.includes(fault.path)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.left -= 1;
      return fault;
    }
    return undefined;
  }
}
