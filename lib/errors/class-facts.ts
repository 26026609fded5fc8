import type { ErrorClass } from './error-class.ts';

/**
 * Who hears of an error. `debug`: it is counted. `warn`: it is also logged, told to the event endpoints and part of the
 * report; it may pass by itself. `error`: the same, and it stays until somebody acts.
 */
export type Severity = 'debug' | 'warn' | 'error';

/** What an operator has to know of a class of errors, wherever it is met. */
export interface ClassFacts {
  readonly severity: Severity;
  readonly means: string;
  /** What to do about it. */
  readonly toDo: string;
}

const warn = (means: string, toDo: string): ClassFacts => ({ severity: 'warn', means, toDo });
const error = (means: string, toDo: string): ClassFacts => ({ severity: 'error', means, toDo });

/** The facts of every class. */
export const CLASS_FACTS: Readonly<Record<ErrorClass, ClassFacts>> = {
  'store-unavailable': warn(
    'the object store did not answer, answered with a failure of its own, or others kept writing the same object',
    'nothing if it passes; else look at the status of the object store and at the network to its endpoint',
  ),
  'store-throttled': warn(
    'the object store asked to be called less often, longer than we wait',
    'call cycles less often, or ask for a higher rate limit of the bucket',
  ),
  'store-denied': error(
    'the credentials of the object store are wrong, expired or too weak',
    'renew the credentials; they need to read, write, list and delete in the bucket',
  ),
  'store-no-bucket': error(
    'the bucket or the folder does not exist',
    'create it, or correct its name and the endpoint',
  ),
  'store-refused': error(
    'the object store will not take a request as it stands',
    'read the message: it names the object and the reason of the store',
  ),
  'store-unusable': error(
    'the object store cannot be used as it is: it ignores conditional writes, or holds a format that this version does not know',
    'do what the message says; repeating mends nothing',
  ),
  'damaged-object': error(
    'an object is there and cannot be understood; it is never overwritten or deleted by the system',
    'do what the message says of the object that it names',
  ),
  'lease-lost': warn(
    'the run took longer than its lease, and another one took over; it writes nothing more',
    'nothing if it is rare; else look for a clock that is wrong, or a runtime that stops instances',
  ),
  'cycle-impossible': error('a cycle must not run in this runtime', 'do what the message says'),
  'range-unserved': warn(
    'a further invocation of notify-cycle did not serve its range of a cycle, or did not say so',
    'read the message and the log of notify-cycle; if it stays, check `FANOUT_URL` and `ENCRYPTION_KEYS`',
  ),
  unstorable: warn(
    'a registration has headers and there is no key to encrypt them with',
    'set `ENCRYPTION_KEYS`, then register or import it again',
  ),
  misconfigured: error(
    'the configuration is not valid, or does not fit what is asked',
    'correct the settings that the message names',
  ),
  'request-refused': {
    severity: 'debug',
    means: 'a caller asked for something that is refused',
    toDo: 'nothing: the answer tells the caller what is wrong',
  },
  'http-dns': warn(
    'a host name could not be resolved',
    'check the host name in the URL, and the name service',
  ),
  'http-connect': warn(
    'no connection could be made',
    'check that the host is up, the port of the URL, and what lies between',
  ),
  'http-tls': warn(
    'no TLS connection could be made',
    'check the certificate of the host: its name, its dates, its authority',
  ),
  'http-timeout': warn(
    'there was no complete answer in time',
    'make the receiver answer first and work later, or grant it more time',
  ),
  'http-reset': warn('the connection was closed in the middle', 'look at the log of the receiver'),
  'http-blocked': error(
    'the address must not be dialled',
    'use a public address over https, or permit it with `ALLOW_TARGETS` or `ALLOW_HTTP`',
  ),
  'http-protocol': warn('what answered does not speak HTTP, or the request cannot be made', 'check the URL'),
  'http-aborted': {
    severity: 'debug',
    means: 'the run ended before the exchange did',
    toDo: 'nothing: it is done again',
  },
  bug: error(
    'an error of the program itself, or one that it does not know',
    'report it, with the line of the log that has its `cause`',
  ),
};
