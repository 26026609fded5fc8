import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../lib/platform/configuration/load-configuration.ts';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { slotSettings } from '../../lib/platform/configuration/slot-texts.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { conditionsOf, readTerraform } from '../support/terraform-deployment.ts';
import { bodiesOf, parseHcl, textOf, type HclBody } from '../support/terraform-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctionList(ROOT);
const { deployment, oneFunction } = await readTerraform(ROOT);
const { locals } = deployment;

const known = settings.flatMap(({ name, env = [name] }) => env);

const numbered = (key: string): readonly string[] => [key, `${key}0`, `${key}19`];
const all = [...known, ...slotSettings.flatMap(({ key }) => numbered(key))];
const conditions = conditionsOf(deployment, 'settings').join('\n');

describe('secrets', () => {
  const secret = [
    ...settings.flatMap((setting) => (setting.secret === true ? (setting.env ?? [setting.name]) : [])),
    ...slotSettings.flatMap((setting) => (setting.secret === true ? numbered(setting.key) : [])),
  ];

  it('are refused among the settings, in capitals or not, and nothing else is', () => {
    const pattern = new RegExp(textOf(locals['secret_settings']));
    const refused = all.filter((name) => pattern.test(name.toUpperCase()));
    expect(refused.toSorted()).toEqual(secret.toSorted());
    expect(conditions).toContain('regex(local.secret_settings, upper(name))');
  });

  it('come in by name', () => {
    const made = [...deployment.blocks, ...oneFunction.blocks].filter(({ kind }) => kind === 'resource');
    expect(made.filter(({ labels: [type = ''] }) => /secret|key/.test(type))).toEqual([]);
    const body = oneFunction.body('resource', 'ibm_code_engine_function', 'function');
    expect(bodiesOf(body['run_env_variables'])).toEqual([
      { type: 'config_map_full_reference', reference: '${var.settings_map}' },
      { type: 'secret_full_reference', reference: '${var.settings_secret}' },
    ]);
  });
});

describe('settings', () => {
  it('that follow from resources are known, and are all that nobody else may set', () => {
    const map = deployment.body('resource', 'ibm_code_engine_config_map', 'settings');
    const given = [locals['own_settings'], locals['dashboard_settings'], map['data']]
      .flatMap((value) => [...JSON.stringify(value).matchAll(/(\w+)\\?"?\s*[=:]/g)])
      .map(([, name = '']) => name);
    const computed = locals['computed_settings'] as readonly string[];
    expect(given.filter((name) => known.includes(name)).toSorted()).toEqual(computed.toSorted());
  });

  it('that mean a machine of one’s own, or that the platform sets, are refused', () => {
    const other = locals['other_settings'] as readonly string[];
    expect(other).toEqual([
      'CE_PROJECT_ID',
      'CE_REGION',
      'DATA_DIR',
      'EnvFile',
      'HOST',
      'NO_COS',
      'PORT',
      'TEST',
    ]);
    expect(conditions).toContain('setintersection(keys(var.settings), local.other_settings)');
  });

  it('hold the text of certificates, and no path', () => {
    const pattern = new RegExp(textOf(locals['text_settings']));
    expect(all.filter((name) => pattern.test(name)).toSorted()).toEqual(
      ['CA_FILE', 'CERT_FILE'].flatMap(numbered).toSorted(),
    );
    expect(conditions).toContain('startswith(trimspace(value), "-----BEGIN")');
  });

  it('of the example are a deployment that starts', async () => {
    const path = join(ROOT, 'infra', 'terraform', 'terraform.tfvars.example');
    const example = await parseHcl('example.tf', readFileSync(path, 'utf8'));
    const variables = deployment.blocks.filter(({ kind }) => kind === 'variable');
    const needed = variables.filter(({ body }) => !('default' in body));
    expect(Object.keys(example)).toEqual(expect.arrayContaining(needed.flatMap(({ labels }) => labels)));
    const declared = new Set(variables.flatMap(({ labels }) => labels));
    expect(Object.keys(example).filter((name) => !declared.has(name))).toEqual([]);
    const images = Object.keys(example['code_references'] as HclBody);
    expect(images.toSorted()).toEqual(functions.map(({ name }) => name).toSorted());

    const computed = {
      ...{ STORE: 'cos', STORE_PREFIX: textOf(deployment.body('variable', 'store_prefix')['default']) },
      bucket: textOf(example['bucket_name']),
      endpoints: 's3.direct.eu-de.cloud-object-storage.appdomain.cloud',
      ...{ COS_TRUSTED_PROFILE: 'Profile-1', CE_TRUSTED_PROFILE: 'Profile-2' },
      DASHBOARD_ORIGIN: 'https://actuator.abc.eu-de.codeengine.appdomain.cloud',
      DASHBOARD_REGISTER_URL: 'https://register.abc.eu-de.codeengine.appdomain.cloud',
    };
    expect(Object.keys(computed).toSorted()).toEqual(
      (locals['computed_settings'] as readonly string[]).toSorted(),
    );
    const secrets = {
      ADMIN_PASSWORD: 'secret',
      REGISTER_TOKENS: 'a-register-token-0123456789',
      ADMIN_TOKENS: 'an-admin-token-0123456789',
    };
    const platform = { CE_PROJECT_ID: '15314cc3-85b4-4338-903f-c28cdee6d005', CE_REGION: 'eu-de' };
    const given = example['settings'] as Readonly<Record<string, string>>;
    const loaded = loadConfiguration({ ...given, ...computed, ...secrets, ...platform }, () => '{}');
    expect(loaded).toMatchObject({ ok: true, configuration: { warnings: [] } });
  });
});
