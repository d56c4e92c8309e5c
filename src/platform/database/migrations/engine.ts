import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { ConstructorOptions, SchemaEngine } from '@prisma/schema-engine-wasm';

/** The part of the global that is used here; it is declared with the browser's types, which the hub has not. */
declare const WebAssembly: {
  instantiate(
    binary: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

interface EngineModule {
  __wbg_set_wasm(exports: Readonly<Record<string, unknown>>): void;
  readonly SchemaEngine: {
    new: (
      options: ConstructorOptions,
      log: (message: string) => void,
      adapter: object,
    ) => Promise<SchemaEngine>;
  };
}

/** All the engine has to know of the schema to apply migrations. */
const DATASOURCE: [string, string] = ['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n'];

let loaded: Promise<EngineModule> | undefined;

/**
 * What the engine imports of its JavaScript side, with one change: it never clears the timers (10 s) that guard its
 * lock on the database, and those must not keep a process from ending.
 */
function imports(engine: object): Readonly<Record<string, object>> {
  const functions = Object.entries(engine as Record<string, (...args: unknown[]) => unknown>);
  const changed = functions.map(([name, call]) => {
    if (!name.startsWith('__wbg_setTimeout')) return [name, call] as const;
    const unheld = (...args: unknown[]): unknown => {
      const timer = call(...args);
      (timer as NodeJS.Timeout).unref();
      return timer;
    };
    return [name, unheld] as const;
  });
  return { './schema_engine_bg.js': Object.fromEntries(changed) };
}

async function load(): Promise<EngineModule> {
  // The package's main file imports the .wasm as a module, which not every loader can; so it is put together here.
  const engine = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule;
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const binary = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, imports(engine));
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') (start as () => void)();
  return engine;
}

/**
 * Prisma's schema engine on a database. It is a WebAssembly module of 3 MB: load it only when there is work for it.
 * `free()` it after use.
 */
export async function schemaEngine(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  datamodels: [string, string][] = [DATASOURCE],
): Promise<SchemaEngine> {
  loaded ??= load();
  const engine = await loaded;
  const ignore = (): void => undefined;
  return await engine.SchemaEngine.new({ datamodels }, ignore, bindMigrationAwareSqlAdapterFactory(adapter));
}
