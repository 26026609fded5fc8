import type { WakeUp } from '../../lib/delivery/channel.ts';
import { aDraft } from './test-store.ts';

/** A wake-up of a registration, as a channel is given it. */
export function aWakeUp(
  registration: Parameters<typeof aDraft>[0] = {},
  more: Partial<Omit<WakeUp, 'registration'>> = {},
): WakeUp {
  return {
    id: '0af76519-16cd-43dd-8448-eb211c80319c',
    registration: { format: 1, revision: 'r1', ...aDraft(registration) },
    queue: 'DEV.QUEUE.1',
    depth: 3,
    decidedAtMs: Date.parse('2026-01-01T00:00:00Z'),
    headers: {},
    ...more,
  };
}
