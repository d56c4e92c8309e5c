/**
 * The CometD endpoint (Streaming API Developer Guide): handshake, subscription with replay, long polls, and the
 * errors as they are worded there.
 */
import { randomBytes } from 'node:crypto';
import { isObject } from '../../api/api-failure.js';
import type { SignIn } from '../sign-in.js';
import { objectDef } from '../fields.js';
import type { ChangeEvents } from './change-events.js';

export interface CometdOptions {
  /** How long a poll without events is held; 110 s unless told. */
  readonly longPollMs?: number;
}

/** What the next calls on a Bayeux channel are refused with. */
export interface StreamRefusal {
  /** `/meta/handshake`, `/meta/subscribe`, `/meta/connect`, or a channel of events. */
  readonly channel: string;
  /** `403::Organization total events daily limit exceeded` */
  readonly error: string;
  readonly times?: number;
}

interface Client {
  readonly token: string;
  readonly cookie: string;
  /** Last replay id sent, by type. */
  readonly sent: Map<string, number>;
  polled: boolean;
}

export interface CometdCall {
  readonly token: string | undefined;
  readonly cookie: string | undefined;
  readonly text: string;
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal;
}

export interface CometdAnswer {
  readonly body: readonly unknown[];
  readonly setCookie?: string;
}

type Message = Readonly<Record<string, unknown>>;

const UNKNOWN = { error: '403::Unknown client', advice: { reconnect: 'handshake', interval: 0 } };

export class Cometd {
  private readonly clients = new Map<string, Client>();
  private readonly refusals: { readonly refusal: StreamRefusal; left: number }[] = [];
  private readonly polls = new Set<() => void>();
  private readonly longPollMs: number;

  constructor(
    private readonly events: ChangeEvents,
    private readonly signIn: SignIn,
    options: CometdOptions,
  ) {
    this.longPollMs = options.longPollMs ?? 110_000;
    events.listen(() => {
      this.wake();
    });
  }

  refuse(refusal: StreamRefusal): void {
    this.refusals.push({ refusal, left: refusal.times ?? 1 });
  }

  forgetClients(): void {
    this.clients.clear();
    this.wake();
  }

  /** All of the last events once more to everybody. */
  redeliver(count: number): void {
    for (const { sent } of this.clients.values())
      for (const [type, last] of sent) sent.set(type, Math.min(last, this.events.back(count)));
    this.wake();
  }

  /** Polls that are held look again whether they have something to say. */
  wake(): void {
    for (const poll of this.polls) poll();
  }

  /** How many clients wait for events just now. */
  get listening(): number {
    return this.polls.size;
  }

  async answer(call: CometdCall): Promise<CometdAnswer> {
    const messages: unknown = JSON.parse(call.text);
    const body: unknown[] = [];
    let setCookie: string | undefined;
    for (const message of Array.isArray(messages) ? messages : [messages]) {
      if (!isObject(message)) continue;
      const { replies, cookie } = await this.one(message, call);
      setCookie ??= cookie;
      body.push(...replies);
    }
    return { body, ...(setCookie === undefined ? {} : { setCookie }) };
  }

  private async one(message: Message, call: CometdCall): Promise<{ replies: unknown[]; cookie?: string }> {
    const channel = String(message['channel']);
    const reply = (more: object): object => ({ channel, id: message['id'], successful: true, ...more });
    const no = (more: object): object => reply({ successful: false, ...more });
    const refusal = this.refusalOf(channel, message);
    if (channel === '/meta/handshake') {
      const reason = refusal ?? (this.signIn.knows(call.token) ? undefined : '401::Authentication invalid');
      if (reason === undefined) return this.shake(reply, call);
      const ext = { sfdc: { failureReason: reason } };
      return { replies: [no({ error: '403::Handshake denied', ext, advice: { reconnect: 'none' } })] };
    }
    if (refusal !== undefined) return { replies: [no({ error: refusal })] };
    const clientId = String(message['clientId']);
    const client = this.clients.get(clientId);
    if (client === undefined) return { replies: [no(UNKNOWN)] };
    if (call.cookie?.includes(client.cookie) !== true)
      return {
        replies: [
          no({
            error: `400::Client ${clientId} has established a session, but no BAYEUX_BROWSER cookie present`,
          }),
        ],
      };
    if (channel === '/meta/subscribe') return { replies: [this.subscribe(client, message, { reply, no })] };
    if (channel === '/meta/disconnect') {
      this.clients.delete(clientId);
      return { replies: [reply({ clientId })] };
    }
    if (channel !== '/meta/connect') return { replies: [no({ error: `404::Unknown channel ${channel}` })] };
    return { replies: await this.poll(clientId, client, { reply, no, signal: call.signal }) };
  }

