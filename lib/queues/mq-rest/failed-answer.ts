import type { IncomingAnswer } from '../../platform/http-client.ts';
import { parseErrorReport, type ErrorReport } from './error-report.ts';
import { withoutCredentials } from './shown-url.ts';
import type { Verdict } from './verdict.ts';

/** An answer that is no success, as far as it is understood. */
export interface FailedAnswer {
  readonly status: number;
  /** Undefined when what answered did not speak as MQ does. */
  readonly report: ErrorReport | undefined;
  readonly location: string | undefined;
}

interface Rule extends Verdict {
  readonly when: (answer: FailedAnswer) => boolean;
}

const ASKED_AGAIN = 'the next cycle asks again.';

const NOT_AUTHORIZED = 2035;
const UNKNOWN_QUEUE_MANAGER = 2058;
const NOT_RUNNING = 2059;
const STANDBY = 2543;
/** Connection broken, stopping, quiescing, no memory, channel not available, channel name refused for now. */
const PASSING = new Set([2009, 2161, 2162, 2195, 2537, 2538]);

const reason = (answer: FailedAnswer): number => answer.report?.reasonCode ?? 0;

/** The first rule that applies decides. MQ's reason code comes first: it stands for the same under any status. */
const RULES: readonly Rule[] = [
  {
    when: (answer) => reason(answer) === STANDBY,
    code: 'unavailable',
    what: 'this is a standby instance of the queue manager.',
    toDo: `Name all web servers in MQ_REST_HOSTS, the active instance's among them; ${ASKED_AGAIN}`,
    tryElsewhere: true,
  },
  {
    when: (answer) => reason(answer) === NOT_RUNNING,
    code: 'unavailable',
    what: 'the queue manager does not run, or takes no connections.',
    toDo: `Start it; ${ASKED_AGAIN}`,
    tryElsewhere: true,
  },
  {
    when: (answer) => PASSING.has(reason(answer)),
    code: 'unavailable',
    what: 'the web server lost or could not get its connection to the queue manager.',
    toDo: `Look at the queue manager's error log if this stays so; ${ASKED_AGAIN}`,
    tryElsewhere: true,
  },
  {
    when: ({ status }) => status === 401,
    code: 'rejected',
    what: 'the login was not accepted.',
    toDo: 'Check ADMIN_USER and ADMIN_PASSWORD (or the certificate), and that the MQ web server has this kind of LOGIN switched on.',
  },
  {
    when: (answer) => answer.status === 403 || reason(answer) === NOT_AUTHORIZED,
    code: 'rejected',
    what: 'the user may not read queues.',
    toDo: 'Give the user of ADMIN_USER the role MQWebAdminRO in the MQ web server.',
    forbidden: true,
  },
  {
    when: (answer) => reason(answer) === UNKNOWN_QUEUE_MANAGER || answer.report?.msgId === 'MQWB0009E',
    code: 'rejected',
    what: 'the MQ web server does not know this queue manager.',
    toDo: 'Check QMGR, which is case-sensitive, and that MQ_REST_HOST is the web server of this queue manager.',
  },
  {
    when: ({ status }) => status === 429 || status === 408,
    code: 'unavailable',
    what: 'it asks to be left alone for now.',
    toDo: `Ask less often if this stays so; ${ASKED_AGAIN}`,
  },
  {
    when: ({ status }) => status >= 500,
    code: 'unavailable',
    what: 'the MQ web server, or something in front of it, failed.',
    toDo: `Look at the web server's log and that the queue manager and its command server run; ${ASKED_AGAIN}`,
    tryElsewhere: true,
  },
  {
    when: ({ status }) => status >= 300 && status < 400,
    code: 'rejected',
    what: 'it redirects, as login pages and proxies do, and redirects are not followed.',
    toDo: 'MQ_REST_HOST and MQ_REST_PORT must lead to the MQ web server itself.',
  },
  {
    when: ({ status, report }) => status === 404 && report !== undefined,
    code: 'rejected',
    what: 'the MQ web server does not offer this resource.',
    toDo: 'Set API to auto, or to mqsc for the stand-alone MQ Web Server, which has no queue resource.',
    notOffered: true,
  },
  {
    when: ({ status, report }) => status === 405 && report !== undefined,
    code: 'rejected',
    what: 'the MQ web server does not take this method.',
    toDo: 'Set API to auto, or to the other API.',
    notOffered: true,
  },
  {
    when: ({ status, report }) => status >= 400 && report !== undefined,
    code: 'rejected',
    what: 'the MQ web server does not take the request.',
    toDo: 'Look the message up in the IBM MQ documentation; MQ 9.0.4 or newer is needed.',
  },
];

const NOT_MQ: Verdict = {
  code: 'unreadable',
  what: 'what answered is not the MQ REST API.',
  toDo: 'Check MQ_REST_HOST and MQ_REST_PORT, and for a proxy or console in front of the MQ web server.',
};

/** Judges an answer whose status is not the one that was hoped for. The body is read for MQ's codes only, never as data. */
export function judgeFailedAnswer({ status, headers, body }: IncomingAnswer): Verdict {
  const report = parseErrorReport(body, headers['content-type']);
  const answer: FailedAnswer = { status, report, location: headers['location'] };
  return judgeReport(answer) ?? notMq(answer);
}

/** The verdict of the first rule that applies, if one does. */
export function judgeReport(answer: FailedAnswer): Verdict | undefined {
  const rule = RULES.find(({ when }) => when(answer));
  if (rule === undefined) return undefined;
  const { when: _when, ...verdict } = rule;
  return { ...verdict, what: `HTTP ${answer.status}${detailsOf(answer)}: ${verdict.what}` };
}

function notMq(answer: FailedAnswer): Verdict {
  const { status } = answer;
  const verdict = { ...NOT_MQ, what: `HTTP ${status}${detailsOf(answer)}: ${NOT_MQ.what}` };
  return status === 404 || status === 405 ? { ...verdict, notOffered: true } : verdict;
}

function detailsOf({ status, report, location }: FailedAnswer): string {
  const details = [
    report?.msgId,
    report?.reasonCode === undefined ? undefined : `reason code ${report.reasonCode}`,
    status >= 300 && status < 400 && location !== undefined ? `to ${placeOf(location)}` : undefined,
  ].filter((detail) => detail !== undefined);
  return details.length === 0 ? '' : ` (${details.join(', ')})`;
}

/** Where a redirect leads, without credentials and query: those may hold tokens. */
function placeOf(location: string): string {
  const place = withoutCredentials(location).split(/[?#]/, 1)[0] ?? '';
  return place.replace(/[^\x21-\x7e]/g, '').slice(0, 120);
}
