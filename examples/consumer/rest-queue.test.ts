import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import type { MessageQueue } from './message-queue.ts';
import { createRestQueue } from './rest-queue.ts';
import type { Settings } from './settings.ts';

let mq: MqSimulator;
beforeAll(async () => {
  mq = await startMqSimulator();
});
afterAll(() => mq.close());
beforeEach(() => {
  pauses.length = 0;
  mq.clearFaults();
  mq.clearJournal();
  mq.addQueueManager({ name: 'QM1', queues: { 'ORDERS/%NEW': 0 } });
});

const pauses: number[] = [];
const never = new AbortController().signal;
const open = (more: Partial<Settings> = {}, stop = never): MessageQueue =>
  createRestQueue(
    {
      restUrl: mq.restBaseUrl,
      user: 'app',
      password: 'app',
      queueManager: 'QM1',
      queue: 'ORDERS/%NEW',
      messageBytesMax: 1_000,
      runSecondsMax: 10,
      ...more,
    },
    { stop, pause: async (ms) => void pauses.push(ms) },
  );
const put = (text: string, format = 'MQSTR'): string => mq.putMessage('QM1', 'ORDERS/%NEW', { text, format });

describe('a queue over REST', () => {
  it('lists, reads and confirms messages by their ids', async () => {
    const queue = open();
    const [first, second] = [put('Grüße'), put('two')];
    expect(await queue.list(10)).toEqual([first, second]);
    expect(await queue.list(1)).toEqual([first]);
    expect(await queue.browse(first)).toEqual({ kind: 'message', message: { id: first, text: 'Grüße' } });
    expect(await queue.confirm(second)).toBe(true);
    expect(await queue.confirm(second)).toBe(false);
    expect(await queue.browse(second)).toEqual({ kind: 'gone' });
    expect(await queue.list(10)).toEqual([first]);
  });

  it('says of a message that it is too large, or no text', async () => {
    const queue = open();
    expect(await queue.browse(put('x'.repeat(1_000)))).toMatchObject({ kind: 'message' });
    expect(await queue.browse(put('x'.repeat(1_001)))).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('MAX_MESSAGE_BYTES (1000)') as string,
    });
    expect(await queue.browse(put('x', 'MQDEAD'))).toMatchObject({ kind: 'unreadable' });
  });

  it('asks again when the server is not well', async () => {
    const id = put('one');
    mq.addFault({ fault: 'status:503', calls: 1 });
    expect(await open().list(10)).toEqual([id]);
    expect(mq.journal('QM1')).toHaveLength(2);
    expect(pauses).toEqual([500]);
  });

  it('takes nothing else away when the answer to a confirmation was lost', async () => {
    const [id] = [put('one'), put('two')];
    mq.addFault({ fault: 'reset:body', calls: 1 });
    expect(await open().confirm(id)).toBe(false);
    expect(mq.depth('QM1', 'ORDERS/%NEW')).toBe(1);
  });

  it.each([
    [{ password: 'wrong' }, /401.*MQWB\d{4}E.*MQ_USER or MQ_PASSWORD is wrong/],
    [{ user: 'mqreader', password: 'mqreader' }, /403 MQWB0108E.*MQWebUser/],
    [{ queue: 'MISSING' }, /404.*no such queue manager or queue/],
  ])('with %j is refused once, with what to do', async (more, why) => {
    await expect(open(more).list(10)).rejects.toThrow(why);
    expect(mq.journal()).toHaveLength(1);
  });

  it('that answers something else is not believed', async () => {
    mq.addFault({ fault: 'html:200' });
    await expect(open().list(10)).rejects.toThrow('a list of messages that is none');
  });

  it.each(['html:200', 'status:400', 'status:500', 'reset'] as const)(
    'tells of a message that is answered with %s that it was not given',
    async (fault) => {
      const id = put('one');
      mq.addFault({ fault, path: '/message' });
      expect(await open().browse(id)).toEqual({ kind: 'refused', why: expect.stringMatching(/^GET: MQ/) });
    },
  );

  it('takes neither a page for a message nor one message for another', async () => {
    const id = put('one');
    const other = put('two');
    const answers = [
      { type: 'text/html', id },
      { type: 'text/plain;charset=utf-8', id: other },
      { type: 'text/plain', id: id.toUpperCase() },
    ];
    const server = createServer((_request, response) => {
      const next = answers.shift();
      response
        .writeHead(200, { 'content-type': next?.type, 'ibm-mq-md-messageId': next?.id ?? '' })
        .end('back soon');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { readonly port: number };
    const queue = open({ restUrl: `http://127.0.0.1:${port}` });
    expect(await queue.browse(id)).toMatchObject({ kind: 'refused' });
    expect(await queue.browse(id)).toMatchObject({ kind: 'refused' });
    expect(await queue.browse(id)).toMatchObject({ kind: 'message', message: { text: 'back soon' } });
    server.closeAllConnections();
    server.close();
  });

  it('does not believe that a message was confirmed when something else answers', async () => {
    const id = put('one');
    mq.addFault({ fault: 'html:200', path: '/message' });
    await expect(open().confirm(id)).rejects.toThrow('that is not the message');
    expect(mq.depth('QM1', 'ORDERS/%NEW')).toBe(1);
  });

  it('does not ask for the next message with a wrong password', async () => {
    await expect(open({ password: 'wrong' }).browse(put('one'))).rejects.toThrow('401');
  });

  it('that cannot be reached is given up after some tries', async () => {
    const closed = await startMqSimulator();
    await closed.close();
    await expect(open({ restUrl: closed.restBaseUrl }).list(10)).rejects.toThrow(/ECONNREFUSED.*MQ_REST_URL/);
    expect(pauses).toEqual([500, 2_000]);
  });

  it('is read no more once the run is to end, and still confirmed', async () => {
    const id = put('one');
    const queue = open({}, AbortSignal.abort());
    await expect(queue.list(10)).rejects.toThrow('the run is to end');
    expect(await queue.confirm(id)).toBe(true);
  });

  it('is not followed to another server', async () => {
    put('one');
    const server = createServer((request, response) => {
      response.writeHead(307, { location: `${mq.restBaseUrl}${request.url ?? ''}` }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { readonly port: number };
    await expect(open({ restUrl: `http://127.0.0.1:${port}` }).list(10)).rejects.toThrow('redirect');
    server.close();
    expect(mq.journal()).toEqual([]);
  });
});
