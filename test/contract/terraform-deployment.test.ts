import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNames } from '../../infra/deploy/names.ts';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { leaseKey, reportKey, snapshotKey } from '../../lib/store/keys.ts';
import { DEAD_LETTERS } from '../../lib/store/outbox-entry.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { dockerfileFaults, stagesOf } from '../support/dockerfile.ts';
import { conditionsOf, quotedIn, readTerraform } from '../support/terraform-deployment.ts';
import { isPermitted } from '../support/terraform-faults.ts';
import { bodiesOf, isBody, textOf, type Hcl, type HclBody } from '../support/terraform-files.ts';
import { terraformSchema } from '../support/terraform-schema.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctionList(ROOT);
const names = functions.map(({ name }) => name);
const { deployment, oneFunction } = await readTerraform(ROOT);
const { locals } = deployment;

describe('the functions', () => {
  const body = oneFunction.body('resource', 'ibm_code_engine_function', 'function');
  const { values = {} } = terraformSchema['resource ibm_code_engine_function'] ?? {};

  it('are those of functions.json', () => {
    expect(locals['functions']).toContain(
      'jsondecode(file("${path.module}/../../functions/functions.json")).functions',
    );
    const groups = { timed: 'project', served: 'public' };
    for (const [group, visibility] of Object.entries(groups)) {
      expect(locals[group]).toContain(`if entry.visibility == "${visibility}"`);
      expect(deployment.body('module', group)).toMatchObject({
        for_each: `\${local.${group}}`,
        name: '${local.function_names[each.key]}',
        entry: '${each.value}',
      });
    }
    expect(new Set(functions.map(({ visibility }) => visibility))).toEqual(new Set(Object.values(groups)));
    for (const name of names) expect(isPermitted(name, values['name'])).toBe(true);
  });

  it.each([
    ['scale_cpu_limit', 'cpu'],
    ['scale_memory_limit', 'memory'],
    ['scale_concurrency', 'concurrency'],
    ['scale_down_delay', 'scaleDownDelaySeconds'],
    ['scale_max_execution_time', 'maxExecutionSeconds'],
  ] as const)('have the %s of functions.json, which the provider takes', (argument, field) => {
    expect(body[argument]).toBe(`\${var.entry.${field}}`);
    expect(values).toHaveProperty(argument);
    for (const entry of functions) expect(isPermitted(entry[field], values[argument])).toBe(true);
  });

  it('are visible as functions.json says', () => {
    expect(body['managed_domain_mappings']).toBe('${local.domain_mappings[var.entry.visibility]}');
    expect(oneFunction.locals['domain_mappings']).toEqual({ public: 'local_public', project: 'local' });
  });

  it('have the names that npm run deploy gives', () => {
    const { names: deployed } = readNames({ MQ_OBSERVER_PREFIX: 'test-' }, functions);
    const named = (text: Hcl | undefined): string => textOf(text).replace('${var.prefix}', 'test-');
    expect(named(locals['settings_secret'])).toBe(deployed.secret);
    const map = deployment.body('resource', 'ibm_code_engine_config_map', 'settings');
    expect(named(map['name'])).toBe(deployed.configMap);
    expect(named(locals['function_names'])).toContain(`name => "${deployed.ofFunction('${name}')}"`);
    const { project } = readNames({}, functions).names;
    expect(deployment.body('variable', 'project_name')['default']).toBe(project);
  });

  it('are in a project whose name is no option of the CLI', () => {
    const pattern = new RegExp(textOf(locals['project_name']));
    for (const project of [
      'mq-observer',
      '7',
      'a b',
      'a'.repeat(128),
      '--force',
      '-a',
      ' a',
      '.a',
      'a'.repeat(129),
    ])
      expect([project, pattern.test(project)]).toEqual([
        project,
        project.trim() === project &&
          readNames({ MQ_OBSERVER_PROJECT: project }, functions).problems.length === 0,
      ]);
    expect(conditionsOf(deployment, 'project_name').join()).toContain('local.project_name');
  });

  it('come as images of IBM Container Registry, by tag or digest or both', () => {
    const pattern = new RegExp(textOf(locals['image_reference']));
    const digest = `@sha256:${'0a'.repeat(32)}`;
    const right = [
      'de.icr.io/ns/app:1',
      'jp2.icr.io/ns/app:1',
      'icr.io/ns/app:1',
      'private.de.icr.io/ns/a/b:v1.2',
    ];
    for (const image of [...right, `de.icr.io/ns/app${digest}`, `de.icr.io/ns/app:1${digest}`])
      expect(image).toMatch(pattern);
    const wrong = ['de.icr.io/ns/app', 'cr://de.icr.io/ns/app:1', 'docker.io/ns/app:1', 'xicr.io/ns/app:1'];
    for (const image of [...wrong, `de.icr.io/ns/app${digest}:1`, 'de.icr.io/ns/app@sha256:0a'])
      expect(image).not.toMatch(pattern);
    expect(conditionsOf(deployment, 'code_references').join()).toContain('local.image_reference');
  });

  it('that have a URL are told it by each other', () => {
    expect(locals['dashboard_settings']).toEqual({
      actuator: { DASHBOARD_REGISTER_URL: '${local.urls["register"]}' },
      register: { DASHBOARD_ORIGIN: '${local.urls["actuator"]}' },
    });
    const open = functions.filter(({ visibility }) => visibility === 'public').map(({ name }) => name);
    expect(open.toSorted()).toEqual(['actuator', 'register']);
  });

  it('are made of what the build leaves', () => {
    const dockerfile = readFileSync(join(ROOT, 'infra', 'terraform', 'Dockerfile'), 'utf8');
    expect(dockerfileFaults(dockerfile)).toEqual([]);
    expect(stagesOf(dockerfile)).toMatchObject([
      [
        { keyword: 'FROM', text: 'scratch' },
        { keyword: 'COPY', text: 'main.js package.json /' },
      ],
    ]);
  });
});

