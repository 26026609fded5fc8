import { setMaxListeners } from 'node:events';
import http from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import type { NotifyReport } from '../../lib/cycle/report.ts';
import type { Channel } from '../../lib/delivery/channel.ts';
import { createGuardedHttpClient } from '../../lib/delivery/channels/guarded-http.ts';
import { createHttpPostChannel } from '../../lib/delivery/channels/http-post/http-post-channel.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { eachOf } from '../../lib/store/registration-reader.ts';
import type { Store } from '../../lib/store/store.ts';
import { aCall, notifyDeps, settableDepths } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';

const HOSTS = 1_000;
const QUEUE = 'DEV.QUEUE.1';
const PER_HOST = 8;
const SLOW_SLOTS = 16;
/** No test waits for it: it is only far enough away to tell what came before from what comes after. */
const FAR_MS = 15_000;
const SOON_MS = 150;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const nameOf = (index: number): string => `h${index}.test`;
const names = (count: number, from = 1): readonly string[] =>
  Array.from({ length: count }, (_, index) => nameOf(from + index));

/** One server behind all names. It answers at once, but for hosts that hang: those only once they are let go. */
interface Hosts {
  readonly port: number;
  /** Hosts in the order of their requests. */
  readonly seen: readonly string[];
  readonly open: () => number;
  readonly hang: (hosts: readonly string[]) => void;
  /** Answers all that hang, now and from now on. */
  readonly letGo: () => void;
  readonly forget: () => void;
}

async function startHosts(): Promise<Hosts> {
  const seen: string[] = [];
  const held = new Set<http.ServerResponse>();
  let hanging: ReadonlySet<string> = new Set();
  const server = http.createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    seen.push(host);
    request.resume();
    if (!hanging.has(host)) return void response.writeHead(204).end();
    held.add(response);
    response.on('close', () => held.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2_048, resolve));
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    seen,
    open: () => held.size,
    hang: (hosts) => {
      hanging = new Set(hosts);
    },
    letGo: () => {
      hanging = new Set();
      for (const response of held) response.writeHead(204).end();
    },
    forget: () => void seen.splice(0),
  };
}

/**
 * The channel as it is deployed, over names that all lead to this machine. `giveUpSoonOn` shortens the wait for some:
 * for all of them, a busy machine would make healthy targets late.
 */
function aChannel(): {
  readonly channel: Channel;
  readonly giveUpSoonOn: (hosts: readonly string[]) => void;
} {
  const client = createGuardedHttpClient({
    guard: createTargetGuard({ allowHttp: false, allowTargets: ['127.0.0.0/8'] }),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    allowSelfSigned: false,
    connectionsPerHostMax: PER_HOST,
  });
  closing.push(client.close);
  const post = createHttpPostChannel({ http: client });
  let soon: ReadonlySet<string> = new Set();
  return {
    giveUpSoonOn: (hosts) => {
      soon = new Set(hosts);
    },
    channel: {
      attempt: (wakeUp, limits) => {
        const { hostname } = new URL(wakeUp.registration.notify);
        return post.attempt(wakeUp, { ...limits, timeoutMs: soon.has(hostname) ? SOON_MS : FAR_MS });
      },
    },
  };
}

async function scene(hosts: Hosts) {
  const store: Store = testStore({ clock: systemClock, random: systemRandomness });
  await eachOf(names(HOSTS), 64, async (host) => {
    const notify = `http://${host}:${hosts.port}/`;
    await store.registrations.put(aDraft({ id: host, notify, delivery: { attempts: 1 } }));
  });
  const queues = settableDepths();
  queues.set('QM1', { [QUEUE]: 1 });
  const { channel, giveUpSoonOn } = aChannel();
  return { deps: notifyDeps(store, { queues, channel }), giveUpSoonOn };
}

async function run(deps: NotifyDeps): Promise<NotifyReport> {
  const call = aCall();
  // Every exchange in flight listens: hundreds are no leak.
  setMaxListeners(0, call.stopping.stop, call.stopping.abandon);
  const report = await runNotifyCycle(deps, call);
  if (!('decisions' in report)) throw new Error(`no run: ${report.outcome} ${report.reason}`);
  return report;
}

