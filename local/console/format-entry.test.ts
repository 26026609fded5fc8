import { describe, expect, it } from 'vitest';
import { createConsole } from './console.ts';
import { formatLine } from './format-entry.ts';

const plain = { colour: false };
const entry = {
  time: '2026-11-21T21:31:00.123Z',
  level: 'info',
  message: 'registration stored',
  function: 'register',
  id: 'a-1',
  queue: 'A B',
  depth: 3,
  nested: { x: [1] },
};

describe('a line on the terminal', () => {
  it('shows a log entry readably', () => {
    expect(formatLine('register', JSON.stringify(entry), plain)).toBe(
      '21:31:00.123 info  register      registration stored id=a-1 queue="A B" depth=3 nested={"x":[1]}',
    );
  });

  it.each(['hello', '{"a":1}', '{not json', '["list"]', ''])(
    'shows %s as it is, after its source',
    (line) => {
      expect(formatLine('persist', line, plain)).toBe(`persist       ${line}`);
    },
  );

  it('cannot steer the terminal', () => {
    const nasty = '\u001b[2J\u0007\r\u202e';
    for (const line of [nasty, JSON.stringify({ ...entry, message: nasty, id: nasty, [nasty]: 1 })])
      expect(formatLine('register', line, plain)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('has colour only when asked', () => {
    expect(formatLine('register', JSON.stringify(entry), { colour: true })).toContain('\u001b[32minfo');
    expect(formatLine('register', JSON.stringify(entry), plain)).not.toContain('\u001b');
  });
});

describe('the console', () => {
  const written = (isTerminal: boolean): string[] => {
    const texts: string[] = [];
    const clock = { nowMs: () => Date.UTC(2026, 10, 21), sleep: async () => undefined };
    const hostConsole = createConsole({
      write: (text) => texts.push(text),
      isTerminal,
      colour: false,
      clock,
    });
    hostConsole.line('register', '{"level":"info","message":"m"}');
    hostConsole.logger('info').info('ready', { port: 1 });
    hostConsole.logger('info').debug('not shown');
    return texts;
  };

  it('passes log lines on raw where nobody looks', () => {
    expect(written(false)).toEqual([
      '{"level":"info","message":"m"}\n',
      '{"time":"2026-11-21T00:00:00.000Z","level":"info","message":"ready","function":"local-host","port":1}\n',
    ]);
  });

  it('makes them readable on a terminal', () => {
    expect(written(true)[1]).toBe('00:00:00.000 info  local-host    ready port=1\n');
  });
});
