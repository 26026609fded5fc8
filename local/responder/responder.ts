import { createHash } from 'node:crypto';
import type { Msg } from '@nats-io/transport-node';
import { plainText } from '../../lib/delivery/nats/plain-text.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { createAdmission } from './handler/admission.ts';
import { refuse, wordsOf, type HandlerResult } from './handler/handler-result.ts';
import { createKnownAnswers, type Work } from './handler/known-answers.ts';
import type { HandlerRunner } from './handler/run-handler.ts';
import { readWakeUp, type WakeUpRequest } from './handler/wake-up-request.ts';
import { PLAIN, reply } from './reply.ts';
import type { Service } from './service.ts';

/** What a responder works with. */
export interface ResponderDeps {
  readonly run: HandlerRunner['run'];
  /** Handlers at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

// Who waits longer than this many handlers take has given up, and asks again.
const WAITING_MAX = 100;
const KEEP_ANSWERS_MS = 600_000;
const ANSWERS_MAX = 1_000;
const TOO_LATE = 'nobody waited for it any more when its turn came: more may run at once with --concurrency';

/** Runs a handler for each wake-up and answers with how it ended: an acknowledgement means that it succeeded. */
export function createResponder({ run, concurrency, clock, log }: ResponderDeps): Service {
  const admission = createAdmission({ atOnce: concurrency, waitingMax: WAITING_MAX });
  const known = createKnownAnswers({ clock, keepMs: KEEP_ANSWERS_MS, answersMax: ANSWERS_MAX });
  const resultOf = (
    { subject }: Msg,
    { id, variables, waitingMs = Number.POSITIVE_INFINITY }: WakeUpRequest,
  ): Promise<HandlerResult> => {
    const untilMs = clock.nowMs() + waitingMs;
    const work: Work = (isWaitedFor) =>
      admission.admit(async () => (isWaitedFor() ? run(variables) : refuse(504, TOO_LATE)));
    if (id === undefined) return work(() => clock.nowMs() < untilMs);
    return known.once({ key: digestOf([subject, variables]), untilMs }, work);
  };
  return {
    answer: async (message, header) => {
      const startedMs = clock.nowMs();
      const request = readWakeUp(header, message.data);
      const isWakeUp = 'variables' in request;
      const result = isWakeUp ? await resultOf(message, request) : request;
      reply(message, result, isWakeUp ? request.encoding : PLAIN);
      const what = isWakeUp ? `${message.subject} ${describe(request)}` : message.subject;
      log(`${plainText(what)}: ${outcome(result)}, ${clock.nowMs() - startedMs} ms`);
    },
    close: admission.close,
  };
}

/** The same for what is the same, `ce-id` and all: who reuses that for another wake-up gets an answer of its own. */
function digestOf(what: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('base64');
}

function describe({ id, variables }: WakeUpRequest): string {
  const { CE_QMGR, CE_QUEUE, CE_DEPTH } = variables;
  return `${CE_QMGR}/${CE_QUEUE} depth ${CE_DEPTH}${id === undefined ? '' : ` (${id})`}`;
}

function outcome(result: HandlerResult): string {
  return result.kind === 'succeeded'
    ? 'acknowledged'
    : `refused with ${result.code}, ${plainText(wordsOf(result))}`;
}
