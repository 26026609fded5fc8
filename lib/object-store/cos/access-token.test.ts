import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HttpFailure, type HttpClient, type OutgoingRequest } from '../../platform/http-client.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createAccessTokens } from './access-token.ts';

const LIFE_MS = 3_600_000;

/** Tokens from an IAM that answers `token 1`, `token 2`, …, or what `spoil` says. */
function given(options: { readonly grant?: () => Promise<Readonly<Record<string, string>>> } = {}) {
  const clock = createVirtualClock();
  const requests: OutgoingRequest[] = [];
  let spoilt: { readonly status: number; readonly body: string } | 'away' | undefined;
  const http: HttpClient = {
    send: async (request) => {
      requests.push(request);
      const answer = spoilt ?? {
        status: 200,
        body: JSON.stringify({ access_token: `token ${requests.length}`, expires_in: LIFE_MS / 1000 }),
      };
      await turn();
      if (answer === 'away') throw new HttpFailure('connect', 'no connection');
      return { status: answer.status, headers: {}, body: Buffer.from(answer.body), truncated: false };
    },
    close: () => undefined,
  };
  const { grant = async () => ({ grant_type: 'g', apikey: 'k' }) } = options;
  const tokens = createAccessTokens({ http, clock, tokenUrl: 'https://iam.example/identity/token', grant });
  const spoil = (how: typeof spoilt): void => void (spoilt = how);
  /** What goes on beside has ended: IAM takes one turn of the event loop. */
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 3; turns++) await turn();
  };
  return { clock, requests, tokens, spoil, settled };
}

describe('tokens for the object store', () => {
  it('come from one request, however many wait for it', async () => {
    const { tokens, requests } = given();
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.current()));
    expect(new Set(all)).toEqual(new Set(['token 1']));
    expect(requests).toMatchObject([
      { method: 'POST', url: 'https://iam.example/identity/token', body: 'grant_type=g&apikey=k' },
    ]);
  });

  it('are fetched anew past 80 % of their life, while the old one is used', async () => {
    const { tokens, requests, clock, settled } = given();
    await tokens.current();
    clock.advance(LIFE_MS * 0.8 - 1);
    expect(await tokens.current()).toBe('token 1');
    expect(requests).toHaveLength(1);
    clock.advance(1);
    expect(await Promise.all([tokens.current(), tokens.current()])).toEqual(['token 1', 'token 1']);
    await settled();
    expect(await tokens.current()).toBe('token 2');
    expect(requests).toHaveLength(2);
  });

  it('are used to the end while IAM is away, and IAM is not asked at every call', async () => {
    const { tokens, requests, clock, spoil, settled } = given();
    await tokens.current();
    spoil('away');
    clock.advance(LIFE_MS * 0.9);
    for (let call = 0; call < 10; call++) {
      expect(await tokens.current()).toBe('token 1');
      await settled();
    }
    expect(requests).toHaveLength(2);
    clock.advance(30_000);
    expect(await tokens.current()).toBe('token 1');
    await settled();
    expect(requests).toHaveLength(3);
    clock.advance(LIFE_MS * 0.05);
    await expect(tokens.current()).rejects.toMatchObject({ code: 'unavailable' });
    spoil(undefined);
    expect(await tokens.current()).toBe('token 5');
  });

  it('are not used past their life, nor when the clock was set back', async () => {
    const { tokens, clock } = given();
    expect(await tokens.current()).toBe('token 1');
    clock.advance(2 * LIFE_MS);
    expect(await tokens.current()).toBe('token 2');
    clock.advance(-60_000);
    expect(await tokens.current()).toBe('token 3');
  });

  it('are replaced when the store refuses them, unless they were fresh', async () => {
    const { tokens, clock, requests } = given();
    await tokens.current();
    clock.advance(30_000);
    expect(tokens.invalidate('token 1')).toBe(true);
    expect(await tokens.current()).toBe('token 2');
    // Somebody else comes late with the old one.
    expect(tokens.invalidate('token 1')).toBe(true);
    expect(await tokens.current()).toBe('token 2');
    // The new one fares no better, for whoever tried it.
    expect(tokens.invalidate('token 2')).toBe(false);
    expect(tokens.invalidate('token 2')).toBe(false);
    expect(await tokens.current()).toBe('token 3');
    expect(requests).toHaveLength(3);
  });

  it('are replaced also when the clock jumped since', async () => {
    const { tokens, clock } = given();
    await tokens.current();
    clock.advance(-LIFE_MS);
    expect(tokens.invalidate('token 1')).toBe(true);
  });

  it.each([
    ['away', 'unavailable', 'iam.example did not answer'],
    [{ status: 500, body: '' }, 'unavailable', 'answered 500'],
    [{ status: 429, body: '' }, 'throttled', 'answered 429'],
    [{ status: 400, body: '{"errorCode":"BXNIM0415E"}' }, 'denied', 'answered 400 BXNIM0415E; check'],
    [{ status: 403, body: '<html>' }, 'denied', 'answered 403; check'],
    [{ status: 302, body: '' }, 'unavailable', 'answered 302'],
    [{ status: 200, body: '<html>' }, 'unavailable', 'answered something else'],
    [{ status: 200, body: 'null' }, 'unavailable', 'answered something else'],
    [{ status: 200, body: '{"access_token":"t"}' }, 'unavailable', 'answered something else'],
    [{ status: 200, body: '{"access_token":"","expires_in":9}' }, 'unavailable', 'answered something else'],
    [{ status: 200, body: '{"access_token":"t","expires_in":0}' }, 'unavailable', 'answered something else'],
  ] as const)('do not come from %j, and the next call tries again', async (how, code, message) => {
    const { tokens, spoil } = given();
    spoil(how);
    const calls = [tokens.current(), tokens.current()];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    spoil(undefined);
    expect(await tokens.current()).toMatch(/^token/);
  });

  it('do not come without a grant, and the next call asks for it again', async () => {
    let asked = 0;
    const grant = async (): Promise<Readonly<Record<string, string>>> => {
      asked += 1;
      if (asked === 1) throw new Error('no file');
      return {};
    };
    const { tokens } = given({ grant });
    await expect(tokens.current()).rejects.toThrow('no file');
    expect(await tokens.current()).toBe('token 1');
  });
});
