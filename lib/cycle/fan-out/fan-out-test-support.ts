import { createMemoryObjectStore } from '../../object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../object-store/object-store.ts';
import {
  aCall,
  notifyDeps,
  scriptedChannel,
  settableDepths,
  type ScriptedChannel,
} from '../../../test/support/test-cycles.ts';
import { testStore } from '../../../test/support/test-store.ts';
import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { NotifyDeps } from '../notify.ts';
import { runNotifyCycle } from '../notify-cycle.ts';
import type { NotifyReport } from '../report.ts';
import type { FanOut, RangeRequest } from './fan-out.ts';
import { parseRangeRequest, encodeRangeRequest } from './range-wire.ts';
import { runRange } from './run-range.ts';

/** What a test has happen to a request for a range, in place of its being served. */
export type Mishap = (
  request: RangeRequest,
  serve: () => Promise<string | undefined>,
) => Promise<string | undefined>;

/**
 * A deployment whose cycles are split as soon as there are more than ten registrations. Each invocation is an instance of
 * its own: they share the objects, the queue managers and the targets, and nothing else.
 */
export function fanOutScene(given: { readonly objects?: ObjectStore } = {}) {
  const clock = createVirtualClock();
  const objects = given.objects ?? createMemoryObjectStore();
  const queues = settableDepths();
  const channel: ScriptedChannel = scriptedChannel();
  const requests: RangeRequest[] = [];
  let mishap: Mishap = (_, serve) => serve();
  let instances = 0;

  const instance = (): NotifyDeps => {
    instances += 1;
    const store = testStore({ objects, clock, random: seededRandomness(instances) });
    return notifyDeps(store, { queues, channel }, { fanOut });
  };
  const fanOut: FanOut = {
    capacity: { registrationsMax: 10, slots: 128, wakeMs: 95_000 },
    call: async (request) => {
      requests.push(request);
      const sent = parseRangeRequest(encodeRangeRequest(request));
      if (sent === undefined) throw new Error('the request does not survive its own form');
      return mishap(request, async () => (await runRange(instance(), sent, aCall())).reason);
    },
  };
  const store = testStore({ objects, clock });
  return {
    ...{ clock, objects, queues, channel, requests, store, instance },
    happens: (next: Mishap): void => {
      mishap = next;
    },
    run: async (eventId?: string): Promise<NotifyReport> => {
      const report = await runNotifyCycle(instance(), aCall(eventId));
      if (!('decisions' in report)) throw new Error(`no run: ${report.outcome} ${report.reason}`);
      return report;
    },
  };
}
