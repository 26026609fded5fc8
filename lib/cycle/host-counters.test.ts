import { describe, expect, it } from 'vitest';
import { createHostCounters } from './host-counters.ts';

describe('what is counted of a host', () => {
  it('is each attempt by how it ended, and each wake-up once', () => {
    const { attempted, ended, counted } = createHostCounters({});
    attempted('app.example', { kind: 'answered', status: 503 });
    attempted('app.example', { kind: 'no-answer', code: 'timeout', message: '' });
    attempted('app.example', { kind: 'answered', status: 200 });
    ended('app.example');
    attempted('nats:orders', { kind: 'accepted' });
    attempted('nats:orders', { kind: 'refused', message: '', mayPass: true });
    attempted('nats:orders', { kind: 'held', reason: 'job_running', message: '' });
    ended('nats:orders');
    expect(counted()).toEqual({
      'host/app.example/Statuses/503 Service Unavailable': 1,
      'host/app.example/Statuses/200 OK': 1,
      'host/app.example/Failures': 1,
      'host/app.example/Errors': 1,
      'host/app.example/Successes': 1,
      'host/app.example/Egress': 1,
      'host/nats%3Aorders/Successes': 1,
      'host/nats%3Aorders/Failures': 1,
      'host/nats%3Aorders/Egress': 1,
    });
  });
});
