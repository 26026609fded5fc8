import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { ADMIN, objections, rows, text, visit } from '../support/dashboard-visit.ts';
import { startObserver, type Observer } from '../support/observer.ts';

const headers = { authorization: `Bearer ${ADMIN}` };
const HOSTILE = 'https://t.example/"><img/src=x/onerror=document.title="hit">';

describe.skipIf(missingChromium !== undefined)('the dashboard', () => {
  let observer: Observer;
  let browser: Browser;
  const notify = () => observer.send('POST', '/functions/notify-cycle', { headers });
  const importAll = (entries: readonly object[]) =>
    observer.send('POST', '/admin/import', { headers, json: { mq_requests: entries } });

  beforeAll(async () => {
    [observer, browser] = await Promise.all([
      startObserver({
        env: { ADMIN_TOKENS: ADMIN },
        queueManagers: [{ name: 'QM1', queues: { 'ORDERS.IN': 7, 'ORDERS.OUT': 0 } }, { name: 'QM2' }],
        envFile: {
          EVENT_ENDPOINTS: [{ name: 'audit', url: 'http://127.0.0.1:9/events?key=secret', threshold: 1 }],
        },
      }),
      launchChromium(),
    ]);
    observer.mq.setFault('QM2', 'status:503');
    const backoff = new Date(Date.now() + 9 * 60_000).toISOString();
    await importAll([
      { id: 'orders', qmgr: 'QM1', queue: 'ORDERS.IN', notify: observer.target().url },
      { id: 'sick', qmgr: 'QM1', queue: 'ORDERS.OUT', notify: observer.target().url, failcount: 10, backoff },
      { id: 'other', qmgr: 'QM2', queue: 'PAYMENTS', notify: observer.target().url },
      { id: 'hostile', qmgr: 'QM1', queue: 'ORDERS.OUT', notify: `${HOSTILE}?code=secret` },
    ]);
    await notify();
  });
  afterAll(async () => {
    await browser?.close();
    await observer?.stop();
  });

  it('tells health to everybody, and all the rest to who has an admin token', async () => {
    const { page } = await visit(browser, observer.url, { token: '' });
    await page.getByText('An admin token is needed').waitFor();
    await page.locator('#health').getByText('queue-managers').waitFor();
    expect(await page.locator('body').innerText()).not.toContain('QM2');
    expect(await page.locator('#registrations').isVisible()).toBe(false);
    await page.getByLabel('Admin token').fill('not-the-token-at-all');
    await page.getByRole('button', { name: 'Use' }).click();
    await page.getByText('does not know this token').waitFor();
    await page.getByLabel('Admin token').fill(ADMIN);
    await page.getByRole('button', { name: 'Use' }).click();
    await page.locator('#registrations table').waitFor();
    expect(await text(page, 'trouble')).toBe('');
    await page.context().close();
  });

  it('shows how everything is, asks nobody but the observer, and complains of nothing', async () => {
    const { page, complaints, requests } = await visit(browser, observer.url);
    expect(await text(page, 'glance')).toMatch(/Quarantined\s+1[\s\S]*Queue managers\s+1\/2/);
    expect(await text(page, 'quarantine')).toMatch(/ORDERS\.OUT[\s\S]*(8 min \d+ s|9 min) left/);
    expect(await text(page, 'queue-managers')).toMatch(/QM1\s+ok[\s\S]*QM2\s+error/);
    expect(await page.getByRole('img', { name: 'Depth of ORDERS.IN' }).count()).toBe(1);
    expect(await text(page, 'registrations')).toMatch(/ORDERS\.IN QM1[\s\S]*woken at depth 7/);
    expect(await text(page, 'endpoints')).toContain('audit');
    expect(await text(page, 'cycles')).toMatch(/notify partial[\s\S]*not read: QM2/);
    expect(await page.content()).not.toContain('secret');
    expect(requests.filter((url) => !url.startsWith(`${observer.url}/`) && url !== 'data:,')).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows what hostile names say, and does not do it', async () => {
    const { page, complaints } = await visit(browser, observer.url);
    await page.getByLabel('Search').fill('onerror');
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).innerText()).toContain('"><img/src=x/onerror=');
    expect(await page.locator('img').count()).toBe(0);
    expect([await page.title(), complaints]).toEqual(['DOWN – mq-observer', []]);
    await page.context().close();
  });

  it('registers, lifts a quarantine and unregisters, each once it is confirmed, by keyboard alone', async () => {
    const { page } = await visit(browser, observer.url);
    await page.getByText('Register…').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Queue manager' }).fill('QM1');
    await page.getByRole('textbox', { name: 'Queue', exact: true }).fill('BILLING');
    await page.getByLabel('Notify', { exact: true }).fill(observer.target().url);
    await page.keyboard.press('Enter');
    await page.getByText('QM1/BILLING is registered.').waitFor();
    await rows(page).filter({ hasText: 'BILLING' }).waitFor();

    await page.getByLabel('Notify', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Replace the registration?' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('group', { name: 'Replace' }).count()).toBe(0);

    await page.locator('#quarantine').getByRole('button', { name: 'Lift' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Yes' }).count()).toBe(0);
    await page.locator('#quarantine').getByRole('button', { name: 'Lift' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#quarantine button.danger:enabled').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Nobody is in quarantine.').waitFor();
    expect((await observer.send('GET', '/register/sick', { headers })).json).toMatchObject({ failcount: 0 });

    const row = rows(page).filter({ hasText: 'BILLING' });
    await row.getByRole('button', { name: 'Unregister' }).click();
    await row.getByRole('button', { name: 'Yes, unregister' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await observer.send('GET', '/register?queue=BILLING', { headers })).json).toEqual({
      mq_requests: [],
    });
    await page.context().close();
  });

  it('says why the observer refuses an action', async () => {
    const { page } = await visit(browser, observer.url);
    await page.getByText('Register…').click();
    for (const [label, value] of [
      ['Queue manager', 'NOPE'],
      ['Queue', 'BILLING'],
      ['Notify', 'https://t.example/'],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await vi.waitFor(async () => expect(await text(page, 'notice')).toContain('QM1'), 5_000);
    await page.context().close();
  });

  it('runs a cycle and shows what came of it', async () => {
    const { page } = await visit(browser, observer.url);
    const before = observer.mq.journal().length;
    await page.getByRole('button', { name: 'Run notify-cycle' }).click();
    await page.getByText(/notify-cycle: partial/).waitFor();
    expect(observer.mq.journal().length).toBeGreaterThan(before);
    await page.context().close();
  });

  it('says that the observer cannot be reached, and keeps what was known', async () => {
    const { page } = await visit(browser, observer.url);
    await page.route('**/actuator/overview', (route) => route.abort());
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.getByText('The observer cannot be reached.').waitFor();
    expect(await text(page, 'registrations')).toContain('ORDERS.IN');
    await page.unroute('**/actuator/overview');
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await vi.waitFor(async () => expect(await text(page, 'trouble')).toBe(''), 5_000);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to, in %s colours',
    async (colorScheme) => {
      const { page } = await visit(browser, observer.url, { colorScheme });
      await page.getByText('Register…').click();
      expect(await objections(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('changes its colours by its own switch', async () => {
    const { page } = await visit(browser, observer.url, { colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Colours' }).click();
    expect(await ground()).toBe(light);
    await page.getByRole('button', { name: 'Colours: Light' }).click();
    expect(await ground()).not.toBe(light);
    await page.context().close();
  });

  it('shows 2,000 registrations by the hundred, finds one of them at once, and fits a phone', async () => {
    const many = Array.from({ length: 1_996 }, (_, index) => ({
      id: `many-${String(index).padStart(4, '0')}`,
      qmgr: 'QM1',
      queue: `FLEET.${index % 40}`,
      notify: `https://fleet-${index}.example/wake`,
    }));
    expect((await importAll(many)).status).toBe(200);
    const { page, complaints } = await visit(browser, observer.url, {
      viewport: { width: 375, height: 800 },
    });
    await page.getByText('Page 1 of 20').waitFor();
    expect([await rows(page).count(), await text(page, 'matching')]).toEqual([100, '2,000 of 2,000']);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2 of 20').waitFor();
    await page.getByLabel('Search').fill('fleet-1234');
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).innerText()).toContain('many-1234');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect([await objections(page), complaints]).toEqual([[], []]);
    await page.context().close();
  });
});
