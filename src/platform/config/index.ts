/** The configuration file `rapport.yaml`: its shape, and reading it. */
export * from './schema.js';
export * from './parse.js';
export { configJsonSchema } from './json-schema.js';
export type { ConnectorLookup } from './check-connectors.js';
export type { Environment } from '../environment-file.js';
export type { ConfigPath, ConfigProblem } from './problem.js';
