import { DeployError, StoppedError } from './deploy-error.ts';

/** One thing to do: what a plan shows, and how it is done. Doing it twice does no harm. */
export interface Change {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/**
 * Does one after the other, and says which.
 * @throws {DeployError} or {StoppedError} naming the one that failed, what was done, what was not, and what to do.
 */
export async function runChanges(changes: readonly Change[], say: (line: string) => void): Promise<void> {
  for (const [index, { title, run }] of changes.entries()) {
    say(`[${index + 1}/${changes.length}] ${title}`);
    try {
      await run();
    } catch (cause) {
      if (cause instanceof DeployError) throw new DeployError(afterFault(changes, index, cause), { cause });
      if (cause instanceof StoppedError) throw new StoppedError(afterFault(changes, index, cause), { cause });
      throw cause;
    }
  }
}

function afterFault(changes: readonly Change[], index: number, cause: Error): string {
  const titles = changes.map(({ title }) => title);
  const list = (heading: string, some: readonly string[]): readonly string[] =>
    some.length === 0 ? [] : [heading, ...some.map((title) => `  ${title}`)];
  return [
    `${cause instanceof StoppedError ? 'Stopped' : 'Failed'} at: ${titles[index] ?? ''}`,
    `  ${cause.message}`,
    ...list('Done, and stays:', titles.slice(0, index)),
    ...list('Not done:', titles.slice(index + 1)),
    'Mend the cause (ibmcloud login, if the session has ended) and run the same command again: it goes on from what it finds.',
  ].join('\n');
}

/** What is going to be done, for people; and when that is nothing. */
export function planText(changes: readonly Change[]): string {
  return changes.length === 0
    ? '  nothing: everything is as it should be'
    : changes.map(({ title }) => `  ${title}`).join('\n');
}
