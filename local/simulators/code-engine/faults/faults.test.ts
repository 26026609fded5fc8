import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { asFault, type CodeEngineFault } from '../fault.ts';
import { askForToken, callApi, signIn, type Answered } from '../testing/api-caller.ts';

let simulator: CodeEngineSimulator;
beforeAll(async () => {
  simulator = await startCodeEngineSimulator({
    projects: [
      { id: 'p1', name: 'one', region: 'eu-de', jobs: { a: {}, b: {}, c: {} } },
      { id: 'p2', name: 'two', region: 'us-south', jobs: { 'my-job': {} } },
    ],
  });
});
afterAll(() => simulator.close());
afterEach(() => {
  simulator.clearFaults();
  simulator.clearJournal();
  for (const region of ['eu-de', 'us-south']) simulator.setRegion(region, 'up');
});

const projects = (): Promise<Answered> => callApi(simulator, '/projects');
const jobs = (query = ''): Promise<Answered> => callApi(simulator, `/projects/p1/jobs${query}`);

describe('a fault of the API', () => {
  it.each([401, 403, 404, 409, 422, 429, 500, 502, 503])('status:%i, in its own form', async (status) => {
    const headers = await signIn(simulator);
    simulator.addFault(`status:${status}`);
    const answer = await callApi(simulator, '/projects', { headers });
    expect(answer).toMatchObject({ status, value: { errors: [{}], status_code: status } });
    expect(answer.headers.has('retry-after')).toBe(false);
  });

  it('status:429:7 says when to come again', async () => {
    simulator.addFault({ fault: 'status:429:7', operation: 'listProjects' });
    const { status, headers } = await projects();
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('slow is right, and body is what it was told', async () => {
    simulator.addFault({ fault: 'slow:5', operation: 'listProjects', calls: 1 });
    simulator.addFault({ fault: 'body:{"projects":7}', operation: 'listProjects' });
    expect(await projects()).toMatchObject({ status: 200, value: { projects: [{ id: 'p1' }] } });
    expect(await projects()).toMatchObject({ status: 200, value: { projects: 7 } });
  });

  it('hang lasts until the caller has enough', async () => {
    simulator.addFault({ fault: 'hang', operation: 'listProjects' });
    const url = `${simulator.apiEndpoint.replace('{region}', 'eu-de')}/projects`;
    const patience = fetch(url, { headers: await signIn(simulator), signal: AbortSignal.timeout(50) });
    await expect(patience).rejects.toThrow('timeout');
  });

  it('reset does nothing, lostAnswer everything but to answer', async () => {
    const create = (name: string) =>
      callApi(simulator, '/projects/p2/job_runs', { region: 'us-south', body: { job_name: 'my-job', name } });
    simulator.addFault({ fault: 'reset', operation: 'createJobRun', calls: 1 });
    simulator.addFault({ fault: 'lostAnswer', operation: 'createJobRun', calls: 1 });
    await expect(create('not-done')).rejects.toThrow('fetch failed');
    await expect(create('done')).rejects.toThrow('fetch failed');
    expect(simulator.runs('p2')).toMatchObject([{ name: 'done' }]);
    expect((await create('done')).status).toBe(409);
  });

  it.each(['endless', 'endless:same'] as const)('%s begins again and again', async (fault) => {
    simulator.addFault({ fault, operation: 'listJobs' });
    const tokens: string[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 4; page += 1) {
      const { value } = await jobs(query);
      const { next } = value as { next: { href: string; start: string } };
      expect(value).toMatchObject({ limit: 2, jobs: [{ name: 'a' }, { name: 'b' }] });
      tokens.push(next.start);
      query = new URL(next.href).search;
    }
    expect(new Set(tokens).size).toBe(fault === 'endless' ? 4 : 1);
  });

  it('expireTokens comes in the middle', async () => {
    simulator.addFault({ fault: 'expireTokens', operation: 'listJobs', after: 1, calls: 1 });
    const headers = await signIn(simulator);
    const ask = async () => (await callApi(simulator, '/projects/p1/jobs', { headers })).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 401, 401]);
    expect((await jobs()).status).toBe(200);
  });

  it('removeProject lets a project disappear', async () => {
    simulator.addProject({ id: 'p3', name: 'three', region: 'eu-de' });
    simulator.addFault({ fault: 'removeProject', project: 'p3', operation: 'listJobs' });
    expect((await callApi(simulator, '/projects/p3')).status).toBe(200);
    expect((await callApi(simulator, '/projects/p3/jobs')).status).toBe(404);
    expect((await callApi(simulator, '/projects/p3')).status).toBe(404);
  });
});

