import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { secret } from '../../platform/secret.ts';
import { createSigner, keyOf } from './standard-webhooks.ts';

interface Vector {
  readonly id: string;
  readonly secret: string;
  readonly algorithm?: string;
  readonly webhook_id: string;
  readonly webhook_timestamp: number;
  readonly body: string;
  readonly signature: string;
}

const { standard_webhooks: vectors } = JSON.parse(
  readFileSync(new URL('../../../test/vectors/webhooks.json', import.meta.url), 'utf8'),
) as { standard_webhooks: readonly Vector[] };
const symmetric = vectors.filter(({ algorithm }) => algorithm === undefined);

const aSecret = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;

describe('signatures', () => {
  it('has vectors to check against', () => {
    expect(symmetric.length).toBeGreaterThan(0);
  });

  it.each(symmetric)('equal the published ones: $id', (vector) => {
    for (const prefix of ['', 'whsec_']) {
      const sign = createSigner([secret(prefix + vector.secret)]);
      expect(sign(vector.webhook_id, vector.webhook_timestamp * 1000, vector.body)).toEqual({
        'webhook-id': vector.webhook_id,
        'webhook-timestamp': String(vector.webhook_timestamp),
        'webhook-signature': vector.signature,
      });
    }
  });

  it('satisfy an independent verifier, with each of the secrets while one is replaced', () => {
    const secrets = [aSecret(1), aSecret(2)];
    const headers = createSigner(secrets.map(secret))('wake-1', Date.now(), '{"a":"ü"}');
    for (const one of secrets)
      expect(new Webhook(one).verify('{"a":"ü"}', { ...headers })).toEqual({ a: 'ü' });
    expect(() => new Webhook(aSecret(3)).verify('{"a":"ü"}', { ...headers })).toThrow(
      'No matching signature',
    );
    expect(() => new Webhook(aSecret(1)).verify('{"a":"u"}', { ...headers })).toThrow(
      'No matching signature',
    );
  });

  it.each(['', 'whsec_', 'whsec_!', 'whsec_c2hvcnQ=', `whsec_${Buffer.alloc(65).toString('base64')}`])(
    'take no secret like %j',
    (text) => {
      expect(keyOf(text)).toBeUndefined();
    },
  );
});
