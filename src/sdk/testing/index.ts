/** Doubles for those who write connectors. */
export * from './clock.js';
export * from './context.js';
export * from './http.js';
export type { FinishedCall } from '../http-client.js';