describe('the bucket', () => {
  const lifecycle = deployment.body('resource', 'ibm_cos_bucket_lifecycle_configuration', 'store');
  const made = isBody(lifecycle['dynamic']) ? bodiesOf(lifecycle['dynamic']['lifecycle_rule']) : [];
  const rules: readonly HclBody[] = [
    ...bodiesOf(lifecycle['lifecycle_rule']),
    ...made.flatMap(({ content }) => bodiesOf(content)),
  ];

  it('has the key prefix that is the default', () => {
    const byDefault = settings.find(({ name }) => name === 'STORE_PREFIX')?.byDefault;
    expect(deployment.body('variable', 'store_prefix')['default']).toBe(byDefault);
  });

  it('loses nothing current by age but dead letters', () => {
    const ageing = rules.filter(({ expiration }) =>
      bodiesOf(expiration).some((action) => 'days' in action || 'date' in action),
    );
    expect(ageing.map(({ filter }) => filter)).toEqual([[{ prefix: `\${var.store_prefix}${DEAD_LETTERS}` }]]);
  });

  it('keeps old versions of what is soon written again for a day', () => {
    const brief = rules.filter(({ noncurrent_version_expiration: old }) =>
      bodiesOf(old).some(({ noncurrent_days: days }) => days === 1),
    );
    expect(brief.map(({ filter }) => filter)).toEqual([
      [{ prefix: '${var.store_prefix}${lifecycle_rule.value}' }],
    ]);
    const keys = [leaseKey('notify'), reportKey('notify'), snapshotKey('all')];
    expect(quotedIn(locals['fleeting'])).toEqual(keys.map((key) => key.replace(/[^/]+$/, '')));
  });
});

describe('the trusted profiles', () => {
  const profileOf = (type: string, name: string): HclBody =>
    deployment.body('resource', `ibm_iam_trusted_profile_${type}`, name);

  it('let actuator read, and the others write, one bucket', () => {
    expect(names).toContain('actuator');
    expect(locals['store_access']).toContain('name => name == "actuator" ? "reader" : "writer"');
    expect(locals['store_roles']).toEqual({ reader: 'Reader', writer: 'Writer' });
    const policy = profileOf('policy', 'store');
    expect(policy).toMatchObject({
      for_each: '${local.store_roles}',
      iam_id: '${ibm_iam_trusted_profile.store[each.key].iam_id}',
      roles: ['${each.value}'],
    });
    expect(policy['resources']).toEqual([
      {
        service: 'cloud-object-storage',
        resource_instance_id: '${ibm_resource_instance.storage.guid}',
        resource_type: 'bucket',
        resource: '${ibm_cos_bucket.store.bucket_name}',
      },
    ]);
  });

  it('let notify-cycle alone start jobs, in one project', () => {
    expect(names).toContain('notify-cycle');
    expect(quotedIn(locals['job_starters'])).toEqual(['notify-cycle']);
    const policy = profileOf('policy', 'jobs');
    expect(policy).toMatchObject({ for_each: '${local.job_starters}', roles: ['Writer'] });
    expect(policy['resources']).toEqual([
      { service: 'codeengine', resource_instance_id: '${ibm_code_engine_project.observer.project_id}' },
    ]);
  });

  it.each([
    ['store', '${local.store_access}', '${ibm_iam_trusted_profile.store[each.value].id}'],
    ['jobs', '${local.job_starters}', '${ibm_iam_trusted_profile.jobs[each.key].id}'],
  ])('are linked to functions by name: %s', (name, each, profile) => {
    const link = { component_type: 'function', component_name: '${local.function_names[each.key]}' };
    expect(profileOf('link', name)).toMatchObject({ for_each: each, profile_id: profile, link: [link] });
    const body = oneFunction.body('resource', 'ibm_code_engine_function', 'function');
    expect(body['run_compute_resource_token_enabled']).toBe(true);
  });
});
