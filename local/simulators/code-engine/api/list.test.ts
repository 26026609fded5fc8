import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi, namesIn } from '../testing/api-caller.ts';

let simulator: CodeEngineSimulator;
beforeEach(async () => {
  simulator = await startCodeEngineSimulator({
    projects: [{ id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': {} } }],
  });
});
afterEach(() => simulator.close());

describe('a list', () => {
  const create = async (name: string): Promise<void> => {
    await callApi(simulator, '/projects/p1/job_runs', { body: { job_name: 'my-job', name } });
  };
  const walk = async (
    perPage: (page: number) => Promise<void> = async () => undefined,
  ): Promise<readonly string[]> => {
    const names: string[] = [];
    let query = '?limit=2&job_name=my-job';
    for (let page = 0; page < 10; page += 1) {
      const answer = await callApi(simulator, `/projects/p1/job_runs${query}`);
      names.push(...namesIn(answer, 'job_runs'));
      const { next } = answer.value as { next?: { href: string; start: string } };
      if (next === undefined) return names;
      query = new URL(next.href).search;
      expect(new URL(next.href).searchParams.get('start')).toBe(next.start);
      await perPage(page);
    }
    throw new Error('it does not end');
  };

  it.each([
    ['newestFirst', ['b', 'c', 'e', 'a', 'd']],
    ['oldestFirst', ['d', 'a', 'e', 'c', 'b']],
    ['byName', ['a', 'b', 'c', 'd', 'e']],
  ])('comes in pages, %s', async (listOrder, names) => {
    simulator.setSwitches({ listOrder });
    for (const name of ['d', 'a', 'e', 'c', 'b']) await create(name);
    expect(await walk()).toEqual(names);
  });

  it('shows what stays once, although runs come and go between pages', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    const names = await walk(async (page) => {
      if (page > 0) return;
      await create('f');
      await callApi(simulator, '/projects/p1/job_runs/d', { method: 'DELETE' });
    });
    expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it.each(['limit=0', 'limit=x', 'start=', 'start=!'])('refuses %s', async (query) => {
    expect((await callApi(simulator, `/projects/p1/job_runs?${query}`)).status).toBe(400);
  });

  it('has at most 100 items a page', async () => {
    expect((await callApi(simulator, '/projects?limit=101')).value).toMatchObject({ limit: 100 });
    simulator.setSwitches({ limitOverMax: 'refused' });
    expect((await callApi(simulator, '/projects?limit=101')).status).toBe(400);
  });
});
