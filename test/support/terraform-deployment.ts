import { join } from 'node:path';
import {
  bodiesOf,
  readTerraformTexts,
  terraformBlocks,
  textOf,
  textsIn,
  type Hcl,
  type HclBody,
  type TerraformBlock,
} from './terraform-files.ts';

/** One folder of Terraform files, to look things up in. */
export interface TerraformFolder {
  readonly blocks: readonly TerraformBlock[];
  /** All local values, by name. */
  readonly locals: HclBody;
  /** The body of a block, by its kind and labels. @throws when it is not there. */
  readonly body: (kind: string, ...labels: readonly string[]) => HclBody;
}

/** What `infra/terraform` deploys: the folder itself, and the module that makes one function. */
export async function readTerraform(
  root: string,
): Promise<{ readonly deployment: TerraformFolder; readonly oneFunction: TerraformFolder }> {
  const folder = join(root, 'infra', 'terraform');
  return { deployment: await readFolder(folder), oneFunction: await readFolder(join(folder, 'function')) };
}

async function readFolder(path: string): Promise<TerraformFolder> {
  const blocks = await terraformBlocks(readTerraformTexts(path));
  return {
    blocks,
    locals: Object.assign({}, ...blocks.filter(({ kind }) => kind === 'locals').map(({ body }) => body)),
    body: (kind, ...labels) => {
      const place = [kind, ...labels].join(' ');
      const found = blocks.find((block) => [block.kind, ...block.labels].join(' ') === place);
      if (found === undefined) throw new Error(`there is no ${place}`);
      return found.body;
    },
  };
}

/** What is asked of the values of a variable, as expressions. */
export function conditionsOf({ body }: TerraformFolder, variable: string): readonly string[] {
  return bodiesOf(body('variable', variable)['validation']).map(({ condition }) => textOf(condition));
}

/** The quoted texts in an expression that hold no expressions themselves. */
export function quotedIn(value: Hcl | undefined): readonly string[] {
  return textsIn(value).flatMap((text) => [...text.matchAll(/"([^"$]+)"/g)].map(([, word = '']) => word));
}
