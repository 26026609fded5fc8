import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.ts';

const problemOf = (notify: string): string | undefined => {
  const parsed = parseTarget(notify);
  return parsed.ok ? undefined : parsed.problem;
};

describe('a target', () => {
  it.each([
    ['https://app.example/hook?x=1', 'https://app.example/hook?x=1'],
    ['http://app.example', 'http://app.example/'],
    ['HTTPS://APP.example:8443/A', 'https://app.example:8443/A'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
    ['https://[2606:4700::1]/', 'https://[2606:4700::1]/'],
    ['https://good.example\\@evil.example/', 'https://good.example/@evil.example/'],
  ])('%s is a URL', (notify, href) => {
    const parsed = parseTarget(notify);
    expect(parsed.ok && parsed.target.kind === 'url' && parsed.target.url.href).toBe(href);
  });

  it.each([
    ['my-job', { job: 'my-job' }],
    ['http', { job: 'http' }],
    ['http-worker', { job: 'http-worker' }],
    ['1', { job: '1' }],
    ['My Project/my-job', { job: 'my-job', project: 'My Project' }],
    ['eu-de/prod_1/my-job', { job: 'my-job', project: 'prod_1', region: 'eu-de' }],
    ['j'.repeat(63), { job: 'j'.repeat(63) }],
  ])('%s is a job', (notify, job) => {
    expect(parseTarget(notify)).toEqual({ ok: true, target: { kind: 'job', ...job } });
  });

  it.each(['orders', 'orders.eu.new', 'a', 'ä.ö', '$SYS.x', 's'.repeat(256)])(
    'nats:%s is a subject',
    (subject) => {
      expect(parseTarget(`nats:${subject}`)).toEqual({ ok: true, target: { kind: 'nats', subject } });
    },
  );

  it.each([
    ['https:app.example', 'must start with http:// or https://'],
    ['http:/app.example', 'must start with http:// or https://'],
    ['https:\\\\app.example', 'must start with http:// or https://'],
    ['https://', 'is not a valid URL'],
    ['https://app.example:99999/', 'is not a valid URL'],
    ['https://[::1%25eth0]/', 'is not a valid URL'],
    ['https://a b.example/', 'must not contain blanks or control characters'],
    ['https://app.example/a\nb', 'must not contain blanks or control characters'],
    ['https://app.example/\u0000', 'must not contain blanks or control characters'],
    ['https://user@app.example/', 'must not contain credentials'],
    ['https://:secret@app.example/', 'must not contain credentials'],
    ['https://app.example/#', 'must not contain a fragment'],
    ['https://app.example/#part', 'must not contain a fragment'],
  ])('%j is a URL that %s', (notify, problem) => {
    expect(problemOf(notify)).toBe(problem);
  });

  it.each(['', '.', '.a', 'a.', 'a..b', '*', 'a.*', 'a.>', 'a b', 'a\tb', 's'.repeat(257)])(
    'nats:%j is not a subject',
    (subject) => {
      expect(problemOf(`nats:${subject}`)).toMatch(/^must be nats: and a subject/);
    },
  );

  it.each([
    '',
    ' ',
    '/',
    '/job',
    'a//job',
    'a/b/c/job',
    'Job',
    'job_1',
    '-job',
    'job-',
    'j'.repeat(64),
    'ftp://app.example/',
    'NATS:orders',
    'a /job',
    ' a/job',
    'job\n',
    'jöb',
    '../job',
    'mailto:x@y.example',
  ])('%j is nothing that could be woken', (notify) => {
    expect(problemOf(notify)).toMatch(/^must be an http\(s\) URL, nats:<subject>, or a job name/);
  });

  it('is judged, whatever text it is, and the text is never repeated', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: 'grapheme' }).map((text) => `https://${text}`),
        ),
        (text) => {
          const parsed = parseTarget(text);
          const said = parsed.ok ? 'nothing' : parsed.problem;
          expect(said).not.toBe('');
          expect(said.includes(text) && text.length > 12).toBe(false);
        },
      ),
    );
  });

  it('of great length takes no time', () => {
    const startedMs = performance.now();
    for (const text of [
      `nats:${'a.'.repeat(100_000)}`,
      'a/'.repeat(100_000),
      `a${'-'.repeat(200_000)}`,
      ` ${'x '.repeat(99_999)}/j`,
    ])
      expect(parseTarget(text).ok).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});
