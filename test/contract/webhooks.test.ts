import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { startObserver, type Observer } from '../support/observer.ts';
import type { SeenWakeUp, Target, TargetAnswer } from './wake-up-targets.ts';

const QUEUE = 'DEV.QUEUE.1';
const ORIGIN = 'observer.example.com';
const MODES = ['cloudevents', 'cloudevents-structured', 'http'] as const;
const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const SECRETS = [secretOf(1), secretOf(2)];

let observer: Observer;
let app: Target;

/** One observer for all tests of a group, which start empty, with one message and a target of their own. */
function over(env: Readonly<Record<string, string>>): void {
  beforeAll(async () => {
    observer = await startObserver({ env: { FAIL_LIMIT: '2', BACKOFF_DURATION: '30', ...env } });
  });
  beforeEach(async () => {
    await observer.reset();
    app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
  });
  afterAll(() => observer.stop());
}

const fields = (more: object = {}): object => ({
  ...{ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, delivery: { attempts: 1 } },
  ...more,
});
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
const postsTo = ({ wakeUps }: Target): readonly SeenWakeUp[] =>
  wakeUps.filter(({ method }) => method === 'POST');
const questionsTo = ({ wakeUps }: Target): readonly SeenWakeUp[] =>
  wakeUps.filter(({ method }) => method === 'OPTIONS');

/** The headers as the verifier wants them. */
function headersOf({ headers }: SeenWakeUp): Record<string, string> {
  const texts = Object.entries(headers).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}
const idsOf = ({ headers, body }: SeenWakeUp): readonly unknown[] => {
  const inDocument = (JSON.parse(body) as Record<string, unknown>)['id'];
  return [headers['webhook-id'], headers['ce-id'] ?? inDocument];
};

