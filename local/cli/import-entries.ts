import type { Clock } from '../../lib/platform/clock.ts';
import { ApiError, type Api, type ApiAnswer } from './api.ts';
import type { Output } from './command-context.ts';
import { importCountsOf, type ImportCounts } from './format/import.ts';
import { createProgress } from './format/progress.ts';
import { TAKEN } from './forms.ts';
import { inParts } from './split-document.ts';

interface ImportIo {
  /** For progress. */
  readonly stderr: Output;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** The observer works on a call for most of a minute before it asks for another: so often in a row it is not busy but ill. */
const REPEATS_MAX = 10;
const WAIT_MS_MAX = 60_000;

/**
 * Imports the entries of a document in parts, each again while the observer asks for that. From the end: of two entries
 * with one id the last counts, and what is there is left alone.
 * @throws {ApiError} saying how far it came.
 */
export async function importEntries(
  api: Api,
  entries: readonly unknown[],
  { stderr, clock }: ImportIo,
): Promise<ImportCounts> {
  const progress = createProgress(stderr, entries.length);
  let sum: ImportCounts = { imported: 0, existing: 0, repaired: 0, refused: [], repeated: 0 };
  let done = 0;
  progress.show(0);
  try {
    for (const part of inParts(entries).toReversed()) {
      const { answer, repeated } = await imported(api, part, clock);
      done += part.length;
      sum = added(sum, importCountsOf(answer.body, { offset: entries.length - done, repeated }));
      progress.show(done);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Of a part that was refused as a whole nothing was taken; of any other it is not known.
    const atLeast = (error.status ?? 0) >= 400 && (error.status ?? 0) < 500 ? '' : 'At least ';
    const told = `${error.message} ${atLeast}${done} of ${entries.length} entries were taken; import the same again: what is there is left alone.`;
    throw new ApiError(told, { cause: error });
  } finally {
    progress.end();
  }
  return sum;
}

/** Sends one part until it is taken as a whole. */
async function imported(
  api: Api,
  part: readonly unknown[],
  clock: ImportIo['clock'],
): Promise<{ readonly answer: ApiAnswer; readonly repeated: number }> {
  for (let repeated = 0; ; repeated++) {
    try {
      const json = { mq_requests: part };
      const answer = await api.call({ method: 'POST', path: '/admin/import', form: TAKEN, json });
      return { answer, repeated };
    } catch (error) {
      const waitMs = error instanceof ApiError && error.status === 503 ? error.retryAfterMs : undefined;
      if (waitMs === undefined || waitMs > WAIT_MS_MAX || repeated === REPEATS_MAX) throw error;
      await clock.sleep(waitMs);
    }
  }
}

function added(sum: ImportCounts, part: ImportCounts): ImportCounts {
  return {
    imported: sum.imported + part.imported,
    existing: sum.existing + part.existing,
    repaired: sum.repaired + part.repaired,
    refused: [...part.refused, ...sum.refused],
    repeated: sum.repeated + part.repeated,
  };
}
