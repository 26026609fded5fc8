import type { Switches } from '../switches.ts';
import { errorAnswer, htmlAnswer, type RestAnswer } from './rest-answer.ts';

/**
 * The errors about queue managers and queues. Numbers, reason codes and messages are those of MQ; explanation and action
 * where they are known, and plain words where they are not.
 */

export function unknownQueueManager(qmgr: string, status = 404): RestAnswer {
  return errorAnswer(status, {
    msgId: 'MQWB0009E',
    message: `MQWB0009E: Could not query the queue manager '${qmgr}'.`,
    explanation: 'The REST API was invoked specifying a queue manager name which cannot be located.',
    action:
      'Resubmit the request with a valid queue manager name or no queue manager name, to retrieve a list of queue managers.',
    completionCode: 2,
    reasonCode: 2058,
  });
}

export function unknownQueue(queue: string, switches: Switches): RestAnswer {
  const codes = {
    '3312': { completionCode: 2, reasonCode: 3312 },
    '2085': { completionCode: 2, reasonCode: 2085 },
    none: {},
  };
  return errorAnswer(404, {
    msgId: 'MQWB0037E',
    message: `MQWB0037E: Could not find the queue '${queue}' - the queue manager reason code is 3312 : 'MQRCCF_UNKNOWN_OBJECT_NAME'`,
    explanation: 'The MQ REST API was invoked specifying a queue name which cannot be located.',
    action:
      'Resubmit the request with the name of an existing queue, or with no queue name to retrieve a list of queues.',
    ...codes[switches.unknownQueueCodes],
  });
}

export function queueManagerEnded(qmgr: string, { endedAs }: Switches): RestAnswer {
  return errorAnswer(endedAs === '500' ? 500 : 503, {
    ...(endedAs === '503' ? {} : { msgId: 'MQWB0004E' }),
    message: `The queue manager '${qmgr}' is not available: 2059 : MQRC_Q_MGR_NOT_AVAILABLE.`,
    explanation: 'The queue manager is not running.',
    action: 'Start the queue manager.',
    completionCode: 2,
    reasonCode: 2059,
    type: 'pcf',
  });
}

export function queueManagerOnStandby(switches: Switches): RestAnswer {
  return internalError(2543, 'MQRC_STANDBY_Q_MGR', Number(switches.standbyStatus));
}

export function queueDamaged(): RestAnswer {
  return internalError(2101, 'MQRC_OBJECT_DAMAGED', 500);
}

export function replyQueueMissing(): RestAnswer {
  return errorAnswer(500, {
    msgId: 'MQWB0111E',
    message: 'MQWB0111E: The queue SYSTEM.REST.REPLY.QUEUE cannot be used.',
    explanation: 'The REST API needs this queue for the answers of the queue manager.',
    action: 'Define the queue.',
    completionCode: 2,
    reasonCode: 2085,
  });
}

/** The user of the role MQWebUser may not see the queue. */
export function queueNotAuthorised(queue: string, user: string): RestAnswer {
  return errorAnswer(403, {
    msgId: 'MQWB0103E',
    message: `MQWB0103E: The user '${user}' is not authorized to access the queue '${queue}'.`,
    explanation: 'The user has no authority for the object.',
    action: 'Grant the user authority to inquire the queue.',
    completionCode: 2,
    reasonCode: 2035,
  });
}

/** A query parameter that is not taken. Its message number is not known. */
export function badParameter(parameter: string, why: string): RestAnswer {
  return badRequest(`The query parameter '${parameter}' is not valid: ${why}.`);
}

/** Something else in the request that is not taken. Its message number is not known. */
export function badRequest(message: string): RestAnswer {
  return errorAnswer(400, {
    message,
    explanation: 'The REST API was invoked with something that cannot be used.',
    action: 'Correct the request and resubmit it.',
  });
}

/** Its message number is not known. */
export function unknownResource(path: string): RestAnswer {
  return errorAnswer(404, {
    message: `There is no resource '${path}'.`,
    explanation: 'The REST API offers nothing of this name in this version.',
    action: 'Resubmit the request to an existing resource.',
  });
}

/** What the web server says itself where no application answers. */
export function notFoundPage(): RestAnswer {
  return htmlAnswer(404, '<html><body><h1>Error 404: SRVE0190E: File not found</h1></body></html>');
}

function internalError(reasonCode: number, name: string, status: number): RestAnswer {
  return errorAnswer(status, {
    msgId: 'MQWB0004E',
    message: `MQWB0004E: An internal error occurred while communicating with the queue manager. The root MQ reason code was ${reasonCode} : ${name}.`,
    explanation: 'The queue manager could not do what was asked.',
    action: 'See the reason code.',
    completionCode: 2,
    reasonCode,
    type: 'pcf',
  });
}
