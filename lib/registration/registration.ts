import type { RegistrationRecordJson, StateShardJson } from './schema.ts';

/** A registration's name. Natural (see `naturalId`) unless its owner chose one. */
export type RegistrationId = string & { readonly __brand: 'RegistrationId' };

/** What an owner asked for, as stored. Written by owners only, whole, with a fresh `revision` each time. */
export type RegistrationRecord = Readonly<Omit<RegistrationRecordJson, 'id'>> & {
  readonly id: RegistrationId;
};

/** What cycles learned about one registration. Times are epoch milliseconds. Written by cycles only. */
export type RegistrationState = Readonly<StateShardJson['entries'][string]>;

/** A registration with what is known of it now. */
export interface Registration {
  readonly record: RegistrationRecord;
  readonly state: RegistrationState;
}

/**
 * - `active`: woken when its queue asks for it
 * - `quarantined`: failed too often, not woken until a restore cycle lifts it
 * - `retired`: its target answered 410; kept and listed, revived by registering again
 * - `dropped`: removed by `DROP_BAD`; as good as not there
 */
export type RegistrationStatus = 'active' | 'quarantined' | 'retired' | 'dropped';

/** Takes a validated string as an id. */
export function asRegistrationId(id: string): RegistrationId {
  return id as RegistrationId;
}
