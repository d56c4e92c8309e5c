import { Module, type DynamicModule } from '@nestjs/common';
import { keysFromFile, keysFromText } from './key-source.js';
import { Vault } from './vault.js';

export interface SecretsOptions {
  /** Keys in base64, the current one first; without them they are kept in a file of `dataDir`. */
  readonly keys?: string | undefined;
  readonly dataDir: string;
}

/** Gives every feature the {@link Vault}. */
@Module({})
export class SecretsModule {
  static register(options: SecretsOptions): DynamicModule {
    const source = options.keys === undefined ? keysFromFile(options.dataDir) : keysFromText(options.keys);
    return {
      module: SecretsModule,
      global: true,
      providers: [{ provide: Vault, useFactory: () => new Vault(source) }],
      exports: [Vault],
    };
  }
}
