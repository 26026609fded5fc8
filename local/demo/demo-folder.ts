import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '../../lib/platform/logging.ts';
import { makeFolders } from '../../lib/platform/make-folders.ts';
import type { PlanProblem } from '../host/host-plan.ts';

/** Says of a folder that all in it is made up. The store leaves names with a dot in front alone. */
export const DEMO_MARK = '.demonstration';

const MARK_TEXT = 'The demonstration of mq-observer made this folder: everything in it is simulated.\n';

/**
 * Makes `dataDir` a folder of the demonstration. One that is there must be empty, or have been made by a demonstration:
 * else the answer says what is wrong, and nothing is touched. Rejects with errors of the operating system.
 */
export async function claimDemoFolder(dataDir: string): Promise<PlanProblem | undefined> {
  const mark = join(dataDir, DEMO_MARK);
  if (existsSync(mark)) return undefined;
  try {
    await makeFolders(dataDir);
  } catch (error) {
    return {
      key: 'DATA_DIR',
      message: `is ${JSON.stringify(dataDir)}, where no folder can be made; name another (${describeError(error)})`,
    };
  }
  if (readdirSync(dataDir).length > 0)
    return {
      key: 'DATA_DIR',
      message: `is ${JSON.stringify(dataDir)}, whose data was not made by a demonstration, and no queue manager is configured; set QMGR and MQ_REST_HOST to go on with this data, or name an empty folder, or none, for the demonstration`,
    };
  writeFileSync(mark, MARK_TEXT);
  return undefined;
}
