import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { ADMIN, objections, rows, text, visit } from '../support/dashboard-visit.ts';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Target } from '../contract/wake-up-targets.ts';

const headers = { authorization: `Bearer ${ADMIN}` };
const TABS_MAX = 60;

/** Presses Tab until the focus is on what has this name, as somebody does who has no mouse. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses++) {
    await page.keyboard.press('Tab');
    const focused: unknown = await page.evaluate(
      '(({ activeElement: one }) => one.ariaLabel ?? one.labels?.[0]?.innerText ?? one.innerText)(document)',
    );
    if (name.test(String(focused))) return;
  }
  throw new Error(`nothing named ${name.source} takes the focus`);
}

/** Lets a test say whether the page can be seen. */
const HIDING = `let hidden = false;
Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
window.hide = (value) => { hidden = value; document.dispatchEvent(new Event('visibilitychange')); };`;

describe.skipIf(missingChromium !== undefined)('what can be done on the dashboard', () => {
  let observer: Observer;
  let browser: Browser;
  let quiet: Target;
  let broken: Target;
  let gone: Target;
  const row = (page: Page, id: string) => rows(page).filter({ hasText: id }).first();
  const open = async (page: Page, id: string): Promise<void> => {
    await row(page, id).getByRole('button', { name: 'Details' }).click();
    await page.getByRole('group', { name: `Details of ${id}` }).waitFor();
  };

  beforeAll(async () => {
    [observer, browser] = await Promise.all([
      startObserver({
        env: { ADMIN_TOKENS: ADMIN },
        queueManagers: [{ name: 'QM1', queues: { 'ORDERS.IN': 2, 'ORDERS.OUT': 0 } }],
      }),
      launchChromium(),
    ]);
    [quiet, broken, gone] = [observer.target(), observer.target(), observer.target()];
    gone.answer({ status: 410 });
    broken.answer({ status: 500 });
    const backoff = new Date(Date.now() + 9 * 60_000).toISOString();
    const entries = [
      { id: 'quiet', queue: 'ORDERS.OUT', notify: quiet.url },
      { id: 'sick', queue: 'ORDERS.OUT', notify: broken.url, failcount: 10, backoff },
      { id: 'retiree', queue: 'ORDERS.IN', notify: gone.url },
      { id: 'sealed', queue: 'ORDERS.IN', notify: gone.url, delivery: { headers: { 'x-key': 'secret' } } },
    ];
    for (const entry of entries)
      await observer.send('POST', '/admin/import', {
        headers,
        json: { mq_requests: [{ qmgr: 'QM1', ...entry }] },
      });
    await observer.notify(headers);
  });
  afterAll(async () => {
    await browser?.close();
    await observer?.stop();
  });

  it('a test wake-up is sent with the next cycle and told in the words of its report, by keyboard alone', async () => {
    const { page, complaints } = await visit(browser, observer.url, { token: '' });
    await page.getByText('An admin token is needed').waitFor();
    await tabTo(page, /^Admin token/);
    await page.keyboard.type(ADMIN);
    await page.keyboard.press('Enter');
    await page.locator('body.known').waitFor();
    await tabTo(page, /^Search/);
    await page.keyboard.type('quiet');
    await tabTo(page, /^Details ORDERS\.OUT quiet$/);
    await page.keyboard.press('Enter');
    await page.getByText('One attempt with the next notify cycle').waitFor();
    await tabTo(page, /^Send a test wake-up$/);
    await page.keyboard.press('Enter');
    await page.getByText('It goes out with the next notify cycle').waitFor();
    expect(quiet.wakeUps.length).toBe(0);
    expect(await objections(page)).toEqual([]);
    await tabTo(page, /^Run notify-cycle$/);
    await page.keyboard.press('Enter');
    await page.getByText('Test wake-up of quiet: woken (the target was woken)').waitFor();
    expect(await page.getByRole('group', { name: 'Details of quiet' }).innerText()).toMatch(
      /Last test: woken[\s\S]*Last decisions[\s\S]*depth_below at depth 0/,
    );
    expect([quiet.wakeUps.length, complaints]).toEqual([1, []]);
    await page.context().close();
  });

  it('a test wake-up that fails says why and leaves the quarantine as it is, and is not taken for the next one', async () => {
    const { page } = await visit(browser, observer.url);
    await open(page, 'sick');
    await page.getByRole('button', { name: 'Send a test wake-up' }).click();
    await page.getByText('The next notify cycle sends a test wake-up to sick.').waitFor();
    await page.getByRole('button', { name: 'Run notify-cycle' }).click();
    await page.getByText(/^Test wake-up of sick: failed \(.*500/).waitFor();
    expect(broken.wakeUps.length).toBe(1);
    expect(await row(page, 'sick').innerText()).toMatch(/quarantined[\s\S]*min (\d+ s )?left/);

    broken.answer({ status: 204 });
    await page.getByRole('button', { name: 'Send a test wake-up' }).click();
    await page.getByText('The next notify cycle sends a test wake-up to sick.').waitFor();
    const looked = page.waitForResponse('**/sick/decisions');
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await looked;
    await page.getByText('It goes out with the next notify cycle').waitFor();
    await page.getByRole('button', { name: 'Run notify-cycle' }).click();
    await page.getByText('Test wake-up of sick: woken').waitFor();
    await page.context().close();
  });

  it('what came of it is looked for while the page is seen and the details are open, and no longer', async () => {
    const { page, requests } = await visit(browser, observer.url, {
      prepare: async (fresh) => {
        await fresh.addInitScript({ content: HIDING });
        await fresh.clock.install();
      },
    });
    const looks = (): number => requests.filter((url) => url.endsWith('/quiet/decisions')).length;
    const overviews = (): number => requests.filter((url) => url.endsWith('/actuator/overview')).length;
    const waiting = new Set<Request>();
    page.on('request', (request) => void waiting.add(request));
    page.on('requestfinished', (request) => void waiting.delete(request));
    // One that the page gives up, since the clock leaps past its limit, is over, too.
    page.on('requestfailed', (request) => void waiting.delete(request));
    /** Nothing that the page asked is under way, and it has taken what came. */
    const answered = () =>
      vi.waitFor(async () => {
        await page.evaluate("fetch('/actuator/health').then((answer) => answer.text())");
        expect([...waiting].map((request) => request.url())).toEqual([]);
      }, 12_000);
    /** Brings about a refresh. */
    const refreshed = async (): Promise<void> => {
      const before = overviews();
      await vi.waitFor(async () => {
        await page.clock.fastForward(10_000);
        expect(overviews()).toBeGreaterThan(before);
      }, 12_000);
    };
    await open(page, 'quiet');
    const opened = looks();
    await vi.waitFor(async () => {
      await refreshed();
      expect(looks()).toBeGreaterThan(opened);
    }, 15_000);

    await page.evaluate('hide(true)');
    await answered();
    const hidden = overviews();
    await page.clock.fastForward(60_000);
    await answered();
    expect(overviews()).toBe(hidden);
    await page.evaluate('hide(false)');
    await vi.waitFor(() => expect(overviews()).toBe(hidden + 1), 12_000);

    await row(page, 'quiet').getByRole('button', { name: 'Details' }).click();
    await page.getByRole('group', { name: 'Details of quiet' }).waitFor({ state: 'detached' });
    await refreshed();
    await answered();
    const closed = looks();
    await refreshed();
    await answered();
    expect(looks()).toBe(closed);
    await page.context().close();
  });

  it('who is retired can be revived, and so can who has headers that only its owner knows', async () => {
    const { page } = await visit(browser, observer.url);
    expect(
      await row(page, 'quiet')
        .getByRole('button', { name: /Lift|Revive/ })
        .count(),
    ).toBe(0);
    for (const id of ['retiree', 'sealed']) {
      await row(page, id).getByRole('button', { name: 'Revive' }).click();
      await row(page, id).getByText('Its target said that it is gone (410).').waitFor();
      await row(page, id).getByRole('button', { name: 'Yes, restore' }).click();
      await page.getByText(`${id} is restored.`).waitFor();
      await row(page, id).getByText('active').waitFor();
    }
    gone.answer({ status: 204 });
    await observer.notify(headers);
    expect(gone.wakeUps.at(-1)?.headers).toMatchObject({ 'x-key': 'secret' });
    await page.context().close();
  });

  it('registrations can be sorted on a phone, where there are no headings', async () => {
    const { page, complaints } = await visit(browser, observer.url, {
      viewport: { width: 375, height: 800 },
    });
    expect(await page.locator('#registrations thead').isVisible()).toBe(false);
    const order = async (): Promise<readonly string[]> =>
      (await rows(page).allInnerTexts()).map(
        (words) => /\b(quiet|sick|retiree|sealed)\b/.exec(words)?.[1] ?? '',
      );
    expect((await order())[0]).toBe('sick');
    await page.getByRole('combobox', { name: /^Order/ }).selectOption({ label: 'Queue, descending' });
    expect((await order()).slice(0, 2).toSorted()).toEqual(['quiet', 'sick']);
    await page.getByRole('combobox', { name: /^Order/ }).selectOption({ label: 'Queue' });
    expect((await order()).slice(0, 2).toSorted()).toEqual(['retiree', 'sealed']);
    await open(page, 'quiet');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect([await objections(page), complaints, await text(page, 'trouble')]).toEqual([[], [], '']);
    await page.context().close();
  });
});
