import { createFindings } from '../../lib/platform/configuration/findings.ts';
import { isObject } from '../../lib/platform/configuration/json-values.ts';
import { readEnvironmentFile } from '../../lib/platform/configuration/read-environment-file.ts';
import { knownKeys } from '../../lib/platform/configuration/settings.ts';
import type { Environment, PlanProblem } from '../host/host-plan.ts';

/**
 * Why the demonstration must not take the place of what was asked for; `undefined` where nobody asked for anything.
 * Somebody who names an `env.json`, or who began to fill one in, means real queue managers: simulated ones would look
 * like theirs. A sample whose placeholders are untouched means none. Expects a configuration that is valid and names no
 * queue manager.
 */
export function refusalOfDemo(sources: {
  readonly env: Environment;
  /** Gives a file's text and throws where it cannot. */
  readonly readText: (path: string) => string;
}): PlanProblem | undefined {
  const named = (sources.env['EnvFile'] ?? '').trim();
  if (named !== '')
    return {
      key: 'EnvFile',
      message: `names ${JSON.stringify(named)}, which holds no queue manager that could be observed; expected QMGR and MQ_REST_HOST in its MQ_ENDPOINTS or as variables, or no EnvFile for the demonstration`,
    };
  const file: { text?: string } = {};
  const readText = (path: string): string => (file.text = sources.readText(path));
  const { slots } = readEnvironmentFile(sources.env, readText, knownKeys, createFindings());
  const entries = endpointsIn(file.text);
  if (entries === undefined) return undefined;
  const isSample = (entry: unknown, index: number): boolean => isUntouched(entry, slots[index] ?? new Map());
  if (entries.length > 0 && entries.every(isSample)) return undefined;
  return {
    key: 'MQ_ENDPOINTS',
    message:
      'in env.json holds no queue manager that could be observed; expected QMGR and MQ_REST_HOST, there or as variables, or no MQ_ENDPOINTS for the demonstration',
  };
}

/** The entries of `MQ_ENDPOINTS`; `undefined` where there is no such list. */
function endpointsIn(text: string | undefined): readonly unknown[] | undefined {
  if (text === undefined) return undefined;
  const value = memberOf(JSON.parse(text.replace(/^\uFEFF/, '')), 'MQ_ENDPOINTS');
  return Array.isArray(value) ? value : undefined;
}

/** True for an entry of the sample file: its names are placeholders (given, and not taken), and nobody's user is in it. */
function isUntouched(entry: unknown, taken: ReadonlyMap<string, string>): boolean {
  const isPlaceholder = (key: string): boolean => {
    const given = memberOf(entry, key);
    return typeof given === 'string' && given.trim() !== '' && !taken.has(key);
  };
  const names = ['QMGR', 'MQ_REST_HOST'];
  return names.every(isPlaceholder) && !taken.has('ADMIN_USER') && !taken.has('ADMIN_PASSWORD');
}

/** A member under its name in any case, as the configuration finds it. */
function memberOf(value: unknown, name: string): unknown {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
