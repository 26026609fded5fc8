import type { Entry } from './cli-answer.ts';
import type { Subscription } from './cron-schedule.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import type { Change } from './run-changes.ts';

const CRON = ['ce', 'subscription', 'cron'];

interface Timers {
  readonly existing: readonly Entry[];
  readonly wanted: readonly Subscription[];
  /** Names of subscriptions that are ours. */
  readonly owned: ReadonlySet<string>;
}

/**
 * What is to be done so that exactly the wanted subscriptions are there. Those of ours that nobody wants any more go;
 * those of others are not touched.
 */
export function planCron(ibmcloud: Ibmcloud, { existing, wanted, owned }: Timers): readonly Change[] {
  const stale = existing.filter(({ name }) => owned.has(name) && !wanted.some((one) => one.name === name));
  return [
    ...stale.map(({ name }) => removal(ibmcloud, name)),
    ...wanted.flatMap((one) => {
      const found = existing.find(({ name }) => name === one.name);
      if (found === undefined) return [setting(ibmcloud, one, 'create')];
      return isAsWanted(found, one) ? [] : [setting(ibmcloud, one, 'update')];
    }),
  ];
}

function removal(ibmcloud: Ibmcloud, name: string): Change {
  return {
    title: `remove subscription ${name}`,
    run: async () =>
      void (await ibmcloud.run([...CRON, 'delete', '--name', name, '--force', '--ignore-not-found'])),
  };
}

function setting(
  ibmcloud: Ibmcloud,
  { name, destination, schedule }: Subscription,
  verb: 'create' | 'update',
): Change {
  const args = [
    ...['--name', name, '--destination', destination, '--destination-type', 'function'],
    ...['--schedule', schedule, '--time-zone', 'UTC'],
  ];
  return {
    title: `${verb} subscription ${name}: ${destination} at ${schedule}`,
    run: async () => void (await ibmcloud.run([...CRON, verb, ...args])),
  };
}

/** What cannot be seen is set again, which does no harm. */
function isAsWanted(entry: Entry, { destination, schedule }: Subscription): boolean {
  const seen = (key: string): string | undefined => entry.fields.text('spec', key) ?? entry.fields.text(key);
  const timeZone = seen('timezone') ?? seen('time_zone') ?? 'UTC';
  return seen('schedule') === schedule && timeZone === 'UTC' && callsFunction(entry, destination);
}

/** Whether a subscription calls this function and no application or job of its name, as far as the CLI tells. */
export function callsFunction({ fields }: Entry, name: string): boolean {
  const kind =
    fields.text('spec', 'sink', 'ref', 'kind') ??
    fields.text('destination_type') ??
    fields.text('destinationType');
  const called = fields.text('spec', 'sink', 'ref', 'name') ?? fields.text('destination');
  return (kind === undefined || /function/i.test(kind)) && (called === undefined || called === name);
}
