import type { Clock } from '../../platform/clock.ts';
import type { HttpClient, IncomingAnswer } from '../../platform/http-client.ts';
import { ObjectStoreError } from '../object-store.ts';
import type { Grant } from './grants.ts';

/** A bearer token for the object store, kept until it is nearly used up. */
export interface AccessTokens {
  /**
   * A token that is valid now. Callers that wait at the same time share one request.
   * @throws {ObjectStoreError} `denied` when the credentials were refused, `unavailable` when nobody answered.
   */
  readonly current: () => Promise<string>;
  /** Takes note that the store refused a token. False when it was so fresh that a new one would fare no better. */
  readonly invalidate: (token: string) => boolean;
}

export interface AccessTokenDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Full token URL of IAM. */
  readonly tokenUrl: string;
  /** What proves who we are, asked for anew with each request. */
  readonly grant: () => Promise<Grant>;
}

interface Kept {
  readonly token: string;
  readonly obtainedMs: number;
  readonly refreshAtMs: number;
  readonly unusableAtMs: number;
  readonly isRefused: boolean;
}

const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** Parts of a token's life after which a new one is fetched beside, and after which it is used no more. */
const REFRESH_AFTER = 0.8;
const UNUSABLE_AFTER = 0.95;
/** When fetching beside fails, the next attempt waits so long: the old token is still good. */
const REFRESH_AGAIN_MS = 30_000;
/** A token refused within this time is not made better by another one. */
const FRESH_MS = 30_000;

/**
 * Exchanges credentials for IAM tokens: one request at a time, one attempt each, for the store's own retry repeats it.
 * Past 80 % of a token's life a new one is fetched while the old one is used, so nobody waits and nobody notices when
 * IAM is away for a while.
 */
export function createAccessTokens(deps: AccessTokenDeps): AccessTokens {
  const { clock } = deps;
  let latest: Kept | undefined;
  let pending: Promise<Kept> | undefined;

  const fetchOne = async (): Promise<Kept> => {
    try {
      return (latest = await exchange(deps));
    } finally {
      pending = undefined;
    }
  };
  const renew = (): Promise<Kept> => (pending ??= fetchOne());

  return {
    current: async () => {
      const nowMs = clock.nowMs();
      if (latest === undefined || !isUsable(latest, nowMs)) return (await renew()).token;
      if (nowMs >= latest.refreshAtMs) {
        latest = { ...latest, refreshAtMs: nowMs + REFRESH_AGAIN_MS };
        // Whoever needs the new one asks again.
        renew().catch(() => undefined);
      }
      return latest.token;
    },
    invalidate: (token) => {
      if (latest?.token !== token) return true;
      latest = { ...latest, isRefused: true };
      const ageMs = clock.nowMs() - latest.obtainedMs;
      return ageMs < 0 || ageMs >= FRESH_MS;
    },
  };
}

/** A token from the future was obtained before the clock was set back: nobody knows how old it is. */
function isUsable({ isRefused, obtainedMs, unusableAtMs }: Kept, nowMs: number): boolean {
  return !isRefused && nowMs >= obtainedMs && nowMs < unusableAtMs;
}

async function exchange(deps: AccessTokenDeps): Promise<Kept> {
  const fields = await deps.grant();
  const obtainedMs = deps.clock.nowMs();
  const answer = await askIam(deps, fields);
  if (answer.status !== 200) throw refusal(deps.tokenUrl, answer);
  const parsed = parseToken(answer.body);
  if (parsed === undefined) throw noToken('unavailable', deps.tokenUrl, 'answered something else');
  return {
    token: parsed.token,
    obtainedMs,
    refreshAtMs: obtainedMs + parsed.livesMs * REFRESH_AFTER,
    unusableAtMs: obtainedMs + parsed.livesMs * UNUSABLE_AFTER,
    isRefused: false,
  };
}

async function askIam({ http, tokenUrl }: AccessTokenDeps, fields: Grant): Promise<IncomingAnswer> {
  try {
    return await http.send({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(fields).toString(),
      timeoutMs: TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
    });
  } catch (error) {
    throw noToken('unavailable', tokenUrl, 'did not answer', error);
  }
}

function noToken(
  code: ObjectStoreError['code'],
  tokenUrl: string,
  what: string,
  cause?: unknown,
): ObjectStoreError {
  const host = URL.canParse(tokenUrl) ? new URL(tokenUrl).host : 'the token URL';
  return new ObjectStoreError(code, `no token: ${host} ${what}`, { cause });
}

function refusal(tokenUrl: string, { status, body }: IncomingAnswer): ObjectStoreError {
  const code = /"errorCode"\s*:\s*"([A-Z0-9]{1,20})"/.exec(body.toString('utf8'))?.[1];
  const what = `answered ${status}${code === undefined ? '' : ` ${code}`}`;
  if (status === 429) return noToken('throttled', tokenUrl, what);
  return status >= 400 && status < 500 && status !== 408
    ? noToken('denied', tokenUrl, `${what}; check the API key or the trusted profile`)
    : noToken('unavailable', tokenUrl, what);
}

function parseToken(body: Buffer): { readonly token: string; readonly livesMs: number } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || !('access_token' in json)) return undefined;
  const { access_token: token } = json;
  const livesS = 'expires_in' in json ? Number(json.expires_in) : Number.NaN;
  if (typeof token !== 'string' || token === '' || !Number.isFinite(livesS) || livesS <= 0) return undefined;
  return { token, livesMs: livesS * 1000 };
}
