import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Leaves a file alone that is right already, and never shows half a file to a process that is reading it. */
export function replaceIfChanged(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
