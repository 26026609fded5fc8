/** What was asked for on the command line. */
export type Options =
  | {
      readonly ok: true;
      /** Names of sections; all of them when it is empty. */
      readonly only: readonly string[];
      readonly quick: boolean;
      readonly write: boolean;
    }
  | { readonly ok: false; readonly message: string };

/** Reads the words behind `npm run bench --`. */
export function parseOptions(words: readonly string[], sections: readonly string[]): Options {
  const only: string[] = [];
  const flags = new Set<string>();
  for (const [index, word] of words.entries()) {
    if (words[index - 1] === '--only') only.push(...word.split(','));
    else flags.add(word);
  }
  const stranger = [...flags].find((flag) => !['--only', '--quick', '--write'].includes(flag));
  if (stranger !== undefined)
    return refusal(`${stranger} is not known; there are --only <section>,…, --quick and --write.`);
  const unknown = only.find((name) => !sections.includes(name));
  if (unknown !== undefined || (flags.has('--only') && only.length === 0))
    return refusal(`There is no section "${unknown ?? ''}"; there are ${sections.join(', ')}.`);
  return { ok: true, only, quick: flags.has('--quick'), write: flags.has('--write') };
}

function refusal(message: string): Options {
  return { ok: false, message };
}
