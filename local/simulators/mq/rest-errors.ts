import { errorAnswer, type RestAnswer } from './rest-answer.ts';

/**
 * The errors of the REST API. Numbers, reason codes and messages are those of MQ; explanation and action where they are
 * known, and plain words where they are not.
 */

export function notAuthenticated(path: string): RestAnswer {
  return errorAnswer(401, {
    msgId: 'MQWB0104E',
    message: `MQWB0104E: The REST API request to '${path}' is not authenticated.`,
    explanation: 'Credentials were omitted from the request.',
    action: 'Send credentials with the request.',
  });
}

export function wrongCredentials(): RestAnswer {
  return errorAnswer(401, {
    msgId: 'MQWB0105E',
    message: 'MQWB0105E: HTTP basic authentication failed.',
    explanation: 'The REST API request failed due to incorrect username and password credentials.',
    action: 'Provide valid credentials or use another form of authentication such as a client certificate.',
  });
}

export function roleMissing(user: string): RestAnswer {
  const roles = 'MQWebAdmin, MQWebAdminRO, MQWebUser';
  return errorAnswer(403, {
    msgId: 'MQWB0108E',
    message: `MQWB0108E: The authenticated principal '${user}' is not granted access to any of the required roles: '${roles}'.`,
    explanation: 'The user has no role that this request needs.',
    action: 'Grant the user one of the roles.',
  });
}

export function unknownQueueManager(qmgr: string): RestAnswer {
  return errorAnswer(404, {
    msgId: 'MQWB0009E',
    message: `MQWB0009E: Could not query the queue manager '${qmgr}'.`,
    explanation: 'The REST API was invoked specifying a queue manager name which cannot be located.',
    action:
      'Resubmit the request with a valid queue manager name or no queue manager name, to retrieve a list of queue managers.',
    completionCode: 2,
    reasonCode: 2058,
  });
}

export function unknownQueue(queue: string): RestAnswer {
  return errorAnswer(404, {
    msgId: 'MQWB0037E',
    message: `MQWB0037E: Could not find the queue '${queue}' - the queue manager reason code is 3312 : 'MQRCCF_UNKNOWN_OBJECT_NAME'`,
    explanation: 'The MQ REST API was invoked specifying a queue name which cannot be located.',
    action:
      'Resubmit the request with the name of an existing queue, or with no queue name to retrieve a list of queues.',
    completionCode: 2,
    reasonCode: 3312,
  });
}

/** Its message number is not known. */
export function queueManagerEnded(qmgr: string): RestAnswer {
  return errorAnswer(503, {
    message: `The queue manager '${qmgr}' is not available: 2059 : MQRC_Q_MGR_NOT_AVAILABLE.`,
    explanation: 'The queue manager is not running.',
    action: 'Start the queue manager.',
    completionCode: 2,
    reasonCode: 2059,
    type: 'pcf',
  });
}

export function queueManagerOnStandby(): RestAnswer {
  return errorAnswer(500, {
    msgId: 'MQWB0004E',
    message:
      'MQWB0004E: An internal error occurred while communicating with the queue manager. The root MQ reason code was 2543 : MQRC_STANDBY_Q_MGR.',
    explanation: 'The queue manager is a standby instance.',
    action: 'Use the active instance.',
    completionCode: 2,
    reasonCode: 2543,
    type: 'pcf',
  });
}

/** A query parameter that is not taken. Its message number is not known. */
export function badParameter(parameter: string, why: string): RestAnswer {
  return errorAnswer(400, {
    message: `The query parameter '${parameter}' is not valid: ${why}.`,
    explanation: 'The REST API was invoked with a query parameter that cannot be used.',
    action: 'Resubmit the request with a valid query parameter.',
  });
}

/** Its message number is not known. */
export function unknownResource(path: string): RestAnswer {
  return errorAnswer(404, {
    message: `There is no resource '${path}'.`,
    explanation: 'The simulator offers /ibmmq/rest/v1/admin/qmgr/{qmgr}/queue and the same with /{queue}.',
    action: 'Resubmit the request to an existing resource.',
  });
}
