import type { Msg } from '@nats-io/transport-node';
import { plainText } from '../../lib/delivery/nats/plain-text.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { createAdmission } from './handler/admission.ts';
import { wordsOf, type HandlerResult } from './handler/handler-result.ts';
import { createKnownAnswers } from './handler/known-answers.ts';
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

/** Runs a handler for each wake-up and answers with how it ended: an acknowledgement means that it succeeded. */
export function createResponder({ run, concurrency, clock, log }: ResponderDeps): Service {
  const admission = createAdmission({ atOnce: concurrency, waitingMax: WAITING_MAX });
  const known = createKnownAnswers({ clock, keepMs: KEEP_ANSWERS_MS, answersMax: ANSWERS_MAX });
  const resultOf = ({ subject }: Msg, { id, variables }: WakeUpRequest): Promise<HandlerResult> => {
    const work = (): Promise<HandlerResult> => admission.admit(() => run(variables));
    return id === undefined ? work() : known.once(`${subject} ${id}`, work);
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

function describe({ id, variables }: WakeUpRequest): string {
  const { CE_QMGR, CE_QUEUE, CE_DEPTH } = variables;
  return `${CE_QMGR}/${CE_QUEUE} depth ${CE_DEPTH}${id === undefined ? '' : ` (${id})`}`;
}

function outcome(result: HandlerResult): string {
  return result.kind === 'succeeded'
    ? 'acknowledged'
    : `refused with ${result.code}, ${plainText(wordsOf(result))}`;
}
