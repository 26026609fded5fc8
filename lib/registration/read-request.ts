import type { FieldProblem, Problem } from '../platform/problem.ts';
import { checkRequest } from './check-request.ts';
import { isPossibleId } from './id-pattern.ts';
import { readFields, type Fields, type Read, type Sent } from './read-fields.ts';
import type { RegistrationRequest } from './schema.ts';

const REQUIRED = ['qmgr', 'queue', 'notify'] as const;

/**
 * Reads a request to register, from JSON or a form, names in any case, texts trimmed. `detail` has the original's lines
 * for missing fields, in its order; `errors` has one entry per wrong field.
 */
export function readRegistrationRequest(sent: Sent): Read<RegistrationRequest> {
  const fields = readFields(sent);
  if (!fields.ok) return { ok: false, problem: withMissingLines(fields.problem, REQUIRED) };
  const given = withoutBlanks(fields.value);
  const missing = REQUIRED.filter((name) => given[name] === undefined);
  if (missing.length > 0) return { ok: false, problem: missingFields(missing) };
  const checked = checkRequest(given);
  return checked.ok ? checked : { ok: false, problem: invalid(checked.errors) };
}

/** Reads the id of a request to unregister: from the body, or else the query. Absent: the original's message. */
export function readIdToRemove(sent: Sent): Read<string> {
  const fields = readFields(sent);
  if (!fields.ok) return { ok: false, problem: withMissingLines(fields.problem, ['id']) };
  const id = withoutBlanks(fields.value)['id'];
  if (id === undefined) return { ok: false, problem: missingFields(['id']) };
  const expected = 'must be 1 to 256 characters without control characters';
  if (typeof id !== 'string') return { ok: false, problem: invalid([{ field: 'id', message: expected }]) };
  if (isPossibleId(id)) return { ok: true, value: id };
  const detail = `No registration has this id: an id ${expected}.`;
  return { ok: false, problem: { code: 'not-found', detail } };
}

function missingLine(name: string): string {
  return `${name.toUpperCase()} needs to be specified`;
}

function missingFields(names: readonly string[]): Problem {
  return {
    code: 'invalid-request',
    detail: names.map(missingLine).join('\n'),
    errors: names.map((field) => ({ field, message: 'needs to be specified' })),
  };
}

/** What is missing follows what could not be read, as in the original. */
function withMissingLines(problem: Problem, names: readonly string[]): Problem {
  if (problem.code !== 'invalid-request') return problem;
  return { ...problem, detail: [problem.detail, ...names.map(missingLine)].join('\n') };
}

function invalid(errors: readonly FieldProblem[]): Problem {
  return {
    code: 'invalid-request',
    detail: errors.map(({ field, message }) => `${field} ${message}`).join('\n'),
    errors,
  };
}

/** Texts trimmed; blank ones, nulls, and what only the system sets, left out. */
function withoutBlanks(fields: Fields): Fields {
  const names = ['id', 'qmgr', 'queue', 'notify', 'when', 'delivery', 'job'];
  const kept = names.map((name) => {
    const value = fields[name];
    return [name, typeof value === 'string' ? value.trim() : value] as const;
  });
  return Object.fromEntries(
    kept.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}
