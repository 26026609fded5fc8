import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../platform/clock.ts';
import {
  createHttpClient,
  HttpFailure,
  type HttpClient,
  type HttpClientOptions,
  type HttpFailureCode,
} from '../../platform/http-client.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { createGuardedHttpClient } from './guarded-http.ts';
import { checkEgressGuard, createEgressCheck, type EgressSelfTestDeps } from './egress-self-test.ts';

type CreateClient = EgressSelfTestDeps['createClient'];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const guarded: CreateClient = (guard, resolve) =>
  createGuardedHttpClient({ guard, resolve, allowSelfSigned: false, connectionsPerHostMax: 8 });

/** Goes where a name leads without a look at the address. */
const unguardedLookup: net.LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) return callback(null, [{ address: '127.0.0.1', family: 4 }]);
  return callback(null, '127.0.0.1', 4);
};
const blockedLookup: net.LookupFunction = (_hostname, _options, callback) =>
  callback(new HttpFailure('blocked', 'no'), '', 0);

/** The guarded client, but for what a runtime does its own way. */
const guardedBut =
  (bypass: HttpClientOptions): CreateClient =>
  (guard) =>
    createHttpClient({
      checkHost: (url) => {
        const problem = guard.urlProblem(url);
        if (problem !== undefined) throw new HttpFailure('blocked', problem);
      },
      lookup: () => blockedLookup,
      ...bypass,
    });

const sending = (send: HttpClient['send']): CreateClient => {
  return () => ({ send, close: () => undefined });
};
const blocked = (): Promise<never> => Promise.reject(new HttpFailure('blocked', 'no'));
const portOf = (url: string | URL): number => Number(new URL(url).port);

/** A clock whose time is up at once. */
const hasty: Clock = { ...systemClock, sleep: () => Promise.resolve() };

const check = (createClient: CreateClient, clock = systemClock) => checkEgressGuard({ clock, createClient });
const problemOf = async (createClient: CreateClient, clock?: Clock): Promise<string> => {
  const result = await check(createClient, clock);
  return result.ok ? 'none' : result.problem;
};

describe('the egress guard', () => {
  it('holds in this runtime', async () => {
    expect(await check(guarded)).toEqual({ ok: true });
  });

  it('is asked by address and by name, over http and https, and the server is gone afterwards', async () => {
    const asked: string[] = [];
    const result = await check((guard, resolve) => {
      const client = guarded(guard, resolve);
      return {
        ...client,
        send: (request) => {
          asked.push(String(request.url));
          return client.send(request);
        },
      };
    });
    expect(result).toEqual({ ok: true });
    const port = portOf(asked[0] ?? '');
    expect(asked).toEqual([
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      `http://guard-self-test.invalid:${port}/`,
      `https://guard-self-test.invalid:${port}/`,
    ]);
    const end = await new Promise<string | undefined>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      closing.push(() => socket.destroy());
    });
    expect(end).toBe('ECONNREFUSED');
  });
});

describe('a client that goes past the guard', () => {
  it('altogether is found out, and told what to do', async () => {
    expect(await problemOf(() => createHttpClient())).toBe(
      'The egress guard is not proved to hold: ' +
        'a request over http to 127.0.0.1 was not blocked, but failed otherwise (reset). ' +
        'Nothing may be delivered from here: run it on Node.js 20 or later, without anything that replaces its http, https or net',
    );
  });

  it.each<[string, HttpClientOptions, string]>([
    [
      'with addresses written literally',
      { checkHost: () => undefined },
      'http to 127.0.0.1 was not blocked, but failed otherwise (reset)',
    ],
    [
      'with addresses written literally over https',
      {
        checkHost: ({ protocol }) => {
          if (protocol === 'http:') throw new HttpFailure('blocked', 'no');
        },
      },
      'https to 127.0.0.1 was not blocked',
    ],
    [
      'with names',
      { lookup: () => unguardedLookup },
      'http to guard-self-test.invalid was not blocked, but failed otherwise (reset)',
    ],
    [
      'with names over https',
      { lookup: (scheme) => (scheme === 'https:' ? unguardedLookup : blockedLookup) },
      'https to guard-self-test.invalid was not blocked',
    ],
  ])('%s is found out', async (_, bypass, expected) => {
    expect(await problemOf(guardedBut({}))).toBe('none');
    expect(await problemOf(guardedBut(bypass))).toContain(`a request over ${expected}`);
  });

  it('and is answered is found out', async () => {
    const answer = { status: 204, headers: {}, body: Buffer.alloc(0), truncated: false };
    expect(await problemOf(sending(async () => answer))).toContain('but answered with status 204');
  });

  it('and dials before it calls the request blocked is found out', async () => {
    const dialsFirst = sending(({ url }) => {
      const socket = net.connect(portOf(url), '127.0.0.1');
      socket.on('error', () => undefined);
      closing.push(() => socket.destroy());
      return blocked();
    });
    expect(await problemOf(dialsFirst)).toContain('called blocked after it had been dialled');
  });
});

