/** Access tokens. Private apps and service keys have one for good; those of OAuth live for 30 minutes. */
import {
  ServerConfiguration,
  TokensApi,
  createConfiguration,
} from '@hubspot/api-client/lib/codegen/oauth/index.js';
import { z } from 'zod';
import { isOAuth, type HubSpotContext, type OAuthCredentials } from './config.js';
import { credentialsError, RefusedError } from './failures.js';
import { oauthLibrary } from './oauth-library.js';
import { stateOf, type HubSpotState, type Tokens } from './state.js';

/** Renewed so long before it expires: calls under way must not outlive it. */
const MARGIN_MS = 60_000;

/** `stale` is a token that HubSpot has just refused: another one is fetched, once for all who ask. */
export async function accessToken(ctx: HubSpotContext, stale?: string): Promise<string> {
  const { credentials } = ctx;
  if (!isOAuth(credentials)) return credentials.accessToken;
  const state = stateOf(ctx);
  const known = knownTokens(state, credentials);
  if (known !== undefined && known.accessToken !== stale && known.expiresAt - MARGIN_MS > ctx.clock.now())
    return known.accessToken;
  state.refreshing ??= refresh(ctx, credentials, known?.refreshToken ?? credentials.refreshToken).finally(
    () => {
      state.refreshing = undefined;
    },
  );
  return (await state.refreshing).accessToken;
}

/** The newest tokens there are: those of this process, unless the stored credentials were replaced since. */
function knownTokens(state: HubSpotState, credentials: OAuthCredentials): Tokens | undefined {
  const { accessToken, expiresAt, refreshToken } = credentials;
  if (
    state.tokens !== undefined &&
    (state.tokensFrom === refreshToken || state.tokens.refreshToken === refreshToken)
  )
    return state.tokens;
  return accessToken === undefined || expiresAt === undefined
    ? undefined
    : { accessToken, expiresAt, refreshToken };
}

const answerSchema = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  expiresIn: z.number().positive(),
});

async function refresh(
  ctx: HubSpotContext,
  credentials: OAuthCredentials,
  refreshToken: string,
): Promise<Tokens> {
  const { clientId, clientSecret } = credentials;
  const api = new TokensApi(
    createConfiguration({
      baseServer: new ServerConfiguration(ctx.settings.baseUrl, {}),
      httpApi: oauthLibrary(ctx),
    }),
  );
  const asked = ctx.clock.now();
  const answer = await api
    .create('refresh_token', undefined, undefined, clientId, clientSecret, refreshToken)
    .catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error;
      throw credentialsError(error.error.status ?? 'REFRESH_REFUSED', error.error.message);
    });
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw credentialsError('REFRESH_UNREADABLE', 'the token endpoint gave no token');
  const tokens: Tokens = {
    accessToken: parsed.data.accessToken,
    refreshToken: parsed.data.refreshToken ?? refreshToken,
    expiresAt: asked + parsed.data.expiresIn * 1000,
  };
  const state = stateOf(ctx);
  state.tokens = tokens;
  state.tokensFrom = credentials.refreshToken;
  await ctx.saveCredentials({ clientId, clientSecret, ...tokens });
  return tokens;
}
