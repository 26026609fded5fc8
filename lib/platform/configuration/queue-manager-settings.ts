import type { QueueManagerSettings } from './configuration.ts';
import type { EnvironmentFile } from './environment-file.ts';
import type { Findings } from './findings.ts';
import { formatOrigin, serverOrigin } from './network-names.ts';
import { accept, matching, refuse, wholeNumber, type Parse } from './parse.ts';
import { secret } from '../secret.ts';
import { textOf, type Environment, type SettingReader } from './setting-reader.ts';
import type { SourcedText } from './setting.ts';

/** One key of an entry of `MQ_ENDPOINTS`; with a slot's number behind it, an environment variable too. */
export interface SlotSetting {
  readonly key: SlotKey;
  readonly secret?: boolean;
  readonly about: string;
}

type SlotKey = 'QMGR' | 'MQ_REST_HOST' | 'MQ_REST_PORT' | 'ADMIN_USER' | 'ADMIN_PASSWORD';

/** What is known of each queue manager. Blanks are filled from slot 0. */
export const slotSettings: readonly SlotSetting[] = [
  { key: 'QMGR', about: "The queue manager's name, case-sensitive." },
  { key: 'MQ_REST_HOST', about: 'The MQ web server: http or https, and the host.' },
  { key: 'MQ_REST_PORT', about: "The MQ web server's port." },
  { key: 'ADMIN_USER', about: 'Who signs in to the MQ web server.' },
  { key: 'ADMIN_PASSWORD', secret: true, about: "That user's password." },
];

/** Slots that the environment can fill alone; `env.json` may list more. */
export const ENVIRONMENT_SLOTS = 20;

type SlotTexts = Partial<Readonly<Record<SlotKey, SourcedText>>>;

interface Slot {
  readonly index: number;
  /** What was given for this slot itself. */
  readonly own: SlotTexts;
}

/**
 * The queue managers, in the order of their slots. For each key of slot i: the environment variable with the suffix i,
 * else (slot 0 only) the one without a suffix, else the file's entry, else what slot 0 has. A slot with neither a name
 * nor a host of its own is none. Of several slots with one name the first counts.
 */
