import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegistrationLook } from '../../lib/health/overview.ts';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { aLine, anOverview, NOW, OVERVIEW, visitStandIn } from '../support/dashboard-stand-in.ts';
import { text } from '../support/dashboard-visit.ts';

const inMinutes = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
const sick = (given: Partial<RegistrationLook> = {}): RegistrationLook =>
  aLine({ id: 'sick', state: 'quarantined', failcount: 10, backoff: inMinutes(95.9), ...given });
const NO_BREAK = 'x'.repeat(3_000);

describe.skipIf(missingChromium !== undefined)('answers on the dashboard', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('say what they can of times, depths and cycles', async () => {
    const queue = { qmgr: 'QM1', queue: 'ORDERS', registrations: 1, depths: [3, null, 5, null, 1, 2, null] };
    const cycle = { cycle: 'notify', duration_ms: 5, outcome: 'completed', problems: [] };
    const { page } = await visitStandIn(
      browser,
      anOverview([sick()], {
        queues: [queue],
        cycles: [{ ...cycle, started: inMinutes(120) }],
        health: { status: 'DOWN', components: { 'cycle:notify': { status: 'DOWN', details: {} } } },
      }),
    );
    expect(await text(page, 'quarantine')).toContain('1 h 35 min left');
    expect(await text(page, 'cycles')).toContain('in 2 h (clocks differ)');
    expect(await text(page, 'queues')).toContain('not read');
    expect(await page.locator('#queues circle').count()).toBe(2);
    expect(await page.locator('.tile.bad').filter({ hasText: 'Notify cycle' }).count()).toBe(1);
    expect(await page.title()).toBe('DOWN – mq-observer');
    await page.context().close();
  });

  it('fit a phone and a notice, however long they are', async () => {
    const long = sick({ queue: 'Q'.repeat(48), state_reason: NO_BREAK });
    const three = aLine({ id: 'three', state: 'retired' });
    const { page, answers } = await visitStandIn(browser, anOverview([long, three]), {
      viewport: { width: 360, height: 740 },
    });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    answers.set('POST /functions/persist', () => ({ status: 400, json: { detail: NO_BREAK.repeat(3) } }));
    await page.getByRole('button', { name: 'Run persist' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#notice.bad').waitFor();
    expect((await page.locator('#notice-box').boundingBox())?.height).toBeLessThan(740 / 2);
    await page.getByRole('button', { name: 'Close the notice' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#notice-box').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.dataset.key')).toBe('persist');
    await page.context().close();
  });

  it('that the observer does not give are told as such', async () => {
    const { page, answers, refresh, uncaught } = await visitStandIn(browser, anOverview([aLine()]));
    const odd = [
      ...['{}', 'null', '[]', '{"health":null}', '', 'not JSON'].map((body) => ({ text: body })),
      { text: '<h1>Bad Gateway</h1>', status: 502 },
      { text: '', status: 204 },
      { json: { ...anOverview([]), queues: [null] } },
    ];
    for (const answer of odd) {
      answers.set(OVERVIEW, () => answer);
      await refresh();
      expect(await text(page, 'trouble')).toContain(`(status ${'status' in answer ? answer.status : 200})`);
      expect(await text(page, 'registrations')).toContain('orders');
    }
    answers.set('GET /register/orders/decisions', () => ({ json: {} }));
    await page.getByRole('button', { name: 'Details ORDERS orders' }).click();
    const details = page.getByRole('group', { name: 'Details of orders' });
    await details.getByText('none that the observer gives').waitFor();
    answers.set('GET /register/orders/decisions', () => ({
      status: 500,
      json: { detail: 'the store is down' },
    }));
    await refresh();
    answers.set(OVERVIEW, () => ({ json: anOverview([aLine()]) }));
    await refresh();
    await details.getByText('the store is down').waitFor();
    expect(uncaught).toEqual([]);
    await page.context().close();
  });

  it('of a token are gone with it, and what no header can carry is no token', async () => {
    const { page, answers, refresh } = await visitStandIn(browser, anOverview([]));
    answers.set('GET /actuator/health', () => ({ json: { status: 'UP', components: {} } }));
    answers.set(OVERVIEW, (request) =>
      request.headers()['authorization'] === undefined
        ? { status: 401, json: { detail: 'no' } }
        : { json: anOverview([aLine()]) },
    );
    answers.set('GET /register/orders/decisions', () => ({ json: { decisions: [], tests: [] } }));
    await refresh();
    await page.getByText('An admin token is needed').waitFor();
    await page.getByLabel('Admin token').fill('tökén-☃');
    await page.keyboard.press('Enter');
    await page.getByText('characters that are not ASCII').waitFor();
    await page.getByLabel('Admin token').fill('admin-token-1');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Details ORDERS orders' }).click();
    await page.getByRole('group', { name: 'Details of orders' }).waitFor();
    // Nothing comes in its place.
    const known = answers.get(OVERVIEW) ?? (() => ({}));
    answers.set(OVERVIEW, () => ({ status: 502 }));
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByText('(status 502)').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('ORDERS');
    answers.set(OVERVIEW, known);
    await refresh();
    await page.getByText('An admin token is needed').waitFor();
    await page.getByLabel('Admin token').fill('admin-token-1');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Details ORDERS orders' }).waitFor();
    expect(await page.getByRole('group', { name: 'Details of orders' }).count()).toBe(0);
    await page.context().close();
  });

  it('do not deny whom they leave out, nor an id that no path can carry', async () => {
    const known = anOverview([aLine({ id: '..' })]);
    const { page, answers, calls } = await visitStandIn(browser, {
      ...known,
      registrations: { ...known.registrations, total: 6_000 },
    });
    answers.set('GET /register/far', () => ({ json: { id: 'far', qmgr: 'QM1', queue: 'Q', failcount: 0 } }));
    await page.getByLabel('Search').fill('far');
    await page.getByText('None among the 1 that are here').waitFor();
    await page.getByRole('button', { name: 'Look for the id far' }).click();
    await page.getByText('far is there: QM1/Q, active').waitFor();
    await page.getByLabel('Search').fill('');

    await page.getByRole('button', { name: 'Details ORDERS ..' }).click();
    await page.getByText('A browser cannot ask about the id ..').waitFor();
    answers.set('DELETE /register?id=..', () => ({ json: { id: '..' } }));
    await page.getByRole('button', { name: 'Unregister ORDERS ..' }).click();
    await page.getByRole('button', { name: 'Yes, unregister' }).click();
    await page.getByText('.. is unregistered.').waitFor();
    expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual(['DELETE /register?id=..']);
    await page.context().close();
  });
});
