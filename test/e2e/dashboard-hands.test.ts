import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { aLine, anOverview, OVERVIEW, visitStandIn, type StoodIn } from '../support/dashboard-stand-in.ts';

const REMOVAL = 'DELETE /register/orders';
const row = (page: Page, id: string) => page.locator('#registrations tbody tr').filter({ hasText: id });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const focused = (page: Page): Promise<unknown> =>
  page.evaluate('(({ activeElement: one }) => one.dataset.key ?? (one.id || one.tagName))(document)');

/** An answer that comes when a test says so. */
function held(answer: StoodIn) {
  let release = (): void => {};
  const comes = new Promise<StoodIn>((resolve) => {
    release = () => resolve(answer);
  });
  return { answer: () => comes, release: () => release() };
}

describe.skipIf(missingChromium !== undefined)('hands on the dashboard', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('confirm nothing by a key held down, a double click, or a click right after the first', async () => {
    const { page, answers, calls, callsOf } = await visitStandIn(browser, anOverview([aLine()]));
    answers.set(REMOVAL, () => ({ json: aLine() }));
    const unregister = row(page, 'orders').getByRole('button', { name: 'Unregister' });
    const yes = row(page, 'orders').getByRole('button', { name: 'Yes, unregister' });
    await unregister.focus();
    for (let presses = 0; presses < 4; presses++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await focused(page)).toBe('row unregister orders no');
    await yes.and(page.locator(':enabled')).waitFor();
    await yes.dispatchEvent('click', { detail: 2 });
    await page.keyboard.press('Escape');

    await unregister.dblclick();
    await page.keyboard.press('Escape');
    await page.evaluate(`for (const key of ['row unregister orders', 'row unregister orders yes'])
      document.querySelector('[data-key="' + key + '"]').click()`);
    expect([await yes.isEnabled(), calls.filter((call) => call === REMOVAL)]).toEqual([false, []]);
    await yes.click();
    await vi.waitFor(() => expect(callsOf(REMOVAL)).toBe(1));
    await page.context().close();
  });

  it('are told what is under way, and cannot ask for it twice', async () => {
    const { page, answers, callsOf } = await visitStandIn(browser, anOverview([aLine()]));
    const once = async (call: string, json: object, ask: () => Promise<void>, done: string) => {
      const slow = held({ json });
      answers.set(call, slow.answer);
      await ask();
      await vi.waitFor(() => expect(callsOf(call)).toBe(1));
      await ask();
      slow.release();
      await page.getByText(done).waitFor();
      expect([call, callsOf(call)]).toEqual([call, 1]);
    };
    const click = (key: string) =>
      page.locator(`[data-key="${key}"]`).click({ force: true, noWaitAfter: true });
    await page.getByText('Register…').click();
    for (const name of ['qmgr', 'queue', 'notify']) await page.locator(`input[name=${name}]`).fill('X');
    const registered = { id: 'x' };
    await once(
      'POST /register',
      registered,
      () => page.locator('#register-submit').click({ force: true }),
      'X/X is registered.',
    );
    const ran = { outcome: 'completed' };
    await once('POST /functions/persist', ran, () => click('persist'), 'persist: completed');
    answers.set('GET /register/orders/decisions', () => ({ json: { decisions: [], tests: [] } }));
    await press(page, 'Details ORDERS orders');
    const test = { request: 'r' };
    await once('POST /register/orders/test', test, () => click('test orders'), 'The next notify cycle sends');

    const slow = held({ json: registered });
    answers.set(REMOVAL, slow.answer);
    await press(page, 'Unregister ORDERS orders');
    await press(page, 'Yes, unregister');
    await row(page, 'orders').getByText('Under way…').waitFor();
    expect(await page.locator('#notice').innerText()).toBe('orders is being unregistered…');
    await click('row unregister orders');
    expect(await page.getByRole('button', { name: 'Yes' }).count()).toBe(0);
    answers.set(OVERVIEW, () => ({ json: anOverview([]) }));
    slow.release();
    await page.getByText('orders is unregistered.').waitFor();
    await row(page, 'orders').waitFor({ state: 'detached' });
    expect([callsOf(REMOVAL), await focused(page)]).toEqual([1, 'registrations']);
    await page.context().close();
  });

  it('keep what they select and what they press while the page is renewed', async () => {
    const { page, answers, refresh } = await visitStandIn(browser, anOverview([aLine()]));
    const failing = (failcount: number) =>
      answers.set(OVERVIEW, () => ({ json: anOverview([aLine({ failcount })]) }));
    answers.set('GET /register/orders/decisions', () => ({ json: { decisions: [], tests: [] } }));
    const shown = row(page, 'orders').locator('.mono');
    await page.evaluate("{ window.kept = document.querySelector('#registrations tbody tr') }");
    await refresh();
    expect(await page.evaluate('kept.isConnected')).toBe(true);

    // The paragraph is wider than its word.
    await shown.dblclick({ position: { x: 5, y: 5 } });
    failing(3);
    await refresh();
    expect(await page.evaluate('String(getSelection()).trim()')).toBe('orders');
    await page.evaluate('getSelection().removeAllRanges()');
    await refresh();
    await row(page, 'orders').getByText('3', { exact: true }).waitFor();

    await row(page, 'orders').getByRole('button', { name: 'Details' }).hover();
    await page.mouse.down();
    failing(4);
    await refresh();
    await page.mouse.up();
    await page.getByRole('group', { name: 'Details of orders' }).waitFor();
    await row(page, 'orders').first().getByText('4', { exact: true }).waitFor();
    await page.context().close();
  });

  it('find the focus near where it was', async () => {
    const lines = Array.from({ length: 101 }, (_, index) => aLine({ id: `id-${index}`, failcount: 1 }));
    const { page, answers } = await visitStandIn(browser, anOverview(lines));
    await page.locator('[data-key=Next]').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Page 2 of 2').waitFor();
    expect(await focused(page)).toBe('Next');
    for (const key of ['Enter', 'Escape']) {
      await page.locator('[data-key="row unregister id-100"]').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press(key);
      expect([key, await focused(page)]).toEqual([key, 'row unregister id-100']);
    }
    answers.set('DELETE /register/id-100', () => ({ json: { id: 'id-100' } }));
    await page.keyboard.press('Enter');
    await page.locator('button.danger:enabled').waitFor();
    await page.keyboard.press('Shift+Tab');
    answers.set(OVERVIEW, () => ({ json: anOverview(lines.slice(0, 100)) }));
    await page.keyboard.press('Enter');
    await page.getByText('id-100 is unregistered.').waitFor();
    await row(page, 'id-100').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('registrations');
    await page.context().close();
  });

  it('replace what is registered already only when they say so', async () => {
    const { page, answers } = await visitStandIn(browser, anOverview([]));
    const conditions: (string | undefined)[] = [];
    answers.set('POST /register', (request) => {
      const condition = request.headers()['if-none-match'];
      conditions.push(condition);
      return condition === '*' ? { status: 412, json: { detail: 'no' } } : { json: { id: 'x' } };
    });
    await page.getByText('Register…').click();
    for (const name of ['qmgr', 'queue', 'notify']) await page.locator(`input[name=${name}]`).fill('X');
    await page.keyboard.press('Enter');
    await page.getByText('To replace it takes away what it was given').waitFor();
    await page.keyboard.press('Enter');
    expect([await focused(page), conditions]).toEqual(['register-submit', ['*']]);
    await page.keyboard.press('Enter');
    await press(page, 'Yes, replace');
    await page.getByText('X/X is registered.').waitFor();
    expect(conditions).toEqual(['*', '*', undefined]);
    await page.context().close();
  });

  it('are not asked any more about what is gone or is something else', async () => {
    const { page, answers, refresh } = await visitStandIn(browser, anOverview([aLine()]));
    const other = { json: anOverview([aLine({ queue: 'OTHER' })]) };
    await press(page, 'Unregister ORDERS orders');
    await page.getByRole('button', { name: 'Yes, unregister' }).waitFor();
    await refresh();
    expect(await page.getByRole('button', { name: 'Yes' }).count()).toBe(1);
    for (const json of [other.json, anOverview([]), anOverview([aLine()])]) {
      answers.set(OVERVIEW, () => ({ json }));
      await refresh();
      expect(await page.getByRole('button', { name: 'Yes' }).count()).toBe(0);
    }
    await page.context().close();
  });
});
