import type { Budget, Urgency } from '../core/quota/budget.js';
import { ConnectorError } from '../sdk/index.js';

const MESSAGES = {
  share: "The hub has used its share of the system's API calls for now.",
  others: 'Other programs have used what the system allows of API calls for now.',
  vendor: 'The system takes no more API calls today.',
} as const;

const BACKFILL =
  'What is left of its share of API calls is kept for webhooks and fresh edits: large reads and writes wait.';

const REMEDY =
  'Nothing to do: it goes on by itself. To go on sooner, raise `limits` → `dailyCallsPercent` of the connection, look what else uses the account, or buy more calls.';

/** No call may be made before `retryAt`. Nothing was sent. */
export class CallsUsedUp extends ConnectorError {
  constructor(budget: Budget, urgency: Urgency, now: number) {
    const onlyBackfill = urgency === 'backfill' && budget.left('urgent') > 0;
    super({
      kind: 'throttled',
      code: 'DAILY_SHARE_USED',
      message: onlyBackfill ? BACKFILL : MESSAGES[budget.bound()],
      remedy: REMEDY,
      // Less than it takes may be left, though not nothing.
      retryAt: budget.until(urgency) ?? now + SOON_MS,
    });
  }
}

const SOON_MS = 10 * 60_000;
