import type { JsonObject } from '../sdk/index.js';

/** Why a connection stopped, as the hub keeps it: what is wrong, and below it what to do. */
export function renderProblem(connection: string, problem: JsonObject): string {
  const text = (key: string): string => {
    const value = problem[key];
    return typeof value === 'string' ? value : '';
  };
  return `${connection}: ${text('message')}\n  ${text('remedy')}`;
}
