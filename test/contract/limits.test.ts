import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

let observer: Observer;
let notify: string;

beforeAll(async () => {
  observer = await startObserver();
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const KIB = 1024;
const MIB = 1024 * KIB;
const triple = (): Record<string, string> => ({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify });

/** JSON of exactly so many bytes; what fills it up is a key that nobody knows. */
const sized = (value: object, bytes: number): string => {
  const without = JSON.stringify({ ...value, filler: '' });
  return JSON.stringify({ ...value, filler: 'x'.repeat(bytes - without.length) });
};
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the size of a body', () => {
  it('may be 64 KiB and not a byte more', async () => {
    const largest = { body: sized(triple(), 64 * KIB), headers: JSON_TYPE };
    expect(await observer.send('POST', '/register', largest)).toMatchObject({ status: 200, json: triple() });
    for (const [method, path] of [
      ['POST', '/register'],
      ['DELETE', '/register'],
      ['DELETE', '/admin/flush'],
      ['POST', '/notify'],
    ] as const) {
      const reply = await observer.send(method, path, {
        body: sized(triple(), 64 * KIB + 1),
        headers: JSON_TYPE,
      });
      expect(reply.status).toBe(413);
      expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:too-large' });
    }
    expect((await observer.list()).length).toBe(1);
  });

  it('may be 5 MB of an import and not a byte more', async () => {
    const document = { mq_requests: [triple()] };
    const tooLarge = await observer.send('POST', '/admin/import', {
      body: sized(document, 5 * MIB + 1),
      headers: JSON_TYPE,
    });
    expect(tooLarge.status).toBe(413);
    expect(await observer.list()).toEqual([]);
    const largest = await observer.send('POST', '/admin/import', {
      body: sized(document, 5 * MIB),
      headers: JSON_TYPE,
    });
    expect(largest).toMatchObject({ status: 200, json: { imported: 1 } });
  });
});

describe('the type of a body', () => {
  it.each(['application/json', 'APPLICATION/JSON; charset=utf-8', 'application/vnd.api+json'])(
    'is JSON for %s',
    async (type) => {
      const request = { body: JSON.stringify(triple()), headers: { 'content-type': type } };
      expect(await observer.send('POST', '/register', request)).toMatchObject({
        status: 200,
        json: triple(),
      });
    },
  );

  it.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=utf-8'])(
    'is a form for %s',
    async (type) => {
      const request = { body: String(new URLSearchParams(triple())), headers: { 'content-type': type } };
      expect(await observer.send('POST', '/register', request)).toMatchObject({
        status: 200,
        json: triple(),
      });
    },
  );

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'image/png'])(
    'is refused with 415 when it is %s',
    async (type) => {
      const request = { body: JSON.stringify(triple()), headers: { 'content-type': type } };
      for (const method of ['POST', 'DELETE']) {
        const reply = await observer.send(method, '/register', request);
        expect(reply.status).toBe(415);
        expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:unsupported-media-type' });
      }
      expect(await observer.list()).toEqual([]);
    },
  );

  it('is refused with 400 when its bytes are no text', async () => {
    const request = { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers: JSON_TYPE };
    expect((await observer.send('POST', '/register', request)).status).toBe(400);
  });
});
