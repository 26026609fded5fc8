import { errorAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import type { Switches } from '../switches.ts';

/** The errors about who asks. All carry the codes 0 and 0. */

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

export function deadCookie(cookie: string): RestAnswer {
  return errorAnswer(401, {
    msgId: 'MQWB0112E',
    message: `MQWB0112E: The '${cookie}' authentication token cookie failed verification.`,
    explanation:
      'The REST API request cannot be completed because the authentication token failed verification.',
    action: 'Login to the REST API to obtain a valid authentication cookie.',
  });
}

export function csrfMissing({ csrfStatus }: Switches): RestAnswer {
  return errorAnswer(Number(csrfStatus), {
    msgId: 'MQWB0100E',
    message: "MQWB0100E: The 'ibm-mq-rest-csrf-token' CSRF header was omitted from the request.",
    explanation: 'The REST API request cannot be completed because the CSRF header was omitted.',
    action: 'Resubmit the request with the correct CSRF header.',
  });
}

export function roleMissing(user: string, roles = 'MQWebAdmin, MQWebAdminRO, MQWebUser'): RestAnswer {
  return errorAnswer(403, {
    msgId: 'MQWB0108E',
    message: `MQWB0108E: The authenticated principal '${user}' is not granted access to any of the required roles: '${roles}'.`,
    explanation: 'The user has no role that this request needs.',
    action: 'Grant the user one of the roles.',
  });
}
