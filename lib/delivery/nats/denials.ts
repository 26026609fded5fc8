import { PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';

/** Who waits to hear that a message was not let through: a server tells it of a subject, not of a message. */
export interface Denials {
  /** Calls `denied` when sending to `subject` is not allowed, until what it answers is called. */
  readonly expect: (subject: string, denied: (error: PermissionViolationError) => void) => () => void;
}

/** Listens for as long as the connection lasts. */
export function watchDenials(connection: NatsConnection): Denials {
  const waiting = new Map<string, Set<(error: PermissionViolationError) => void>>();
  void (async () => {
    for await (const status of connection.status()) {
      const error = status.type === 'error' ? status.error : undefined;
      if (error instanceof PermissionViolationError && error.operation === 'publish')
        for (const denied of waiting.get(error.subject) ?? []) denied(error);
    }
  })();
  return {
    expect: (subject, denied) => {
      const others = waiting.get(subject) ?? new Set();
      waiting.set(subject, others.add(denied));
      return () => {
        others.delete(denied);
        if (others.size === 0 && waiting.get(subject) === others) waiting.delete(subject);
      };
    },
  };
}
