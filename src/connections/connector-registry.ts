import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { Connector } from '../sdk/index.js';
import { connectorIn, type CheckedModule, type ConnectorProblem } from './connector-problem.js';
import { wordsOf } from './guard/broken-connector.js';
import { guardConnector, type GuardOptions } from './guard/guarded-connector.js';

/** Next to this code: `connectors` of the sources, or of the build. */
const CONNECTORS = fileURLToPath(new URL('../../connectors', import.meta.url));
const ENTRIES = ['index.js', 'index.ts'];

/** A package that does more than this while it is loaded does something else than being loaded. */
const LOADING_MS = 30_000;

export interface RegistryOptions extends GuardOptions {
  /** Folder whose subfolders are connectors; the project's own unless told. */
  readonly folder?: string;
  /** How a package is loaded; by Node's own resolution unless told. */
  readonly importPackage?: (name: string) => Promise<unknown>;
  /** How long loading one may take (ms); 30 s unless told. */
  readonly loadingMs?: number;
}

/** The connectors there are. A broken one is told of, and does not stop the others. */
@Injectable()
export class ConnectorRegistry {
  private readonly connectors = new Map<string, Connector>();
  private readonly sources = new Map<string, string>();
  private readonly broken = new Map<string, ConnectorProblem>();
  private readonly loaded = new Set<string>();

  private readonly importPackage: (name: string) => Promise<unknown>;

  private constructor(private readonly options: RegistryOptions) {
    this.importPackage = options.importPackage ?? importByName;
  }

  static async load(options: RegistryOptions = {}): Promise<ConnectorRegistry> {
    const registry = new ConnectorRegistry(options);
    for (const file of entriesIn(options.folder ?? CONNECTORS)) {
      const source = `connectors/${file.name}`;
      await registry.add(source, async () => (await import(pathToFileURL(file.path).href)) as unknown);
    }
    return registry;
  }

  /** Loads connectors from npm packages; those loaded before are left as they are, broken ones are tried again. */
  async usePackages(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.loaded.has(name)) continue;
      await this.add(name, () => this.importPackage(name));
      if (!this.broken.has(name)) this.loaded.add(name);
    }
  }

  find(name: string): Connector | undefined {
    return this.connectors.get(name);
  }

  /** By name. */
  all(): readonly Connector[] {
    return [...this.connectors.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Where a connector comes from: its folder, or its package. */
  sourceOf(name: string): string | undefined {
    return this.sources.get(name);
  }

  lookup(): ReadonlyMap<string, Connector> {
    return this.connectors;
  }

  problems(): readonly ConnectorProblem[] {
    return [...this.broken.values()];
  }

  private async add(source: string, load: () => Promise<unknown>): Promise<void> {
    this.broken.delete(source);
    let module: unknown;
    try {
      module = await inTime(load(), this.options.loadingMs ?? LOADING_MS);
    } catch (error) {
      this.refuse(
        source,
        `It could not be loaded: ${firstLine(error)}`,
        'Correct or remove it, then start again.',
      );
      return;
    }
    const checked = looked(module);
    if (!checked.ok) {
      this.refuse(source, checked.message, checked.remedy);
      return;
    }
    const { connector } = checked;
    const other = this.sources.get(connector.name);
    if (other !== undefined) {
      this.refuse(source, `Its name "${connector.name}" is that of ${other}.`, 'Remove one of the two.');
      return;
    }
    this.connectors.set(connector.name, guardConnector(connector, source, this.options));
    this.sources.set(connector.name, source);
  }

  private refuse(source: string, message: string, remedy: string): void {
    this.broken.set(source, { source, message, remedy });
  }
}

function entriesIn(folder: string): { readonly name: string; readonly path: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => {
      const path = ENTRIES.map((entry) => join(folder, name, entry)).find((file) => existsSync(file));
      return path === undefined ? [] : [{ name, path }];
    });
}

/** As the folder has it where the hub was started, beside rapport.yaml; else as the hub itself has it. */
async function importByName(name: string): Promise<unknown> {
  const there = resolvedFrom(process.cwd(), name);
  return (await import(there ?? name)) as unknown;
}

function resolvedFrom(folder: string, name: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href;
  } catch {
    return undefined;
  }
}

async function inTime<T>(loading: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`it does not end within ${String(ms / 1000)} s`));
  }, ms);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looking can fail too: a package may export what throws when it is touched. */
function looked(module: unknown): CheckedModule {
  try {
    return connectorIn(module);
  } catch (error) {
    const message = `What it exports cannot be looked at: ${firstLine(error)}`;
    return { ok: false, message, remedy: 'Update or remove it.' };
  }
}

/** Paths of this machine say nothing to whoever reads it elsewhere. */
function firstLine(error: unknown): string {
  return wordsOf(error).replaceAll(dirname(CONNECTORS), '.');
}
