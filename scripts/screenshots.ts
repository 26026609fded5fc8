import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startMqSimulator } from '../local/simulators/mq/mq-simulator.ts';

/**
 * Makes the pictures of the dashboard in `docs/screenshots`: starts the observer with simulated queue managers, some of
 * whose targets fail, runs some cycles and looks at it with Debian's Chromium.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(ROOT, 'docs/screenshots');
const PORT = 18_089;
const URL_OF_OBSERVER = `http://127.0.0.1:${PORT}`;
const CYCLES = 12;
const NEVER = '0 0 1 1 *';

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
mkdirSync(PICTURES, { recursive: true });

/** What fails in the incident; until then all is well. */
const FAILING = /^\/(pager|legacy)/;
let isIncident = false;
const targets = createServer((request, response) => {
  response.statusCode = isIncident && FAILING.test(request.url ?? '') ? 500 : 204;
  request.resume().on('end', () => response.end());
});
await once(targets.listen(0, '127.0.0.1'), 'listening');
const targetUrl = `http://127.0.0.1:${(targets.address() as AddressInfo).port}`;

const QUEUES = ['ORDERS.IN', 'ORDERS.RETURNS', 'PAYMENTS.INBOUND', 'SHIPPING.LABELS'];
const mq = await startMqSimulator({
  queueManagers: ['QM1', 'QM2', 'QM3'].map((name) => ({
    name,
    queues: Object.fromEntries(QUEUES.map((queue) => [queue, 0])),
  })),
});

writeFileSync(
  join(folder, 'env.json'),
  JSON.stringify({
    EVENT_ENDPOINTS: [
      { name: 'audit', url: `${targetUrl}/audit` },
      { name: 'pager', url: `${targetUrl}/pager`, threshold: 2, backoff: 'PT5M' },
    ],
  }),
);
const observer = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
  cwd: ROOT,
  env: {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: String(PORT) },
    ...{ EnvFile: join(folder, 'env.json'), DATA_DIR: join(folder, 'data'), FAIL_LIMIT: '3' },
    ...{ QMGR0: 'QM1', QMGR1: 'QM2', QMGR2: 'QM3', MQ_REST_HOST: mq.restUrl },
    ...{ MQ_REST_PORT: String(mq.restPort), ADMIN_USER: 'mqreader', ADMIN_PASSWORD: 'mqreader' },
    ...{ NOTIFY_SCHEDULE: NEVER, RESTORE_SCHEDULE: NEVER, PERSIST_SCHEDULE: NEVER },
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});

try {
  await isUp();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    await takePictures(browser);
  } finally {
    await browser.close();
  }
} finally {
  const ended = once(observer, 'exit');
  observer.kill('SIGTERM');
  await ended;
  await mq.close();
  targets.close();
  targets.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

async function takePictures(browser: Browser): Promise<void> {
  for (const qmgr of ['QM1', 'QM2', 'QM3'])
    for (const queue of QUEUES)
      await post('/register', { id: `${qmgr}-${queue}`, qmgr, queue, notify: `${targetUrl}/${queue}` });
  await runCycles();
  await picture(browser, 'light', { colorScheme: 'light' });
  await picture(browser, 'dark', { colorScheme: 'dark' });
  await picture(browser, 'phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } });

  await picture(browser, 'details', { colorScheme: 'light' }, '#registrations', sendTest);

  isIncident = true;
  for (const queue of ['ORDERS.IN', 'PAYMENTS.INBOUND'])
    await post('/register', {
      ...{ id: `QM1-${queue}`, qmgr: 'QM1', queue, notify: `${targetUrl}/legacy/${queue}` },
    });
  await runCycles();
  mq.setFault('QM3', 'status:503');
  await post('/functions/notify-cycle', {});
  await picture(browser, 'incident', { colorScheme: 'light' });

  mq.setFault('QM3', undefined);
  const many = Array.from({ length: 1_988 }, (_, index) => ({
    id: `fleet-${String(index).padStart(4, '0')}`,
    qmgr: `QM${(index % 3) + 1}`,
    queue: QUEUES[index % QUEUES.length],
    notify: `${targetUrl}/fleet/${index}`,
  }));
  await post('/admin/import', { mq_requests: many });
  await post('/functions/notify-cycle', {});
  await picture(browser, '2000-registrations', { colorScheme: 'light' }, '#registrations');
}

/** Opens a registration and sends it a test wake-up. */
async function sendTest(page: Page): Promise<void> {
  await page.getByLabel('Search').fill('SHIPPING');
  await page.getByRole('button', { name: 'Details SHIPPING.LABELS QM2' }).click();
  await page.getByRole('button', { name: 'Send a test wake-up' }).click();
  await page.getByText('The next notify cycle sends').waitFor();
  await page.getByRole('button', { name: 'Run notify-cycle' }).click();
  await page.getByText('Test wake-up of').waitFor();
}

/** Cycles between which the depths go up and down. */
async function runCycles(): Promise<void> {
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    for (const [which, qmgr] of ['QM1', 'QM2', 'QM3'].entries())
      mq.addQueueManager({
        name: qmgr,
        queues: Object.fromEntries(
          QUEUES.map((queue, index) => [
            queue,
            Math.max(0, Math.round(20 * (index + 1) * Math.sin((cycle + 3 * which + 2 * index) / 2.2))),
          ]),
        ),
      });
    await post('/functions/notify-cycle', {});
  }
  await post('/functions/restore-cycle', {});
  await post('/functions/persist', {});
}

async function picture(
  browser: Browser,
  name: string,
  options: BrowserContextOptions,
  place?: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1_280, height: 1_000 }, deviceScaleFactor: 1 },
    ...options,
  });
  const page = await context.newPage();
  await page.goto(`${URL_OF_OBSERVER}/dashboard`);
  await page.locator('body.known').waitFor();
  await prepare?.(page);
  if (place !== undefined)
    await page.evaluate(`document.querySelector('${place}').parentElement.scrollIntoView()`);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await context.close();
}

async function post(path: string, json: object): Promise<void> {
  const answer = await fetch(`${URL_OF_OBSERVER}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
}

async function isUp(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${URL_OF_OBSERVER}/dashboard`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(200);
  }
  throw new Error(`the observer did not come up at ${URL_OF_OBSERVER}`);
}
