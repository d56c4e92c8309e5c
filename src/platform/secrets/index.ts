export { SecretError } from './errors.js';
export { keysFromFile, keysFromText, type KeySource } from './key-source.js';
export { Vault } from './vault.js';
