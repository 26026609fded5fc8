import type { QueueManagerSettings } from './configuration.ts';
import type { EnvironmentFile } from './environment-file.ts';
import { matching, oneOf } from './parse.ts';
import type { PemReader } from './pem.ts';
import { readServers } from './queue-manager-servers.ts';
import { readLogin, readTrust } from './queue-manager-sign-in.ts';
import type { Environment } from './setting-reader.ts';
import { createSlotReader, type SlotReader, type SlotReaderDeps } from './slot-reader.ts';
import { placeOf, usedSlots } from './slot-texts.ts';

export interface QueueManagerDeps extends SlotReaderDeps {
  readonly pem: PemReader;
  /** What holds for slots that do not say (`ALLOW_SELF_SIGNED`). */
  readonly allowSelfSigned: boolean;
}

const qmgrName = matching(/^[A-Za-z0-9./_%]{1,48}$/, '1 to 48 characters of A–Z a–z 0–9 . / _ %');

/** The queue managers, in the order of their slots. Of several slots with one name the first counts. */
export function readQueueManagers(
  environment: Environment,
  file: EnvironmentFile,
  deps: QueueManagerDeps,
): readonly QueueManagerSettings[] {
  const { findings } = deps;
  const byName = new Map<string, { readonly index: number; readonly settings: QueueManagerSettings }>();
  for (const slot of usedSlots(environment, file, findings)) {
    const settings = toSettings(createSlotReader(slot, deps), deps);
    if (settings === undefined) continue;
    const earlier = byName.get(settings.qmgr);
    if (earlier === undefined) byName.set(settings.qmgr, { index: slot.index, settings });
    else
      findings.warn(
        slot.own.QMGR?.key ?? placeOf('QMGR', slot.index),
        `names ${JSON.stringify(settings.qmgr)} as slot ${earlier.index} does; slot ${slot.index} is not used`,
      );
  }
  return [...byName.values()].map(({ settings }) => settings);
}

function toSettings(slot: SlotReader, deps: QueueManagerDeps): QueueManagerSettings | undefined {
  slot.require('QMGR', 'other keys of this slot are set');
  const qmgr = slot.parse('QMGR', qmgrName);
  const baseUrls = readServers(slot);
  const others = {
    api: slot.parse('API', oneOf(['auto', 'v1', 'mqsc'])) ?? 'auto',
    login: readLogin(slot),
    gateway: slot.parse('GATEWAY_QMGR', qmgrName),
    trust: readTrust(slot, deps.pem, deps.allowSelfSigned),
  };
  return qmgr === undefined || baseUrls === undefined ? undefined : { qmgr, baseUrls, ...others };
}
