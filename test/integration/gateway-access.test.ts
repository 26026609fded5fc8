import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { aFunction } from '../../local/testing/functions.ts';
import { ECHO, PUPPET } from '../../local/testing/stand-in-bundles.ts';
import { startStandInHost, type StandInHost } from '../../local/testing/stand-in-host.ts';

const functions = [
  aFunction({ name: 'puppet' }),
  aFunction({ name: 'cycle', visibility: 'project', triggers: [] }),
];
const REGISTER = 'register-token-0123456789';
const ADMIN = 'admin-token-0123456789';
const TOKENS = { REGISTER_TOKENS: REGISTER, ADMIN_TOKENS: ADMIN };

let host: StandInHost | undefined;
afterEach(() => host?.stop());

const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  host = await startStandInHost({ functions, sources: { puppet: PUPPET, cycle: ECHO }, env });
};
const post = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const url = new URL(path, host?.url);
    const body = JSON.stringify({ do: 'env', name: 'ALLOW_ANONYMOUS' });
    const request = http.request(url, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a host on loopback without tokens', () => {
  it('is open, and tells the functions so', async () => {
    await start();
    expect(await post('/puppet')).toEqual({ status: 200, text: '1' });
    expect((await post('/functions/cycle')).status).toBe(200);
  });

  it.each([
    ['a name that was rebound', { host: 'evil.example' }],
    ['a form of another site', { origin: 'https://evil.example' }],
    ['a link on another site', { 'sec-fetch-site': 'cross-site' }],
  ])('keeps out %s', async (_what, headers) => {
    await start();
    expect((await post('/puppet', headers)).status).toBe(403);
    expect((await post('/functions/cycle', headers)).status).toBe(403);
  });

  it('that was opened on purpose answers to other names, but not to those who call functions by name', async () => {
    await start({ ALLOW_ANONYMOUS: '1' });
    expect((await post('/puppet', { host: 'behind.a.proxy' })).status).toBe(200);
    expect((await post('/functions/cycle', { host: 'behind.a.proxy' })).status).toBe(403);
    expect((await post('/functions/cycle')).status).toBe(200);
  });
});

describe('a host with tokens', () => {
  it('leaves callers to the functions, which learn nothing of being open', async () => {
    await start(TOKENS);
    expect(await post('/puppet', { host: 'any.example' })).toEqual({ status: 200, text: 'undefined' });
  });

  it('wants an admin token of who calls a function by name', async () => {
    await start(TOKENS);
    expect((await post('/functions/cycle')).status).toBe(401);
    expect((await post('/functions/cycle', bearer('wrong-token-0123456789'))).status).toBe(401);
    expect((await post('/functions/cycle', bearer(REGISTER))).status).toBe(403);
    expect((await post('/functions/cycle', bearer(ADMIN))).status).toBe(200);
  });

  it('does not tell strangers which functions there are', async () => {
    await start(TOKENS);
    expect((await post('/functions/nope')).status).toBe(401);
    expect((await post('/functions/nope', bearer(ADMIN))).status).toBe(404);
  });

  it('wants one even where only register tokens are set', async () => {
    await start({ REGISTER_TOKENS: REGISTER });
    expect((await post('/functions/cycle')).status).toBe(401);
    expect((await post('/functions/cycle', bearer(REGISTER))).status).toBe(403);
  });
});

describe('a host that others can reach', () => {
  it('does not start without tokens', async () => {
    await expect(start({ HOST: '0.0.0.0' })).rejects.toThrow(
      /HOST.*set REGISTER_TOKENS and ADMIN_TOKENS, or ALLOW_ANONYMOUS=1/,
    );
  });
});