  private shake(
    reply: (more: object) => object,
    { token = '' }: CometdCall,
  ): { replies: unknown[]; cookie: string } {
    const clientId = randomBytes(12).toString('hex');
    const cookie = randomBytes(8).toString('hex');
    this.clients.set(clientId, { token, cookie, sent: new Map(), polled: false });
    return {
      replies: [
        reply({
          version: '1.0',
          minimumVersion: '1.0',
          clientId,
          supportedConnectionTypes: ['long-polling'],
          ext: { replay: true, 'payload.format': true },
        }),
      ],
      cookie: `BAYEUX_BROWSER=${cookie}; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT; HttpOnly`,
    };
  }

  private subscribe(
    client: Client,
    message: Message,
    say: { reply: (more: object) => object; no: (more: object) => object },
  ): object {
    const subscription = String(message['subscription']);
    const type = objectDef(/^\/data\/(\w+)ChangeEvent$/.exec(subscription)?.[1] ?? '')?.type;
    if (type === undefined)
      return say.no({
        subscription,
        error: `400::The channel you requested to subscribe to does not exist {${subscription}}`,
      });
    const ext = isObject(message['ext']) ? message['ext'] : {};
    const wanted = isObject(ext['replay']) ? ext['replay'][subscription] : undefined;
    const after = this.events.after(typeof wanted === 'number' ? wanted : -1);
    if (after === undefined)
      return say.no({
        subscription,
        error: `400::The replayId {${String(wanted)}} you provided was invalid. Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
      });
    client.sent.set(type, after);
    return say.reply({ subscription });
  }

  /** The first poll of a session is answered at once; a later one when there is something to say, or time is up. */
  private async poll(
    clientId: string,
    client: Client,
    { reply, no, signal }: { reply: (m: object) => object; no: (m: object) => object; signal: AbortSignal },
  ): Promise<unknown[]> {
    const advice = { reconnect: 'retry', interval: 0, timeout: this.longPollMs };
    const end = Date.now() + (client.polled ? this.longPollMs : 0);
    client.polled = true;
    for (;;) {
      if (!this.signIn.knows(client.token)) {
        this.clients.delete(clientId);
        return [no({ error: '401::Authentication invalid', advice: { reconnect: 'none', interval: 0 } })];
      }
      if (!this.clients.has(clientId)) return [no(UNKNOWN)];
      const left = end - Date.now();
      const deliveries = signal.aborted ? [] : this.deliveries(client);
      if (deliveries.length > 0 || left <= 0 || signal.aborted)
        return [...deliveries, reply({ clientId, advice })];
      await this.news(left, signal);
    }
  }

  private deliveries(client: Client): unknown[] {
    return [...client.sent].flatMap(([type, last]) =>
      this.events.since(type, last).map(({ data, replayId }) => {
        client.sent.set(type, replayId);
        return { channel: `/data/${type}ChangeEvent`, data };
      }),
    );
  }

  private async news(waitMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.polls.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.polls.add(done);
      signal.addEventListener('abort', done);
    });
  }

  private refusalOf(channel: string, message: Message): string | undefined {
    const found = this.refusals.find(
      ({ refusal, left }) =>
        left > 0 && (refusal.channel === channel || refusal.channel === message['subscription']),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.refusal.error;
  }
}
