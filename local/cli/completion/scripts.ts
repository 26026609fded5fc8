import type { OptionValues, Place } from './command-places.ts';

/** Shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that makes a shell complete the command. */
export function completionScript(shell: Shell, places: readonly Place[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(places);
    case 'zsh':
      return zshScript(places);
    case 'fish':
      return fishScript(places);
  }
}

/** A text as one word of bash, zsh and (without backslashes, which are taken out) fish. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '').replaceAll("'", `'\\''`)}'`;
}

/** Works out the place from the words before the cursor: what is no command there is an option or its value. */
function placeFinder(
  places: readonly Place[],
  words: string,
  from: number,
  until: string,
): readonly string[] {
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  return [
    `  local place='' at word`,
    `  for ((at = ${from}; at < ${until}; at++)); do`,
    `    word="\${${words}[at]}"`,
    `    case "$place $word" in`,
    `      ${paths.map(quoted).join('|')}) place="$place $word" ;;`,
    `    esac`,
    `  done`,
  ];
}

/** Every option that has choices, with the place where it stands. */
function valuesOf(places: readonly Place[]): readonly (OptionValues & Pick<Place, 'path'>)[] {
  return places.flatMap(({ path, values }) => values.map((of) => ({ path, ...of })));
}

function bashScript(places: readonly Place[]): string {
  return [
    '# mq-observer: source this, or put it into the folder for completions of bash',
    '_mq_observer() {',
    ...placeFinder(places, 'COMP_WORDS', 1, 'COMP_CWORD'),
    `  local words='' values=''`,
    '  case "$place" in',
    ...places.map(
      ({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(({ text }) => text).join(' '))} ;;`,
    ),
    '  esac',
    '  case "$place ${COMP_WORDS[COMP_CWORD - 1]}" in',
    ...valuesOf(places).map(
      ({ path, option, choices }) =>
        `    ${quoted(`${path} ${option}`)}) values=${quoted(choices.join(' '))} ;;`,
    ),
    '  esac',
    '  COMPREPLY=($(compgen -W "${values:-$words}" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _mq_observer mq-observer',
    '',
  ].join('\n');
}

function zshScript(places: readonly Place[]): string {
  const described = ({ words }: Place): string =>
    words.map(({ text, about }) => quoted(`${text}:${about}`)).join(' ');
  return [
    '#compdef mq-observer',
    '_mq_observer() {',
    ...placeFinder(places, 'words', 2, 'CURRENT'),
    '  local -a known',
    '  case "$place" in',
    ...places.map((place) => `    ${quoted(place.path)}) known=(${described(place)}) ;;`),
    '  esac',
    '  case "$place ${words[CURRENT - 1]}" in',
    ...valuesOf(places).map(
      ({ path, option, choices }) =>
        `    ${quoted(`${path} ${option}`)}) known=(${choices.map(quoted).join(' ')}) ;;`,
    ),
    '  esac',
    `  _describe 'mq-observer' known || _files`,
    '}',
    'compdef _mq_observer mq-observer',
    '',
  ].join('\n');
}

function fishScript(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  return [
    '# mq-observer: source this, or put it into the folder for completions of fish',
    'function __mq_observer_at',
    `  set -l place ''`,
    '  for word in (commandline -opc)[2..-1]',
    `    if contains -- "$place $word" ${paths.map(quoted).join(' ')}`,
    '      set place "$place $word"',
    '    end',
    '  end',
    '  test "$place" = "$argv[1]"',
    'end',
    ...places.flatMap(({ path, words, values }) =>
      words.map(({ text, about }) => {
        const choices = values.find(({ option }) => option === text)?.choices;
        const value = choices === undefined ? '' : ` -x -a ${quoted(choices.join(' '))}`;
        const what = text.startsWith('--') ? `-l ${text.slice(2)}${value}` : `-a ${quoted(text)}`;
        const condition = quoted(`__mq_observer_at "${path}"`);
        return `complete -c mq-observer -n ${condition} ${what} -d ${quoted(about)}`;
      }),
    ),
    '',
  ].join('\n');
}
