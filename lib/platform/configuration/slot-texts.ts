import type { EnvironmentFile, SlotKeyForm } from './environment-file.ts';
import type { Findings } from './findings.ts';
import { textOf, type Environment } from './setting-reader.ts';
import type { SourcedText } from './setting.ts';

/** One key of an entry of `MQ_ENDPOINTS`; with a slot's number behind it, an environment variable too. */
export interface SlotSetting extends SlotKeyForm {
  readonly key: SlotKey;
  /** True: its value is never shown. */
  readonly secret?: boolean;
  /** True: the variable without a number is a setting of its own, and not slot 0's. */
  readonly numberedOnly?: boolean;
  /** True: it says something about slot 0's server, and nothing about another one. */
  readonly ofItsServer?: boolean;
  readonly about: string;
}

export type SlotKey =
  | 'QMGR'
  | 'MQ_REST_HOST'
  | 'MQ_REST_HOSTS'
  | 'MQ_REST_PORT'
  | 'ADMIN_USER'
  | 'ADMIN_PASSWORD'
  | 'API'
  | 'LOGIN'
  | 'GATEWAY_QMGR'
  | 'CA_FILE'
  | 'CERT_FILE'
  | 'KEY_FILE'
  | 'ALLOW_SELF_SIGNED';

/** What is known of each queue manager. Blanks are filled from slot 0. */
export const slotSettings: readonly SlotSetting[] = [
  { key: 'QMGR', about: "The queue manager's name, case-sensitive." },
  { key: 'MQ_REST_HOST', about: 'The MQ web server: http or https, and the host.' },
  { key: 'MQ_REST_HOSTS', also: 'list', about: 'Several MQ web servers, comma-separated, tried in turn.' },
  { key: 'MQ_REST_PORT', also: 'number', about: "The MQ web server's port." },
  { key: 'ADMIN_USER', about: 'Who signs in to the MQ web server.' },
  { key: 'ADMIN_PASSWORD', secret: true, about: "That user's password." },
  { key: 'API', about: 'Which resource gives the depths: auto, v1 or mqsc.' },
  { key: 'LOGIN', about: 'How to sign in: basic, ltpa or certificate.' },
  { key: 'GATEWAY_QMGR', ofItsServer: true, about: 'The queue manager through which this one is reached.' },
  {
    key: 'CA_FILE',
    about: 'Certificate authorities to believe in place of the public ones: a path, or PEM.',
  },
  { key: 'CERT_FILE', about: 'The certificate to show: a path, or PEM.' },
  { key: 'KEY_FILE', secret: true, about: "That certificate's private key: a path, or PEM." },
  {
    key: 'ALLOW_SELF_SIGNED',
    also: 'boolean',
    numberedOnly: true,
    ofItsServer: true,
    about: "Switch: do not verify the MQ web server's certificate; wins over the setting for all.",
  },
];

/** Slots that the environment can fill alone; `env.json` may list more. */
export const ENVIRONMENT_SLOTS = 20;

export type SlotTexts = Partial<Readonly<Record<SlotKey, SourcedText>>>;

/** One queue manager's settings as texts, with the keys that they were given under. */
export interface Slot {
  readonly index: number;
  /** What was given for this slot itself. */
  readonly own: SlotTexts;
  /** The same, blanks filled from slot 0. */
  readonly texts: SlotTexts;
}

/**
 * The slots that stand for a queue manager, in order. For each key of slot i: the environment variable with the suffix
 * i, else (slot 0 only) the one without a suffix, else the file's entry, else what slot 0 has. A slot with neither a
 * name nor a host of its own is none.
 */
export function usedSlots(
  environment: Environment,
  file: EnvironmentFile,
  findings: Findings,
): readonly Slot[] {
  const count = Math.max(ENVIRONMENT_SLOTS, file.slots.length);
  const given = Array.from({ length: count }, (_, index) => ownTexts(index, environment, file));
  remarkOnUnusedVariables(environment, count, findings);
  remarkOnLentPasswords(given, findings);
  return namedSlots(
    given.map((own, index) => ({ index, own, texts: { ...lentBy(given[0] ?? {}, own), ...own } })),
    findings,
  );
}

/** What slot 0 fills the blanks of another slot with. */
function lentBy(first: SlotTexts, own: SlotTexts): SlotTexts {
  if (!hasServer(own)) return first;
  const lent: Partial<Record<SlotKey, SourcedText>> = { ...first };
  for (const { key, ofItsServer = false } of slotSettings) if (ofItsServer) delete lent[key];
  return lent;
}

/** A key's place in `env.json`. */
export function placeOf(key: SlotKey, index: number): string {
  return `MQ_ENDPOINTS[${index}].${key}`;
}

function ownTexts(index: number, environment: Environment, file: EnvironmentFile): SlotTexts {
  const texts: Partial<Record<SlotKey, SourcedText>> = {};
  for (const { key, numberedOnly = false } of slotSettings) {
    const fromFile = file.slots[index]?.get(key);
    const own =
      textOf(environment, `${key}${index}`) ??
      (index === 0 && !numberedOnly ? textOf(environment, key) : undefined) ??
      (fromFile === undefined ? undefined : { key: placeOf(key, index), text: fromFile });
    if (own !== undefined) texts[key] = own;
  }
  return texts;
}

/** Slot 0 without a name may be there only to lend its values to others. */
function namedSlots(slots: readonly Slot[], findings: Findings): readonly Slot[] {
  const lends = slots.some(({ index, own }) => index > 0 && own.QMGR !== undefined);
  const used = slots.filter(
    ({ index, own }) => own.QMGR !== undefined || (hasServer(own) && !(index === 0 && lends)),
  );
  for (const slot of slots) {
    const [given] = Object.values(slot.own);
    if (given === undefined || used.includes(slot) || (slot.index === 0 && used.length > 0)) continue;
    findings.warn(given.key, `has no effect: slot ${slot.index} has neither QMGR nor MQ_REST_HOST`);
  }
  return used;
}

function hasServer({ MQ_REST_HOST, MQ_REST_HOSTS }: SlotTexts): boolean {
  return MQ_REST_HOST !== undefined || MQ_REST_HOSTS !== undefined;
}

/** As in the original; but whoever names a user of another server hardly means that password. */
function remarkOnLentPasswords([first, ...others]: readonly SlotTexts[], findings: Findings): void {
  if (first?.ADMIN_PASSWORD === undefined) return;
  for (const { ADMIN_USER: user, ADMIN_PASSWORD: ownPassword } of others)
    if (user !== undefined && ownPassword === undefined)
      findings.warn(user.key, "has no ADMIN_PASSWORD beside it: slot 0's is used");
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
