import { createLimit } from '../../../lib/platform/limit.ts';
import { refuse, type HandlerResult } from './handler-result.ts';

/** Lets so much work run at once and so much wait, in order; what is beyond that is refused. */
export interface Admission {
  /** `work` must not reject. */
  readonly admit: (work: () => Promise<HandlerResult>) => Promise<HandlerResult>;
  /** From now on nothing starts any more; what waits is refused. Resolves when nothing runs. */
  readonly close: () => Promise<void>;
}

export interface AdmissionLimits {
  readonly atOnce: number;
  readonly waitingMax: number;
}

export function createAdmission({ atOnce, waitingMax }: AdmissionLimits): Admission {
  const limit = createLimit(atOnce);
  const inside = new Set<Promise<HandlerResult>>();
  let isClosed = false;
  const inTurn = async (work: () => Promise<HandlerResult>): Promise<HandlerResult> =>
    isClosed ? refuse(503, 'this responder is being stopped') : work();
  return {
    admit: async (work) => {
      if (inside.size >= atOnce + waitingMax)
        return refuse(429, `${atOnce} are being worked on and ${waitingMax} wait: try again later`);
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
