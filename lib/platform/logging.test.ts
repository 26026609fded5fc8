import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { LogLevel } from './configuration/configuration.ts';
import { createLogger, describeError, type Logger } from './logging.ts';
import { secret } from './secret.ts';

function aLogger(
  level: LogLevel = 'debug',
  constant: Readonly<Record<string, unknown>> = {},
): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { log: createLogger({ level, constant, clock: createVirtualClock(), write }), lines };
}

describe('an entry', () => {
  it('is one line of JSON: time, level, message, and the facts', () => {
    const { log, lines } = aLogger('info', { function: 'register' });
    log.info('registration stored', { id: 'a\nb\u2028', count: 1 });
    expect(lines).toEqual([
      '{"time":"2026-01-01T00:00:00.000Z","level":"info","message":"registration stored","function":"register","id":"a\\nb\u2028","count":1}\n',
    ]);
  });

  it.each<[LogLevel, readonly string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ])('below the level %s is left out', (level, expected) => {
    const { log, lines } = aLogger(level);
    for (const at of ['debug', 'info', 'warn', 'error'] as const) log[at]('x');
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  it('cannot be made to look like another one by its facts', () => {
    const { log, lines } = aLogger();
    log.warn('call failed', { level: 'info', message: 'all is well', time: 'never' });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'call failed',
    });
  });

  it('shows no secret', () => {
    const { log, lines } = aLogger();
    log.info('x', { token: secret('hunter2') });
    expect(lines[0]).toContain('"token":"[redacted]"');
  });

  it('is written whatever its facts are, one line each, and nothing is thrown', () => {
    const { log, lines } = aLogger();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info('circle', circle);
    log.info('big', { big: 1n });
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => log.info('any', fields)));
    for (const line of lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(JSON.parse(line)).toMatchObject({ level: 'info' });
    }
    expect(lines.length).toBeGreaterThan(100);
  });
});

describe('an error in words', () => {
  it('is its name, its message and those of its causes, without a stack', () => {
    const error = new TypeError('outer', { cause: new Error('inner', { cause: 'text' }) });
    expect(describeError(error)).toBe('TypeError: outer <- Error: inner <- text');
    expect(describeError(new Error('alone'))).toBe('Error: alone');
  });

  it('has an end, even if it is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(describeError(error).length).toBeLessThan(500);
  });

  it('is a text whatever was thrown', () => {
    for (const thrown of [
      undefined,
      null,
      0,
      Symbol('s'),
      1n,
      () => 1,
      {},
      Object.create(null),
      [Object.create(null)],
    ] as unknown[])
      expect(typeof describeError(thrown)).toBe('string');
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => describeError(thrown).length >= 0),
    );
  });
});
