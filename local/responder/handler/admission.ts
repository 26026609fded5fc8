import { createLimit } from '../../../lib/platform/limit.ts';
import { refuse, type Refusal } from './handler-result.ts';

/** Lets so much work run at once and so much wait, in order; what is beyond that is refused. */
export interface Admission {
  readonly admit: <T>(work: () => Promise<T>) => Promise<T | Refusal>;
  /** From now on nothing starts any more; what waits is refused. Resolves when nothing runs. */
  readonly close: () => Promise<void>;
}

/** Numbers of requests. */
export interface AdmissionLimits {
  readonly atOnce: number;
  readonly waitingMax: number;
}

/** Makes an admission that is open. */
export function createAdmission({ atOnce, waitingMax }: AdmissionLimits): Admission {
  const limit = createLimit(atOnce);
  const inside = new Set<Promise<unknown>>();
  let isClosed = false;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T | Refusal> =>
    isClosed ? refuse(503, 'this responder is being stopped') : work();
  return {
    admit: async (work) => {
      if (inside.size >= atOnce + waitingMax)
        return refuse(429, `${inside.size} requests are being worked on or wait here: try again later`);
      const result = limit(() => inTurn(work));
      inside.add(result);
      try {
        return await result;
      } finally {
        inside.delete(result);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.allSettled(inside);
    },
  };
}
