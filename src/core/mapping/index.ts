/** Between a system's own properties and the canonical fields, both ways. */
export * from './merge.js';
export * from './to-canonical.js';
export * from './to-native.js';
export type { MappingProblem } from './problem.js';
