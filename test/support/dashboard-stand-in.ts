import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import dashboard from '../../lib/health/generated/dashboard-page.cjs';
import type { Overview, RegistrationLook } from '../../lib/health/overview.ts';

/** What a stand-in of the observer answers; a text goes out as it is. */
export interface StoodIn {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
}

/** A page of the dashboard whose every call is answered here: at once or when a test likes, and in any way. */
export interface StandIn {
  readonly page: Page;
  /** What is answered, by `<method> <path>`; all else is 404. May be changed at any time. */
  readonly answers: Map<string, (request: Request) => StoodIn | Promise<StoodIn>>;
  readonly calls: readonly string[];
  /** Exceptions that nobody caught. */
  readonly uncaught: readonly string[];
  /** Has the page ask anew, and waits until it has taken the answer. */
  readonly refresh: () => Promise<void>;
  readonly callsOf: (call: string) => number;
}

const ORIGIN = 'http://observer.test';
export const NOW = '2026-11-22T12:00:00.000Z';
export const OVERVIEW = 'GET /actuator/overview';

/** Opens the page in a context of its own, where no token is needed to see this. */
export async function visitStandIn(
  browser: Browser,
  overview: Overview,
  options: BrowserContextOptions = {},
): Promise<StandIn> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  const calls: string[] = [];
  const uncaught: string[] = [];
  page.on('pageerror', (error) => void uncaught.push(error.message));
  const answers: StandIn['answers'] = new Map<string, () => StoodIn>([
    ['GET /dashboard', () => ({ text: dashboard.PAGE })],
    [OVERVIEW, () => ({ json: overview })],
  ]);
  await page.route('**', async (route, request) => {
    const call = `${request.method()} ${request.url().slice(ORIGIN.length)}`;
    calls.push(call);
    const {
      status = 200,
      json,
      text = '',
    } = (await answers.get(call)?.(request)) ?? {
      status: 404,
      json: { detail: 'Page not found' },
    };
    const given = json === undefined ? { body: text, contentType: 'text/html' } : { json };
    await route.fulfill({ status, ...given });
  });
  await page.goto(`${ORIGIN}/dashboard`);
  await page.locator('body.known').waitFor();
  const callsOf = (call: string): number => calls.filter((one) => one === call).length;
  const refresh = async (): Promise<void> => {
    const answered = page.waitForResponse(`${ORIGIN}/actuator/overview`);
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await (await answered).finished();
    await page.evaluate('new Promise((done) => setTimeout(done, 30))');
  };
  return { page, answers, calls, uncaught, refresh, callsOf };
}

/** A registration that nothing is wrong with. */
export function aLine(given: Partial<RegistrationLook> = {}): RegistrationLook {
  return {
    ...{ id: 'orders', qmgr: 'QM1', queue: 'ORDERS', notify: 'https://app.example/', state: 'active' },
    ...{ state_reason: null, failcount: 0, backoff: null, decision: null, last_woken: null },
    ...given,
  } as const;
}

/** An overview of a system that is well, with these registrations. */
export function anOverview(lines: readonly RegistrationLook[], given: Partial<Overview> = {}): Overview {
  const count = (state: RegistrationLook['state']): number =>
    lines.filter((line) => line.state === state).length;
  return {
    now: NOW,
    health: { status: 'UP', components: { store: { status: 'UP' } } },
    registrations: {
      total: lines.length,
      active: count('active'),
      quarantined: count('quarantined'),
      retired: count('retired'),
      damaged: 0,
      lines,
    },
    ...{ queue_managers: [], queues: [], endpoints: [], cycles: [] },
    ...given,
  };
}
