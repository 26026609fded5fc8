import { parseCommandText } from './command-text.ts';
import type { MqscCommand } from './mqsc-command.ts';

/** A command, or why the body is none. */
export type MqscCommandResult =
  | { readonly kind: 'command'; readonly command: MqscCommand }
  | { readonly kind: 'bad'; readonly why: string };

/** Reads the body of `POST …/mqsc`. */
export function parseMqscBody(body: Buffer): MqscCommandResult {
  const request = parseJsonObject(body);
  if (request === undefined) return bad('the body is not a JSON object');
  const parameters = isObject(request['parameters']) ? request['parameters'] : {};
  switch (request['type']) {
    case 'runCommand': {
      const text = parameters['command'];
      return typeof text === 'string'
        ? { kind: 'command', command: parseCommandText(text) }
        : bad("'parameters.command' is missing");
    }
    case 'runCommandJSON':
      return parseJsonCommand(request, parameters);
    default:
      return bad("'type' is neither 'runCommand' nor 'runCommandJSON'");
  }
}

/** A body as an object; undefined when it is none. */
export function parseJsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseJsonCommand(
  request: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
): MqscCommandResult {
  const { command, qualifier = '', name = '*', responseParameters = ['all'] } = request;
  if (typeof command !== 'string') return bad("'command' is missing");
  if (typeof qualifier !== 'string' || typeof name !== 'string')
    return bad("'qualifier' and 'name' are texts");
  if (!isTexts(responseParameters)) return bad("'responseParameters' is a list of texts");
  const lower = Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const attributes = responseParameters.map((attribute) => attribute.toLowerCase());
  return {
    kind: 'command',
    command: {
      isText: false,
      verb: command.toUpperCase(),
      qualifier: qualifier.toUpperCase(),
      name,
      where: textOf(lower['where']),
      type: textOf(lower['type'])?.toUpperCase(),
      attributes: attributes.length === 0 || attributes.includes('all') ? 'all' : attributes,
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(why: string): MqscCommandResult {
  return { kind: 'bad', why };
}