describe('a guard that does not hold', () => {
  const provedOf = async (createClient: CreateClient, clock?: Clock): Promise<boolean | undefined> => {
    const result = await check(createClient, clock);
    return result.ok ? undefined : result.proved;
  };
  const answer = { status: 204, headers: {}, body: Buffer.alloc(0), truncated: false };
  const failing = (code: HttpFailureCode): CreateClient =>
    sending(() => Promise.reject(new HttpFailure(code, 'x')));

  it('is proved not to by a request that got out', async () => {
    expect(await provedOf(() => createHttpClient())).toBe(true);
    expect(await provedOf(sending(async () => answer))).toBe(true);
    for (const code of ['dns', 'reset'] as const) expect(await provedOf(failing(code))).toBe(true);
  });

  it('is not proved not to by a test that came to no end', async () => {
    expect(await provedOf(guarded, hasty)).toBe(false);
    for (const code of ['timeout', 'aborted', 'connect', 'tls', 'protocol'] as const)
      expect(await provedOf(failing(code))).toBe(false);
    expect(await provedOf(sending(() => Promise.reject(new RangeError('x'))))).toBe(false);
    const broken: CreateClient = () => {
      throw new TypeError('x');
    };
    expect(await provedOf(broken)).toBe(false);
    expect(await problemOf(broken)).toContain('Nothing is delivered until a test shows that it holds');
  });
});

describe('the check that is asked before each delivery', () => {
  /** Counts the tests, and makes each with the next of `clients`, the last one for ever. */
  const aCheck = (...clients: readonly CreateClient[]) => {
    let tests = 0;
    const createClient: CreateClient = (guard, resolve) => {
      const create = clients[Math.min(tests, clients.length - 1)] ?? guarded;
      tests += 1;
      return create(guard, resolve);
    };
    return { problem: createEgressCheck({ clock: systemClock, createClient }), tests: () => tests };
  };
  const broken: CreateClient = () => {
    throw new TypeError('x');
  };

  it('tests nothing before it is asked, and once where the guard holds', async () => {
    const { problem, tests } = aCheck(guarded, () => createHttpClient());
    expect(tests()).toBe(0);
    for (let time = 0; time < 3; time++) expect(await problem()).toBeUndefined();
    expect(tests()).toBe(1);
  });

  it('never forgets that a request got out', async () => {
    const { problem, tests } = aCheck(() => createHttpClient(), guarded);
    for (let time = 0; time < 3; time++) expect(await problem()).toContain('was not blocked');
    expect(tests()).toBe(1);
  });

  it('tests again after a test that showed nothing', async () => {
    const { problem, tests } = aCheck(broken, broken, guarded);
    expect(await problem()).toContain('it could not be tested (TypeError)');
    expect(await problem()).toContain('it could not be tested (TypeError)');
    expect([await problem(), await problem(), tests()]).toEqual([undefined, undefined, 3]);
  });

  it('makes one test for all who ask at the same time, also when it has to be repeated', async () => {
    const { problem, tests } = aCheck(broken, guarded);
    const first = await Promise.all([problem(), problem(), problem()]);
    expect([new Set(first).size, tests()]).toEqual([1, 1]);
    expect(await Promise.all([problem(), problem()])).toEqual([undefined, undefined]);
    expect(tests()).toBe(2);
  });
});

describe('a self-test that cannot be made', () => {
  it('because a request never ends is over in time, and calls the request off', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const hangs = sending(({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const clock: Clock = {
      ...systemClock,
      sleep: async () => {
        while (signals.length === 0) await new Promise((resolve) => setImmediate(resolve));
      },
    };
    expect(await problemOf(hangs, clock)).toContain('no result within 2000 ms');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('because there is no client says so', async () => {
    const broken: CreateClient = () => {
      throw new TypeError('no agents at 10.0.0.1');
    };
    expect(await problemOf(broken)).toContain('it could not be tested (TypeError)');
  });

  it('because a client fails in no known way says so', async () => {
    const rejected = sending(() => Promise.reject(new RangeError('10.0.0.1')));
    expect(await problemOf(rejected)).toContain('but failed otherwise (RangeError)');
  });

  it('leaves nothing open', async () => {
    let closed = 0;
    const client = { send: blocked, close: () => void (closed += 1) };
    await check(() => client);
    expect(closed).toBe(1);
  });
});
