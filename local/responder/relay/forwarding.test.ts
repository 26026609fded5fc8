import { describe, expect, it } from 'vitest';
import { planForwarding, type RelayRules } from './forwarding.ts';

const ANYWHERE: RelayRules = { allow: undefined, via: undefined };

function plan(headers: Readonly<Record<string, string>>, rules: Partial<RelayRules> = {}) {
  const all: Readonly<Record<string, string>> = {
    'Relay-To': 'orders.wake',
    'Relay-Hops': '1',
    'Relay-Timeout-Ms': '15000',
    ...headers,
  };
  return planForwarding((name) => all[name], { ...ANYWHERE, ...rules });
}

describe('what a relay does with a message', () => {
  it('sends it to its target with one more hop, and leaves time for the way back', () => {
    expect(plan({})).toEqual({
      subject: 'orders.wake',
      to: 'orders.wake',
      timeoutMs: 14_500,
      headers: { 'Relay-To': 'orders.wake', 'Relay-Hops': '2', 'Relay-Timeout-Ms': '14500' },
    });
  });

  it('tells the target how long is left, where the sender said how long it waits', () => {
    expect(plan({ 'Wake-Up-Timeout-Ms': '20000' })).toMatchObject({
      headers: { 'Wake-Up-Timeout-Ms': '14500' },
    });
    expect(plan({})).not.toHaveProperty('headers.Wake-Up-Timeout-Ms');
  });

  it.each([
    ['1000', 900],
    ['3', 2],
    ['1', 1],
  ])('waits no longer than most of %s ms', (given, timeoutMs) => {
    expect(plan({ 'Relay-Timeout-Ms': given })).toMatchObject({ timeoutMs });
  });

  it('sends it to the next relay when there is one, with the same target', () => {
    expect(plan({}, { via: 'core' })).toMatchObject({
      subject: 'mq-observer.relay.core',
      headers: { 'Relay-To': 'orders.wake' },
    });
  });

  it.each([
    [{ 'Relay-To': '' }, /Relay-To/],
    [{ 'Relay-To': 'orders.*' }, /Relay-To/],
    [{ 'Relay-Hops': '0' }, /Relay-Hops/],
    [{ 'Relay-Hops': '5' }, /do the relays send to each other/],
    [{ 'Relay-Timeout-Ms': 'soon' }, /Relay-Timeout-Ms/],
  ])('refuses %j for good', (headers, words) => {
    expect(plan(headers)).toMatchObject({ code: 400, message: expect.stringMatching(words) as unknown });
  });

  it.each([
    ['orders.wake', ['orders.>'], true],
    ['billing.wake', ['orders.>', 'billing.*'], true],
    ['billing.wake', ['orders.>'], false],
    ['billing.wake', undefined, true],
    ['$SYS.REQ.SERVER.PING', undefined, false],
    ['$SYS.REQ.SERVER.PING', ['>'], false],
    ['$JS.API.INFO', ['$JS.>'], false],
    ['_INBOX.abc.1', undefined, false],
    ['mq-observer.relay.self', undefined, false],
    ['mq-observer.relay.self', ['>'], false],
  ])('passes on to %s when %j is allowed: %s', (to, allow, isAllowed) => {
    const planned = plan({ 'Relay-To': to }, { allow });
    expect(planned).toMatchObject(isAllowed ? { subject: to } : { code: 403 });
  });
});
