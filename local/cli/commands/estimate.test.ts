import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, runCli } from '../cli-test-support.ts';
import type { Estimate } from '../estimate/estimate.ts';
import type { Figures } from '../estimate/figures.ts';

const ASKED = ['estimate', '--registrations', '1000'];

async function inJson(...more: readonly string[]) {
  const { out } = await runCli([...ASKED, '--json', ...more]);
  return JSON.parse(out) as Estimate & { readonly figures: Figures; readonly workload: unknown };
}

async function withFigures(content: string) {
  const file = join(aFolder(), 'figures.json');
  writeFileSync(file, content);
  return runCli([...ASKED, '--figures', file]);
}

describe('estimate', () => {
  it('prints functions, what is billed, and what was assumed', async () => {
    const { exitCode, out, err } = await runCli([...ASKED, '--queue-managers', '10']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^FUNCTION +TIMES .*\nnotify-cycle +8,640 /);
    expect(out).toMatch(/^together +\d+\.\d\d$/m);
    expect(out).toContain('Each day 1,000 registered and 1,000 woken, spread evenly; 86,400 requests');
    expect(out).toContain('Every run starts cold.');
  });

  it('prints all of it for programs', async () => {
    const { workload, functions, figures } = await inJson('--wake-ups-per-day', '0', '--warm');
    expect(workload).toMatchObject({
      queue_managers: 1,
      changes_per_day: 1000,
      wake_ups_per_day: 0,
      warm: true,
    });
    expect(functions.map((line) => line.function)).toEqual([
      'notify-cycle',
      'restore-cycle',
      'persist',
      'register',
    ]);
    expect(figures.dollars_per_million.class_a).toBe(5.2);
  });

  it('takes other figures, those that are not given stay', async () => {
    const file = join(aFolder(), 'figures.json');
    writeFileSync(file, '{"date": "2027-01-01", "dollars_per_million": {"class_a": 10.4}}');
    const [documented, { dollars, figures }] = [await inJson(), await inJson('--figures', file)];
    expect(dollars.class_a).toBeCloseTo(documented.dollars.class_a * 2);
    expect(dollars.class_b).toBe(documented.dollars.class_b);
    expect(figures.date).toBe('2027-01-01');
  });

  it('prints what is in a file of figures so that a terminal does not obey it', async () => {
    const { out } = await withFigures('{"date": "\\u001b]0;x\\u0007"}');
    expect(out).toContain('Prices: examples of');
    expect(out).not.toMatch(/[\u001b\u0007]/);
  });

  it.each([
    ['{"dollars_per_million": {"class_c": 1}}', 'dollars_per_million has no class_c.'],
    ['{"assumed": {"store_seconds": "1"}}', 'assumed.store_seconds must be a number, not below 0.'],
    ['{"free_per_month": {"calls": -1}}', 'free_per_month.calls must be a number, not below 0.'],
    ['{"prices": {}}', 'The figures have no prices.'],
    ['{"assumed": []}', 'assumed must be an object.'],
    ['{"date": 2027}', 'date must be a text.'],
    ['[]', 'The figures must be an object.'],
  ])('refuses the figures %s', async (content, message) => {
    expect(await withFigures(content)).toEqual({ exitCode: 1, out: '', err: `${message}\n` });
  });

  it.each([
    [['estimate'], '--registrations'],
    [['estimate', '--registrations', 'many'], 'A number from 0 to'],
    [[...ASKED, '--interval', '0.5'], 'Whole minutes from 1'],
    [[...ASKED, '--interval', '0'], 'Whole minutes from 1'],
    [[...ASKED, '--remembered', '2'], 'A number from 0 to 1 is needed.'],
    [[...ASKED, '--fanout-registrations', '0'], 'Registrations from 1'],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, out, err } = await runCli(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(message);
  });
});
