import type { Environment } from '../host/host-plan.ts';

/** The simulated queue manager, and who may read it. Not secret: all of it is made up and on loopback. */
export const DEMO_QUEUE_MANAGER = 'QM1';

/** Messages arrive here by themselves, and the sample application is registered for it. */
export const ORDERS = 'ORDERS';
/** Messages arrive here, too, and nobody is registered yet. */
export const PAYMENTS = 'PAYMENTS';
/** Stays empty until somebody puts messages on it. */
export const INVOICES = 'INVOICES';

const OTHER_SLOT_SETTINGS = [
  'API',
  'LOGIN',
  'GATEWAY_QMGR',
  'CA_FILE',
  'CERT_FILE',
  'KEY_FILE',
  'MQ_REST_HOSTS',
];

/** Where the simulated queue manager is reached. */
export interface SimulatedMq {
  readonly restUrl: string;
  readonly restPort: number;
  readonly user: string;
  readonly password: string;
}

/** What each schedule becomes in the demo unless it is set: seconds, because nobody wants to wait for minutes. */
const SCHEDULES = [
  ['NOTIFY_SCHEDULE', 'NOTIFY_INTERVAL', '*/5 * * * * *'],
  ['RESTORE_SCHEDULE', 'RESTORE_INTERVAL', '*/30 * * * * *'],
  ['PERSIST_SCHEDULE', 'PERSIST_INTERVAL', '*/15 * * * * *'],
] as const;

/** `env` with what makes the functions observe the simulated queue manager, and keep what they learn in a folder. */
export function demoEnvironment(env: Environment, mq: SimulatedMq): Environment {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  const schedules = SCHEDULES.filter(([schedule, interval]) => !isSet(schedule) && !isSet(interval));
  return {
    ...env,
    ...Object.fromEntries(schedules.map(([schedule, , expression]) => [schedule, expression])),
    ...(isSet('DATA_DIR') ? {} : { DATA_DIR: './data/demo' }),
    // A bucket that is configured for real must not fill with registrations for queues that do not exist.
    STORE: 'file',
    NO_COS: '1',
    QMGR: DEMO_QUEUE_MANAGER,
    MQ_REST_HOST: mq.restUrl,
    MQ_REST_PORT: String(mq.restPort),
    ADMIN_USER: mq.user,
    ADMIN_PASSWORD: mq.password,
    // What else is known of a queue manager is not known of this one.
    ...Object.fromEntries(OTHER_SLOT_SETTINGS.map((key) => [key, ''])),
  };
}
