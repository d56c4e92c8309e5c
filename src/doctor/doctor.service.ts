import { Inject, Injectable } from '@nestjs/common';
import { ApplyService } from '../connections/apply/apply.service.js';
import { callsOf } from '../connections/call-view.js';
import { CheckService } from '../connections/check.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import { PROCESS_SETTINGS, type ProcessSettings } from '../startup/settings.js';
import {
  fileAtHand,
  judgeConfiguration,
  type ConfigurationFacts,
  type Surroundings,
} from './configuration.js';
import { connectionFacts, judgeConnection } from './connection.js';
import { databaseFacts, judgeDatabase } from './database.js';
import type { Examination } from './finding.js';
import { judgeLimits } from './limits.js';
import { judgeMachine, machineFacts } from './machine.js';
import { judgeWork, workFacts } from './work.js';

/** Looks for the usual faults of an installation: on the machine, in the database, in the work, at each connection. */
@Injectable()
export class DoctorService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly checks: CheckService,
    private readonly apply: ApplyService,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  /** Calls every connected system as `check` does; nothing is changed but a failed connection that works again. */
  async examine(surroundings: Surroundings): Promise<readonly Examination[]> {
    const db = this.database;
    const machine = await machineFacts(this.settings, surroundings.folder);
    return [
      { subject: 'machine', findings: judgeMachine(machine) },
      { subject: 'database', findings: judgeDatabase(await databaseFacts(db, Date.now)) },
      { subject: 'work', findings: judgeWork(await workFacts(db)) },
      { subject: 'configuration', findings: judgeConfiguration(await this.configuration(surroundings)) },
      ...(await this.examineConnections()),
    ];
  }

  private async configuration(surroundings: Surroundings): Promise<ConfigurationFacts> {
    const { external } = await this.connections.directory();
    return {
      connections: external.filter(({ state }) => state !== 'removed').length,
      file: await fileAtHand(this.apply, surroundings),
    };
  }

  private async examineConnections(): Promise<readonly Examination[]> {
    const checks = await this.checks.check();
    const db = this.database;
    // Read after the checks, which measure clocks and see limits.
    const { external } = await this.connections.directory();
    const facts = await connectionFacts(db);
    const now = Date.now();
    const calls = await callsOf(db, external, now);
    const about = { publicUrl: this.settings.publicUrl, now };
    return checks.map(({ connection, items }) => {
      const found = external.find(({ name }) => name === connection);
      const known = facts.find(({ connectionId }) => connectionId === found?.id);
      const made = calls.get(found?.id ?? '');
      return {
        subject: connection,
        findings: [
          ...items,
          ...(found === undefined || made === undefined
            ? []
            : judgeLimits({ clockOffsetMs: found.clockOffsetMs, calls: made })),
          ...(known === undefined ? [] : judgeConnection(known, about)),
        ],
      };
    });
  }
}
