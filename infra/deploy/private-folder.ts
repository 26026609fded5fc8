import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that only its owner can look into. */
export interface PrivateFolder {
  readonly path: string;
  /** Writes a file that only its owner can read, and gives its path. */
  readonly write: (name: string, text: string) => string;
  /** Removes one file, as soon as nobody needs it. */
  readonly discard: (file: string) => void;
  /** Removes it with all that is in it; once more does no harm. Works while the process ends. */
  readonly remove: () => void;
}

export function createPrivateFolder(): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'mq-observer-deploy-'));
  return {
    path,
    write: (name, text) => {
      const file = join(path, name);
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    discard: (file) => rmSync(file, { force: true }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
