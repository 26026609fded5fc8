import type { Findings } from './findings.ts';
import type { Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import { ENVIRONMENT_SLOTS, placeOf, slotSettings, type Slot, type SlotKey } from './slot-texts.ts';

/** Reads what counts for one slot; what is wrong goes to the findings, under the key that it was given under. */
export interface SlotReader extends Slot {
  /** The parsed value; undefined where nothing is given, and where what is given was refused. */
  readonly parse: <T>(key: SlotKey, parser: Parse<T>) => T | undefined;
  /** Reports that a key is required and given nowhere; nothing happens where it was given. `why` completes "because …". */
  readonly require: (key: SlotKey, why: string) => void;
  readonly findings: Findings;
}

export interface SlotReaderDeps {
  readonly reader: SettingReader;
  readonly findings: Findings;
}

const SECRETS: ReadonlySet<SlotKey> = new Set(
  slotSettings.flatMap(({ key, secret }) => (secret === true ? [key] : [])),
);

export function createSlotReader(slot: Slot, { reader, findings }: SlotReaderDeps): SlotReader {
  const { index, texts } = slot;
  return {
    ...slot,
    findings,
    parse: (key, parser) => {
      const given = texts[key];
      return given === undefined ? undefined : reader.parse(given, parser, SECRETS.has(key));
    },
    require: (key, why) => {
      if (texts[key] !== undefined) return;
      const variable =
        index < ENVIRONMENT_SLOTS ? `, here or in the environment variable ${key}${index}` : '';
      findings.missing(placeOf(key, index), `is not set; expected${variable}, because ${why}`);
    },
  };
}
