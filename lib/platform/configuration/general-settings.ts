import type { ExecutionMode, LocalHostSettings, LogLevel } from './configuration.ts';
import { describeJsonFault } from './json-fault.ts';
import { isObject } from './json-values.ts';
import { host } from './network-names.ts';
import { accept, matching, measure, oneOf, refuse, switchOn, wholeNumber, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';

/** Shorter intervals and a lower fail limit, for trials. Explicit values win. */
export const testMode: Setting<boolean> = {
  name: 'TEST',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: short intervals and a low fail limit by default.',
};

const envFile: Setting<string> = {
  name: 'EnvFile',
  parse: matching(/^\P{Cc}+$/u, 'a path'),
  byDefault: './env.json',
  about: 'Path of env.json.',
};

const enableReservations: Setting<boolean> = {
  name: 'ENABLE_RESERVATIONS',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: run only the half that takes registrations. Both halves run when both or none are on.',
  show: ({ mode }) => mode !== 'notifications',
};

const enableNotifications: Setting<boolean> = {
  name: 'ENABLE_NOTIFICATIONS',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: run only the half that wakes targets. Both halves run when both or none are on.',
  show: ({ mode }) => mode !== 'reservations',
};

const enableAll: Setting<boolean> = {
  name: 'ENABLE_ALL',
  parse: switchOn,
  byDefault: false,
  about: 'Accepted for compatibility; has no effect.',
};

// The store reads the entries. Here a text that cannot be read at all is caught, before anything starts.
const seedDocument: Parse<string> = (text) => {
  const expected = 'a JSON object such as {"mq_requests":[…]}';
  try {
    const document: unknown = JSON.parse(text);
    return isObject(document) ? accept(text) : refuse(expected);
  } catch {
    return refuse(expected, `${measure(text)} that is not valid JSON ${describeJsonFault(text)}`);
  }
};

const seedData: Setting<string | undefined> = {
  name: 'seeddata',
  parse: seedDocument,
  byDefault: undefined,
  // Targets' URLs may hold tokens.
  secret: true,
  about: 'Registrations to start with, as a JSON document.',
  show: (configuration) =>
    configuration.seedData === undefined ? null : `[${configuration.seedData.length} characters]`,
};

const logLevel: Setting<LogLevel> = {
  name: 'LOG_LEVEL',
  parse: oneOf(['debug', 'info', 'warn', 'error']),
  byDefault: 'info',
  about: 'The least important entries that are logged: debug, info, warn or error.',
  show: (configuration) => configuration.logLevel,
};

const hostSetting: Setting<string> = {
  name: 'HOST',
  parse: host,
  byDefault: '127.0.0.1',
  about: 'Address that the local host binds.',
  show: ({ local }) => local.host,
};

const port: Setting<number> = {
  name: 'PORT',
  parse: wholeNumber(0, 65_535, 'a port'),
  byDefault: 8_080,
  about: 'Port that the local host listens on; 0 takes a free one.',
  show: ({ local }) => local.port,
};

/** The rows of the schema that belong to no other part. */
export const generalSettings: readonly Setting<unknown>[] = [
  testMode,
  envFile,
  enableReservations,
  enableNotifications,
  enableAll,
  seedData,
  logLevel,
  hostSetting,
  port,
];

/** What belongs to no other part. */
export function readGeneralSettings(reader: SettingReader): {
  readonly mode: ExecutionMode;
  readonly seedData: string | undefined;
  readonly logLevel: LogLevel;
  readonly local: LocalHostSettings;
} {
  reader.noEffect(
    enableAll,
    'everything runs unless ENABLE_RESERVATIONS or ENABLE_NOTIFICATIONS is on alone',
  );
  return {
    mode: executionMode(reader.read(enableReservations), reader.read(enableNotifications)),
    seedData: reader.read(seedData),
    logLevel: reader.read(logLevel),
    local: { host: reader.read(hostSetting), port: reader.read(port) },
  };
}

function executionMode(reservations: boolean, notifications: boolean): ExecutionMode {
  if (reservations === notifications) return 'all';
  return reservations ? 'reservations' : 'notifications';
}