describe('a fault of IAM', () => {
  it.each([
    ['status:400', 400, 'Provided API key could not be found.'],
    ['status:401', 401, 'The simulator was told to answer 401.'],
    ['status:503', 503, 'The simulator was told to answer 503.'],
  ] as const)('%s', async (fault, status, errorMessage) => {
    simulator.addFault({ fault, operation: 'token', calls: 1 });
    expect(await askForToken(simulator)).toMatchObject({ status, value: { errorMessage } });
    expect((await askForToken(simulator)).status).toBe(200);
  });

  it.each<CodeEngineFault>(['reset', 'lostAnswer'])('%s', async (fault) => {
    simulator.addFault({ fault, operation: 'token' });
    await expect(askForToken(simulator)).rejects.toThrow('fetch failed');
  });
});

describe('a region', () => {
  it('can be down while the others are up', async () => {
    const elsewhere = () => callApi(simulator, '/projects', { region: 'us-south' });
    simulator.setRegion('us-south', 'unavailable');
    expect((await elsewhere()).status).toBe(503);
    simulator.setRegion('us-south', 'unreachable');
    await expect(elsewhere()).rejects.toThrow('fetch failed');
    expect((await projects()).status).toBe(200);
    simulator.setRegion('us-south', 'up');
    expect((await elsewhere()).status).toBe(200);
  });
});

describe('when a fault comes up', () => {
  it('is for the operation, the region and the project that are named', async () => {
    simulator.addFault({ fault: 'status:500', operation: 'listJobs', region: 'us-south' });
    simulator.addFault({ fault: 'status:502', project: 'p1' });
    expect((await projects()).status).toBe(200);
    expect((await jobs()).status).toBe(502);
    expect((await callApi(simulator, '/projects/p2/jobs', { region: 'us-south' })).status).toBe(500);
  });

  it('never, for a rule that cannot be', () => {
    expect(() => simulator.addFault({ fault: 'hang', calls: 0 })).toThrow('calls');
    expect(() => simulator.addFault({ fault: 'hang', after: -1 })).toThrow('after');
    expect(simulator.faults()).toEqual([]);
  });

  it.each(['', 'status:200', 'status:503:x', 'slow:', 'slow:600001', 'hang:1', 'endless:other', 'bodyx'])(
    'is refused: %j',
    (text) => {
      expect(() => asFault(text)).toThrow('is no fault; there are:');
    },
  );
});

describe('the journal', () => {
  it('has every request and no credentials', async () => {
    await projects();
    await callApi(simulator, '/nothing');
    const entries = simulator.journal();
    expect(entries.map(({ operation, method }) => [operation, method])).toEqual([
      ['token', 'POST'],
      ['listProjects', 'GET'],
      ['token', 'POST'],
      [undefined, 'GET'],
    ]);
    expect(entries[0]).toMatchObject({
      headers: { authorization: 'Basic ***' },
      body: 'grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=***',
    });
    expect(entries[1]).toMatchObject({ region: 'eu-de', headers: { authorization: 'Bearer ***' } });
    expect(simulator.journal('listProjects')).toEqual([entries[1]]);
  });
});
