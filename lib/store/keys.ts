import { createHash } from 'node:crypto';
import type { RegistrationId } from '../registration/registration.ts';

/** Where everything is kept, below `STORE_PREFIX`. `docs/adr/0001-store-layout.md` has the reasons. */

/** The cycles that take turns by lease. */
export type CycleName = 'notify' | 'restore' | 'persist';
/** One range of a notify cycle that is split: it has a lease and a report of its own. */
export type RangeName = `notify-${string}`;
/** Whatever runs under a lease and reports. */
export type RunName = CycleName | RangeName;

/** One of 16 parts of the key space: the first hexadecimal digit of a hash of the id. */
export type ShardId = string & { readonly __brand: 'ShardId' };

export const SHARDS: readonly ShardId[] = '0123456789abcdef'.split('').map((digit) => digit as ShardId);

export const REGISTRATIONS = 'registrations/';
export const STATE = 'state/';
/** Below the state, so that the listing of a cycle shows them, too. */
export const TEST_REQUESTS = `${STATE}tests/`;
export const BACKUPS = 'backups/';
export const META_KEY = 'meta.json';

/** Names of an object's own segment longer than this are replaced by a hash: file systems take 255 bytes at most. */
const SEGMENT_MAX = 150;

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

/** `registrations/<hh>/<id>.json`; `hh` spreads the keys, and its first digit is the shard. */
export function registrationKey(id: RegistrationId): string {
  const hash = hashOf(id);
  const readable = encodeURIComponent(id.toWellFormed());
  const name = readable.length <= SEGMENT_MAX ? readable : `~${hash}`;
  return `${REGISTRATIONS}${hash.slice(0, 2)}/${name}.json`;
}

/** The request for a test wake-up of one registration. */
export const testRequestKey = (id: RegistrationId): string => `${TEST_REQUESTS}${hashOf(id)}.json`;

/** The shard of a request's key: that of its registration. */
export function shardOfTestRequest(key: string): ShardId {
  return key.charAt(TEST_REQUESTS.length) as ShardId;
}

/** The shard of a registration's key. */
export function shardOfKey(key: string): ShardId {
  return key.charAt(REGISTRATIONS.length) as ShardId;
}

export function shardOf(id: RegistrationId): ShardId {
  return hashOf(id).charAt(0) as ShardId;
}

export const stateKey = (shard: ShardId): string => `${STATE}${shard}.json`;
export const leaseKey = (run: RunName | 'merge'): string => `leases/${run}.json`;
export const reportKey = (run: RunName): string => `reports/${run}.json`;
/** Readings of queue managers that a notify cycle passes on to its ranges, part by part. */
export const depthsKey = (part: number): string => `depths/${part}.json`;
export const snapshotKey = (part: ShardId | 'all'): string => `snapshot/${part}.json`;
export const backupKey = (nowMs: number): string =>
  `${BACKUPS}${new Date(nowMs).toISOString().replaceAll(':', '-')}.json`;
/** What is known of an event endpoint between drains. */
export const breakerKey = (endpoint: string): string => `breakers/${endpoint}.json`;
/** A merged document of which some entries were refused, as it was, by the hash of its content. */
export const refusedKey = (contentHash: string): string => `refused/${contentHash}.json`;
