import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import { ObjectStoreError } from '../object-store.ts';

/** A bearer token for the object store, kept until it is nearly used up. */
export interface AccessTokens {
  /**
   * A token that is valid now. Callers that wait at the same time share one request.
   * @throws {ObjectStoreError} `denied` when the credentials were refused, `unavailable` when nobody answered.
   */
  readonly current: () => Promise<string>;
  /** Forgets a token that the store refused. False when it was so fresh that a new one would fare no better. */
  readonly invalidate: (token: string) => boolean;
}

export interface AccessTokenDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Full token URL of IAM. */
  readonly tokenUrl: string;
  /** The fields that prove who we are, read anew for each request: `grant_type` and what belongs to it. */
  readonly grant: () => Promise<Readonly<Record<string, string>>>;
}

interface Kept {
  readonly token: string;
  readonly obtainedMs: number;
  readonly refreshAtMs: number;
}

const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** Part of a token's life after which a new one is fetched, so that no request meets an old one. */
const USED_UP = 0.8;
/** A token refused within this time is not made better by another one. */
const FRESH_MS = 30_000;

/** Exchanges credentials for IAM tokens. One request at a time, one attempt each: the store's own retry repeats it. */
export function createAccessTokens(deps: AccessTokenDeps): AccessTokens {
  const { clock } = deps;
  let kept: Kept | undefined;
  let pending: Promise<Kept> | undefined;

  const fetchOne = async (): Promise<Kept> => {
    try {
      kept = await exchange(deps);
      return kept;
    } finally {
      pending = undefined;
    }
  };

  return {
    current: async () => {
      if (kept !== undefined && clock.nowMs() < kept.refreshAtMs) return kept.token;
      pending ??= fetchOne();
      return (await pending).token;
    },
    invalidate: (token) => {
      if (kept?.token !== token) return true;
      const isFresh = clock.nowMs() - kept.obtainedMs < FRESH_MS;
      kept = undefined;
      return !isFresh;
    },
  };
}

async function exchange(deps: AccessTokenDeps): Promise<Kept> {
  const fields = await deps.grant();
  const obtainedMs = deps.clock.nowMs();
  const answer = await deps.http
    .send({
      method: 'POST',
      url: deps.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(fields).toString(),
      timeoutMs: TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
    })
    .catch((error: unknown) => {
      throw new ObjectStoreError('unavailable', `no token: ${hostOf(deps.tokenUrl)} did not answer`, {
        cause: error,
      });
    });
  if (answer.status !== 200) throw refusal(deps.tokenUrl, answer.status, answer.body);
  const token = parseToken(answer.body);
  if (token === undefined)
    throw new ObjectStoreError('unavailable', `no token: ${hostOf(deps.tokenUrl)} answered something else`);
  return { token: token.value, obtainedMs, refreshAtMs: obtainedMs + token.livesMs * USED_UP };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the token URL';
}

function refusal(tokenUrl: string, status: number, body: Buffer): ObjectStoreError {
  const code = /"errorCode"\s*:\s*"([A-Z0-9]{1,20})"/.exec(body.toString('utf8'))?.[1];
  const what = `no token: ${hostOf(tokenUrl)} answered ${status}${code === undefined ? '' : ` ${code}`}`;
  const isRefused = status >= 400 && status < 500 && status !== 429 && status !== 408;
  return isRefused
    ? new ObjectStoreError('denied', `${what}; check the API key or the trusted profile`)
    : new ObjectStoreError(status === 429 ? 'throttled' : 'unavailable', what);
}

function parseToken(body: Buffer): { readonly value: string; readonly livesMs: number } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || !('access_token' in json)) return undefined;
  const { access_token: value } = json;
  const livesS = 'expires_in' in json ? Number(json.expires_in) : Number.NaN;
  if (typeof value !== 'string' || value === '' || !Number.isFinite(livesS) || livesS <= 0) return undefined;
  return { value, livesMs: livesS * 1000 };
}
