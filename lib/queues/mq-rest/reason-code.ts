import { judgeReport } from './failed-answer.ts';
import type { Verdict } from './verdict.ts';

/** Judges a failure that came with status 200: by MQ's reason code, as one that came with a status of its own. */
export function judgeReasonCode(reasonCode: number, messageId: string | undefined): Verdict {
  const report = {
    msgId: messageId,
    reasonCode: reasonCode === 0 ? undefined : reasonCode,
    speaksOf: () => false,
  };
  return (
    judgeReport({ status: 200, report, location: undefined }) ?? {
      code: 'unavailable',
      what: `the command failed (${messageId ?? `reason code ${reasonCode}`}).`,
      toDo: 'Look the message up in the IBM MQ documentation; the next cycle asks again.',
    }
  );
}
