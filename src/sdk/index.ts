export * from './connector.js';
export * from './context.js';
export * from './errors.js';
export * from './json.js';
export * from './outcome.js';
export * from './record.js';
export * from './stream.js';
