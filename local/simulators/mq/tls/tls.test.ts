import { request } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { createCertificateAuthority } from './authority.ts';
import type { Certificate } from './certificate.ts';

const authority = createCertificateAuthority(Date.now());
const BASIC = { authorization: `Basic ${btoa('mqreader:mqreader')}` };

interface Trust extends Partial<Certificate> {
  readonly ca?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status, or the code of the error. */
function ask(
  { restBaseUrl }: MqSimulator,
  { headers = {}, ...tls }: Trust,
): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const options = { ...tls, headers, agent: false } as const;
    request(`${restBaseUrl}/ibmmq/rest/v1/admin/qmgr`, options, (response) => {
      response.resume();
      response.on('error', () => undefined);
      resolve(response.statusCode);
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .end();
  });
}

describe('HTTPS', () => {
  let simulator: MqSimulator;
  beforeAll(async () => {
    simulator = await startMqSimulator({ tls: authority.server() });
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.clearFaults());

  it('is served under the authority, and signs a client certificate in by its name', async () => {
    const { cert: ca } = authority;
    expect(simulator.restUrl).toBe('https://127.0.0.1');
    expect(await ask(simulator, { ca, headers: BASIC })).toBe(200);
    expect(await ask(simulator, { ca })).toBe(401);
    expect(await ask(simulator, { ca, ...authority.client('mqreader') })).toBe(200);
    expect(await ask(simulator, { ca, ...authority.client('stranger') })).toBe(401);
    const foreign = createCertificateAuthority(Date.now());
    expect(await ask(simulator, { ca, ...foreign.client('mqreader') })).toBe(401);
  });

  it.each([
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expiredCert', 'CERT_HAS_EXPIRED'],
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('fails as told: %s', async (fault, code) => {
    const trust = { ca: authority.cert, headers: BASIC };
    simulator.addFault({ fault });
    expect(await ask(simulator, trust)).toBe(code);
    simulator.clearFaults();
    expect(await ask(simulator, trust)).toBe(200);
  });

  it('can insist on a client certificate', async () => {
    const strict = await startMqSimulator({ tls: { ...authority.server(), requireClientCert: true } });
    const { cert: ca } = authority;
    expect(await ask(strict, { ca, headers: BASIC })).toMatch(/^ERR_SSL|^ECONNRESET/);
    expect(await ask(strict, { ca, ...authority.client('mqreader') })).toBe(200);
    await strict.close();
  });
});

it('without TLS there is no fault of a certificate, and none for one queue manager', async () => {
  const simulator = await startMqSimulator({ queueManagers: [{ name: 'QM1' }] });
  expect(() => simulator.addFault({ fault: 'wrongHost' })).toThrow('needs TLS');
  expect(() => simulator.setFault('QM1', 'wrongHost')).toThrow('as a whole');
  await simulator.close();
});
