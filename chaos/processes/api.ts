import type { CustomerDetail } from '../../src/customers/detail.js';
import type { HistoryEntry } from '../../src/customers/history.js';
import type { IssueView } from '../../src/issues/issue-list.repository.js';
import type { RunReport } from '../../src/runs/run-report.js';
import type { Played } from '../plan/steps.js';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The hub's HTTP API as a script of the ops admin uses it. Rejects when there is no answer, or a bad one. */
export class HubApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** Starts a sync, saying yes beforehand to what it may stop to ask; its id. All connections unless named. */
  async sync(connections?: readonly string[]): Promise<string> {
    const request = { approve: true, ...(connections && { connections }) };
    const { runId } = await this.call<{ runId: string }>('runs', request);
    return runId;
  }

  async run(id: string): Promise<RunReport> {
    return this.call(`runs/${id}`);
  }

  async issues(): Promise<readonly IssueView[]> {
    return this.all('issues');
  }

  async golden(entity: Played): Promise<readonly CustomerDetail[]> {
    const path = pathOf(entity);
    const summaries = await this.all<{ readonly id: string }>(path);
    return Promise.all(summaries.map(({ id }) => this.call<CustomerDetail>(`${path}/${id}`)));
  }

  async history(entity: Played, id: string): Promise<readonly HistoryEntry[]> {
    return this.all(`${pathOf(entity)}/${id}/history`);
  }

  private async all<Item>(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<Item> = await this.call(`${path}?limit=100${after}`);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }

  private async call<Answer>(path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${text.slice(0, 300)}`);
    return JSON.parse(text) as Answer;
  }
}

function pathOf(entity: Played): string {
  return entity === 'customer' ? 'customers' : 'accounts';
}
