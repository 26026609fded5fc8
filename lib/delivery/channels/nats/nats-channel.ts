import type { Clock } from '../../../platform/clock.ts';
import type { NatsSettings } from '../../../platform/configuration/configuration.ts';
import { parseTarget } from '../../../registration/target.ts';
import type { AttemptResult, Channel, WakeUp } from '../../channel.ts';
import { connectNats } from '../../nats/connect-nats.ts';
import { exchangeFailure, lost, noAnswer } from './nats-failure.ts';
import { createNatsSession, type NatsSession, type OutgoingMessage } from './nats-session.ts';
import { resultOf } from './reply-result.ts';
import { createSharedSession } from './shared-session.ts';
import { wakeUpMessage } from './wake-up-message.ts';
import { within, type Limits } from './within.ts';

export interface NatsChannelDeps {
  readonly settings: NatsSettings;
  readonly clock: Clock;
}

/** For each server of `NATS_URL`. An attempt waits no longer than it may itself. */
const CONNECT_MS_MAX = 5_000;

/**
 * Wakes responders on NATS subjects: a request whose reply acknowledges or refuses, or one message where the registration
 * wants no acknowledgement. The connection is made at the first attempt and shared; `endCycle` closes it.
 */
export function createNatsChannel({ settings, clock }: NatsChannelDeps): Channel {
  const shared = createSharedSession(
    async () =>
      createNatsSession(
        await connectNats(settings, { name: 'mq-observer', timeoutMs: CONNECT_MS_MAX, reconnect: false }),
      ),
    clock,
  );
  return {
    attempt: async (wakeUp, { timeoutMs, signal }) => {
      const target = parseTarget(wakeUp.registration.notify);
      if (!target.ok || target.target.kind !== 'nats')
        return { kind: 'impossible', message: 'the target is not a NATS subject' };
      const deadlineMs = clock.nowMs() + timeoutMs;
      const made = await shared.get({ timeoutMs, signal });
      if (!made.ok) return made.failure;
      const leftMs = Math.max(1, deadlineMs - clock.nowMs());
      const message = wakeUpMessage(wakeUp, target.target.subject, leftMs, settings);
      return deliver(made.session, wakeUp, message, clock, { timeoutMs: leftMs, signal });
    },
    endCycle: shared.release,
  };
}

async function deliver(
  session: NatsSession,
  { registration }: WakeUp,
  message: OutgoingMessage,
  clock: Clock,
  limits: Limits,
): Promise<AttemptResult> {
  try {
    if (registration.delivery?.acknowledge === false) {
      const sent = await within(session.tell(message), clock, limits);
      return sent === 'sent' ? { kind: 'accepted' } : unanswered(sent, 'the NATS server');
    }
    const reply = await session.ask(message, (incoming) => within(incoming, clock, limits));
    return typeof reply === 'string' ? unanswered(reply, 'the responder') : resultOf(reply);
  } catch (error) {
    return exchangeFailure(error);
  }
}

function unanswered(how: 'timeout' | 'aborted' | 'lost', who: string): AttemptResult {
  if (how === 'lost') return lost;
  return how === 'timeout'
    ? noAnswer('timeout', `${who} did not answer in time`)
    : noAnswer('aborted', 'called off while the answer was waited for');
}
