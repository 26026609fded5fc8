import type { Verdict } from './verdict.ts';

/** An answer has no paging and no limit: one body holds every queue that matches. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** The verdict on an answer with status 200 that says nothing. `reason` is a clause. */
export function unreadableAnswer(reason: string): Verdict {
  return {
    code: 'unreadable',
    what: `HTTP 200, but the answer cannot be read: ${reason}.`,
    toDo: 'Check that MQ_REST_HOST and MQ_REST_PORT lead to the MQ web server itself, with no proxy or console in front of it.',
  };
}

export function tooLong(): Verdict {
  return {
    ...unreadableAnswer(`it is longer than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB`),
    toDo: 'Check what answers there; so many queues with messages on one queue manager cannot be observed.',
  };
}
