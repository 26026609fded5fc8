import { textOf, textsIn, type TerraformBlock } from './terraform-files.ts';
import { terraformSchema } from './terraform-schema.ts';

/** `module.timed[each.key].endpoint` has the target `module.timed` and the attribute `endpoint`. */
interface Reference {
  readonly target: string;
  readonly attribute: string | undefined;
  readonly file: string;
}

/** A folder of Terraform files with the folders that it calls as modules, by their `source`. */
export interface ReferringFolder {
  readonly blocks: readonly TerraformBlock[];
  readonly called: ReadonlyMap<string, readonly TerraformBlock[]>;
}

/**
 * What refers to nothing, is there twice, is not used or is not described, each with its place; and calls of modules that
 * leave out a variable or name one that there is not.
 */
export function referenceFaults({ blocks, called }: ReferringFolder): readonly string[] {
  const declared = declarations(blocks, called);
  const names = blocks.flatMap(namesOf);
  const references = blocks.flatMap(referencesIn);
  const used = new Set(references.map(({ target }) => target));
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `${name} is declared twice`),
    ...references.flatMap(({ target, attribute, file }) => {
      const attributes = declared.get(target);
      if (attributes === undefined) return [`${file}: there is no ${target}`];
      return attributes === 'any' || attribute === undefined || attributes.has(attribute)
        ? []
        : [`${file}: ${target} has no ${attribute}`];
    }),
    ...names
      .filter((name) => /^(var|local)\./.test(name) && !used.has(name))
      .map((name) => `${name} is not used`),
    ...blocks.flatMap((block) => [...descriptionFaults(block), ...callFaults(block, called)]),
  ];
}

/** What stands before the labels in a reference, or would. */
const PREFIX: Readonly<Record<string, readonly string[]>> = {
  ...{ variable: ['var'], output: ['output'], module: ['module'], check: ['check'] },
  ...{ resource: [], data: ['data'] },
};

function namesOf({ kind, labels, body }: TerraformBlock): readonly string[] {
  if (kind === 'locals') return Object.keys(body).map((name) => `local.${name}`);
  const prefix = PREFIX[kind];
  return prefix === undefined ? [] : [[...prefix, ...labels].join('.')];
}

/** What can be referred to, with what it has; `any` where that follows from a value. */
function declarations(
  blocks: readonly TerraformBlock[],
  called: ReferringFolder['called'],
): ReadonlyMap<string, ReadonlySet<string> | 'any'> {
  return new Map(
    blocks.flatMap((block) => namesOf(block).map((name) => [name, attributesOf(block, called)] as const)),
  );
}

function attributesOf(
  { kind, labels: [label = ''], body }: TerraformBlock,
  called: ReferringFolder['called'],
): ReadonlySet<string> | 'any' {
  if (kind === 'module')
    return new Set(named(called.get(textOf(body['source'])), 'output').map(([name]) => name));
  const schema = terraformSchema[`${kind} ${label}`];
  if (schema === undefined) return 'any';
  const { required = [], optional = [], exported } = schema;
  return new Set([...required, ...optional, ...exported]);
}

const TARGET = /(?<![\w.-])(?:var|local|module|data\.\w+|ibm_\w+|terraform_data)\.\w+/g;

function referencesIn({ kind, labels, body, file }: TerraformBlock): readonly Reference[] {
  const own = kind === 'variable' ? `var.${labels[0]}` : undefined;
  return textsIn(body)
    .filter((text) => text.includes('${'))
    .flatMap((text) =>
      [...text.matchAll(TARGET)].map(({ 0: target, index }) => ({
        target,
        attribute: attributeAt(text, index + target.length),
        file,
      })),
    )
    .filter(({ target }) => target !== own);
}

/** What follows behind indices: in `[local.names[0]].id` it is `id`. */
function attributeAt(text: string, start: number): string | undefined {
  let at = start;
  for (let depth = 0; text[at] === '[' || depth > 0; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']') depth--;
    if (at >= text.length) return undefined;
  }
  return /^\.(\w+)/.exec(text.slice(at))?.[1];
}

function descriptionFaults({ kind, labels, body, file }: TerraformBlock): readonly string[] {
  const needed = { variable: ['description', 'type'], output: ['description', 'value'] }[kind] ?? [];
  return needed
    .filter((key) => textsIn(body[key]).join('').trim() === '')
    .map((key) => `${file}: ${kind} ${labels[0]} has no ${key}`);
}

/** What every module call may have, whatever it calls. */
const CALL = ['source', 'for_each'];

function callFaults(
  { kind, labels, body, file }: TerraformBlock,
  called: ReferringFolder['called'],
): readonly string[] {
  if (kind !== 'module') return [];
  const place = `${file}: module ${labels[0]}`;
  const variables = named(called.get(textOf(body['source'])), 'variable');
  const known = new Set([...CALL, ...variables.map(([name]) => name)]);
  return [
    ...variables
      .filter(([name, variable]) => !('default' in variable.body) && !(name in body))
      .map(([name]) => `${place}: ${name} is missing`),
    ...Object.keys(body)
      .filter((key) => !known.has(key))
      .map((key) => `${place}: there is no ${key}`),
  ];
}

function named(
  blocks: readonly TerraformBlock[] = [],
  kind: string,
): readonly (readonly [string, TerraformBlock])[] {
  return blocks.filter((block) => block.kind === kind).map((block) => [block.labels[0] ?? '', block]);
}
