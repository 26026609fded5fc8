import { problemBody } from '../problem.ts';
import type { FunctionAnswer, HttpAnswer } from './http-call.ts';

/**
 * Shapes an answer as Code Engine wants it: a value for `application/json`, base64 for every type that is neither that
 * nor text. `application/problem+json` is such another type.
 */
export function encodeAnswer(answer: HttpAnswer): FunctionAnswer {
  if (!('problem' in answer))
    return {
      statusCode: answer.status,
      headers: { 'content-type': 'application/json', ...answer.headers },
      body: answer.body,
    };
  const body = problemBody(answer.problem);
  return {
    statusCode: body.status,
    headers: { 'content-type': 'application/problem+json', ...answer.problem.headers },
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
  };
}
