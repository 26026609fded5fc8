import type { FromSchema } from 'json-schema-to-ts';
import { ID_PATTERN } from './id-pattern.ts';

/**
 * The one description of a registration. The request's validator, the stored object's validator and the types all come
 * from here; `scripts/generate-validators.ts` compiles the validators when the project is built.
 */

const NAME = 'A-Za-z0-9._/%';
/** Weeks, days, hours, minutes, seconds; `lib/platform/duration.ts` reads the same. */
const DURATION = '^P(?=\\d|T\\d)(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,3})?S)?)?$';

/** Epoch milliseconds of a time that RFC 3339 can write: years 1 to 9999. */
const instant = { type: 'integer', minimum: -62135596800000, maximum: 253402300799999 } as const;

const duration = { type: 'string', pattern: DURATION, maxLength: 32 } as const;

/** What an owner may ask for. Top-level keys that we do not know are ignored, as in the original; nested ones are refused. */
const settings = {
  id: { type: 'string', pattern: ID_PATTERN },
  qmgr: { type: 'string', pattern: `^[${NAME}]{1,48}$` },
  queue: { type: 'string', pattern: `^([${NAME}]{1,48}|[${NAME}]{0,47}\\*)$` },
  notify: { type: 'string', minLength: 1, maxLength: 2048 },
  when: {
    type: 'object',
    properties: {
      // Woken when either is met. An age alone leaves the depth out of it; with neither, one message is enough.
      depth_at_least: { type: 'integer', minimum: 1, maximum: 999999999 },
      oldest_message_age_at_least: duration,
      // Only while nobody is known to have the queue open for input.
      no_reader: { type: 'boolean' },
      cooldown: duration,
    },
    additionalProperties: false,
  },
  delivery: {
    type: 'object',
    properties: {
      mode: { type: 'string', enum: ['cloudevents', 'cloudevents-structured', 'http'] },
      timeout: duration,
      attempts: { type: 'integer', minimum: 1, maximum: 10 },
      headers: {
        type: 'object',
        maxProperties: 16,
        propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" },
        // Long enough for the encrypted form; what an owner sends is held to less.
        additionalProperties: { type: 'string', maxLength: 8192, pattern: '^[\\t\\x20-\\x7e]*$' },
      },
      acknowledge: { type: 'boolean' },
      relay_via: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9_-]+$' },
    },
    additionalProperties: false,
  },
  job: {
    type: 'object',
    properties: {
      messages_per_instance: { type: 'integer', minimum: 1, maximum: 1000000 },
      max_instances: { type: 'integer', minimum: 1, maximum: 1000 },
      while_running: { type: 'string', enum: ['skip', 'start'] },
    },
    additionalProperties: false,
  },
} as const;

/** A registration as a caller sends it, keys already in lower case. */
export const registrationRequestSchema = {
  $id: 'registrationRequest',
  type: 'object',
  properties: settings,
  required: ['qmgr', 'queue', 'notify'],
} as const;

/** What a registration brought along from the original's document, a seed or a backup: its first state. */
const inherited = {
  type: 'object',
  properties: {
    failures: { type: 'integer', minimum: 0 },
    quarantinedUntilMs: instant,
    quarantinedReason: { type: 'string', maxLength: 1000 },
    retiredReason: { type: 'string', maxLength: 1000 },
  },
  required: ['failures'],
  additionalProperties: false,
} as const;

/** A registration as it is stored: one object each, a fresh `revision` at every write. */
export const registrationRecordSchema = {
  $id: 'registrationRecord',
  type: 'object',
  properties: {
    ...settings,
    format: { const: 1 },
    revision: { type: 'string', minLength: 1, maxLength: 64 },
    lastUpdatedMs: instant,
    // Given by the target when it was asked, for this origin; `rate` is wake-ups per minute.
    consent: {
      type: 'object',
      properties: { origin: { type: 'string', maxLength: 256 }, rate: { type: 'integer', minimum: 1 } },
      required: ['origin'],
      additionalProperties: false,
    },
    inherited,
  },
  required: ['format', 'revision', 'id', 'qmgr', 'queue', 'notify', 'lastUpdatedMs'],
} as const;

/** What cycles learned about the registrations of one shard, by id. Entries that equal the default are left out. */
export const stateShardSchema = {
  $id: 'stateShard',
  type: 'object',
  properties: {
    format: { const: 1 },
    nonce: { type: 'string' },
    fences: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
    entries: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: {
          revision: { type: 'string' },
          failures: { type: 'integer', minimum: 0 },
          quarantinedUntilMs: instant,
          ended: { type: 'string', enum: ['retired', 'dropped'] },
          reason: { type: 'string' },
          wokenAtMs: instant,
          changes: { type: 'integer', minimum: 1 },
          // Quarantines in a row; above 0 the next wake-up is a probe.
          quarantines: { type: 'integer', minimum: 1 },
          // The last attempt timed out: it waits in the slow lane.
          slow: { const: true },
          // The target asked to be left alone until then.
          notBeforeMs: instant,
          changedAtMs: instant,
        },
        required: ['revision', 'failures', 'changedAtMs'],
        additionalProperties: false,
      },
    },
  },
  required: ['format', 'nonce', 'fences', 'entries'],
} as const;

/** The types know only what we know, although unknown top-level keys are let through and left alone. */
type Closed = { readonly additionalProperties: false };

export type RegistrationRequest = FromSchema<typeof registrationRequestSchema & Closed>;
export type RegistrationRecordJson = FromSchema<typeof registrationRecordSchema & Closed>;
export type StateShardJson = FromSchema<typeof stateShardSchema & Closed>;
