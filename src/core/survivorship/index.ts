export * from './rules.js';
export * from './survive.js';
export * from './changes.js';
export * from './document.js';
export * from './merged.js';
