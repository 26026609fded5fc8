import { isDeepStrictEqual } from 'node:util';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { Problem } from '../../lib/platform/problem.ts';
import {
  encodeOriginalDocument,
  parseOriginalDocument,
  type RegistrationDraft,
} from '../../lib/registration/original-document.ts';
import type { Registration } from '../../lib/registration/registration.ts';
import { timeToWire, toStoredForm } from '../../lib/registration/wire.ts';
import type { StoredRegistration } from '../../lib/store/registration-store.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { CALL_MS_MAX, unfinished } from './long-call.ts';
import { takeDrafts } from './take-drafts.ts';

/** `GET /admin/backups`: the backups that persist wrote and that are kept, newest first. */
export async function listBackups({ store }: RegisterDeps): Promise<HttpAnswer> {
  const backups = (await store.backups.list()).map(({ name, createdMs, sizeBytes }) => ({
    name,
    created: timeToWire(createdMs),
    size_bytes: sizeBytes,
  }));
  return { status: 200, body: { backups } };
}

type Taken = 'imported' | 'overwritten' | 'existing' | 'repaired';
const NONE: Readonly<Record<Taken, number>> = { imported: 0, overwritten: 0, existing: 0, repaired: 0 };

/**
 * `POST /admin/backups/{name}/restore`: brings back what is missing or damaged and leaves the rest alone. With
 * `?overwrite=true` what is there and differs is put back, too, failures and quarantine included. Never removes. Answers
 * counts, and can be called again as often as one likes.
 */
export async function restoreBackup(
  deps: RegisterDeps,
  { call, actor, id: name = '' }: Admitted,
): Promise<HttpAnswer> {
  const { store, clock, log } = deps;
  const overwrite = call.query.get('overwrite') ?? 'false';
  if (overwrite !== 'true' && overwrite !== 'false')
    return { problem: { code: 'invalid-request', detail: 'overwrite must be true or false' } };
  const startMs = clock.nowMs();
  const backup = await store.backups.read(name, startMs);
  if (backup.kind === 'not-found') return { problem: unknownBackup(name) };
  if (backup.kind === 'damaged') return { problem: damagedBackup(name, backup.message) };
  const takeOne = await taking(deps, overwrite === 'true', startMs);
  const limit = { clock, endMs: startMs + CALL_MS_MAX };
  const { counts, refused, left } = await takeDrafts(backup, NONE, takeOne, limit);
  log.info('backup restored', { backup: name, overwrite, ...counts, refused: refused.length, left, actor });
  if (left > 0) {
    const detail = `There was no time for ${left} of ${backup.drafts.length} entries; call again: what is back already is left alone.`;
    return { problem: unfinished(detail) };
  }
  return { status: 200, body: { backup: name, ...counts, refused } };
}

/** What is to be done with one entry of a backup, seen from what is registered now; answers what was done. */
async function taking(
  { store: { registrations } }: RegisterDeps,
  overwrite: boolean,
  nowMs: number,
): Promise<(draft: RegistrationDraft) => Promise<Taken>> {
  const { stored } = await registrations.readAll();
  const present = new Map(stored.map((one) => [one.record.id, one]));
  return async (draft) => {
    const current = present.get(draft.id);
    if (current === undefined) return registrations.importOne(draft);
    if (!overwrite || isDeepStrictEqual(inBackup(current.registration, nowMs), draft)) return 'existing';
    // Whoever registered since then knew better than the backup.
    const written = await registrations.put(withConsent(draft, current), { ifMatch: current.etag });
    return written === 'condition-failed' ? 'existing' : 'overwritten';
  };
}

/** What a backup that is written now would hold of a registration. */
function inBackup(registration: Registration, nowMs: number): RegistrationDraft | undefined {
  const document = encodeOriginalDocument([toStoredForm(registration)], nowMs);
  const parsed = parseOriginalDocument(document, nowMs);
  return parsed.ok ? parsed.drafts[0] : undefined;
}

/** A backup holds no consent: that of the same target stays, with the rate that it asked for. */
function withConsent(
  draft: RegistrationDraft,
  { registration: { record } }: Pick<StoredRegistration, 'registration'>,
): RegistrationDraft {
  const { consent, notify } = record;
  return consent === undefined || notify !== draft.notify ? draft : { ...draft, consent };
}

function unknownBackup(name: string): Problem {
  return {
    code: 'not-found',
    detail: `No backup has the name ${JSON.stringify(name.slice(0, 256))}; GET /admin/backups lists those that are there.`,
  };
}

function damagedBackup(name: string, message: string): Problem {
  return {
    code: 'unavailable',
    detail: `The backup ${name} is damaged: ${message}. Nothing was changed; restore another one.`,
  };
}
