export * from './digest.js';
export * from './filter.js';
export * from './plan.js';
export * from './undo.js';
