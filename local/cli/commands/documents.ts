import { systemClock } from '../../../lib/platform/system-clock.ts';
import { at, entriesAt, listAt, textAt } from '../answers.ts';
import type { Api } from '../api.ts';
import type { AddCommands } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatImport } from '../format/import.ts';
import { plain, plainJson } from '../format/plain.ts';
import { importEntries } from '../import-entries.ts';
import { askObserver } from '../observer-command.ts';
import { pagesOf } from '../paging.ts';
import { readJsonInput } from '../read-input.ts';
import { replaceFile } from '../replace-file.ts';

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
    const counts = await importEntries(api, entries, { stderr: io.stderr, clock: systemClock });
    print(counts, (style) => formatImport(counts, style));
    return counts.refused.length === 0 ? 0 : 1;
  });

  const flush = program
    .command('flush')
    .description('Removes all registrations.')
    .option('--yes', 'really: there is no way back but an export or a backup');
  askObserver<{ readonly yes?: boolean }>(flush, context, async ({ api, options: { yes }, print }) => {
    if (yes !== true) throw new CommandError(2, 'flush removes all registrations: say so with --yes.');
    const { body } = await api.call({ method: 'DELETE', path: '/admin/flush', form: ['message', 'text'] });
    print(body, () => plain(textAt(body, 'message') ?? 'All registrations were removed.'));
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
