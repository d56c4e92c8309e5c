import { Inject, Injectable } from '@nestjs/common';
import { CheckService } from '../connections/check.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import { PROCESS_SETTINGS, type ProcessSettings } from '../startup/settings.js';
import { connectionFacts, judgeConnection } from './connection.js';
import { databaseFacts, judgeDatabase } from './database.js';
import type { Examination } from './finding.js';
import { judgeMachine, machineFacts } from './machine.js';
import { judgeWork, workFacts } from './work.js';

/** Looks for the usual faults of an installation: on the machine, in the database, in the work, at each connection. */
@Injectable()
export class DoctorService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly checks: CheckService,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  /** Calls every connected system as `check` does; nothing is changed but a failed connection that works again. */
  async examine(): Promise<readonly Examination[]> {
    const { prisma } = this.database;
    return [
      { subject: 'machine', findings: judgeMachine(await machineFacts(this.settings)) },
      { subject: 'database', findings: judgeDatabase(await databaseFacts(prisma, Date.now)) },
      { subject: 'work', findings: judgeWork(await workFacts(prisma)) },
      ...(await this.examineConnections()),
    ];
  }

  private async examineConnections(): Promise<readonly Examination[]> {
    const checks = await this.checks.check();
    const { external } = await this.connections.directory();
    const facts = await connectionFacts(this.database.prisma);
    const about = { publicUrl: this.settings.publicUrl, now: Date.now() };
    return checks.map(({ connection, items }) => {
      const id = external.find(({ name }) => name === connection)?.id;
      const known = facts.find(({ connectionId }) => connectionId === id);
      return {
        subject: connection,
        findings: [...items, ...(known === undefined ? [] : judgeConnection(known, about))],
      };
    });
  }
}
