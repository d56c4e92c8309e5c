/**
 * The session of a connection: one access token for all that runs at the same time, kept in the context's cache,
 * renewed once when it is refused, however many callers find out at once.
 */
import { createHash } from 'node:crypto';
import type { ConnectorContext } from '../../../src/sdk/index.js';
import type { Credentials, Settings } from '../config.js';
import { signIn, type Session } from './sign-in.js';

export type Context = ConnectorContext<Settings, Credentials>;

export interface SessionKeeper {
  /** The session at hand, or a new one. */
  current(): Promise<Session>;
  /** A session other than the one given, which was refused. */
  renew(refused: Session): Promise<Session>;
}

export function keepSession(ctx: Context): SessionKeeper {
  const mark = fingerprint(ctx);
  const sessionKey = `salesforce.session.${mark}`;
  const pendingKey = `salesforce.sign-in.${mark}`;

  const held = (): Session | undefined => ctx.cache.get(sessionKey) as Session | undefined;

  const fresh = (): Promise<Session> => {
    const pending = ctx.cache.get(pendingKey) as Promise<Session> | undefined;
    if (pending !== undefined) return pending;
    const started = signIn(ctx)
      .then((session) => {
        ctx.cache.set(sessionKey, session);
        return session;
      })
      .finally(() => ctx.cache.delete(pendingKey));
    ctx.cache.set(pendingKey, started);
    return started;
  };

  return {
    current: async () => held() ?? (await fresh()),
    renew: async (refused) => {
      const session = held();
      if (session !== undefined && session.accessToken !== refused.accessToken) return session;
      ctx.cache.delete(sessionKey);
      return fresh();
    },
  };
}

/** Changed credentials get a session of their own; a rotated refresh token does not change who it is. */
function fingerprint({ settings, credentials }: Context): string {
  const identity = { ...credentials, refreshToken: undefined };
  const seen = [settings.loginUrl, settings.instanceUrl, settings.apiVersion, identity];
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 16);
}
