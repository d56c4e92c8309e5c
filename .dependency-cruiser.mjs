/**
 * The layers of docs/architecture: who may import whom.
 *
 *     connectors/* ──> src/sdk <── src/sync ──> src/core
 *                                  src/* (features) ──> src/platform
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'connectors-stand-alone',
      comment:
        'A connector imports the contract, its own files and packages: it could be published as a package.',
      severity: 'error',
      from: { path: '^(?:connectors|templates)/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(src|connectors|templates|test|chaos|bench|scripts)/',
        pathNot: ['^src/sdk/', '^(?:connectors|templates)/$1/'],
      },
    },
    {
      name: 'connector-tests-too',
      comment: "A connector's tests use the contract's doubles, and nothing else of the hub.",
      severity: 'error',
      from: { path: '^(?:connectors|templates)/([^/]+)/.+\\.spec\\.ts$' },
      to: {
        path: '^(src|connectors|templates|bench|scripts)/',
        pathNot: ['^src/sdk/', '^(?:connectors|templates)/$1/'],
      },
    },
    {
      name: 'sdk-knows-nothing-of-the-hub',
      severity: 'error',
      from: { path: '^src/sdk/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|connectors|test)/', pathNot: '^src/sdk/' },
    },
    {
      name: 'core-is-pure',
      comment: 'The core takes data and gives data; it knows the contract and itself.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|connectors|test)/', pathNot: ['^src/core/', '^src/sdk/'] },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-needs-no-framework',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(@nestjs|@prisma|pg|graphile-worker|undici|axios|rxjs|pino)/' },
    },
    {
      name: 'platform-knows-no-feature',
      comment:
        'Configuration is checked against the canonical fields and the contract; otherwise platform stands alone.',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|connectors)/', pathNot: ['^src/platform/', '^src/sdk/', '^src/core/'] },
    },
    {
      name: 'features-know-no-connector',
      comment: 'Connectors are found when the hub starts; only the demo brings sandboxes of its own.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/demo/', '\\.spec\\.ts$'] },
      to: { path: '^connectors/' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(src|connectors)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^test/', '^chaos/', '\\.spec\\.ts$'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: {
        path: '^(src|connectors)/',
        pathNot: ['\\.spec\\.ts$', '^src/core/simulation/', '^src/platform/database/generated/'],
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|src/platform/database/generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
