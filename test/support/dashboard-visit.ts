import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** The token that `visit` types in. */
export const ADMIN = 'admin-token-00000001';

/** A page of the dashboard, and what a careful reader of its console and its network would see. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

interface VisitOptions extends BrowserContextOptions {
  readonly token?: string;
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** What a part of the page says. */
export const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText();
/** The registrations that are shown, and what stands below them. */
export const rows = (page: Page) => page.locator('#registrations tbody tr');

/** Opens the page in a context of its own, and types the token in unless it is empty. `prepare` runs before the page. */
export async function visit(
  browser: Browser,
  url: string,
  { token = ADMIN, prepare, ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  await context.addInitScript({ content: axe.source });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('request', (request) => void requests.push(request.url()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('console', (message) => {
    // A browser notes every answer that is no 200; before there is a token, one is.
    const isRefusal = /the server responded with a status of (401|503)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  await prepare?.(page);
  await page.goto(`${url}/dashboard`);
  if (token !== '') {
    await page.getByLabel('Admin token').fill(token);
    await page.keyboard.press('Enter');
    await page.locator('body.known').waitFor();
  }
  return { page, complaints, requests };
}

/** What axe objects to, with the elements. */
export async function objections(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).slice(0, 3).join(" ")))',
  );
  return found as readonly string[];
}
