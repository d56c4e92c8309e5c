import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import { rows, sql } from '../platform/database/index.js';
import { digest } from '../core/planning/index.js';
import { fieldKey } from '../core/claims/index.js';
import { reportIssues, type IssueReport } from './issue.repository.js';
import { IssuesService } from './issues.service.js';

const ANNA = { givenName: 'Anna', familyName: 'Ash', email: 'anna@x.example' };

describe('sync issues', () => {
  let hub: TestHub;
  let issues: IssuesService;
  let golden: string;
  let mailRecord: string;
  let mailConnection: string;

  beforeEach(async () => {
    hub = await createTestHub();
    issues = new IssuesService(hub.database);
    await hub.see('mail', 'customer', [
      { id: 'M1', values: { ...ANNA, jobTitle: 'Cook' }, at: '2026-01-01T00:00:00Z' },
    ]);
    await hub.see('crm', 'customer', [
      { id: 'C1', values: { ...ANNA, jobTitle: 'Chef' }, at: '2026-01-02T00:00:00Z' },
    ]);
    golden = await hub.goldenOf('crm', 'C1');
    mailRecord = await hub.recordOf('mail', 'M1');
    mailConnection = (await hub.connections.directory()).named('mail')?.id ?? '';
    await hub.database.prisma.pushIntent.deleteMany();
  });

  afterEach(() => hub.drop());

  const report = async (more: Partial<IssueReport> = {}): Promise<void> => {
    const issue: IssueReport = {
      connectionId: mailConnection,
      object: 'contact',
      externalId: 'M1',
      recordId: mailRecord,
      goldenId: golden,
      operation: 'write',
      code: 'NOT_ALLOWED',
      severity: 'error',
      field: 'jobTitle',
      valueKind: 'text',
      valueLength: 4,
      refused: digest(fieldKey('customer', 'jobTitle', 'Chef')),
      message: 'It takes no chefs.',
      remedy: 'Say something else.',
      detail: null,
      nextTryAt: null,
      ...more,
    };
    await hub.database.transaction((tx) => reportIssues(tx, [issue]));
  };

  const plan = async (): Promise<string[]> => {
    await hub.database.prisma.resolveTask.create({ data: { kind: 'golden', id: golden } });
    await hub.settle();
    const found = await rows<{ target: string }>(hub.database.prisma, sql`select target from push_intent`);
    return found.map((row) => row.target);
  };

  const only = async () => (await issues.list({ limit: 10 })).items[0];

  it('hold back a refused value until a person retries it', async () => {
    await report();
    await expect(plan()).resolves.toEqual([]);
    await expect(issues.retry({ id: (await only())?.id ?? '' })).resolves.toBe(1);
    await hub.settle();
    await expect(plan()).resolves.toEqual([`record:${mailRecord}`]);
  });

  it('are retried by what they have in common', async () => {
    await report();
    await report({ field: 'email', code: 'TAKEN', refused: null });
    await expect(issues.retry({ code: 'TAKEN' })).resolves.toBe(1);
    expect((await issues.list({ limit: 10 })).items.map((issue) => issue.code)).toEqual(['NOT_ALLOWED']);
    await expect(issues.retry({ connection: 'crm' })).resolves.toBe(0);
    await expect(issues.retry({})).resolves.toBe(1);
  });

  it('send again, when retried, what a system did not keep', async () => {
    const sent = digest(fieldKey('customer', 'jobTitle', 'Chef'));
    await hub.database.prisma.$executeRaw(
      sql`update source_record set fields = fields || jsonb_build_object('jobTitle',
             jsonb_build_object('held', fields -> 'jobTitle', 'sent', ${sent}::text)) where id = ${mailRecord}::bigint`,
    );
    await report({ code: 'NOT_KEPT', severity: 'notice', refused: null });
    await expect(plan()).resolves.toEqual([]);
    await issues.retry({ code: 'NOT_KEPT' });
    await hub.settle();
    await expect(plan()).resolves.toEqual([`record:${mailRecord}`]);
  });

  it('bring forward a write that waits for a later try', async () => {
    const later = new Date(Date.now() + 3_600_000);
    await hub.database.prisma.pushIntent.create({
      data: {
        connectionId: mailConnection,
        object: 'contact',
        entity: 'customer',
        goldenId: golden,
        recordId: BigInt(mailRecord),
        target: `record:${mailRecord}`,
        kind: 'update',
        dueAt: later,
        attempts: 9,
      },
    });
    await report({ field: null, refused: null, nextTryAt: later.getTime() });
    await issues.retry({ id: (await only())?.id ?? '' });
    const [intent] = await hub.database.prisma.pushIntent.findMany();
    expect(intent?.dueAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(intent?.attempts).toBe(0);
  });

  it('have what could not be read read again, and stay until that works', async () => {
    await report({ operation: 'read', code: 'UNREADABLE_RECORD', field: null, refused: null });
    await issues.retry({ operation: 'read' });
    const events = await hub.database.prisma.inboxEvent.findMany();
    expect(events).toMatchObject([{ externalId: 'M1', object: 'contact' }]);
    expect((await only())?.code).toBe('UNREADABLE_RECORD');
  });

  it('are no longer counted as unsynced when skipped, and again when not', async () => {
    await report();
    const id = (await only())?.id ?? '';
    await expect(hub.runs.unsynced()).resolves.toMatchObject({ issues: 1 });
    await issues.skip(id);
    await expect(hub.runs.unsynced()).resolves.toMatchObject({ issues: 0 });
    await report();
    expect((await only())?.state).toBe('skipped');
    await issues.unskip(id);
    await expect(hub.runs.unsynced()).resolves.toMatchObject({ issues: 1 });
  });

  it('come in pages, and in groups of one kind', async () => {
    await report();
    await report({ field: 'email' });
    await report({ field: 'phone', severity: 'notice' });
    const first = await issues.list({ limit: 2 });
    const second = await issues.list({ limit: 2, cursor: first.next ?? undefined });
    expect([...first.items, ...second.items].map((issue) => issue.field)).toEqual([
      'phone',
      'email',
      'jobTitle',
    ]);
    expect(second.next).toBeNull();
    expect(await issues.groups({ severity: 'error' })).toMatchObject([
      { code: 'NOT_ALLOWED', connection: 'mail', count: 2 },
    ]);
  });

  it('of a connection revive it and read it', async () => {
    await hub.database.prisma.connection.update({ where: { id: mailConnection }, data: { state: 'failed' } });
    await report({
      operation: 'connection',
      object: null,
      externalId: null,
      recordId: null,
      goldenId: null,
      field: null,
      refused: null,
    });
    const id = (await only())?.id ?? '';
    await expect(issues.skip(id)).rejects.toMatchObject({ kind: 'conflict' });
    await issues.retry({ id });
    expect((await hub.connections.directory()).named('mail')?.state).toBe('active');
    expect(await hub.database.prisma.runPart.findMany()).toMatchObject([{ connectionId: mailConnection }]);
    await issues.retry({ id });
    expect(await hub.database.prisma.runPart.count()).toBe(1);
  });
});
