export * from './observe.js';
export * from './settle.js';
export * from './state.js';
