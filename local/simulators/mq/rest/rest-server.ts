import type { Clock } from '../../../../lib/platform/clock.ts';
import { distortionOf } from '../faults/distortion.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import { sendAnswer, sendFaultyAnswer } from '../faults/send-faulty-answer.ts';
import { createGate } from '../login/sign-in.ts';
import { awaitMessage } from '../messaging/await-message.ts';
import type { RequestHandler } from '../../shared/loopback-server.ts';
import type { Journal } from './journal.ts';
import { readBody } from '../../shared/request-body.ts';
import { inFormOf, type RestAnswer } from './rest-answer.ts';
import { queueManagerOf, readTarget } from './rest-route.ts';
import { rightAnswer, type RightAnswerDeps } from './right-answer.ts';

/** What the REST server is made of. */
export interface RestServerDeps extends Omit<RightAnswerDeps, 'gate' | 'endpoint'> {
  readonly faults: FaultRules;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Random bytes to cut at, and the like. */
  readonly fraction: () => number;
  /** How long a request hangs until the web server gives up on it. */
  readonly hangMs: number;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Answers as the MQ web server does on one endpoint: sign-in first, then the fault that is set, then the resource. */
export function createRestHandler(deps: RestServerDeps, endpoint: number): RequestHandler {
  const gate = createGate(deps);
  const answering = { ...deps, gate, endpoint };
  return async (request, response) => {
    const target = readTarget(request.url ?? '/');
    const { route, path } = target;
    const qmgr = queueManagerOf(route);
    const body = await readBody(request).catch(() => undefined);
    const command = route.kind === 'mqsc' ? body?.toString('utf8') : undefined;
    deps.journal.record(request, { qmgr, body: command, atMs: deps.clock.nowMs() });
    const send = (answer: RestAnswer): void => sendAnswer(response, inFormOf(deps.switches(), answer));
    if (body === undefined) return send({ status: 413, headers: { Connection: 'close' }, body: '' });

    deps.faults.act(qmgr, path);
    const right = rightAnswer(answering, request, target, body);
    if (right.kind === 'final') return send(right.answer);
    if (qmgr !== undefined && !deps.queueManagers.has(qmgr)) return send(right.answer({}));
    const fault = deps.faults.take(qmgr, path, deps.clock.nowMs());
    const answer = (): RestAnswer =>
      inFormOf(deps.switches(), right.answer(fault === undefined ? {} : distortionOf(fault)));
    if (fault === undefined) {
      // A get that nobody waits for any more must not take a message away.
      if (await awaitMessage(deps, target, request.method ?? '', response)) sendAnswer(response, answer());
      return;
    }
    const { clock, closing, fraction, hangMs } = deps;
    const { hangEnds } = deps.switches();
    const isCommand = route.kind === 'mqsc';
    await sendFaultyAnswer({
      fault,
      response,
      answer,
      isCommand,
      clock,
      closing,
      fraction,
      hangMs,
      hangEnds,
    });
  };
}