describe('with WEBHOOK_SECRET', () => {
  over({ WEBHOOK_SECRET: SECRETS.join(',') });

  describe.each(MODES)('a delivery (%s)', (mode) => {
    it.each(SECRETS)('is verified by who knows one of the secrets', async (secret) => {
      await observer.register(fields({ delivery: { mode } }));
      await observer.notify();
      const [seen] = app.wakeUps;
      if (seen === undefined) throw new Error('nothing came');
      const webhook = new Webhook(secret);
      expect(webhook.verify(seen.body, headersOf(seen))).toEqual(JSON.parse(seen.body));
      expect(() => webhook.verify(`${seen.body} `, headersOf(seen))).toThrow(/signature/i);
      expect(() => new Webhook(secretOf(3)).verify(seen.body, headersOf(seen))).toThrow(/signature/i);
    });

    it('has one id on every attempt of a wake-up, and the time of the attempt', async () => {
      await observer.register(fields({ delivery: { mode, attempts: 2 } }));
      app.answer({ status: 503, headers: { 'retry-after': '1' } }, { status: 204 });
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken', attempts: 2 }]);
      const [first, second] = app.wakeUps;
      if (first === undefined || second === undefined) throw new Error('two attempts were expected');
      expect(idsOf(second)).toEqual(idsOf(first));
      if (mode !== 'http') expect(new Set(idsOf(first)).size).toBe(1);
      const times = [first, second].map(({ headers }) => Number(headers['webhook-timestamp']));
      expect(times[1]).toBeGreaterThan(times[0] ?? Infinity);
      for (const seen of [first, second]) {
        new Webhook(SECRETS[0] ?? '').verify(seen.body, headersOf(seen));
        expect(Math.abs(Number(seen.headers['webhook-timestamp']) * 1000 - seen.atMs)).toBeLessThan(2_000);
      }
    });
  });

  it('another wake-up has another id', async () => {
    await observer.register(fields());
    await observer.notify();
    await observer.notify();
    expect(new Set(app.wakeUps.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it.each(['webhook-id', 'Webhook-Timestamp', 'WEBHOOK-SIGNATURE'])(
    'an owner cannot register a header %s of its own',
    async (name) => {
      const json = fields({ delivery: { headers: { [name]: 'forged' } } });
      expect((await observer.send('POST', '/register', { json })).status).toBe(400);
      expect(await observer.list()).toEqual([]);
    },
  );

  it('no secret appears in logs, reports or answers', async () => {
    await observer.register(fields());
    const report = await observer.notify();
    const text = [...observer.lines, JSON.stringify(report)].join('\n');
    for (const secret of SECRETS) expect(text).not.toContain(secret.slice('whsec_'.length));
  });
});

describe('without WEBHOOK_SECRET and WEBHOOK_ORIGIN', () => {
  over({});

  it.each(MODES)('a delivery (%s) has no webhook headers, and nobody is asked', async (mode) => {
    await observer.register(fields({ delivery: { mode } }));
    await observer.notify();
    expect(app.wakeUps).toMatchObject([{ method: 'POST' }]);
    const names = Object.keys(app.wakeUps[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith('webhook-'))).toEqual([]);
  });

  it.each([429, 503])('a target that answers %i and is to be left alone for an hour is', async (status) => {
    await observer.register(fields({ delivery: { attempts: 3 } }));
    app.answer({ status, headers: { 'retry-after': '3600' } });
    const first = await observer.notify();
    expect(first.decisions).toMatchObject([{ id: 'A', reason: 'postponed', attempts: 1 }]);
    expect(first.notifications).toMatchObject({ due: 1, succeeded: 0, failed: 0, skipped: 1 });
    const detail = matching(/left alone until \d{4}-/);
    for (let cycle = 0; cycle < 2; cycle++)
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'postponed', detail }]);
    expect(app.wakeUps.length).toBe(1);
    expect(await observer.find('A')).toMatchObject({ failcount: 0 });
  });

  it('a failure count survives being postponed', async () => {
    await observer.register(fields());
    app.answer({ status: 500 }, { status: 503, headers: { 'retry-after': '3600' } });
    await observer.notify();
    await observer.notify();
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it('registering again ends being postponed', async () => {
    await observer.register(fields());
    app.answer({ status: 503, headers: { 'retry-after': '3600' } }, { status: 204 });
    await observer.notify();
    await observer.register(fields());
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
  });

  describe('after a quarantine', () => {
    const BACKOFF_MS = 30 * 60_000;
    beforeEach(async () => {
      const delivery = { attempts: 3 };
      await observer.importAll([fields({ delivery, failcount: 2, backoff: '2020-01-01T00:00:00Z' })]);
      expect((await observer.restore()).restored).toEqual(['A']);
    });

    it('one probe that fails, in one attempt, quarantines again for twice the time', async () => {
      app.answer({ status: 503 });
      const beforeMs = Date.now();
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'failed', attempts: 1 }]);
      const found = await observer.find('A');
      expect(found).toMatchObject({ state: 'quarantined', failcount: 1 });
      const endMs = Date.parse(found?.backoff ?? '');
      expect(endMs).toBeGreaterThanOrEqual(beforeMs + 2 * BACKOFF_MS);
      expect(endMs).toBeLessThanOrEqual(Date.now() + 2 * BACKOFF_MS);
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'quarantined' }]);
      expect(app.wakeUps.length).toBe(1);
    });

    it('one success clears it: then two failures are needed, and the time is the first one', async () => {
      app.answer({ status: 204 }, { status: 400 });
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
      await observer.notify();
      const once = await observer.find('A');
      expect(once).toMatchObject({ failcount: 1 });
      expect(once).not.toHaveProperty('state');
      await observer.notify();
      const { backoff = '', state } = (await observer.find('A')) ?? {};
      expect(state).toBe('quarantined');
      expect(Date.parse(backoff)).toBeLessThanOrEqual(Date.now() + BACKOFF_MS);
    });
  });
});

