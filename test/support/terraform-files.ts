import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is written in Terraform's language, as JSON: expressions are texts such as `${var.region}`, blocks are lists of bodies. */
export type Hcl = null | boolean | number | string | readonly Hcl[] | HclBody;
export interface HclBody {
  readonly [key: string]: Hcl;
}

/** The texts of the `.tf` files of one folder, by name. */
export type TerraformTexts = ReadonlyMap<string, string>;

/** A block at the top of a file: `resource "a" "b" {…}` has the kind `resource` and the labels a and b. */
export interface TerraformBlock {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
  readonly file: string;
}

// The types of both name the DOM, which would then be there for every file of this repository.
const require = createRequire(import.meta.url);
const { parse } = require('@cdktf/hcl2json') as {
  readonly parse: (name: string, text: string) => Promise<HclBody>;
};
const { format } = require('@cdktf/hcl-tools') as { readonly format: (text: string) => Promise<string> };

const parsed = new Map<string, Promise<HclBody>>();

/** Parses one file, the same text once. @throws with the line, when it is none. */
export function parseHcl(name: string, text: string): Promise<HclBody> {
  const known = parsed.get(text) ?? parse(name, text);
  parsed.set(text, known);
  return known;
}

/** The text as `terraform fmt` writes it. */
export const formatHcl = format;

export function readTerraformTexts(folder: string): TerraformTexts {
  const names = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const LABELS: Readonly<Record<string, number>> = {
  ...{ terraform: 0, locals: 0 },
  ...{ provider: 1, variable: 1, output: 1, module: 1, check: 1 },
  ...{ resource: 2, data: 2 },
};

/** The blocks of all files of a folder. @throws when a file cannot be parsed, or has a block of an unknown kind. */
export async function terraformBlocks(texts: TerraformTexts): Promise<readonly TerraformBlock[]> {
  const blocks: TerraformBlock[] = [];
  for (const [file, text] of texts)
    for (const [kind, value] of Object.entries(await parseHcl(file, text))) {
      const count = LABELS[kind];
      if (count === undefined) throw new Error(`${file}: there are no blocks of the kind ${kind}`);
      blocks.push(...labelled(value, count).map(({ labels, body }) => ({ kind, labels, body, file })));
    }
  return blocks;
}

function labelled(value: Hcl | undefined, count: number): readonly Pick<TerraformBlock, 'labels' | 'body'>[] {
  if (count === 0) return bodiesOf(value).map((body) => ({ labels: [], body }));
  return Object.entries(isBody(value) ? value : {}).flatMap(([label, inner]) =>
    labelled(inner, count - 1).map(({ labels, body }) => ({ labels: [label, ...labels], body })),
  );
}

export function isBody(value: Hcl | undefined): value is HclBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The bodies of nested blocks; none where the value is something else. */
export function bodiesOf(value: Hcl | undefined): readonly HclBody[] {
  return isBlocks(value) ? value : [];
}

/** True for nested blocks, false for the value of an argument. */
export function isBlocks(value: Hcl | undefined): value is readonly HclBody[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => isBody(entry));
}

/** The value as a text; empty where it is none. */
export function textOf(value: Hcl | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** All texts in a value, at any depth. */
export function textsIn(value: Hcl | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
