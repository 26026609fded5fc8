import { DEMO_QUEUE_MANAGER, INVOICES, PAYMENTS } from './demo-settings.ts';

export interface DemoAddresses {
  /** The gateway. */
  readonly url: string;
  /** The sample application. */
  readonly targetUrl: string;
  /** The control API of the simulator. */
  readonly controlUrl: string;
  readonly dataDir: string;
  /** True when callers need a token. */
  readonly needsToken: boolean;
}

/** What the demo says when it is ready: what is simulated, and commands to try, each on one line. */
export function instructions({ url, targetUrl, controlUrl, dataDir, needsToken }: DemoAddresses): string {
  const token = needsToken ? ` -H "authorization: Bearer $ADMIN_TOKEN"` : '';
  const call = (rest: string): string => `  curl -s${token} ${rest}`;
  const json = JSON.stringify({
    id: 'my-app',
    qmgr: DEMO_QUEUE_MANAGER,
    queue: INVOICES,
    notify: `${targetUrl}/invoices`,
  });
  return `
This is a demonstration: no queue manager is configured, so all of it is SIMULATED on this machine: the queue manager
${DEMO_QUEUE_MANAGER}, the messages that arrive on its queues, and the sample application that is woken and takes them.
Registrations are kept in ${dataDir}.
To observe real queue managers, put them into env.json, or set QMGR, MQ_REST_HOST, MQ_REST_PORT, ADMIN_USER and
ADMIN_PASSWORD.

To try in a second terminal${needsToken ? ' (ADMIN_TOKEN is one of ADMIN_TOKENS)' : ''}:

  # Register by form, and by JSON
${call(`-d 'QMGR=${DEMO_QUEUE_MANAGER}&QUEUE=${PAYMENTS}&NOTIFY=${targetUrl}/payments' ${url}/register`)}
${call(`-H 'content-type: application/json' -d '${json}' ${url}/register`)}

  # List the registrations
${call(`${url}/register`)}

  # Put three messages on the simulated queue ${INVOICES}
  curl -s -X POST '${controlUrl}/_emu/qmgr/${DEMO_QUEUE_MANAGER}/queue/${INVOICES}/put?n=3'

  # Run a cycle now, and see what it decided
${call(`-X POST ${url}/functions/notify-cycle`)}

  # Unregister one, and drop all
${call(`-X DELETE ${url}/register/my-app`)}
${call(`-X DELETE ${url}/admin/flush`)}

The same from the command line: npx mq-observer --help
In a browser: ${url}/dashboard

Ready on ${url} (Ctrl-C ends it). Wake-ups show here as they happen:
`;
}
