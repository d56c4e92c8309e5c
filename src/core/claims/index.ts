export * from './document.js';
export * from './first-contact.js';
export * from './members.js';
export * from './observe-during.js';
export * from './observe.js';
export * from './sending.js';
export * from './settle.js';
export * from './state.js';
