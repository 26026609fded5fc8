import { describe, expect, it, onTestFinished } from 'vitest';
import { respond, startScriptedServer, type Script } from '../../test/support/scripted-server.ts';
import { ApiError, createApi } from './api.ts';

async function apiBefore(script: Script) {
  const server = await startScriptedServer(script);
  const url = server.url.replace(/\/$/, '');
  const api = createApi({ url: `${url}/below`, actuatorUrl: `${url}/apart`, token: 'very-secret' });
  onTestFinished(async () => {
    api.close();
    await server.close();
  });
  return { api, requests: server.requests };
}

const asking = { method: 'GET', path: '/register/a', form: ['a', 'count'] } as const;

describe('createApi', () => {
  it('asks below the path of the address, and gives JSON with its ETag', async () => {
    const { api, requests } = await apiBefore((socket) =>
      respond(socket, '200 OK', ['etag: "v"'], '{"a":1}'),
    );
    expect(await api.call(asking)).toEqual({ status: 200, body: { a: 1 }, etag: '"v"' });
    expect(requests[0]?.head).toMatch(/^GET \/below\/register\/a HTTP/);
  });

  it('asks actuator where that is, and says so when it is not there', async () => {
    const { api, requests } = await apiBefore((socket) =>
      respond(socket, '404 Not Found', [], '{"detail":"Page not found"}'),
    );
    await expect(api.call({ ...asking, path: '/actuator/health' })).rejects.toThrow(
      /404: Page not found\. .*MQ_OBSERVER_ACTUATOR_URL/,
    );
    await expect(api.call(asking)).rejects.toThrow(/404: Page not found$/);
    const [health = '', list = ''] = requests.map(({ head }) => head);
    expect(health).toMatch(/^GET \/apart\/actuator\/health HTTP/);
    expect(list).toMatch(/^GET \/below\/register\/a HTTP/);
  });

  it('waits no longer than it was told, and says so without the token', async () => {
    const { api } = await apiBefore(() => undefined);
    const failure: unknown = await api.call({ ...asking, timeoutMs: 50 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(String(failure)).toMatch(/cannot be reached: no complete answer within 50 ms/);
    expect(String(failure)).not.toContain('very-secret');
  });

  it('tells with a refusal when to call again, where that is in seconds', async () => {
    const dates = ['7', 'Sun, 22 Nov 2026 09:00:00 GMT', '-1'];
    for (const [index, retryAfterMs] of [7_000, undefined, undefined].entries()) {
      const { api } = await apiBefore((socket) =>
        respond(socket, '503 Service Unavailable', [`retry-after: ${dates[index]}`], '{"detail":"busy"}'),
      );
      await expect(api.call(asking)).rejects.toMatchObject({ status: 503, retryAfterMs });
    }
  });

  it('carries its token nowhere else', async () => {
    const { api, requests } = await apiBefore((socket) =>
      respond(socket, '302 Found', ['location: /elsewhere']),
    );
    await expect(api.call(asking)).rejects.toThrow(/answered with 302/);
    expect(requests).toHaveLength(1);
  });

  it('does not send a change again that may have been made', async () => {
    const { api, requests } = await apiBefore((socket) => void socket.destroy());
    await expect(
      api.call({ method: 'DELETE', path: '/admin/flush', form: ['message', 'text'] }),
    ).rejects.toThrow(ApiError);
    expect(requests).toHaveLength(1);
  });
});
