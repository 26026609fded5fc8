import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { planHost } from '../../local/host/host-plan.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { kubernetesFaults, type Manifest } from '../support/kubernetes-faults.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const manifestsIn = (folder: string): readonly Manifest[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(ROOT, folder, name), 'utf8')))
    .map((document) => {
      // Twice the same key, for one, is an error of the document.
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as Manifest;
    });

const resident = manifestsIn('infra/kubernetes');
const cycles = manifestsIn('infra/kubernetes/cron-jobs');
const every = [...resident, ...cycles];

/** All values that stand under `key`, wherever it is. */
function under(key: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...under(key, inner),
  ]);
}
const namesUnder = (key: string, value: unknown): readonly string[] =>
  under(key, value).map((reference) => (reference as { readonly name: string }).name);
const named = (kind: string): readonly string[] =>
  every.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
const one = (kind: string, of: readonly Manifest[] = every): Manifest => {
  const found = of.find((manifest) => manifest.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
};
const podsOf = (manifest: Manifest) =>
  under('template', manifest).flatMap((template) => under('spec', template));

describe('the manifests', () => {
  it('are there', () => {
    expect(resident.map(({ kind }) => kind).toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'Service',
    ]);
    expect(named('CronJob')).toHaveLength(3);
  });

  it('are what the API takes', () => {
    expect(kubernetesFaults(ROOT, every)).toEqual([]);
  });

  it('would not be with misspelt keys, values of another type, or without what is needed', () => {
    const spelt = (manifest: Manifest, right: string | RegExp, wrong: string): Manifest => {
      const text = JSON.stringify(manifest);
      expect(text).toMatch(right);
      return JSON.parse(text.replace(right, wrong)) as Manifest;
    };
    const deployment = one('Deployment');
    const faults = kubernetesFaults(ROOT, [
      spelt(deployment, 'readOnlyRootFilesystem', 'readOnlyRootFileSystem'),
      spelt(one('CronJob'), 'concurrencyPolicy', 'concurencyPolicy'),
      spelt(deployment, /"replicas":1/, '"replicas":"one"'),
      spelt(deployment, /"name":"observer",/, ''),
      spelt(deployment, 'apps/v1', 'apps/v2'),
    ]);
    expect(faults).toHaveLength(5);
    expect(faults.slice(0, 2).join('\n')).toMatch(/readOnlyRootFileSystem.*\n.*concurencyPolicy/s);
  });

  it.each([
    ['configMapRef', 'ConfigMap'],
    ['configMapKeyRef', 'ConfigMap'],
  ])('refer by %s to a %s that there is', (key, kind) => {
    expect(namesUnder(key, every).filter((name) => !named(kind).includes(name))).toEqual([]);
  });

  it('refer to the volume, the Pods and the ports that there are', () => {
    const deployment = one('Deployment');
    expect(under('claimName', deployment)).toEqual(named('PersistentVolumeClaim'));
    const labels = under('labels', under('template', deployment))[0];
    const service = one('Service');
    expect(labels).toMatchObject(under('selector', service)[0] as object);
    expect(labels).toMatchObject(under('matchLabels', deployment)[0] as object);
    expect(labels).toMatchObject(under('matchLabels', one('NetworkPolicy'))[0] as object);
    expect(under('containerPort', deployment)).toEqual([8080]);
    expect(new Set(under('value', cycles))).toEqual(new Set([`http://${service.metadata.name}:8080`]));
  });

  it('give no Pod more than the restricted standard allows', () => {
    const pods = every.flatMap(podsOf).filter((spec) => under('containers', spec).length > 0);
    const containers = every.flatMap((manifest) => under('containers', manifest)).flat();
    expect(containers).toHaveLength(4);
    for (const container of containers)
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      });
    for (const pod of pods.filter((spec) => 'containers' in (spec as object)))
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
  });

  it('hold settings that an observer starts with', () => {
    const settings = Object.assign({}, ...under('data', every)) as Readonly<Record<string, string>>;
    expect(settings).toHaveProperty('NOTIFY_SCHEDULE');
    const secrets = {
      REGISTER_TOKENS: 'a-register-token-0123456789',
      ADMIN_TOKENS: 'an-admin-token-0123456789',
      ADMIN_USER: 'observer',
      ADMIN_PASSWORD: 'secret',
    };
    const planned = planHost({
      env: { HOST: '0.0.0.0', DATA_DIR: '/data', ...settings, ...secrets },
      readText: () => '{}',
      cwd: '/app',
    });
    expect(planned).toMatchObject({ ok: true, plan: { configuration: { warnings: [] } } });
  });
});

describe('the CronJobs', () => {
  const jobs = cycles.filter(({ kind }) => kind === 'CronJob');

  it('call every cycle that the list of functions has', () => {
    const onTime = readFunctionList(ROOT).flatMap(({ name, triggers }) =>
      triggers.flatMap((trigger) =>
        trigger.kind === 'cron' ? [[`mq-observer-${name}`, ['cycle', trigger.cycle]]] : [],
      ),
    );
    expect(jobs.map((job) => [job.metadata.name, under('args', job)[0]])).toEqual(onTime);
  });

  it('are alike but for name, schedule and cycle', () => {
    const rest = jobs.map((job) => {
      const varying = [job.metadata.name, ...under('schedule', job), ...under('args', job)];
      return varying.reduce<string>(
        (text, value) => text.replace(JSON.stringify(value), '"…"'),
        JSON.stringify(job),
      );
    });
    expect(new Set(rest)).toHaveLength(1);
  });

  it('send the own timers of the observer away', () => {
    const { data } = one('ConfigMap', cycles) as Manifest & { readonly data: object };
    const settings = readFunctionList(ROOT).flatMap(({ triggers }) =>
      triggers.flatMap((trigger) => (trigger.kind === 'cron' ? [trigger.scheduleSetting] : [])),
    );
    expect(Object.keys(data).toSorted()).toEqual(settings.toSorted());
  });

  it('never run twice at once, and never for ever', () => {
    for (const job of jobs) {
      expect(under('concurrencyPolicy', job)).toEqual(['Forbid']);
      expect(under('startingDeadlineSeconds', job)).toEqual([60]);
      expect(under('activeDeadlineSeconds', job)).toEqual([180]);
    }
  });
});
