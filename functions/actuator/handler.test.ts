import { describe, expect, it, vi } from 'vitest';
import type { Endpoint } from '../../lib/health/endpoint.ts';
import type { AccessCheck } from '../../lib/platform/access.ts';
import { decodeCall } from '../../lib/platform/function-call/decode-call.ts';
import { createActuatorHandler } from './handler.ts';

const access: AccessCheck = (authorization) =>
  authorization === 'Bearer admin'
    ? { allowed: true, actor: 'admin-token-1' }
    : { allowed: false, problem: { code: 'unauthenticated', detail: 'Send a valid token.' } };

const setUp = () => {
  const answer = vi.fn<Endpoint['answer']>(async () => ({ status: 200, body: {} }));
  const endpoints = new Map<string, Endpoint>([
    ['health', { isOpen: true, answer }],
    ['prometheus', { isOpen: false, answer }],
    ['dashboard', { isOpen: true, answer }],
    ['vars', { isOpen: false, answer }],
  ]);
  const handle = createActuatorHandler({ endpoints, access });
  const call = (path: string, method = 'GET', authorization = 'Bearer admin', query = '') =>
    handle(
      decodeCall({
        __ce_method: method,
        __ce_path: path,
        __ce_query: query,
        __ce_headers: { Authorization: authorization },
      }),
    );
  return { call, answer };
};

describe('a call of the actuator', () => {
  it.each([
    ['/actuator/health', []],
    ['/actuator/health/liveness', ['liveness']],
    ['/actuator/health/delivery/queue-manager%3AQM1', ['delivery', 'queue-manager:QM1']],
    ['/actuator/health/queue-manager%3AA%2FB', ['queue-manager:A/B']],
    ['/metrics', []],
    ['/debug/vars', []],
    ['/dashboard', []],
  ])('to %s is asked of its endpoint with %j', async (path, params) => {
    const { call, answer } = setUp();
    expect(await call(path, 'GET', 'Bearer admin', 'tag=a:b')).toEqual({ status: 200, body: {} });
    expect(answer).toHaveBeenCalledExactlyOnceWith({
      params,
      query: new URLSearchParams('tag=a:b'),
      isAdmin: true,
    });
  });

  it.each([
    '/',
    '/actuator',
    '/actuator/',
    '/actuator/nope',
    '/actuator/constructor',
    '/actuator/health%2Fliveness',
    '/actuator/%',
    '/metrics/x',
    '/debug',
    '/dashboard/x',
    '/health',
  ])('to %s finds nothing', async (path) => {
    expect(await setUp().call(path)).toMatchObject({ problem: { code: 'not-found' } });
  });

  it('finds nothing where the endpoint has nothing', async () => {
    const { call, answer } = setUp();
    answer.mockResolvedValue(undefined);
    expect(await call('/actuator/health/nope')).toMatchObject({ problem: { code: 'not-found' } });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('by %s is refused', async (method) => {
    expect(await setUp().call('/actuator/health', method)).toMatchObject({
      problem: { code: 'method-not-allowed', headers: { allow: 'GET, HEAD' } },
    });
  });

  it('by HEAD is answered', async () => {
    expect(await setUp().call('/metrics', 'HEAD')).toMatchObject({ status: 200 });
  });

  it('without an admin token is answered only where the endpoint is open, and told as much', async () => {
    const { call, answer } = setUp();
    expect(await call('/metrics', 'GET', '')).toMatchObject({ problem: { code: 'unauthenticated' } });
    expect(answer).not.toHaveBeenCalled();
    expect(await call('/actuator/health', 'GET', '')).toMatchObject({ status: 200 });
    expect(answer).toHaveBeenCalledWith(expect.objectContaining({ isAdmin: false }));
  });
});
