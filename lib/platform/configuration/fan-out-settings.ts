import type { FanOutSettings, StoreSettings } from './configuration.ts';
import type { Findings } from './findings.ts';
import { accept, refuse, wholeNumber, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';

const ON_THIS_MACHINE: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The URL of a function: it may have a path, and nothing after that. */
const functionUrl: Parse<string> = (text) => {
  const expected =
    'the https URL of notify-cycle without credentials or query; http on 127.0.0.1, [::1] or localhost only';
  if (!URL.canParse(text.trim())) return refuse(expected);
  const url = new URL(text.trim());
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && ON_THIS_MACHINE.has(url.hostname));
  if (url.username !== '' || url.password !== '') return refuse(expected, 'holds credentials');
  if (!isSafe || /[?#]/.test(url.href)) return refuse(expected);
  return accept(url.href.replace(/\/+$/, ''));
};

const fanOutUrl: Setting<string | undefined> = {
  name: 'FANOUT_URL',
  parse: functionUrl,
  byDefault: undefined,
  about:
    'The URL under which notify-cycle can call itself: cycles that are too much for one invocation are split.',
  show: ({ fanOut }) => fanOut.url ?? null,
};

const fanOutRegistrations: Setting<number> = {
  name: 'FANOUT_REGISTRATIONS',
  parse: wholeNumber(1, 10_000_000),
  byDefault: 100_000,
  about: 'Registrations that one invocation of notify-cycle takes; more are split, where FANOUT_URL is set.',
  show: ({ fanOut }) => fanOut.registrationsMax,
};

/** The rows of the schema that say when and how a notify cycle is split. */
export const fanOutSettings: readonly Setting<unknown>[] = [fanOutUrl, fanOutRegistrations];

/** When and how a notify cycle is split. */
export function readFanOutSettings(
  reader: SettingReader,
  { encryptionKeys }: StoreSettings,
  findings: Findings,
): FanOutSettings {
  const url = reader.read(fanOutUrl);
  const registrationsMax = reader.read(fanOutRegistrations);
  if (url === undefined) reader.noEffect(fanOutRegistrations, 'FANOUT_URL is not set');
  else if (encryptionKeys.length === 0)
    findings.missing(
      'ENCRYPTION_KEYS',
      'is needed by FANOUT_URL: what notify-cycle asks itself is signed with it',
    );
  return { url, registrationsMax };
}
