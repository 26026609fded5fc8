import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDemoFolder, DEMO_MARK } from './demo-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'demo-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('the folder of the demonstration', () => {
  it('is made where there is none, and taken where it is empty', async () => {
    const fresh = join(parent, 'data', 'demo');
    expect(await claimDemoFolder(fresh)).toBeUndefined();
    expect(readdirSync(fresh)).toEqual([DEMO_MARK]);
    rmSync(join(parent, 'data'), { recursive: true });
    expect(await claimDemoFolder(parent)).toBeUndefined();
  });

  it('is taken again by the next demonstration, with what the one before left', async () => {
    await claimDemoFolder(parent);
    writeFileSync(join(parent, 'encryption.key'), 'x');
    expect(await claimDemoFolder(parent)).toBeUndefined();
  });

  it('is none that holds data of somebody else, which is not touched', async () => {
    writeFileSync(join(parent, 'encryption.key'), 'x');
    const refusal = await claimDemoFolder(parent);
    expect(refusal?.key).toBe('DATA_DIR');
    expect(refusal?.message).toContain(parent);
    expect(readdirSync(parent)).toEqual(['encryption.key']);
  });

  it('is refused where no folder can be', async () => {
    writeFileSync(join(parent, 'file'), '');
    expect(await claimDemoFolder(join(parent, 'file', 'below'))).toEqual({
      key: 'DATA_DIR',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});
