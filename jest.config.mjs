import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  rootDir: '.',
  roots: [
    '<rootDir>/src',
    '<rootDir>/connectors',
    '<rootDir>/templates',
    '<rootDir>/test',
    '<rootDir>/chaos',
  ],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/test/helpers/resolver.cjs',
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/helpers/global-setup.mjs',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/helpers/summary-reporter.mjs'],
  // Files that wait for servers leave the processor to others, so two at once even on a small machine.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // ES modules are never unloaded: a worker that has grown is replaced between two files.
  workerIdleMemoryLimit: '1GB',
  // Nothing is timed: this ends what hangs, on a machine that has much else to do.
  testTimeout: 120_000,
};