describe('with WEBHOOK_ORIGIN', () => {
  over({ WEBHOOK_ORIGIN: ORIGIN, WEBHOOK_SECRET: SECRETS.join(',') });
  const allowing = (allowed: string, more: object = {}): TargetAnswer => ({
    ...{ status: 200, headers: { 'webhook-allowed-origin': allowed, ...more } },
  });

  it.each<[string, TargetAnswer]>([
    ['this origin', allowing(ORIGIN)],
    ['this origin in other letters', allowing('Observer.Example.COM')],
    ['every origin', allowing('*')],
    ['this origin, with a status that says nothing', { ...(allowing(ORIGIN) as object), status: 405 }],
  ])('a target that allows %s is registered, asked once, and woken', async (_, answer) => {
    app.answer(answer, { status: 204 });
    await observer.register(fields());
    expect(app.wakeUps).toMatchObject([{ method: 'OPTIONS', headers: { 'webhook-request-origin': ORIGIN } }]);
    await observer.notify();
    await observer.notify();
    expect(questionsTo(app)).toHaveLength(1);
    expect(postsTo(app)).toHaveLength(2);
    for (const { headers } of postsTo(app)) expect(headers['webhook-request-origin']).toBe(ORIGIN);
  });

  it.each<[string, TargetAnswer, RegExp]>([
    ['allows another origin', allowing('other.example.com'), /another origin/],
    ['allows part of the name', allowing('example.com'), /another origin/],
    ['allows a list', allowing(`${ORIGIN}, other.example.com`), /another origin/],
    ['answers without the header', { status: 200 }, /no WebHook-Allowed-Origin/],
    ['has an empty header', allowing(''), /no WebHook-Allowed-Origin/],
    ['answers 405', { status: 405 }, /no WebHook-Allowed-Origin/],
    ['never answers', 'hang', /timeout/],
    ['resets the connection', 'reset', /reset/],
  ])('a target that %s is refused, and nothing is stored', async (_, answer, why) => {
    app.answer(answer);
    const reply = await observer.send('POST', '/register', { json: fields() });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ errors: [{ field: 'notify', message: matching(/did not consent/) }] });
    expect(reply.json['detail']).toMatch(why);
    expect(await observer.list()).toEqual([]);
    expect(postsTo(app)).toEqual([]);
  });

  it('a rate that a target grants is the shortest time between its wake-ups', async () => {
    app.answer(allowing('*', { 'webhook-allowed-rate': '1' }), { status: 204 });
    await observer.register(fields());
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'cooldown' }]);
    expect(postsTo(app)).toHaveLength(1);
  });

  it.each(['*', '0', 'many', ''])('a rate of %j limits nothing', async (rate) => {
    app.answer(allowing('*', { 'webhook-allowed-rate': rate }), { status: 204 });
    await observer.register(fields());
    await observer.notify();
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
  });

  describe('a registration that came without consent', () => {
    beforeEach(() => observer.importAll([fields({ delivery: { attempts: 3 } })]));

    it('is asked before it is woken', async () => {
      app.answer(allowing(ORIGIN), { status: 204 });
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken', attempts: 1 }]);
      expect(app.wakeUps.map(({ method }) => method)).toEqual(['OPTIONS', 'POST']);
    });

    it('and refuses, fails once with the reason, and is not woken', async () => {
      app.answer(allowing('other.example.com'));
      expect((await observer.notify()).decisions).toMatchObject([
        { reason: 'failed', attempts: 1, detail: matching(/did not consent: .*another origin/) },
      ]);
      expect(app.wakeUps.map(({ method }) => method)).toEqual(['OPTIONS']);
      expect(await observer.find('A')).toMatchObject({ failcount: 1 });
    });

    it('and breaks off while it is asked, is asked again in the same cycle', async () => {
      app.answer('reset', allowing(ORIGIN), { status: 204 });
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken', attempts: 2 }]);
      expect(app.wakeUps.map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS', 'POST']);
    });
  });
});
