/**
 * The part of the Bayeux protocol that listening to Salesforce needs: one session, by long polling, with replay.
 * Streaming API Developer Guide: "Message Durability", "Streaming API Error Codes", "Handling Streaming API Errors".
 */
import { z } from 'zod';
import { isObject, failureOf, unreadableAnswer } from '../api/api-failure.js';
import { keepSession, type Context, type SessionKeeper } from '../session/session.js';
import type { Session } from '../session/sign-in.js';
import { Cookies } from './cookies.js';

const adviceSchema = z.object({
  reconnect: z.string().optional(),
  interval: z.number().optional(),
  timeout: z.number().optional(),
});

const replySchema = z.object({
  channel: z.string(),
  successful: z.boolean().optional(),
  clientId: z.string().optional(),
  error: z.string().optional(),
  advice: adviceSchema.optional(),
  ext: z.object({ sfdc: z.object({ failureReason: z.string().optional() }).optional() }).optional(),
});

type Advice = z.output<typeof adviceSchema>;
type Reply = z.output<typeof replySchema>;

export interface Delivery {
  readonly channel: string;
  readonly data: unknown;
}

/** `code::text` or `code:arguments:text`, as the server words it. */
export class BayeuxRefusal extends Error {
  readonly code: string;

  constructor(
    readonly channel: string,
    error: string,
    readonly advice: Advice | undefined,
  ) {
    super(error);
    this.name = 'BayeuxRefusal';
    this.code = /^\d{3}/.exec(error)?.[0] ?? '';
  }
}

/** The session with the server is over, or it must be signed in anew; a handshake begins another one. */
export class SessionOver extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SessionOver';
  }
}

/** Salesforce holds a poll for 110 s unless it says otherwise. */
const LONG_POLL_MS = 110_000;
const MARGIN_MS = 15_000;
const CALL_MS = 30_000;

export class Bayeux {
  private readonly cookies = new Cookies();
  private readonly keeper: SessionKeeper;
  private clientId: string | undefined;
  private advice: Advice = {};
  private serial = 0;
  /** Events may come with any answer. */
  private readonly waiting: Delivery[] = [];

  private constructor(
    private readonly ctx: Context,
    private session: Session,
  ) {
    this.keeper = keepSession(ctx);
  }

  static async open(ctx: Context): Promise<Bayeux> {
    return new Bayeux(ctx, await keepSession(ctx).current());
  }

  /** Begins a session with the server; what was subscribed before is forgotten. */
  async handshake(): Promise<void> {
    this.clientId = undefined;
    const reply = await this.call('/meta/handshake', {
      version: '1.0',
      minimumVersion: '1.0',
      supportedConnectionTypes: ['long-polling'],
      ext: { replay: true },
    });
    if (reply.clientId === undefined) throw unreadableAnswer(200);
    this.clientId = reply.clientId;
  }

  /** @param replay of the last event known; -1 for new ones only */
  async subscribe(channel: string, replay: number): Promise<void> {
    await this.call('/meta/subscribe', { subscription: channel, ext: { replay: { [channel]: replay } } });
  }

  /** Waits for events; none when the poll came to its end. */
  async poll(): Promise<readonly Delivery[]> {
    if (this.waiting.length === 0) {
      const { interval = 0, timeout = LONG_POLL_MS } = this.advice;
      if (interval > 0) await this.ctx.clock.sleep(interval);
      await this.call('/meta/connect', { connectionType: 'long-polling' }, timeout + MARGIN_MS);
    }
    return this.waiting.splice(0);
  }

  /** Tells the server that nobody listens any more. */
  async disconnect(): Promise<void> {
    await this.call('/meta/disconnect', {});
  }

  private async call(channel: string, more: object, timeoutMs = CALL_MS): Promise<Reply> {
    this.serial += 1;
    const { clientId } = this;
    const message = {
      channel,
      id: String(this.serial),
      ...(clientId === undefined ? {} : { clientId }),
      ...more,
    };
    const answer = await this.exchange([message], timeoutMs);
    let reply: Reply | undefined;
    for (const one of answer) {
      const parsed = replySchema.safeParse(one);
      if (parsed.success && parsed.data.channel === channel) reply = parsed.data;
      else if (isObject(one) && typeof one['channel'] === 'string' && 'data' in one)
        this.waiting.push({ channel: one['channel'], data: one['data'] });
    }
    if (reply === undefined) throw unreadableAnswer(200);
    this.advice = { ...this.advice, ...reply.advice };
    if (reply.successful !== true) await this.refused(channel, reply);
    return reply;
  }

  private async refused(channel: string, reply: Reply): Promise<never> {
    const error = reply.error ?? 'no reason given';
    const reason = reply.ext?.sfdc?.failureReason ?? error;
    if (reason.startsWith('401')) await this.renew(reason);
    if (/unknown client/i.test(error) || (reply.advice?.reconnect === 'handshake' && this.clientId))
      throw new SessionOver(error);
    throw new BayeuxRefusal(channel, reason, reply.advice);
  }

  private async renew(reason: string): Promise<never> {
    this.session = await this.keeper.renew(this.session);
    throw new SessionOver(reason);
  }

  /** A bucket of its own: a poll takes two minutes and none of the places of other calls. */
  private async exchange(sent: readonly object[], timeoutMs: number): Promise<readonly unknown[]> {
    const { accessToken, instanceUrl } = this.session;
    const response = await this.ctx.http.send({
      method: 'POST',
      url: `${instanceUrl}/cometd/${this.ctx.settings.apiVersion}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        accept: 'application/json',
        ...this.cookies.header(),
      },
      body: JSON.stringify(sent),
      bucket: 'stream',
      timeoutMs,
    });
    this.cookies.keep(response.headers['set-cookie']);
    if (response.status === 401) await this.renew('401');
    const body = parsed(response.body);
    // Some refusals come with an HTTP status of their own and still as Bayeux messages.
    const messages: readonly unknown[] = Array.isArray(body) ? body : [];
    if (messages.some((one) => isObject(one) && 'channel' in one)) return messages;
    throw response.status >= 300 ? failureOf(response) : unreadableAnswer(response.status);
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
