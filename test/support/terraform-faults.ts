import {
  bodiesOf,
  isBlocks,
  isBody,
  type Hcl,
  type HclBody,
  type TerraformBlock,
} from './terraform-files.ts';
import { terraformSchema, type BodySchema, type NestedSchema } from './terraform-schema.ts';

/** What every resource may have, whatever its type. */
const META: ReadonlySet<string> = new Set(['for_each', 'depends_on', 'provisioner', 'dynamic']);

/** What is wrong with resources and data sources by the schema of their types, each with its place. */
export function schemaFaults(blocks: readonly TerraformBlock[]): readonly string[] {
  return blocks
    .filter(({ kind }) => kind === 'resource' || kind === 'data')
    .flatMap(({ kind, labels: [type = '', name = ''], body, file }) => {
      const place = `${file}: ${type}.${name}`;
      const schema = terraformSchema[`${kind} ${type}`];
      return schema === undefined
        ? [`${place}: the schema has no ${kind} of this type`]
        : bodyFaults(body, schema, place);
    });
}

function bodyFaults(body: HclBody, schema: BodySchema, place: string): readonly string[] {
  const { required = [], optional = [], blocks = {}, values = {} } = schema;
  const known = new Set([...required, ...optional]);
  return [
    ...required.filter((key) => !(key in body)).map((key) => `${place}: ${key} is missing`),
    ...Object.entries(blocks).flatMap(([key, nested]) => nestedFaults(body, key, nested, place)),
    ...Object.entries(body).flatMap(([key, value]) => {
      if (key in blocks || META.has(key)) return [];
      if (!known.has(key)) return [`${place}: there is no ${key}`];
      if (isBlocks(value)) return [`${place}: ${key} is a block, and should be an argument`];
      return isPermitted(value, values[key]) ? [] : [`${place}: ${key} cannot be ${JSON.stringify(value)}`];
    }),
    ...Object.keys(dynamicsOf(body))
      .filter((key) => !(key in blocks))
      .map((key) => `${place}: there is no block ${key}`),
  ];
}

function nestedFaults(body: HclBody, key: string, schema: NestedSchema, place: string): readonly string[] {
  const { min = 0, max = Infinity } = schema;
  const written = bodiesOf(body[key]);
  const made = bodiesOf(dynamicsOf(body)[key]).flatMap(({ content }) => bodiesOf(content));
  const count = written.length + made.length;
  return [
    ...(key in body && !isBlocks(body[key])
      ? [`${place}: ${key} is an argument, and should be a block`]
      : []),
    ...(count < min ? [`${place}: the block ${key} is missing`] : []),
    ...(written.length > max ? [`${place}: more than ${max} blocks ${key}`] : []),
    ...[...written, ...made].flatMap((nested) => bodyFaults(nested, schema, `${place}.${key}`)),
  ];
}

/** Blocks that an expression makes: `dynamic "lifecycle_rule" {…}`. */
function dynamicsOf({ dynamic }: HclBody): HclBody {
  return isBody(dynamic) ? dynamic : {};
}

/** Expressions are not looked into. */
export function isPermitted(value: Hcl, pattern: RegExp | undefined): boolean {
  if (pattern === undefined || (typeof value === 'string' && value.includes('${'))) return true;
  return (typeof value === 'string' || typeof value === 'number') && pattern.test(String(value));
}
