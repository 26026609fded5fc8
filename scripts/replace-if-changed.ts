import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Leaves a file alone that is right already, and never shows half a file to a process that is reading it. */
export function replaceIfChanged(path: string, content: string | Uint8Array): void {
  const wanted = Buffer.from(content);
  if (existsSync(path) && readFileSync(path).equals(wanted)) return;
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, wanted);
  renameSync(draft, path);
}
