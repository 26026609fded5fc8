import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { ADMIN, rows, visit } from '../support/dashboard-visit.ts';
import { startObserver, type Observer } from '../support/observer.ts';
import { startOwnUrl, type OwnUrl } from '../support/own-url.ts';

describe.skipIf(missingChromium !== undefined)('the dashboard where functions have URLs of their own', () => {
  let actuator: OwnUrl;
  let register: OwnUrl;
  let observer: Observer;
  let browser: Browser;

  const registering = async (page: Page): Promise<void> => {
    await page.getByText('Register…').click();
    await page.getByRole('textbox', { name: 'Queue manager' }).fill('QM1');
    await page.getByRole('textbox', { name: 'Queue', exact: true }).fill('ORDERS.IN');
    await page.getByLabel('Notify', { exact: true }).fill(observer.target().url);
    await page.getByLabel('Id (optional)').fill('orders');
    await page.keyboard.press('Enter');
  };

  beforeAll(async () => {
    [actuator, register, browser] = await Promise.all([startOwnUrl(), startOwnUrl(), launchChromium()]);
    observer = await startObserver({
      env: { ALLOW_ANONYMOUS: '1' },
      // What the host does not look at, as on a platform: there tokens are the functions' business alone.
      functionEnv: {
        ADMIN_TOKENS: ADMIN,
        DASHBOARD_REGISTER_URL: register.url,
        DASHBOARD_ORIGIN: actuator.url,
      },
      queueManagers: [{ name: 'QM1', queues: { 'ORDERS.IN': 0 } }],
    });
    actuator.passTo(`${observer.url}/functions/actuator`);
    register.passTo(observer.url);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([actuator?.close(), register?.close(), observer?.stop()]);
  });

  it('registers, sends a test wake-up and unregisters across origins', async () => {
    const { page, complaints, requests } = await visit(browser, actuator.url);
    await registering(page);
    await page.getByText('QM1/ORDERS.IN is registered.').waitFor();
    const row = rows(page).filter({ hasText: 'orders' });
    await row.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Send a test wake-up' }).click();
    await page.getByText('The next notify cycle sends a test wake-up to orders.').waitFor();
    await observer.notify();
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.getByText('Test wake-up of orders: woken (the target was woken)').waitFor();
    await row.getByRole('button', { name: 'Unregister' }).click();
    await row.getByRole('button', { name: 'Yes, unregister' }).click();
    await page.getByText('orders is unregistered.').waitFor();
    expect(complaints).toEqual([]);
    expect(requests.some((url) => url.startsWith(`${register.url}/register/orders/test`))).toBe(true);
    await page.context().close();
  });

  it('says that cycles come by their schedule, and takes the buttons away', async () => {
    const { page } = await visit(browser, actuator.url);
    await page.getByRole('button', { name: 'Run notify-cycle' }).click();
    await page.getByText('Here cycles are run by their schedule only.').waitFor();
    await page.getByRole('button', { name: 'Run notify-cycle' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('answers no page of another origin, which says what to set', async () => {
    const { page, complaints } = await visit(browser, observer.url);
    await registering(page);
    await page.getByText(`its DASHBOARD_ORIGIN is not ${observer.url}.`).waitFor();
    expect(complaints.join(' ')).toContain('blocked by CORS policy');
    await page.context().close();
  });

  it('says what to set where register is not known to the page', async () => {
    const { page } = await visit(browser, actuator.url, {
      prepare: (fresh) =>
        fresh.route('**/dashboard', async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: (await response.text()).replaceAll(register.url, '') });
        }),
    });
    await registering(page);
    await page.getByText('The function register is not on this origin. Set DASHBOARD_REGISTER_URL').waitFor();
    await page.context().close();
  });
});