/** How many of the given hosts were asked so far. */
const askedOf = (hosts: Hosts, wanted: readonly string[]): number => {
  const seen = new Set(hosts.seen);
  return wanted.filter((host) => seen.has(host)).length;
};

/** Waits until all healthy hosts were woken while those that hang still do; then lets these go. */
async function allBeforeThoseThatHang(
  deps: NotifyDeps,
  hosts: Hosts,
  given: { readonly healthy: readonly string[]; readonly openMax: number },
): Promise<NotifyReport> {
  const cycle = run(deps);
  let openMax = 0;
  await vi.waitFor(
    () => {
      openMax = Math.max(openMax, hosts.open());
      expect(askedOf(hosts, given.healthy)).toBe(given.healthy.length);
    },
    { timeout: FAR_MS - 3_000, interval: 5 },
  );
  expect(hosts.open()).toBeGreaterThan(0);
  expect(openMax).toBeLessThanOrEqual(given.openMax);
  hosts.letGo();
  return cycle;
}

describe(`${HOSTS} targets on as many hosts`, () => {
  it('of which 1 % hang: every other one is woken while these still hang', async () => {
    const hosts = await startHosts();
    const { deps } = await scene(hosts);
    const bad = names(10, 1);
    hosts.hang(bad);
    const report = await allBeforeThoseThatHang(deps, hosts, {
      healthy: names(HOSTS - 10, 11),
      openMax: bad.length,
    });
    // Those that hung were let go in time, so that nobody failed: not one attempt was given up before.
    expect(report.notifications).toMatchObject({ due: HOSTS, succeeded: HOSTS, failed: 0, deferred: 0 });
    expect(report.notifications.attempts).toBe(HOSTS);
  });

  it('of which 20 % hang, more than there are places: known from the cycle before, they wait in the slow lane', async () => {
    const hosts = await startHosts();
    const { deps, giveUpSoonOn } = await scene(hosts);
    const bad = names(200, 1);
    const healthy = names(HOSTS - 200, 201);
    hosts.hang(bad);
    giveUpSoonOn(bad);
    const before = await run(deps);
    expect(before.notifications).toMatchObject({ failed: 200, succeeded: 800 });

    giveUpSoonOn([]);
    hosts.forget();
    const after = await allBeforeThoseThatHang(deps, hosts, { healthy, openMax: SLOW_SLOTS });
    expect(after.notifications).toMatchObject({ due: HOSTS, succeeded: HOSTS, failed: 0 });

    // Now they are known to be well: nobody waits in the slow lane any more.
    hosts.forget();
    hosts.hang(bad);
    const last = run(deps);
    await vi.waitFor(() => expect(hosts.open()).toBeGreaterThan(SLOW_SLOTS), {
      timeout: 10_000,
      interval: 5,
    });
    hosts.letGo();
    expect((await last).notifications).toMatchObject({ succeeded: HOSTS });
  });
});

describe('one host that hangs with 100 registrations', () => {
  it('takes its own places only', async () => {
    const hosts = await startHosts();
    const store = testStore({ clock: systemClock, random: systemRandomness });
    const urlOf = (host: string): string => `http://${host}:${hosts.port}/`;
    await eachOf(names(100), 64, async (id) => {
      await store.registrations.put(aDraft({ id: `bad-${id}`, notify: urlOf('bad.test') }));
      await store.registrations.put(aDraft({ id, notify: urlOf(id) }));
    });
    const queues = settableDepths();
    queues.set('QM1', { [QUEUE]: 1 });
    hosts.hang(['bad.test']);
    const report = await allBeforeThoseThatHang(
      notifyDeps(store, { queues, channel: aChannel().channel }),
      hosts,
      { healthy: names(100), openMax: PER_HOST },
    );
    expect(report.notifications).toMatchObject({ due: 200, succeeded: 200 });
  });
});
