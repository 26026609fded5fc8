import {
  Match,
  RequestError,
  TimeoutError,
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import { plainText } from '../../../lib/delivery/nats/plain-text.ts';
import { RELAY, addRelay } from '../../../lib/delivery/nats/protocol.ts';
import { createAdmission } from '../handler/admission.ts';
import { refuse, type Refusal } from '../handler/handler-result.ts';
import { PLAIN, reply } from '../reply.ts';
import type { Service } from '../service.ts';
import { planForwarding, type Forwarding, type RelayRules } from './forwarding.ts';

/** What a relay works with. */
export interface RelayDeps {
  readonly node: string;
  readonly rules: RelayRules;
  /** The server that the targets are on: maybe another one than that of the requests. */
  readonly targets: NatsConnection;
  readonly log: (line: string) => void;
}

// Each of them only waits, but holds a message.
const AT_ONCE_MAX = 1_000;

/** Passes wake-ups on to their targets, and the replies back. */
export function createRelay(deps: RelayDeps): Service {
  const admission = createAdmission({ atOnce: AT_ONCE_MAX, waitingMax: 0 });
  return {
    answer: async (message, header) => {
      const plan = planForwarding(header, deps.rules);
      const outcome = 'kind' in plan ? plan : await admission.admit(() => passOn(message, plan, deps));
      if (typeof outcome === 'object') reply(message, outcome, PLAIN, { [RELAY]: deps.node });
      const what = 'to' in plan ? `to ${plan.subject}` : 'nowhere';
      const end = typeof outcome === 'object' ? `refused with ${outcome.code}, ${outcome.message}` : outcome;
      deps.log(`${plainText(what)}: ${plainText(end)}`);
    },
    close: admission.close,
  };
}

async function passOn(message: Msg, plan: Forwarding, deps: RelayDeps): Promise<string | Refusal> {
  const { subject, timeoutMs } = plan;
  const header = withHeaders(message.headers, plan.headers);
  try {
    if (message.reply === undefined || message.reply === '') {
      deps.targets.publish(subject, message.data, { headers: header });
      return 'passed on, no reply is waited for';
    }
    const answer = await deps.targets.request(subject, message.data, { headers: header, timeout: timeoutMs });
    message.respond(answer.data, { headers: passedBack(answer.headers, deps.node) });
    return 'the reply was passed back';
  } catch (error) {
    return refusalFor(error, plan);
  }
}

function refusalFor(error: unknown, { subject, timeoutMs }: Forwarding): Refusal {
  if (error instanceof RequestError && error.isNoResponders())
    return refuse(503, `nobody listens on ${subject} now`);
  if (error instanceof TimeoutError) return refuse(504, `no reply from ${subject} within ${timeoutMs} ms`);
  const words = error instanceof Error ? error.message : 'unknown';
  return refuse(502, `${subject} could not be asked: ${words}`);
}

/** Copies headers, with some in place of those of the same name. */
function withHeaders(original: MsgHdrs | undefined, others: Readonly<Record<string, string>>): MsgHdrs {
  const copy = headers();
  for (const [name, values] of original ?? []) for (const value of values) copy.append(name, value);
  for (const [name, value] of Object.entries(others)) copy.set(name, value, Match.IgnoreCase);
  return copy;
}

function passedBack(original: MsgHdrs | undefined, node: string): MsgHdrs {
  const before = original?.get(RELAY, Match.IgnoreCase);
  return withHeaders(original, { [RELAY]: addRelay(before, node) });
}
