import { accept, refuse, type Parse } from './parse.ts';

/** One field of a cron expression: its bounds, and names for its numbers, the first of which stands for `min`. */
interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const SECONDS: CronField = { name: 'seconds', min: 0, max: 59, names: [] };
const FIVE_FIELDS: readonly CronField[] = [
  { name: 'minutes', min: 0, max: 59, names: [] },
  { name: 'hours', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 6, names: WEEKDAYS },
];

/**
 * A cron expression of five fields (minutes, hours, day of the month, month, day of the week from Sunday = 0), or six
 * with seconds first; blanks are made single. The dialect is what the schedulers at hand have in common: `*`, numbers,
 * names of months and weekdays, ranges, lists, and steps over `*` or a range.
 */
export const cronExpression: Parse<string> = (text) => {
  const parts = text.trim().split(/\s+/);
  const fields = parts.length === 6 ? [SECONDS, ...FIVE_FIELDS] : FIVE_FIELDS;
  if (parts.length !== fields.length)
    return refuse(
      'a cron expression of five fields, or six with seconds first, such as */5 * * * *',
      `has ${parts.length} field${parts.length === 1 ? '' : 's'}`,
    );
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((entry) => isEntry(entry, field)))
      return refuse(
        `*, numbers from ${field.min} to ${field.max}, ranges, lists, or steps such as */${field.min + 2}`,
        `has ${JSON.stringify(part)} as its ${field.name}`,
      );
  }
  return accept(parts.join(' '));
};

function isEntry(entry: string, field: CronField): boolean {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(entry);
  if (match === null) return false;
  const [, star, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.max)) return false;
  if (star !== undefined) return true;
  if (step !== undefined && last === undefined) return false;
  const from = numberOf(first ?? '', field);
  const to = last === undefined ? from : numberOf(last, field);
  return from !== undefined && to !== undefined && from <= to;
}

function numberOf(text: string, { min, max, names }: CronField): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + min : /^\d{1,2}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
