import { cpus } from 'node:os';
import type { Machine } from '../form/results.ts';

/** This machine. */
export function machine(): Machine {
  const [first, ...others] = cpus();
  return {
    node: process.versions.node,
    processor: first?.model.trim() ?? 'unknown',
    cores: 1 + others.length,
  };
}
