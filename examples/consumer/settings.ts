/** What the job needs to know. */
export interface Settings {
  /** Scheme, host and port of the MQ web server. */
  readonly restUrl: string;
  readonly user: string;
  readonly password: string;
  readonly queueManager: string;
  readonly queue: string;
  readonly messageBytesMax: number;
  readonly runSecondsMax: number;
}

/** What is there, and everything that is wrong with it. `settings` counts only when there are no problems. */
export interface SettingsReading {
  readonly settings: Settings;
  readonly problems: readonly string[];
}

/** As MQ names queue managers and queues. */
const MQ_NAME = /^[A-Za-z0-9._/%]{1,48}$/;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Reads the environment. Never throws, and never repeats what could be a secret. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsReading {
  const problems: string[] = [];
  const text = (name: string): string => {
    const value = env[name] ?? '';
    if (value === '') problems.push(`${name} is missing`);
    return value;
  };
  const mqName = (name: string): string => {
    const value = text(name);
    if (value !== '' && !MQ_NAME.test(value)) problems.push(`${name} is no name of MQ`);
    return value;
  };
  const number = (name: string, fallback: number, max: number): number => {
    const value = Number(env[name] ?? fallback);
    if (!Number.isInteger(value) || value < 1 || value > max)
      problems.push(`${name} must be a whole number from 1 to ${max}`);
    return value;
  };
  const settings = {
    restUrl: text('MQ_REST_URL').replace(/\/+$/, ''),
    user: text('MQ_USER'),
    password: text('MQ_PASSWORD'),
    queueManager: mqName('CE_QMGR'),
    queue: mqName('CE_QUEUE'),
    messageBytesMax: number('MAX_MESSAGE_BYTES', 1024 * 1024, 100 * 1024 * 1024),
    runSecondsMax: number('MAX_RUN_SECONDS', 600, 86_400),
  };
  const fault = settings.restUrl === '' ? undefined : faultOfUrl(settings.restUrl);
  if (fault !== undefined) problems.push(`MQ_REST_URL ${fault}`);
  if (settings.user.includes(':')) problems.push('MQ_USER must have no colon');
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    problems.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pose as the server; name its CA in NODE_EXTRA_CA_CERTS instead',
    );
  return { settings, problems };
}

/** The password goes with every request, so the way must be encrypted, unless it never leaves this machine. */
function faultOfUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be a URL such as https://mq.example.com:9443';
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  if (`${username}${password}` !== '') return 'must carry no user; use MQ_USER and MQ_PASSWORD';
  if (`${pathname}${search}${hash}` !== '/') return 'must end after host and port';
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
  return isSafe ? undefined : 'must begin with https:';
}
