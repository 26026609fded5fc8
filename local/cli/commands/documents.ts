import { at, entriesAt, listAt, textAt } from '../answers.ts';
import { ApiError, type Api } from '../api.ts';
import type { AddCommands, CommandIo } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatImport, importCountsOf, type ImportCounts } from '../format/import.ts';
import { plainJson } from '../format/plain.ts';
import { createProgress } from '../format/progress.ts';
import { askObserver } from '../observer-command.ts';
import { pagesOf } from '../paging.ts';
import { readJsonInput } from '../read-input.ts';
import { replaceFile } from '../replace-file.ts';
import { inParts } from '../split-document.ts';

/** `export`, `import`, `flush`. */
export const addDocuments: AddCommands = (program, context) => {
  const exporting = program
    .command('export')
    .description('Writes all registrations as one document; header values stay encrypted.')
    .option('--out <file>', 'into a file, whole or not at all');
  askObserver<{ readonly out?: string }>(exporting, context, async ({ api, options: { out }, io }) => {
    const text = `${plainJson(await wholeDocument(api))}\n`;
    if (out === undefined) io.stdout.write(text);
    else await replaceFile(out, text);
    return 0;
  });

  const importing = program
    .command('import')
    .description('Adds the registrations of a document; what is there by id is left alone.')
    .argument('<file>', 'the document, or - for what is piped in');
  askObserver(importing, context, async ({ api, args: [file = '-'], io, print }) => {
    const entries = entriesOf(await readJsonInput(file, io.stdin));
    const counts = await importAll(api, entries, io);
    print(counts, (style) => formatImport(counts, style));
    return counts.refused.length === 0 ? 0 : 1;
  });

  const flush = program
    .command('flush')
    .description('Removes all registrations.')
    .option('--yes', 'really: there is no way back but an export or a backup');
  askObserver<{ readonly yes?: boolean }>(flush, context, async ({ api, options: { yes }, print }) => {
    if (yes !== true) throw new CommandError(2, 'flush removes all registrations: say so with --yes.');
    const { body } = await api.call({ method: 'DELETE', path: '/admin/flush' });
    print(body, () => textAt(body, 'message') ?? 'All registrations were removed.');
    return 0;
  });
};

async function wholeDocument(api: Api): Promise<object> {
  const entries: unknown[] = [];
  let lastUpdated: unknown;
  for await (const page of pagesOf(api, '/admin/export')) {
    for (const entry of listAt(page, 'mq_requests')) entries.push(entry);
    lastUpdated = at(page, 'last_updated');
  }
  return { mq_requests: entries, last_updated: lastUpdated };
}

/** Its keys are read in any case, as in the original; no list is an empty one. */
function entriesOf(document: unknown): readonly unknown[] {
  const [, list] = entriesAt(document).find(([key]) => key.toLowerCase() === 'mq_requests') ?? [];
  if (Array.isArray(list)) return list;
  if (list === null) return [];
  throw new CommandError(1, 'It is no document of registrations: {"mq_requests": […]} is needed.');
}

/** @throws {ApiError} saying how far it came. */
async function importAll(
  api: Api,
  entries: readonly unknown[],
  { stderr }: CommandIo,
): Promise<ImportCounts> {
  const progress = createProgress(stderr, entries.length);
  let sum: ImportCounts = { imported: 0, existing: 0, repaired: 0, refused: [] };
  let done = 0;
  try {
    for (const part of inParts(entries)) {
      const json = { mq_requests: part };
      const { body } = await api.call({ method: 'POST', path: '/admin/import', json });
      sum = added(sum, body, done);
      done += part.length;
      progress.show(done);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const told = `${error.message} ${done} of ${entries.length} entries were taken; import the same again: what is there is left alone.`;
    throw new ApiError(told, { cause: error });
  } finally {
    progress.end();
  }
  return sum;
}

/** Entries that have no id are told by their place, which is one in the whole document. */
function added(sum: ImportCounts, body: unknown, offset: number): ImportCounts {
  const { imported, existing, repaired, refused } = importCountsOf(body, offset);
  return {
    imported: sum.imported + imported,
    existing: sum.existing + existing,
    repaired: sum.repaired + repaired,
    refused: [...sum.refused, ...refused],
  };
}
