import {
  emptyEnvironmentFile,
  environmentFileParts,
  takeApart,
  type EnvironmentFile,
  type KnownKeys,
} from './environment-file.ts';
import { codeOf } from './error-code.ts';
import type { Findings } from './findings.ts';
import { describeJsonFault } from './json-fault.ts';
import { isObject, typeName } from './json-values.ts';
import { textOf, type Environment } from './setting-reader.ts';

const DEFAULT_PATH = './env.json';
/** Some ten thousand queue managers. */
const FILE_LENGTH_MAX = 4_194_304;

/**
 * Reads the file that `EnvFile` names, or `./env.json`. Only the latter may be absent.
 * @param readText gives a file's text, and throws where there is none; the error's `code` is shown, its message is not.
 */
export function readEnvironmentFile(
  environment: Environment,
  readText: (path: string) => string,
  known: KnownKeys,
  findings: Findings,
): EnvironmentFile {
  const given = textOf(environment, 'EnvFile');
  const path = given?.text.trim() ?? DEFAULT_PATH;
  const broken = (what: string): EnvironmentFile => {
    findings.broken(given?.key ?? 'env.json', `${JSON.stringify(path)} ${what}`);
    return emptyEnvironmentFile;
  };
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const code = codeOf(error);
    if (given === undefined && code === 'ENOENT') return emptyEnvironmentFile;
    return broken(`cannot be read (${code ?? 'no code'}); expected a readable JSON file`);
  }
  if (text.length > FILE_LENGTH_MAX)
    return broken(`holds ${text.length} characters; expected at most ${FILE_LENGTH_MAX}`);
  const document = parseJson(text);
  return isObject(document.value)
    ? takeApart(document.value, known, findings)
    : broken(`${document.fault}; expected a JSON object with ${environmentFileParts.join(', ')}`);
}

/** The value, or what is wrong with the text or with the value as a document, without a word of its content. */
function parseJson(text: string): { readonly value: unknown; readonly fault: string } {
  const json = text.replace(/^\uFEFF/, '');
  try {
    const value: unknown = JSON.parse(json);
    return { value, fault: `holds ${typeName(value)}` };
  } catch {
    return { value: undefined, fault: `is not valid JSON ${describeJsonFault(json)}` };
  }
}
