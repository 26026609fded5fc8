import { HTTP, type CloudEvent } from 'cloudevents';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerOk,
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../test/support/scripted-server.ts';
import { createSigner } from '../delivery/signing/standard-webhooks.ts';
import { createHttpClient } from '../platform/http-client.ts';
import { secret } from '../platform/secret.ts';
import { createEventDelivery } from './deliver-event.ts';
import { anEndpoint, anEvent } from './events-test-support.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function aServer(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
}

function deliverTo(url: string, timeoutMs = 2_000, signal = new AbortController().signal) {
  const http = createHttpClient();
  closing.push(http.close);
  const sign = createSigner([secret(`whsec_${Buffer.alloc(24, 1).toString('base64')}`)]);
  const deliver = createEventDelivery({ http, stamp: (id, body) => sign(id, 1_700_000_000_000, body) });
  const headers = { authorization: secret('Bearer hidden'), 'user-agent': secret('theirs') };
  return deliver(anEndpoint('audit', { url, headers }), anEvent('a'), { timeoutMs, signal });
}

describe('an event on the wire', () => {
  it('is a structured CloudEvent, signed, with the headers of its endpoint', async () => {
    const server = await aServer(answerOk);
    expect(await deliverTo(`${server.url}/events?key=1`)).toEqual({
      kind: 'answered',
      status: 200,
      accepted: true,
    });
    const { head = '', body = '' } = server.requests[0] ?? {};
    const [line, ...lines] = head.trim().split('\r\n');
    const headers = Object.fromEntries(
      lines.map((one) => [
        one.slice(0, one.indexOf(':')).toLowerCase(),
        one.slice(one.indexOf(':') + 1).trim(),
      ]),
    );
    const event = anEvent('a');
    expect(line).toBe('POST /events?key=1 HTTP/1.1');
    expect(headers).toMatchObject({
      authorization: 'Bearer hidden',
      'user-agent': 'theirs',
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': event.id,
      traceparent: `00-${event.id}-${event.id.slice(16)}-01`,
    });
    expect(headers['webhook-signature']).toBe(
      createSigner([secret(`whsec_${Buffer.alloc(24, 1).toString('base64')}`)])(
        event.id,
        1_700_000_000_000,
        body,
      )['webhook-signature'],
    );
    const read = HTTP.toEvent<unknown>({ headers, body }) as CloudEvent<unknown>;
    expect(read).toMatchObject({
      specversion: '1.0',
      id: event.id,
      type: 'mq-observer.failing',
      source: 'mq-observer',
      subject: 'a',
      time: '2023-11-14T22:13:20.000Z',
      data: { count: 1 },
    });
  });

  it.each([
    ['204 No Content', true],
    ['299 Fine', true],
    ['302 Found', false],
    ['400 Bad Request', false],
    ['503 Busy', false],
  ])('answered with %s: accepted %s', async (statusLine, accepted) => {
    const server = await aServer((socket) => respond(socket, statusLine, ['location: /elsewhere']));
    expect(await deliverTo(server.url)).toMatchObject({ kind: 'answered', accepted });
    expect(server.requests).toHaveLength(1);
  });

  it('has no answer when the endpoint is silent, breaks off or is not there', async () => {
    const silent = await aServer(() => undefined);
    expect(await deliverTo(silent.url, 50)).toMatchObject({ kind: 'unanswered' });
    const rude = await aServer((socket) => socket.destroy());
    expect(await deliverTo(rude.url)).toMatchObject({ kind: 'unanswered' });
    await rude.close();
    const gone = await deliverTo(rude.url);
    expect(gone).toMatchObject({ kind: 'unanswered' });
    expect(JSON.stringify(gone)).not.toContain('hidden');
  });

  it('ends at once with the signal', async () => {
    const silent = await aServer(() => undefined);
    expect(await deliverTo(silent.url, 60_000, AbortSignal.timeout(20))).toMatchObject({
      kind: 'unanswered',
    });
  });
});
