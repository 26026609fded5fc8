import { errorAnswer, type RestAnswer } from '../rest/rest-answer.ts';

/** The errors of the messaging REST API. Where MQ's own numbers are not known there are none. */

export function unsupportedMediaType(): RestAnswer {
  return errorAnswer(415, {
    msgId: 'MQWB0306E',
    message: 'MQWB0306E: The media type is unsupported for this type of request.',
    explanation: 'The request attempted to use an unsupported media type.',
    action: 'Resubmit the request with text, JSON or XML.',
  });
}

/** A message that is no text; it stays where it is. */
export function unsupportedMessage(format: string): RestAnswer {
  return errorAnswer(501, {
    msgId: 'MQWB0309E',
    message: `MQWB0309E: The message has the format '${format}', which cannot be returned.`,
    explanation: 'The messaging REST API returns text only. The message was left on the queue.',
    action: 'Get the message with another kind of application.',
  });
}

/** `reason` is 2016 for a queue that is inhibited for getting, 2051 for putting. */
export function inhibited(queue: string, reason: 2016 | 2051): RestAnswer {
  const what = reason === 2016 ? 'MQRC_GET_INHIBITED' : 'MQRC_PUT_INHIBITED';
  return errorAnswer(405, {
    message: `The queue '${queue}' is inhibited: ${reason} : ${what}.`,
    explanation: 'The queue does not take this request at the moment.',
    action: 'Resubmit the request when the queue is enabled.',
    completionCode: 2,
    reasonCode: reason,
  });
}

export function queueFull(queue: string): RestAnswer {
  return errorAnswer(500, {
    msgId: 'MQWB0303E',
    message: `MQWB0303E: An unforeseen error occurred while sending the message to '${queue}': 2053 : MQRC_Q_FULL.`,
    explanation: 'An underlying error occurred.',
    action: 'Resubmit the request when messages were taken off the queue.',
    completionCode: 2,
    reasonCode: 2053,
  });
}

/** Neither a local queue nor an alias of one. */
export function notALocalQueue(queue: string): RestAnswer {
  return errorAnswer(400, {
    message: `The queue '${queue}' holds no messages of its own.`,
    explanation: 'The queue must be local, or an alias of a local queue.',
    action: 'Resubmit the request with the name of such a queue.',
    completionCode: 2,
    reasonCode: 2001,
  });
}