export function readQueueManagers(
  environment: Environment,
  file: EnvironmentFile,
  deps: SlotDeps,
): readonly QueueManagerSettings[] {
  const { findings } = deps;
  const count = Math.max(ENVIRONMENT_SLOTS, file.slots.length);
  const slots = Array.from({ length: count }, (_, index) => ({
    index,
    own: ownTexts(index, environment, file),
  }));
  remarkOnUnusedVariables(environment, count, findings);

  const shared = slots[0]?.own ?? {};
  const used = namedSlots(slots, findings);
  const byName = new Map<string, { readonly index: number; readonly settings: QueueManagerSettings }>();
  for (const slot of used) {
    const settings = toSettings(slot, shared, deps);
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

function ownTexts(index: number, environment: Environment, file: EnvironmentFile): SlotTexts {
  const texts: Partial<Record<SlotKey, SourcedText>> = {};
  for (const { key } of slotSettings) {
    const fromFile = file.slots[index]?.get(key);
    const own =
      textOf(environment, `${key}${index}`) ??
      (index === 0 ? textOf(environment, key) : undefined) ??
      (fromFile === undefined ? undefined : { key: placeOf(key, index), text: fromFile });
    if (own !== undefined) texts[key] = own;
  }
  return texts;
}

/** The slots that stand for a queue manager. Slot 0 without a name may be there only to lend its values to others. */
function namedSlots(slots: readonly Slot[], findings: Findings): readonly Slot[] {
  const lends = slots.some(({ index, own }) => index > 0 && own.QMGR !== undefined);
  const used = slots.filter(({ index, own }) =>
    index === 0 && lends ? own.QMGR !== undefined : own.QMGR !== undefined || own.MQ_REST_HOST !== undefined,
  );
  for (const slot of slots) {
    const [given] = Object.values(slot.own);
    if (given === undefined || used.includes(slot) || (slot.index === 0 && used.length > 0)) continue;
    findings.warn(given.key, `has no effect: slot ${slot.index} has neither QMGR nor MQ_REST_HOST`);
  }
  return used;
}

/** A number behind a slot's key that stands for no slot is easily a slip. */
function remarkOnUnusedVariables(environment: Environment, count: number, findings: Findings): void {
  const suffixed = new RegExp(`^(?:${slotSettings.map(({ key }) => key).join('|')})(\\d+)$`);
  for (const name of Object.keys(environment)) {
    const suffix = suffixed.exec(name)?.[1];
    if (suffix === undefined || textOf(environment, name) === undefined) continue;
    if (String(Number(suffix)) !== suffix || Number(suffix) >= count)
      findings.warn(name, `has no effect: slots are numbered 0 to ${count - 1}; env.json may list more`);
  }
}

function placeOf(key: SlotKey, index: number): string {
  return `MQ_ENDPOINTS[${index}].${key}`;
}

const qmgrName = matching(/^[A-Za-z0-9./_%]{1,48}$/, '1 to 48 characters of A–Z a–z 0–9 . / _ %');
const port = wholeNumber(1, 65_535, 'a port');

// Basic authentication separates user and password by a colon.
const userName = matching(/^[^:\p{Cc}]{1,256}$/u, 'a user name without a colon or control characters');

// Not trimmed: a password may begin or end with a blank.
const password: Parse<string> = (text) =>
  /^\P{Cc}{1,1024}$/u.test(text)
    ? accept(text)
    : refuse('at most 1024 characters, no control characters such as a line break');

interface SlotDeps {
  readonly reader: SettingReader;
  readonly findings: Findings;
  readonly allowSelfSigned: boolean;
}

function toSettings(slot: Slot, shared: SlotTexts, deps: SlotDeps): QueueManagerSettings | undefined {
  const texts: SlotTexts = { ...shared, ...slot.own };
  const parse = <T>(key: SlotKey, parser: Parse<T>, isSecret = false): T | undefined => {
    const given = texts[key];
    return given === undefined ? undefined : deps.reader.parse(given, parser, isSecret);
  };
  reportMissing(slot.index, texts, deps.findings);
  const qmgr = parse('QMGR', qmgrName);
  const server = parse('MQ_REST_HOST', serverOrigin);
  const separatePort = parse('MQ_REST_PORT', port);
  const user = parse('ADMIN_USER', userName) ?? '';
  const adminPassword = secret(parse('ADMIN_PASSWORD', password, true) ?? '');
  if (qmgr === undefined || server === undefined) return undefined;
  reportContradiction(slot.own, server.port, separatePort, deps.findings);
  const baseUrl = formatOrigin({ ...server, port: portOf(slot.own, server.port, separatePort) });
  return { qmgr, baseUrl, user, password: adminPassword, allowSelfSigned: deps.allowSelfSigned };
}

function reportMissing(index: number, texts: SlotTexts, findings: Findings): void {
  for (const key of ['QMGR', 'MQ_REST_HOST'] as const) {
    if (texts[key] !== undefined) continue;
    const variable = index < ENVIRONMENT_SLOTS ? `, here or in the environment variable ${key}${index}` : '';
    findings.missing(
      placeOf(key, index),
      `is not set; expected${variable}, because other keys of this slot are set`,
    );
  }
}

function reportContradiction(
  { MQ_REST_HOST: host, MQ_REST_PORT: ownPort }: SlotTexts,
  inHost: number | undefined,
  separate: number | undefined,
  findings: Findings,
): void {
  if (host === undefined || ownPort === undefined || inHost === undefined || inHost === separate) return;
  findings.problem(
    ownPort.key,
    `is not the port ${inHost} that ${host.key} ends in; expected one of the two`,
  );
}

/** A port of the slot's own wins over one that came from slot 0, and that one only counts where the host names none. */
function portOf(
  own: SlotTexts,
  inHost: number | undefined,
  separate: number | undefined,
): number | undefined {
  return own.MQ_REST_PORT === undefined ? (inHost ?? separate) : (separate ?? inHost);
}
