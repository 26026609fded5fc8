import { parseArraySpec } from '../array-spec.ts';
import type { RunTemplate } from '../model.ts';

/** Says what is needed instead, or undefined. */
export type FieldCheck = (value: unknown) => string | undefined;

export const text: FieldCheck = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a text is needed';
export const flag: FieldCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'true or false is needed';
export const wholeNumber =
  (min: number, max: number): FieldCheck =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `a whole number from ${min} to ${max} is needed`;

const texts: FieldCheck = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? undefined
    : 'a list of texts is needed';
const objects: FieldCheck = (value) =>
  Array.isArray(value) && value.every(isObject) ? undefined : 'a list of objects is needed';
const matching =
  (pattern: RegExp, what: string): FieldCheck =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `${what} is needed`;
const arraySpec: FieldCheck = (value) =>
  typeof value === 'string' && parseArraySpec(value) !== undefined
    ? undefined
    : 'indices such as 0-9 or 1,3,5-7 are needed, at most 1000';

const VARIABLES_MAX = 100;

/** The members that a variable of each type has to have. */
const VARIABLE_TYPES: Readonly<Record<string, readonly string[]>> = {
  literal: ['name', 'value'],
  config_map_full_reference: ['reference'],
  secret_full_reference: ['reference'],
  config_map_key_reference: ['name', 'key', 'reference'],
  secret_key_reference: ['name', 'key', 'reference'],
};
const isVariable = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { type = 'literal', ...members } = value;
  const needed = typeof type === 'string' && Object.hasOwn(VARIABLE_TYPES, type) ? VARIABLE_TYPES[type] : [];
  if (needed === undefined || needed.length === 0) return false;
  return needed.every((member) => typeof members[member] === 'string');
};
const variables: FieldCheck = (value) =>
  Array.isArray(value) && value.length <= VARIABLES_MAX && value.every(isVariable)
    ? undefined
    : `a list of at most ${VARIABLES_MAX} variables such as {"type":"literal","name":…,"value":…} is needed`;

/** The `run_*`, `scale_*` and image members of jobs and runs. */
export const TEMPLATE_FIELDS: Readonly<Record<keyof RunTemplate, FieldCheck>> = {
  image_reference: text,
  image_secret: text,
  run_arguments: texts,
  run_commands: texts,
  run_env_variables: variables,
  run_volume_mounts: objects,
  run_as_user: wholeNumber(0, 2_147_483_647),
  run_mode: matching(/^(task|daemon)$/, 'task or daemon'),
  run_service_account: text,
  run_compute_resource_token_enabled: flag,
  scale_array_spec: arraySpec,
  scale_array_size_variable_override: wholeNumber(1, 10_000_000),
  scale_cpu_limit: matching(/^\d+(\.\d+)?m?$/, 'a number of CPUs as a text'),
  scale_memory_limit: matching(/^\d+(\.\d+)?[kMGT]?i?$/, 'a size such as 4G'),
  scale_ephemeral_storage_limit: matching(/^\d+(\.\d+)?[kMGT]?i?$/, 'a size such as 400M'),
  scale_max_execution_time: wholeNumber(1, 86_400),
  scale_retry_limit: wholeNumber(0, 5),
};

/** What is wrong with the members of an object, in words; members that nobody knows are wrong. */
export function problemsOf(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, FieldCheck>>,
): readonly string[] {
  return Object.entries(value).flatMap(([key, given]) => {
    const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (check === undefined) return [`${key}: not known`];
    const needed = check(given);
    return needed === undefined ? [] : [`${key}: ${needed}`];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
