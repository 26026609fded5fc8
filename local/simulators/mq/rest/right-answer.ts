import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../lib/platform/clock.ts';
import { answerLogin } from '../login/login-resource.ts';
import type { Gate, SignInDeps } from '../login/sign-in.ts';
import type { QueueManagers } from '../state/queue-managers.ts';
import { htmlAnswer, jsonAnswer, type RestAnswer } from './rest-answer.ts';
import { notFoundPage } from './rest-errors.ts';
import type { Distortion } from './rest-exchange.ts';
import { answerResource } from './rest-resources.ts';
import type { RestTarget } from './rest-route.ts';

/** What answering takes. */
export interface RightAnswerDeps extends SignInDeps {
  readonly gate: Gate;
  readonly queueManagers: QueueManagers;
  /** Of the web server: what it offers where no queue manager is named. */
  readonly versionLevel: string;
  /** Which of the simulator's endpoints was asked, from 0. */
  readonly endpoint: number;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** What MQ answers. `open` can be struck by a fault, and is made when it is sent, from what is true then. */
export type RightAnswer =
  | { readonly kind: 'final'; readonly answer: RestAnswer }
  | { readonly kind: 'open'; readonly answer: (distortion: Distortion) => RestAnswer };

/** Decides who asks, and what the answer is but for faults. */
export function rightAnswer(
  deps: RightAnswerDeps,
  request: IncomingMessage,
  target: RestTarget,
  body: Buffer,
): RightAnswer {
  const { gate, switches, clock, queueManagers, versionLevel, endpoint } = deps;
  const { kind } = target.route;
  if (kind === 'elsewhere') return final(elsewhere(Number(switches().wrongRootStatus)));
  if (kind === 'api-docs')
    return final(switches().apiDocs === 'on' ? jsonAnswer(200, '{"swagger": "2.0"}') : notFoundPage());
  if (kind === 'login') return { kind: 'open', answer: () => answerLogin(deps, request, target, body) };
  const signIn = gate(request, target);
  if (signIn.kind === 'refused') return final(signIn.answer);
  const { method = '', headers } = request;
  const asked = { ...target, method, headers, body, user: signIn.user, endpoint };
  const answer = (distortion: Distortion): RestAnswer => {
    const exchange = { ...asked, switches: switches(), nowMs: clock.nowMs(), distortion };
    return answerResource(queueManagers, versionLevel, exchange);
  };
  return { kind: 'open', answer };
}

/** What stands there when the context root is wrong, on a server that is set up as IBM's developer image is. */
function elsewhere(status: number): RestAnswer {
  const page = htmlAnswer(status, '<script>document.location.href="/ibmmq/console/";</script>');
  return status === 302 ? { ...page, headers: { ...page.headers, Location: '/ibmmq/console/' } } : page;
}

function final(answer: RestAnswer): RightAnswer {
  return { kind: 'final', answer };
}
