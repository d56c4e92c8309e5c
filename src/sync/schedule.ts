import { Inject, Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { ConnectionHttp } from '../connections/connection-http.js';
import { ConnectorRegistry } from '../connections/connector-registry.js';
import { configuredPackages } from '../connections/packages.repository.js';
import { auditSettings } from '../drift/audit-settings.repository.js';
import { AuditsService } from '../drift/audits.service.js';
import { Database, rows, sql } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { RunsService } from '../runs/runs.service.js';

/** What another process applied is known here after so long at the latest. */
const REFRESH_MS = 3_000;
/** A process that was busy, or asleep, still starts what was due so long ago. */
const LATE_MS = 50_000;
/** Timers may fire a moment before their time. */
const EARLY_MS = 2_000;
const MINUTE_MS = 60_000;

/** Stands for the audit among the connections, whose ids are UUIDs. */
const AUDIT = 'audit';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly state: string;
}

/** Each connection's cron, and that of the audit, in its time zone, as the configuration has it now. */
@Injectable()
export class Schedule {
  private known: ReadonlyMap<string, Entry> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private atHand: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly crons: SchedulerRegistry,
    private readonly runs: RunsService,
    private readonly http: ConnectionHttp,
    private readonly connectors: ConnectorRegistry,
    private readonly audits: AuditsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.refresh();
    this.refreshLater();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.atHand;
    for (const entry of this.known.values()) this.remove(entry);
    this.known = new Map();
  }

  /** Takes over what the configuration says now. */
  async refresh(): Promise<void> {
    const found = await rows<Entry>(
      this.database,
      sql`select id::text as id, name, schedule, time_zone as "timeZone", state from connection order by position, name`,
    );
    await this.connectors.usePackages(await configuredPackages(this.database));
    const audit = await auditSettings(this.database);
    found.push({
      id: AUDIT,
      name: AUDIT,
      schedule: audit.enabled ? audit.schedule : null,
      timeZone: audit.timeZone,
      state: 'active',
    });
    const now = new Map(found.map((entry) => [entry.id, entry]));
    for (const entry of this.known.values()) {
      const after = now.get(entry.id);
      // Somebody mended it, perhaps with other credentials: nothing kept of the old ones is of use.
      if (entry.state === 'failed' && after?.state === 'active') this.http.forget(entry.id);
      if (!sameTimes(entry, after)) this.remove(entry);
    }
    for (const entry of found) {
      if (!sameTimes(entry, this.known.get(entry.id))) this.add(entry);
    }
    this.known = now;
  }

  /**
   * A connection's time has come. The key is the minute that was due, by this machine's own clock and however late it
   * looks at it: of several processes one starts the sync.
   */
  async due(entry: Pick<Entry, 'id' | 'name'>, now: number): Promise<void> {
    const minute = new Date(Math.floor((now + EARLY_MS) / MINUTE_MS) * MINUTE_MS).toISOString();
    if (entry.id === AUDIT) {
      const { repair } = await auditSettings(this.database);
      const audit = await this.audits.startDue(`${AUDIT}:${minute}`, repair);
      if (audit !== null) this.logger.info(audit, 'scheduled audit started');
      return;
    }
    const started = await this.runs.startDue(entry.id, `${entry.id}:${minute}`);
    if (started !== null)
      this.logger.info({ connection: entry.name, runId: started.runId }, 'scheduled sync started');
  }

  private add(entry: Entry): void {
    if (entry.schedule === null || !isOn(entry)) return;
    const job = CronJob.from({
      cronTime: entry.schedule,
      timeZone: entry.timeZone,
      threshold: LATE_MS,
      onTick: async () => {
        try {
          await this.due(entry, Date.now());
        } catch (error) {
          this.logger.error({ err: error, connection: entry.name }, 'a scheduled sync could not be started');
        }
      },
    });
    this.crons.addCronJob(entry.id, job);
    job.start();
  }

  private remove(entry: Entry): void {
    if (this.crons.doesExist('cron', entry.id)) this.crons.deleteCronJob(entry.id);
  }

  private refreshLater(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.atHand = this.refresh()
        .catch((error: unknown) => {
          this.logger.warn({ err: error }, 'the schedule could not be read; it is tried again');
        })
        .finally(() => {
          this.refreshLater();
        });
    }, REFRESH_MS);
  }
}

function sameTimes(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined) return false;
  return a.schedule === b.schedule && a.timeZone === b.timeZone && isOn(a) === isOn(b);
}

function isOn({ state }: Entry): boolean {
  return state === 'active' || state === 'failed';
}
