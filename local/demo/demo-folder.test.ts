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
  it('is made where there is none, and taken where it is empty', () => {
    const fresh = join(parent, 'data', 'demo');
    expect(claimDemoFolder(fresh)).toBeUndefined();
    expect(readdirSync(fresh)).toEqual([DEMO_MARK]);
    rmSync(join(parent, 'data'), { recursive: true });
    expect(claimDemoFolder(parent)).toBeUndefined();
  });

  it('is taken again by the next demonstration, with what the one before left', () => {
    claimDemoFolder(parent);
    writeFileSync(join(parent, 'encryption.key'), 'x');
    expect(claimDemoFolder(parent)).toBeUndefined();
  });

  it('is none that holds data of somebody else, which is not touched', () => {
    writeFileSync(join(parent, 'encryption.key'), 'x');
    const refusal = claimDemoFolder(parent);
    expect(refusal?.key).toBe('DATA_DIR');
    expect(refusal?.message).toContain(parent);
    expect(readdirSync(parent)).toEqual(['encryption.key']);
  });
});
