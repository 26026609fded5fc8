import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaFaults } from '../support/terraform-faults.ts';
import {
  formatHcl,
  readTerraformTexts,
  terraformBlocks,
  type TerraformTexts,
} from '../support/terraform-files.ts';
import { referenceFaults } from '../support/terraform-references.ts';

const FOLDER = fileURLToPath(new URL('../../infra/terraform', import.meta.url));
const root = readTerraformTexts(FOLDER);
const inner = readTerraformTexts(join(FOLDER, 'function'));

async function faultsOf(rootTexts: TerraformTexts, innerTexts: TerraformTexts): Promise<readonly string[]> {
  const blocks = await terraformBlocks(rootTexts);
  const innerBlocks = await terraformBlocks(innerTexts);
  return [
    ...schemaFaults([...blocks, ...innerBlocks]),
    ...referenceFaults({ blocks, called: new Map([['./function', innerBlocks]]) }),
    ...referenceFaults({ blocks: innerBlocks, called: new Map() }),
  ];
}

/** The same texts with one place changed, which must be there. */
function changed(texts: TerraformTexts, file: string, right: string, wrong: string): TerraformTexts {
  const text = texts.get(file) ?? '';
  expect(text).toContain(right);
  return new Map([...texts, [file, text.replace(right, wrong)]]);
}

describe('the Terraform files', () => {
  it('have the resources that a deployment takes', async () => {
    const blocks = [...(await terraformBlocks(root)), ...(await terraformBlocks(inner))];
    const types = blocks.filter(({ kind }) => kind === 'resource').map(({ labels: [type] }) => type);
    expect(types.toSorted()).toEqual([
      'ibm_code_engine_config_map',
      'ibm_code_engine_function',
      'ibm_code_engine_project',
      'ibm_cos_bucket',
      'ibm_cos_bucket_lifecycle_configuration',
      'ibm_iam_trusted_profile',
      'ibm_iam_trusted_profile',
      'ibm_iam_trusted_profile_link',
      'ibm_iam_trusted_profile_link',
      'ibm_iam_trusted_profile_policy',
      'ibm_iam_trusted_profile_policy',
      'ibm_resource_instance',
      'terraform_data',
      'terraform_data',
    ]);
  });

  it('are as the provider documents, refer to what there is, and describe and use what they declare', async () => {
    expect(await faultsOf(root, inner)).toEqual([]);
  });

  it.each([
    [
      'an argument that there is not',
      'storage.tf',
      'force_delete ',
      'force_remove ',
      'there is no force_remove',
    ],
    ['a missing argument', 'storage.tf', 'bucket_crn ', 'endpoint_type ', 'bucket_crn is missing'],
    ['a missing block', 'identity.tf', '  link {', '  dynamic "lnk" {', 'the block link is missing'],
    [
      'a block that there is not',
      'storage.tf',
      'object_versioning {',
      'versioning {',
      'there is no versioning',
    ],
    [
      'a block inside that there is not',
      'storage.tf',
      '    expiration {',
      '    expire {',
      'there is no expire',
    ],
    [
      'a block that should be an argument',
      'storage.tf',
      'force_delete         = var.delete_stored_data',
      'force_delete {}',
      'force_delete is a block',
    ],
    [
      'an argument that should be a block',
      'storage.tf',
      'object_versioning {',
      'object_versioning = {',
      'object_versioning is an argument',
    ],
    ['a value that is not permitted', 'storage.tf', '"enable"', '"Enabled"', 'status cannot be "Enabled"'],
    [
      'a type that there is not',
      'project.tf',
      'ibm_code_engine_project"',
      'ibm_ce_project"',
      'the schema has no',
    ],
    [
      'an attribute that there is not',
      'outputs.tf',
      'store.bucket_name',
      'store.name',
      'ibm_cos_bucket.store has no name',
    ],
    [
      'a resource that there is not',
      'outputs.tf',
      'bucket.store',
      'bucket.shop',
      'there is no ibm_cos_bucket.shop',
    ],
    [
      'a variable that there is not',
      'storage.tf',
      'var.versioning',
      'var.versions',
      'there is no var.versions',
    ],
    ['a variable that is not used', 'storage.tf', 'var.versioning', 'true', 'var.versioning is not used'],
    [
      'a local value that there is not',
      'functions.tf',
      'local.urls :',
      'local.url :',
      'there is no local.url',
    ],
    [
      'a reference in a text in an expression',
      'functions.tf',
      '${local.subdomain}',
      '${local.domain}',
      'there is no local.domain',
    ],
    [
      'an attribute behind an index',
      'functions.tf',
      '[local.store_access[name]].id',
      '[local.store_access[name]].key',
      'has no key',
    ],
    [
      'an output that a module has not',
      'outputs.tf',
      '["register"].endpoint',
      '["register"].url',
      'module.served has no url',
    ],
    [
      'a variable that a module has not',
      'functions.tf',
      'runtime         =',
      'run_time        =',
      'there is no run_time',
    ],
    [
      'a variable that a module misses',
      'functions.tf',
      'runtime         =',
      'run_time        =',
      'runtime is missing',
    ],
    [
      'a variable without a description',
      'variables.tf',
      'description = "The managed runtime: nodejs-24 or nodejs-22."',
      'description = ""',
      'variable runtime has no description',
    ],
    [
      'an output without a description',
      'outputs.tf',
      'description = "Where everything',
      'sensitive = "Where everything',
      'output bucket has no description',
    ],
    [
      'the same variable again',
      'outputs.tf',
      'output "bucket"',
      'variable "bucket_name"',
      'var.bucket_name is declared twice',
    ],
  ])('would not be with %s', async (_, file, right, wrong, fault) => {
    const faults = await faultsOf(changed(root, file, right, wrong), inner);
    expect(faults.join('\n')).toContain(fault);
  });

  it('would not be with a misspelt argument of a function', async () => {
    const misspelt = changed(inner, 'main.tf', 'scale_down_delay ', 'scaledown_delay ');
    expect(await faultsOf(root, misspelt)).toEqual([expect.stringContaining('there is no scaledown_delay')]);
  });

  it.each([...root, ...inner])('are formatted as terraform fmt does: %s', async (_, text) => {
    expect(text).toBe(await formatHcl(text));
  });

  it('would not be with one blank too many', async () => {
    const text = root.get('project.tf') ?? '';
    expect(await formatHcl(text.replace('= data', '=  data'))).toBe(text);
  });
});
