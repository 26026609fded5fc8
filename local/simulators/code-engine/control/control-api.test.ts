import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi } from '../testing/api-caller.ts';

let simulator: CodeEngineSimulator;
beforeEach(async () => {
  simulator = await startCodeEngineSimulator({
    projects: [{ id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': {} } }],
  });
});
afterEach(() => simulator.close());

async function control(
  request: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly value: unknown }> {
  const [method = 'GET', path = ''] = request.split(' ');
  const response = await fetch(`${simulator.controlUrl}/_emu${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, value: await response.json() };
}
const createRun = (name: string) =>
  callApi(simulator, '/projects/p1/job_runs', { body: { job_name: 'my-job', name } });

describe('the control API', () => {
  it('shows what there is and what can be asked', async () => {
    await createRun('r');
    const { value } = await control('GET ');
    expect(value).toMatchObject({
      regions: { 'eu-de': 'up' },
      projects: {
        p1: { name: 'one', status: 'active', jobs: ['my-job'], runs: [{ name: 'r', job: 'my-job' }] },
      },
      faults: [],
      requests: expect.arrayContaining([expect.stringContaining('POST /_emu/faults: ')]) as unknown,
    });
  });

  it('adds, changes and takes away projects and jobs', async () => {
    await control('PUT /project/p2', { name: 'two', region: 'us-south' });
    await control('PUT /project/p2/job/new', { runMs: 5, scale_array_spec: '0-1' });
    await control('PUT /project/p2/job/other');
    await control('DELETE /project/p2/job/other');
    expect((await control('POST /project/p2/status?status=deleting')).value).toMatchObject({
      p2: { region: 'us-south', status: 'deleting', jobs: ['new'] },
    });
    expect((await control('DELETE /project/p2')).value).not.toHaveProperty('p2');
  });

  it('ends runs', async () => {
    for (const name of ['good', 'bad']) await createRun(name);
    expect((await control('POST /project/p1/run/good/finish?index=0')).value).toMatchObject({
      status: 'completed',
    });
    expect((await control('POST /project/p1/run/bad/fail?reason=OOMKilled')).value).toMatchObject({
      status: 'failed',
    });
    expect(JSON.stringify((await callApi(simulator, '/projects/p1/job_runs/bad')).value)).toContain(
      'OOMKilled',
    );
    expect((await control('POST /project/p1/run/bad/fail')).status).toBe(409);
  });

  it('sets faults with conditions, and clears them', async () => {
    const rule = {
      fault: 'status:429:5',
      operation: 'createJobRun',
      region: 'eu-de',
      project: 'p1',
      calls: 1,
    };
    const query = new URLSearchParams({ ...rule, calls: '1', after: '1' });
    expect((await control(`POST /faults?${query.toString()}`)).value).toEqual([{ ...rule, after: 1 }]);
    expect([(await createRun('a')).status, (await createRun('b')).status]).toEqual([202, 429]);
    await control('DELETE /faults');
    expect((await control('GET /faults')).value).toEqual([]);
  });

  it('sets regions, tokens and switches, and shows the journal', async () => {
    expect((await control('PUT /region/eu-de?state=unavailable')).value).toEqual({ 'eu-de': 'unavailable' });
    expect((await callApi(simulator, '/projects')).status).toBe(503);
    await control('POST /tokens/expire');
    await control('POST /tokens/lifetime?ms=60000');
    expect((await control('PUT /switches', { clashStatus: '422' })).value).toMatchObject({
      clashStatus: '422',
    });
    expect((await control('GET /switches')).value).toMatchObject({ settings: { clashStatus: '422' } });
    expect((await control('GET /journal?operation=listProjects')).value).toHaveLength(1);
    await control('DELETE /journal');
    expect((await control('GET /journal')).value).toEqual([]);
  });

  it.each([
    ['GET /nothing', undefined, 404, 'nothing is at'],
    ['PUT /journal', undefined, 405, 'GET and DELETE only'],
    ['DELETE /project/none', undefined, 404, 'no project'],
    ['DELETE /project/p1/job/none', undefined, 404, 'no job'],
    ['PUT /project/p2', {}, 400, 'name and region'],
    ['PUT /project/p2', { name: 'x', region: 'eu-de', more: 1 }, 400, 'more: not known'],
    ['PUT /project/p1/job/j', { runMs: -1 }, 400, 'runMs'],
    ['PUT /project/p1/job/j', '[', 400, 'not a JSON object'],
    ['POST /project/p1/status?status=x', undefined, 400, 'status is one of active'],
    ['POST /project/p1/run/none/finish', undefined, 404, 'no run'],
    ['POST /project/p1/run/none/finish?index=x', undefined, 400, 'index is a whole number'],
    ['PUT /region/eu-de?state=x', undefined, 400, 'state is one of up'],
    ['POST /tokens/lifetime', undefined, 400, 'a token lives'],
    ['POST /faults?fault=x', undefined, 400, 'is no fault'],
    ['POST /faults?fault=hang&operation=x', undefined, 400, 'operation is one of'],
    [
      'PUT /switches',
      { clashStatus: '200', x: 1 },
      400,
      'clashStatus is one of 409, 400, 422; x is no switch',
    ],
  ])('refuses %s with %j', async (request, body, status, words) => {
    const answer = await control(request, body);
    expect(answer.status).toBe(status);
    expect((answer.value as { error: string }).error).toContain(words);
  });
});
