import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** Why the tests that need a browser are skipped; undefined where it is installed. A CI run has to have it. */
export const missingChromium: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  const message = 'chromium is not installed (apt-get install chromium): its tests are skipped';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return message;
}

/** Starts a browser without a window. Root may not use its sandbox; it only ever loads pages of this repository. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
}
