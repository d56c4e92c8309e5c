export * from './rules.js';
export * from './survive.js';
export * from './changes.js';
export * from './merged.js';
