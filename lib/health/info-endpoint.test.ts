import { describe, expect, it } from 'vitest';
import { createInfoEndpoint } from './info-endpoint.ts';

const ask = (...params: string[]) => ({ params, query: new URLSearchParams(), isAdmin: true });
const app = { name: 'app', info: () => ({ version: '1' }) };

describe('the info endpoint', () => {
  it('answers what each contributor tells, under its name', async () => {
    const runtime = { name: 'runtime', info: () => 'node' };
    expect(await createInfoEndpoint([app, runtime]).answer(ask())).toEqual({
      status: 200,
      body: { app: { version: '1' }, runtime: 'node' },
    });
  });

  it('answers 500 when one fails, with why in its place and all others', async () => {
    const broken = {
      name: 'configuration',
      info: () => {
        throw new Error('no certificate');
      },
    };
    expect(await createInfoEndpoint([broken, app]).answer(ask())).toEqual({
      status: 500,
      body: { configuration: 'Error: no certificate', app: { version: '1' } },
    });
  });

  it('has nothing below it', async () => {
    expect(await createInfoEndpoint([app]).answer(ask('app'))).toBeUndefined();
  });
});
