import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { asFault, parseFault } from './fault.ts';
import { startMqSimulator } from './mq-simulator.ts';
import { SimulatorError } from '../shared/simulator-error.ts';

describe('a simulator', () => {
  it('takes the ports that are preferred when they are free, and others when not', async () => {
    const first = await startMqSimulator();
    const second = await startMqSimulator({ port: first.restPort, controlPort: first.restPort });
    expect(second.restPort).not.toBe(first.restPort);
    await first.close();
    const third = await startMqSimulator({ port: first.restPort });
    expect(third.restPort).toBe(first.restPort);
    expect(third.restBaseUrl).toBe(`${third.restUrl}:${third.restPort}`);
    await Promise.all([second.close(), third.close()]);
  });

  it('closes at once although answers hang, come slowly and connections are kept', async () => {
    const simulator = await startMqSimulator({
      queueManagers: [{ name: 'HANG' }, { name: 'SLOW' }, { name: 'OK' }],
    });
    simulator.setFault('HANG', 'hang');
    simulator.setFault('SLOW', 'slow:60000');
    const headers = { authorization: `Basic ${btoa('mqreader:mqreader')}` };
    const failed = ['HANG', 'SLOW'].map((qmgr) =>
      fetch(`${simulator.restBaseUrl}/ibmmq/rest/v1/admin/qmgr/${qmgr}/queue`, { headers }).catch(
        () => 'cut',
      ),
    );
    await fetch(`${simulator.restBaseUrl}/ibmmq/rest/v1/admin/qmgr/OK/queue`, { headers });
    await expect.poll(() => simulator.journal().length).toBe(3);
    const startedMs = performance.now();
    await simulator.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await Promise.all(failed)).toEqual(['cut', 'cut']);
  });

  it('goes on when a caller goes away in the middle', async () => {
    const simulator = await startMqSimulator({ queueManagers: [{ name: 'QM1' }] });
    simulator.setFault('QM1', 'huge:200000');
    const headers = { authorization: `Basic ${btoa('mqreader:mqreader')}` };
    const target = `${simulator.restBaseUrl}/ibmmq/rest/v1/admin/qmgr/QM1/queue`;
    await new Promise<void>((resolve) => {
      const outgoing = request(target, { headers }, (incoming) => {
        incoming.once('data', () => outgoing.destroy());
        incoming.once('error', () => undefined);
        incoming.once('close', resolve);
      });
      outgoing.end();
    });
    simulator.setFault('QM1', undefined);
    expect((await fetch(target, { headers })).status).toBe(200);
    await simulator.close();
  });

  it('does in code what the control API does, and throws where that refuses', async () => {
    const simulator = await startMqSimulator({ queueManagers: [{ name: 'QM1', queues: { Q: 2 } }] });
    expect(simulator.put('QM1', 'Q')).toBe(3);
    expect(simulator.get('QM1', 'Q', 9)).toBe(3);
    expect(simulator.get('QM1', 'Q')).toBe(0);
    expect(() => simulator.put('QM1', 'NONE')).toThrow(SimulatorError);
    expect(() => simulator.put('QM1', 'Q', 1.5)).toThrow('whole number');
    expect(() => simulator.setFault('QM2', 'hang')).toThrow('"QM2"');
    await simulator.close();
  });

  it('refuses to start with a definition that cannot be', async () => {
    const start = startMqSimulator({ queueManagers: [{ name: 'QM 1' }] });
    await expect(start).rejects.toThrow('not a queue manager name');
  });
});

describe('a fault', () => {
  it.each([
    ['status:503', { kind: 'status', value: 503, isEmpty: false }],
    ['html:200', { kind: 'html', value: 200 }],
    ['slow:0', { kind: 'slow', value: 0 }],
    ['huge:1000', { kind: 'huge', value: 1000 }],
    ['reset', { kind: 'reset', when: 'before' }],
    ['reset:body', { kind: 'reset', when: 'body' }],
    ['hang', { kind: 'hang' }],
    ['status:500:empty', { kind: 'status', value: 500, isEmpty: true }],
    ['clockSkew:-90', { kind: 'clockSkew', value: -90 }],
    ['rotatePassword:new:one', { kind: 'rotatePassword', text: 'new:one' }],
    ['overAllTypo', { kind: 'overAllTypo' }],
    ['wrongShape', { kind: 'wrongShape', shape: 'array' }],
    ['wrongShape:null', { kind: 'wrongShape', shape: 'null' }],
  ])('is taken apart: %s', (text, parsed) => {
    expect(parseFault(text)).toEqual(parsed);
  });

  it.each([
    '',
    'nope',
    'status',
    'status:',
    'status:99',
    'status:600',
    'status:5e2',
    'slow:-1',
    'hang:1',
    'hang:',
    'reset:x',
    'huge:1:2',
    'huge:9999999',
    'wrongShape:toString',
    'huge:1:empty',
    'attr120:',
    'constructor:1',
  ])('is refused: %j', (text) => {
    expect(() => asFault(text)).toThrow('is no fault; there are:');
  });
});
