import { Match, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { plainText } from '../../../lib/delivery/nats/plain-text.ts';
import { RELAY, addRelay } from '../../../lib/delivery/nats/protocol.ts';
import { createRequester, isNoResponders, type Requester } from '../../../lib/delivery/nats/requester.ts';
import type { Clock } from '../../../lib/platform/clock.ts';
import { createAdmission } from '../handler/admission.ts';
import { refuse, type Refusal } from '../handler/handler-result.ts';
import { PLAIN, reply } from '../reply.ts';
import type { Service } from '../service.ts';
import { within } from '../within.ts';
import { planForwarding, type Forwarding, type RelayRules } from './forwarding.ts';

/** What a relay works with. */
export interface RelayDeps {
  readonly node: string;
  readonly rules: RelayRules;
  /** The server that the targets are on: maybe another one than that of the requests. */
  readonly targets: NatsConnection;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

// Each of them only waits, but holds a message.
const AT_ONCE_MAX = 1_000;

/** Passes wake-ups on to their targets, and the replies back. */
export function createRelay(deps: RelayDeps): Service {
  const admission = createAdmission({ atOnce: AT_ONCE_MAX, waitingMax: 0 });
  const request = createRequester(deps.targets);
  return {
    answer: async (message, header) => {
      const plan = planForwarding(header, deps.rules);
      const outcome =
        'kind' in plan ? plan : await admission.admit(() => passOn(message, plan, deps, request));
      if (typeof outcome === 'object') reply(message, outcome, PLAIN, { [RELAY]: deps.node });
      const what = 'to' in plan ? `to ${plan.subject}` : 'nowhere';
      const end = typeof outcome === 'object' ? `refused with ${outcome.code}, ${outcome.message}` : outcome;
      deps.log(`${plainText(what)}: ${plainText(end)}`);
    },
    close: admission.close,
  };
}

async function passOn(
  message: Msg,
  { subject, headers: replaced, timeoutMs }: Forwarding,
  { node, targets, clock }: RelayDeps,
  request: Requester,
): Promise<string | Refusal> {
  try {
    const header = withHeaders(message.headers, replaced);
    const { data } = message;
    if (message.reply === undefined || message.reply === '') {
      targets.publish(subject, data, { headers: header });
      return 'passed on, no reply is waited for';
    }
    const answer = await request({ subject, headers: header, data }, (incoming) =>
      within(timeoutMs, incoming, clock),
    );
    if (answer === undefined) return refuse(504, `no reply from ${subject} within ${timeoutMs} ms`);
    const back = headersBack(answer, node);
    if (back === 'nobody') return refuse(503, `nobody listens on ${subject} now`);
    if (back === 'unreadable') return refuse(502, `the reply of ${subject} has headers that cannot be read`);
    message.respond(answer.data, { headers: back });
    return 'the reply was passed back';
  } catch (error) {
    const words = error instanceof Error ? error.message : 'unknown';
    return refuse(502, `${subject} could not be asked: ${words}`);
  }
}

/** Copies headers, with some in place of those of the same name. */
function withHeaders(original: MsgHdrs | undefined, others: Readonly<Record<string, string>>): MsgHdrs {
  const copy = headers();
  for (const [name, values] of original ?? []) for (const value of values) copy.append(name, value);
  for (const [name, value] of Object.entries(others)) copy.set(name, value, Match.IgnoreCase);
  return copy;
}

/** The headers of a reply with our name; or what is wrong with it. */
function headersBack(answer: Msg, node: string): MsgHdrs | 'nobody' | 'unreadable' {
  try {
    if (isNoResponders(answer)) return 'nobody';
    const before = answer.headers?.get(RELAY, Match.IgnoreCase);
    return withHeaders(answer.headers, { [RELAY]: addRelay(before, node) });
  } catch {
    return 'unreadable';
  }
}
