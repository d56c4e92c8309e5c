export * from './swing.js';
