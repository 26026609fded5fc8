import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logging.ts';
import type { QueueDepths, QueueManagerReading, Wanted } from '../queues/queue-depths.ts';
import type { Registration } from '../registration/registration.ts';
import { needsAge, type Standstill } from './progress.ts';
import type { QueueManagerLine } from './report.ts';

export interface AskDeps {
  readonly queues: QueueDepths;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What has to be known of a queue manager to decide on these registrations, and no more: attributes cost it time.
 * @param standstills what is remembered of wake-ups that made no depth fall
 */
export function wantedBy(
  registrations: readonly Registration[],
  standstills: ReadonlyMap<string, Standstill>,
): Wanted {
  const asks = registrations.map(({ record }) => record.when);
  return {
    names: new Set(registrations.map(({ record }) => record.queue)),
    oldestMessageAge:
      asks.some((when) => when?.oldest_message_age_at_least !== undefined) ||
      registrations.some(({ record }) => needsAge(standstills.get(record.id))),
    openInputCount: asks.some((when) => when?.no_reader === true),
  };
}

/** Asks a queue manager, logs what fell short, and gives the line that the report has for it. Never rejects. */
export async function askQueueManager(
  { queues, clock, log }: AskDeps,
  qmgr: string,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<{ readonly reading: QueueManagerReading; readonly line: QueueManagerLine }> {
  const startedMs = clock.nowMs();
  const reading = await queues.read(qmgr, wanted, signal);
  const duration_ms = clock.nowMs() - startedMs;
  if (reading.kind === 'failed') {
    const { code, message } = reading;
    log.warn('queue manager not read', { qmgr, code, cause: message });
    return { reading, line: { qmgr, outcome: 'error', queues: 0, duration_ms, error: message } };
  }
  const line = { qmgr, outcome: 'ok', queues: reading.queues.size, duration_ms, error: null } as const;
  const { warnings } = reading;
  if (warnings.length === 0) return { reading, line };
  log.warn('queue manager read, with reservations', { qmgr, warnings });
  return { reading, line: { ...line, warnings } };
}
