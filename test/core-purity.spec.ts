import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../src/platform/package-root.js';

/** What the core must not import: frameworks, drivers, and anything of Node. */
const FORBIDDEN_MODULES = [
  /^node:/,
  /^@nestjs\//,
  /prisma/i,
  /^pg$/,
  /^graphile-worker$/,
  /^undici$/,
  /\/platform\//,
];
const FORBIDDEN_CALLS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'setTimeout',
  'setInterval',
  'fetch',
]);
const FORBIDDEN_NAMES = new Set(['process', 'crypto', 'globalThis']);

/** What a source file does that a pure function may not; each with its line. */
function impurities(name: string, text: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, what: string): void => {
    found.push(`${name}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)} ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const module = node.moduleSpecifier.getText().slice(1, -1);
      if (FORBIDDEN_MODULES.some((pattern) => pattern.test(module))) report(node, `imports ${module}`);
    }
    if (ts.isCallExpression(node) && FORBIDDEN_CALLS.has(node.expression.getText())) {
      report(node, `calls ${node.expression.getText()}`);
    }
    if (
      ts.isNewExpression(node) &&
      node.expression.getText() === 'Date' &&
      (node.arguments?.length ?? 0) === 0
    ) {
      report(node, 'asks what time it is');
    }
    if (
      ts.isIdentifier(node) &&
      FORBIDDEN_NAMES.has(node.text) &&
      ts.isPropertyAccessExpression(node.parent)
    ) {
      if (node.parent.expression === node) report(node, `uses ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.includes('.testing.'))
    .map((path) => join(folder, path));
}

describe('the core', () => {
  it('does no I/O, and knows no framework, no clock and no chance', () => {
    const root = packageRoot();
    const files = sources(join(root, 'src', 'core'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => impurities(relative(root, file), readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    "import { readFileSync } from 'node:fs';",
    "import { Injectable } from '@nestjs/common';",
    "export { PrismaClient } from '../platform/database/generated/client.js';",
    'const at = Date.now();',
    'const at = new Date();',
    'const id = Math.random();',
    'const home = process.env.HOME;',
  ])('would be caught at: %s', (line) => {
    expect(impurities('sample.ts', line)).toHaveLength(1);
  });

  it('may work with times that it is given', () => {
    expect(impurities('sample.ts', 'const at = new Date(given).getTime();')).toEqual([]);
  });
});
