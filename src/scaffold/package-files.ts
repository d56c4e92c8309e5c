import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { connectorFiles, type Files } from './template.js';

const manifestSchema = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** What the contract is imported from, in this repository and in a package. */
const IMPORTS = [
  [/'(?:\.\.\/)+src\/sdk\/conformance\/index\.js'/g, "'rapport/sdk/conformance'"],
  [/'(?:\.\.\/)+src\/sdk\/index\.js'/g, "'rapport/sdk'"],
] as const;

/** The same connector as an npm package of its own, which is linked to the hub that made it. */
export function packageFiles(root: string, name: string, folder: string): Files {
  const files = new Map<string, string>();
  for (const [path, text] of connectorFiles(root, name)) {
    if (path === 'README.md') files.set(path, `${text}${README}`);
    else
      files.set(
        join('src', path.replace('.int.spec.ts', '.spec.ts')),
        IMPORTS.reduce((all, [from, to]) => all.replace(from, to), text),
      );
  }
  files.set('package.json', json(manifestOf(root, name, folder)));
  files.set('tsconfig.json', json(TSCONFIG));
  files.set('.gitignore', 'node_modules/\ndist/\n');
  return files;
}

export function packageName(name: string): string {
  return `rapport-connector-${name}`;
}

function manifestOf(root: string, name: string, folder: string): object {
  const { engines, dependencies, devDependencies } = manifestSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  return {
    name: packageName(name),
    version: '0.1.0',
    type: 'module',
    engines,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './conformance': { types: './dist/conformance.d.ts', default: './dist/conformance.js' },
    },
    files: ['dist', '!dist/**/*.spec.*'],
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test "dist/**/*.spec.js"',
      conformance: 'tsc && rapport conformance dist/conformance.js',
      prepare: 'tsc',
    },
    dependencies: { zod: dependencies['zod'] },
    devDependencies: {
      '@types/node': devDependencies['@types/node'],
      rapport: `file:${relative(folder, root)}`,
      typescript: devDependencies['typescript'],
    },
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    lib: ['es2024'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

const README = `
## Working on it

\`\`\`sh
npm install          # links the hub that this package was made with
npm test             # the conformance suite
npm run conformance  # the same as a table
\`\`\`

The hub uses it when the package is installed beside \`rapport.yaml\` and named there under \`packages\`.
`;

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
