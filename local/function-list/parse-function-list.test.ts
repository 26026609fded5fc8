import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseFunctionList } from './parse-function-list.ts';
import { readFunctionList } from './read-function-list.ts';

const ENTRY = {
  name: 'echo',
  description: 'Answers what it was asked',
  visibility: 'public',
  triggers: [{ kind: 'http', paths: ['/echo', '/echo/*'], takesUnknownPaths: true }],
  cpu: '0.25',
  memory: '1G',
  maxExecutionSeconds: 60,
  scaleDownDelaySeconds: 1,
  concurrency: 1,
  bundleKilobytesMax: 10,
};
const CRON = {
  kind: 'cron',
  cycle: 'notify',
  scheduleSetting: 'NOTIFY_SCHEDULE',
  intervalSetting: 'NOTIFY_INTERVAL',
  modes: ['all'],
};

const faultsOf = (...entries: unknown[]): string => {
  try {
    parseFunctionList(JSON.stringify({ functions: entries }));
  } catch (error) {
    return String(error);
  }
  return 'none';
};

describe('the function list', () => {
  it('reads an entry as it is written', () => {
    expect(parseFunctionList(JSON.stringify({ functions: [ENTRY] }))).toEqual([ENTRY]);
  });

  it.each([
    ['no name', { ...ENTRY, name: undefined }, 'functions[0].name'],
    ['a name that no platform takes', { ...ENTRY, name: 'Echo_1' }, 'functions[0].name'],
    [
      'an unknown visibility',
      { ...ENTRY, visibility: 'everybody' },
      'functions[0].visibility: must be one of public, project',
    ],
    [
      'a size that does not exist',
      { ...ENTRY, memory: '3G' },
      'functions[0].cpu: must be, with memory, one of',
    ],
    [
      'more seconds than the platform grants',
      { ...ENTRY, maxExecutionSeconds: 121 },
      'functions[0].maxExecutionSeconds',
    ],
    [
      'a concurrency of nothing',
      { ...ENTRY, concurrency: 0 },
      'functions[0].concurrency: must be a whole number from 1',
    ],
    ['no trigger', { ...ENTRY, triggers: [] }, 'functions[0].triggers: must be a list of at least 1'],
    [
      'an unknown key',
      { ...ENTRY, maxExecutionSecond: 3 },
      'functions[0].maxExecutionSecond: is not a known key',
    ],
    [
      'an unknown cycle',
      { ...ENTRY, triggers: [{ ...CRON, cycle: 'tidy' }] },
      'functions[0].triggers[0].cycle',
    ],
    [
      'an unknown mode',
      { ...ENTRY, triggers: [{ ...CRON, modes: ['none'] }] },
      'functions[0].triggers[0].modes[0]',
    ],
    [
      'an unknown kind of trigger',
      { ...ENTRY, triggers: [{ kind: 'mail' }] },
      'functions[0].triggers[0].kind',
    ],
    [
      'a path that is none',
      { ...ENTRY, triggers: [{ ...ENTRY.triggers[0], paths: ['x'] }] },
      'triggers[0].paths[0]',
    ],
    ['an entry that is no object', 'echo', 'functions[0]: must be an object'],
  ])('refuses %s and says where', (_what, entry, place) => {
    expect(faultsOf(entry)).toContain(place);
  });

  it('names all faults at once', () => {
    const faults = faultsOf({ ...ENTRY, concurrency: 'many' }, { ...ENTRY, name: 'other', cpu: '9' });
    expect(faults).toContain('functions[0].concurrency');
    expect(faults).toContain('functions[1].cpu');
  });

  it('refuses a name, a path or the unknown paths claimed twice', () => {
    const faults = faultsOf(ENTRY, ENTRY);
    expect(faults).toContain('the name echo is taken twice');
    expect(faults).toContain('the path /echo is claimed twice');
    expect(faults).toContain('exactly one function must have takesUnknownPaths');
  });

  it('says so when the text is no JSON', () => {
    expect(() => parseFunctionList('{')).toThrow('functions.json is not JSON');
  });

  it('takes the list of this repository', () => {
    const names = readFunctionList(fileURLToPath(new URL('../..', import.meta.url))).map(
      (entry) => entry.name,
    );
    expect(names).toEqual(['register', 'notify-cycle', 'restore-cycle', 'persist', 'actuator']);
  });
});
