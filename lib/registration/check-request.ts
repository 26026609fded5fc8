import { parseDuration, type DurationBounds } from '../platform/duration.ts';
import type { FieldProblem } from '../platform/problem.ts';
import { isSealed } from '../platform/sealer.ts';
import { registrationRequest } from './generated/validators.cjs';
import { isAllowedId } from './id-pattern.ts';
import type { RegistrationRequest } from './schema.ts';
import { parseTarget } from './target.ts';
import { MASKED } from './wire.ts';

export type CheckedRequest =
  | { readonly ok: true; readonly value: RegistrationRequest }
  | { readonly ok: false; readonly errors: readonly FieldProblem[] };

/**
 * Checks what an owner asks for, keys already in lower case: against the schema, then against the rules that a schema
 * cannot say. One entry per wrong field. Values are never repeated: they may be secrets. Total: never throws.
 */
export function checkRequest(given: unknown): CheckedRequest {
  if (!registrationRequest(given))
    return { ok: false, errors: schemaProblems(registrationRequest.errors ?? []) };
  const errors = [...ruleProblems(given)];
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: given };
}

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

const EXPECTED: Readonly<Record<string, string>> = {
  qmgr: 'must be 1 to 48 characters of A-Z a-z 0-9 . / _ %',
  queue: 'must be 1 to 48 characters of A-Z a-z 0-9 . / _ %, with at most one * at its end',
  notify: 'must be a text of at most 2048 characters',
  id: 'must be 1 to 256 characters without control characters',
  'when.oldest_message_age_at_least': 'must be an ISO 8601 duration such as PT5M',
  'when.cooldown': 'must be an ISO 8601 duration such as PT5M',
  'delivery.mode': 'must be cloudevents, cloudevents-structured or http',
  'delivery.timeout': 'must be an ISO 8601 duration such as PT15S',
  'delivery.headers': 'must be at most 16 headers with valid names',
  'job.while_running': 'must be skip or start',
};

/** Of a header as its owner sends it, in characters; what is stored is encrypted, and longer. */
const HEADER_LENGTH_MAX = 4096;
const HEADER_EXPECTED = `must be at most ${HEADER_LENGTH_MAX} characters of printable ASCII`;

/** The first fault of each field, in our words. */
function schemaProblems(errors: readonly SchemaError[]): FieldProblem[] {
  const byField = new Map<string, FieldProblem>();
  for (const error of errors) {
    const extra = error.params['additionalProperty'] ?? error.params['missingProperty'];
    const path = [...pathOf(error.instancePath), ...(typeof extra === 'string' ? [extra] : [])];
    const field = path.join('.');
    if (!byField.has(field)) byField.set(field, { field, message: messageOf(error, path) });
  }
  return [...byField.values()];
}

/** A JSON pointer's parts. */
function pathOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function messageOf(error: SchemaError, path: readonly string[]): string {
  if (error.keyword === 'additionalProperties') return 'is not a known setting';
  if (path.length === 3 && path[1] === 'headers') return HEADER_EXPECTED;
  return EXPECTED[path.join('.')] ?? error.message ?? 'is not valid';
}

const TIMEOUT = { minMs: 1_000, maxMs: 30_000 };
/** MQ tells the age of messages in whole seconds. */
const AGE = { minMs: 1_000, maxMs: 365 * 86_400_000 };

function* ruleProblems(request: RegistrationRequest): Generator<FieldProblem> {
  const { id, when, delivery } = request;
  if (id !== undefined && !isAllowedId(id))
    yield { field: 'id', message: 'must not be . or ..: no path of a URL can carry it' };
  const target = parseTarget(request.notify);
  if (!target.ok) yield { field: 'notify', message: target.problem };
  const isNats = target.ok && target.target.kind === 'nats';
  yield* headerProblems(delivery?.headers ?? {}, isNats ? RESERVED_NATS_HEADER : RESERVED_HEADER);
  if (delivery?.relay_via !== undefined && target.ok && !isNats)
    yield { field: 'delivery.relay_via', message: 'is for nats: targets only' };
  yield* durationProblems('delivery.timeout', delivery?.timeout, TIMEOUT);
  yield* durationProblems('when.oldest_message_age_at_least', when?.oldest_message_age_at_least, AGE);
  yield* durationProblems('when.cooldown', when?.cooldown);
}

function* durationProblems(
  field: string,
  text: string | undefined,
  bounds?: DurationBounds,
): Generator<FieldProblem> {
  const parsed = text === undefined ? undefined : parseDuration(text, bounds);
  if (parsed?.ok === false) yield { field, message: `must be ${parsed.expected}` };
}

/** Headers that say what we send; a caller may not set them. */
const RESERVED_HEADER =
  /^(host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|webhook-.*|ce-.*|traceparent|tracestate)$/i;

/** On NATS, too, what the server and relays go by. */
const RESERVED_NATS_HEADER = new RegExp(`${RESERVED_HEADER.source}|^(?:nats-.*|relay.*|serial|cmp)$`, 'i');

function* headerProblems(
  headers: Readonly<Record<string, string>>,
  reserved: RegExp,
): Generator<FieldProblem> {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const field = `delivery.headers.${name}`;
    if (reserved.test(name)) yield { field, message: 'is set by the observer itself' };
    else if (seen.has(name.toLowerCase())) yield { field, message: 'is given twice, in another case' };
    else if (value === MASKED) yield { field, message: 'is masked; send the value itself' };
    else if (value.length > HEADER_LENGTH_MAX && !isSealed(value)) yield { field, message: HEADER_EXPECTED };
    seen.add(name.toLowerCase());
  }
}
