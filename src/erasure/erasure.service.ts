import { Injectable } from '@nestjs/common';
import { recordAction } from '../access/audit.repository.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { identityOf } from '../core/matching/index.js';
import { comparisonKey } from '../core/normalise/index.js';
import { isUuid, needGolden, type GoldenRecord } from '../customers/golden.repository.js';
import { RequestError } from '../customers/request-error.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { Vault } from '../platform/secrets/index.js';
import { enqueueErase } from '../sync/sync-jobs.js';
import { erasePerson, tasksOf } from './erase-person.js';
import { retryErasures, type ErasureAction, type NewErasure } from './erasure.repository.js';
import {
  findErasure,
  listErasures,
  summariseErasures,
  type ErasureSummary,
  type ErasureView,
} from './erasure-list.repository.js';
import { hashesOf, marksOfIdentifier, recordMark } from './marks.js';
import { loadPerson } from './person.repository.js';
import { liftSuppressions, listSuppressions, type SuppressionView } from './suppression.repository.js';

/** What an erasure would do. */
export interface ErasurePlan {
  readonly customerId: string;
  readonly title: string;
  readonly records: readonly {
    readonly connection: string;
    readonly object: string;
    /** null where nothing is done. */
    readonly externalId: string | null;
    readonly action: ErasureAction;
    readonly note: string | null;
  }[];
}

const SHOWN = 200;

/** Forgetting people: in the hub at once, in the systems as they let it. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly vault: Vault,
  ) {}

  /** What {@link erase} would do; nothing is changed. */
  async plan(id: string): Promise<ErasurePlan> {
    const directory = await this.connections.directory();
    return this.database.transaction(async (tx) => {
      const golden = await needPerson(tx, id);
      const person = await loadPerson(tx, golden.id);
      const tasks = tasksOf(person, directory, (target) =>
        'id' in target ? target.id : 'perhaps made, not known yet',
      );
      return {
        customerId: golden.id,
        title: golden.title,
        records: tasks.map(({ connectionId, object, action, note, sealed }) => ({
          connection: directory.find(connectionId)?.name ?? connectionId,
          object,
          externalId: sealed,
          action,
          note,
        })),
      };
    });
  }

  /**
   * Removes everything the hub holds of a customer, keeps them out from here on, and has their records removed in the
   * systems as each connection is configured.
   *
   * @throws RequestError of kind unknown, and for accounts, which are no people
   */
  async erase(request: {
    readonly id: string;
    readonly by: string;
    readonly trigger?: NewErasure['trigger'];
  }): Promise<ErasureView> {
    const { by, trigger = 'request' } = request;
    const directory = await this.connections.directory();
    const id = await this.database.transaction(async (tx) => {
      const golden = await needPerson(tx, request.id);
      const erasureId = await erasePerson(tx, {
        goldenId: golden.id,
        by,
        trigger,
        directory,
        vault: this.vault,
      });
      await recordAction(tx, { by, action: 'erase', subject: golden.id, details: { erasureId } });
      return erasureId;
    });
    return this.find(id);
  }

  async list(): Promise<readonly ErasureView[]> {
    return listErasures(this.database, SHOWN);
  }

  /** @throws RequestError of kind unknown */
  async find(id: string): Promise<ErasureView> {
    const found = isUuid(id) ? await findErasure(this.database, id) : undefined;
    if (found !== undefined) return found;
    throw new RequestError({
      kind: 'unknown',
      message: 'There is no such erasure.',
      remedy: 'List them: `rapport erasures`.',
    });
  }

  async summary(): Promise<ErasureSummary> {
    return summariseErasures(this.database);
  }

  /** What waits for a later attempt is tried now. */
  async retry(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const connectionId of await retryErasures(tx)) await enqueueErase(tx, connectionId);
    });
  }

  async suppressions(): Promise<readonly SuppressionView[]> {
    return listSuppressions(this.database);
  }

  /**
   * Lets a person in again. Only hashes are kept, so one of the person's e-mail addresses, phone numbers or records
   * (`connection:object:id`) has to be given; all that kept the same person out goes with it.
   *
   * @throws RequestError when nobody is kept out by it
   */
  async lift(request: {
    readonly identifier: string;
    readonly givenName?: string | undefined;
    readonly by: string;
  }): Promise<{ readonly erasures: readonly string[] }> {
    const hashes = await this.hashesFor(request.identifier.trim(), request.givenName);
    return this.database.transaction(async (tx) => {
      const erasures = await liftSuppressions(tx, hashes);
      if (erasures.length === 0) {
        throw new RequestError({
          kind: 'unknown',
          message: 'Nobody is kept out by that.',
          remedy:
            'Give an e-mail address, a phone number with its country code, or connection:object:id as it was when the person was erased; for a shared address or number the given name too.',
        });
      }
      await recordAction(tx, {
        by: request.by,
        action: 'lift suppression',
        subject: null,
        details: { erasures },
      });
      return { erasures };
    });
  }

  private async hashesFor(identifier: string, givenName: string | undefined): Promise<string[]> {
    const directory = await this.connections.directory();
    const [connection = '', object = '', ...id] = identifier.split(':');
    const found = directory.named(connection);
    const names = identityOf('customer', { givenName: givenName ?? null }).person?.given.slice(0, 1) ?? [];
    const email = comparisonKey('email', identifier);
    const phone = comparisonKey('phone', identifier);
    const marks = [
      ...(found === undefined
        ? []
        : [recordMark({ connectionId: found.id, object, externalId: id.join(':') })]),
      ...(email === null ? [] : marksOfIdentifier('email', email, names)),
      ...(phone === null ? [] : marksOfIdentifier('phone', phone, names)),
    ];
    const [first] = directory.all;
    return first === undefined ? [] : hashesOf(marks, first.keyedHash).map(({ hash }) => hash);
  }
}

async function needPerson(tx: Transaction, id: string): Promise<GoldenRecord> {
  const golden = await needGolden(tx, id);
  if (golden.entity === 'customer') return golden;
  throw new RequestError({
    kind: 'invalid',
    message: 'Only customers are erased: an account is no person.',
    remedy: 'Delete the account in its system; what the hub follows is said by `onDelete`.',
  });
}
