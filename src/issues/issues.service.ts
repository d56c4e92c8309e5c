import { Injectable } from '@nestjs/common';
import { ID_POSITION, pageOf, startOf, type Page, type PageRequest } from '../customers/paging.js';
import { RequestError } from '../customers/request-error.js';
import { Database } from '../platform/database/index.js';
import { enqueueFetch, enqueuePull, enqueuePush, enqueueResolve } from '../sync/sync-jobs.js';
import {
  findIssue,
  groupIssues,
  listIssues,
  type IssueFilter,
  type IssueGroup,
  type IssueView,
} from './issue-list.repository.js';
import { retryIssues, setIssueState, WAITING_FOR_A_WORD } from './issue-retry.repository.js';

/** What did not sync, and what a person does about it. An issue whose cause is gone goes by itself. */
@Injectable()
export class IssuesService {
  constructor(private readonly database: Database) {}

  async list(request: IssueFilter & PageRequest): Promise<Page<IssueView>> {
    const [before] = startOf(request.cursor, ID_POSITION) ?? [null];
    const found = await listIssues(this.database, request, { before, limit: request.limit + 1 });
    return pageOf(found, request.limit, (issue) => [issue.id]);
  }

  async groups(filter: IssueFilter): Promise<IssueGroup[]> {
    return groupIssues(this.database, filter);
  }

  /** @throws RequestError of kind unknown */
  async find(id: string): Promise<IssueView> {
    const issue = /^\d{1,18}$/.test(id) ? await findIssue(this.database, id) : undefined;
    if (issue !== undefined) return issue;
    throw new RequestError({
      kind: 'unknown',
      message: `There is no sync issue ${id.slice(0, 40)}.`,
      remedy: 'Perhaps its cause is gone and it went by itself: list the issues again.',
    });
  }

  /**
   * Tries again now what the issue, or every issue that meets the filter, is about: writes are planned anew even with
   * a value that was refused or not kept, unreadable records are read again, a connection that failed is tried. What
   * fails again is told again.
   *
   * @returns how many issues are tried again
   */
  async retry(which: { readonly id: string } | IssueFilter): Promise<number> {
    const target = 'id' in which ? { id: (await this.findToRetry(which.id)).id } : { filter: which };
    return this.database.transaction(async (tx) => {
      const retried = await retryIssues(tx, target);
      for (const connectionId of retried.fetch) await enqueueFetch(tx, connectionId);
      if (retried.count > 0) await enqueueResolve(tx);
      for (const connectionId of retried.push) await enqueuePush(tx, connectionId);
      for (const pull of retried.pull) await enqueuePull(tx, pull);
      return retried.count;
    });
  }

  private async findToRetry(id: string): Promise<IssueView> {
    const issue = await this.find(id);
    if (!WAITING_FOR_A_WORD.includes(issue.code)) return issue;
    throw new RequestError({
      kind: 'conflict',
      message: 'This waits for a decision; trying again is none.',
      remedy: issue.remedy,
    });
  }

  /** A person has seen it and leaves it so: no longer counted as unsynced, until the value is another one. */
  async skip(id: string): Promise<IssueView> {
    const issue = await this.find(id);
    if (issue.operation === 'connection') {
      throw new RequestError({
        kind: 'conflict',
        message: 'A connection that does not work cannot be skipped.',
        remedy: `Correct what the issue says, or pause the connection ${issue.connection}.`,
      });
    }
    await setIssueState(this.database, id, 'skipped');
    return this.find(id);
  }

  async unskip(id: string): Promise<IssueView> {
    await this.find(id);
    await setIssueState(this.database, id, 'open');
    return this.find(id);
  }
}
