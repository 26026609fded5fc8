import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createAccessTokens } from './access-tokens.ts';
import { answerTokenRequest } from './token-resource.ts';

const GRANTS = 'urn:ibm:params:oauth:grant-type:';
const PROFILE = { name: 'observer', id: 'Profile-1', computeResourceToken: 'cr', role: 'reader' as const };

function iam() {
  const clock = createVirtualClock();
  let count = 0;
  const deps = { nowMs: clock.nowMs, uuid: () => `${(count += 1)}` };
  const tokens = createAccessTokens({ ...deps, lifetimeMs: 60_000 });
  const ask = (fields: Readonly<Record<string, string>>) => {
    const form = new URLSearchParams(fields);
    const apiKeys = [{ apiKey: 'k' }, { apiKey: 'nobody', role: 'none' as const }];
    const { status, body } = answerTokenRequest({ ...deps, tokens, apiKeys, profiles: [PROFILE] }, form);
    return { status, value: JSON.parse(body) as { readonly access_token: string } };
  };
  return { clock, tokens, ask };
}

describe('a token of IAM', () => {
  it('has its times in the answer and, for clients to read, in itself', () => {
    const { ask, clock } = iam();
    const { status, value } = ask({ grant_type: `${GRANTS}apikey`, apikey: 'k', response_type: 'cloud_iam' });
    const nowS = clock.nowMs() / 1000;
    expect(status).toBe(200);
    expect(value).toEqual({
      access_token: value.access_token,
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      expires_in: 60,
      expiration: nowS + 60,
      scope: 'ibm openid',
    });
    const [, claims = '', signature] = value.access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iat: nowS,
      exp: nowS + 60,
    });
    expect(signature).toBeTruthy();
  });

  it('counts until its time is over, or all are ended', () => {
    const { ask, clock, tokens } = iam();
    const give = () => ask({ grant_type: `${GRANTS}apikey`, apikey: 'k' }).value.access_token;
    const first = give();
    clock.advance(59_999);
    expect(tokens.roleOf(first)).toBe('writer');
    clock.advance(1);
    expect(tokens.roleOf(first)).toBeUndefined();
    const second = give();
    tokens.expireAll();
    expect(tokens.roleOf(second)).toBeUndefined();
  });

  it.each([
    ['an API key', { grant_type: `${GRANTS}apikey`, apikey: 'nobody' }, 'none'],
    [
      'a profile by name',
      { grant_type: `${GRANTS}cr-token`, cr_token: 'cr', profile_name: 'observer' },
      'reader',
    ],
    [
      'a profile by id',
      { grant_type: `${GRANTS}cr-token`, cr_token: 'cr', profile_id: 'Profile-1' },
      'reader',
    ],
  ])('has the role of %s', (_, fields, role) => {
    const { ask, tokens } = iam();
    expect(tokens.roleOf(ask(fields).value.access_token)).toBe(role);
  });

  it.each([
    [{ grant_type: `${GRANTS}apikey`, apikey: 'x' }, 'BXNIM0415E', 'Provided API key could not be found.'],
    [{ grant_type: `${GRANTS}apikey` }, 'BXNIM0415E', 'Provided API key'],
    [
      { grant_type: `${GRANTS}cr-token`, cr_token: 'no', profile_name: 'observer' },
      'BXNIM0114E',
      'not accepted',
    ],
    [
      { grant_type: `${GRANTS}cr-token`, cr_token: 'cr', profile_id: 'observer' },
      'BXNIM0114E',
      'not accepted',
    ],
    [{ grant_type: 'password' }, 'BXNIM0102E', 'grant type'],
    [{}, 'BXNIM0102E', 'grant type'],
  ])('is not given for %j', (fields, errorCode, words) => {
    const { status, value } = iam().ask({ ...fields });
    expect(status).toBe(400);
    expect(value).toMatchObject({
      errorCode,
      errorMessage: expect.stringContaining(words) as string,
      context: { url: expect.stringContaining('iam') as string },
    });
  });
});
