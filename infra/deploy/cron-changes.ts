import { parseList, type Entry } from './cli-answer.ts';
import type { Subscription } from './cron-schedule.ts';
import { shown, type Ibmcloud } from './ibmcloud.ts';
import type { DeploymentNames } from './names.ts';
import type { Change } from './run-changes.ts';

const CRON = ['ce', 'subscription', 'cron'];
/** Lists the subscriptions of the selected project. */
export const CRON_LIST: readonly string[] = [...CRON, 'list', '--output', 'json'];

/**
 * What is to be done so that exactly the wanted subscriptions are there. Those of ours that nobody wants any more go;
 * those of others are not touched.
 * @throws {DeployError} when the CLI cannot list what is there.
 */
export async function cronChanges(
  ibmcloud: Ibmcloud,
  names: DeploymentNames,
  wanted: readonly Subscription[],
): Promise<readonly Change[]> {
  const existing = parseList(await ibmcloud.run(CRON_LIST), shown(CRON_LIST));
  return planCron(ibmcloud, names, { existing, wanted });
}

/** The same from what is known to be there. */
export function planCron(
  ibmcloud: Ibmcloud,
  names: DeploymentNames,
  { existing, wanted }: { readonly existing: readonly Entry[]; readonly wanted: readonly Subscription[] },
): readonly Change[] {
  const stale = existing.filter(
    ({ name }) => names.isOurSubscription(name) && !wanted.some((one) => one.name === name),
  );
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
function isAsWanted({ fields }: Entry, { destination, schedule }: Subscription): boolean {
  const seen = (key: string): string | undefined => fields.text('spec', key) ?? fields.text(key);
  const sink = fields.text('spec', 'sink', 'ref', 'name') ?? fields.text('destination') ?? destination;
  const timeZone = seen('timezone') ?? seen('time_zone') ?? 'UTC';
  return seen('schedule') === schedule && sink === destination && timeZone === 'UTC';
}
