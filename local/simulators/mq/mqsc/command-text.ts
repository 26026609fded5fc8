import type { MqscCommand } from './mqsc-command.ts';

const HEAD = /^\s*([A-Za-z]+)\s+([A-Za-z]+)\s*(?:\(\s*('[^']*'|[^)\s]*)\s*\))?\s*/;
const CLAUSE = /([A-Za-z]+)(?:\s*\(([^)]*)\))?/g;
const VERBS: Readonly<Record<string, string>> = { DIS: 'DISPLAY', DISP: 'DISPLAY' };

/** Reads `DISPLAY QLOCAL(NAME) CURDEPTH WHERE(CURDEPTH GT 0)` and the like. Names without quotes fold to upper case. */
export function parseCommandText(text: string): MqscCommand {
  const head = HEAD.exec(text);
  const [all = '', verb = '', qualifier = '', name = '*'] = head ?? [];
  const clauses = [...text.slice(all.length).matchAll(CLAUSE)];
  const argumentOf = (keyword: string): string | undefined =>
    clauses.find(([, word = '']) => word.toUpperCase() === keyword)?.[2]?.trim();
  const attributes = clauses
    .filter(([, , argument]) => argument === undefined)
    .map(([, word = '']) => word.toLowerCase());
  return {
    isText: true,
    verb: VERBS[verb.toUpperCase()] ?? verb.toUpperCase(),
    qualifier: qualifier.toUpperCase(),
    name: name.startsWith("'") ? name.slice(1, -1) : name.toUpperCase(),
    where: argumentOf('WHERE'),
    type: argumentOf('TYPE')?.toUpperCase(),
    attributes: attributes.length === 0 || attributes.includes('all') ? 'all' : attributes,
  };
}
