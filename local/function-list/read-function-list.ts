import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionList } from './function-list.ts';
import { parseFunctionList } from './parse-function-list.ts';

/**
 * Reads `functions/functions.json` below `root`.
 * @throws {FunctionListError} when it is not as it must be.
 */
export function readFunctionList(root: string): FunctionList {
  return parseFunctionList(readFileSync(join(root, 'functions', 'functions.json'), 'utf8'));
}
