import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { openDatabase, type OpenDatabase, type OpenOptions } from './open.js';

const OPEN_DATABASE = Symbol('open database');

/** Gives every feature the {@link Database}, open and migrated; closes it after everything else. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(OPEN_DATABASE) private readonly open: OpenDatabase) {}

  static register(options: OpenOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: OPEN_DATABASE, useFactory: () => openDatabase(options) },
        { provide: Database, inject: [OPEN_DATABASE], useFactory: (open: OpenDatabase) => open.database },
      ],
      exports: [Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.open.close();
  }
}
