import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ErrorClass } from './error-class.ts';
import { rowOf, type Decision, type Place } from './error-rules.ts';
import { ERROR_TABLE } from './error-table.ts';

const places = Object.keys(ERROR_TABLE.places) as Place[];
const classes = Object.keys(ERROR_TABLE.classes) as ErrorClass[];
const decide = (place: Place, errorClass: ErrorClass): Decision =>
  rowOf(ERROR_TABLE, place, errorClass).decision;

describe('the table of errors', () => {
  it('has a whole row for every class at every place', () => {
    for (const place of places)
      for (const one of classes) {
        const row = rowOf(ERROR_TABLE, place, one);
        expect(row).toMatchObject({ place, class: one });
        for (const words of [row.fails, row.happens, row.toDo]) expect(words).toMatch(/^\S.{5,}[^.]$/);
      }
  });

  it('names no class twice at one place, so that no row hides another', () => {
    const twice = places.filter((place) => {
      const named = ERROR_TABLE.places[place].but.flatMap((row) => row.classes);
      return new Set(named).size < named.length;
    });
    expect(twice).toEqual([]);
  });

  it.each<[Place, ErrorClass, Decision]>([
    ['configuration', 'misconfigured', 'refuse'],
    ['request', 'request-refused', 'refuse'],
    ['request', 'bug', 'refuse'],
    ['cycle-start', 'store-unavailable', 'refuse'],
    ['cycle-start', 'store-unusable', 'end-cycle'],
    ['cycle-start', 'damaged-object', 'end-cycle'],
    ['cycle-start', 'cycle-impossible', 'end-cycle'],
    ['cycle-start', 'bug', 'refuse'],
    ['cycle-run', 'lease-lost', 'end-cycle'],
    ['cycle-run', 'damaged-object', 'end-cycle'],
    ['cycle-run', 'store-denied', 'refuse'],
    ['cycle-run', 'bug', 'refuse'],
    ['memory-read', 'damaged-object', 'go-on'],
    ['memory-read', 'store-unavailable', 'refuse'],
    ['registration-read', 'damaged-object', 'skip'],
    ['registration-read', 'store-throttled', 'refuse'],
    ['state-read', 'damaged-object', 'skip'],
    ['state-write', 'store-unavailable', 'skip'],
    ['state-write', 'bug', 'skip'],
    ['wake-up', 'bug', 'skip'],
    ['cycle-end', 'bug', 'go-on'],
    ['report-write', 'lease-lost', 'skip'],
    ['event-write', 'store-unavailable', 'skip'],
    ['event-delivery', 'http-timeout', 'skip'],
  ])('decides at %s on %s: %s', (place, errorClass, decision) => {
    expect(decide(place, errorClass)).toBe(decision);
  });

  it('never lets the failure of an event make another event', () => {
    expect(places.filter((place) => !ERROR_TABLE.places[place].tells)).toEqual([
      'configuration',
      'event-write',
      'event-delivery',
    ]);
  });

  it('weighs a bug as an error everywhere', () => {
    for (const place of places) expect(rowOf(ERROR_TABLE, place, 'bug').severity).toBe('error');
  });
});

describe('docs/errors.md', () => {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rowsUnder = (heading: string): string[] =>
    (text.split(`\n## ${heading}\n`)[1] ?? '')
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) => line.replace(/\s*\|\s*/g, '|')) ?? [];

  it('says of every class what the table says', () => {
    const rows = Object.entries(ERROR_TABLE.classes).map(
      ([name, { severity, means, toDo }]) => `|\`${name}\`|${severity}|${means}|${toDo}|`,
    );
    expect(rowsUnder('Classes')).toEqual(rows);
  });

  it('says of every place what the table says', () => {
    const rows = Object.entries(ERROR_TABLE.places).flatMap(([place, { fails, but, otherwise }]) =>
      [...but, { ...otherwise, classes: undefined }].map(
        ({ classes: named, decision, happens, severity }) => {
          const which =
            named?.map((name) => `\`${name}\``).join(', ') ?? (but.length === 0 ? 'all' : 'all others');
          const weight = severity === undefined ? '' : ` (${severity})`;
          return `|\`${place}\`: ${fails}|${which}|\`${decision}\`${weight}|${happens}|`;
        },
      ),
    );
    expect(rowsUnder('Places')).toEqual(rows);
  });
});
