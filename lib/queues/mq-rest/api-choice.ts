import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import type { Ask, DepthAnswer, Extras, QueueApi } from './api.ts';
import { createMqscApi } from './mqsc/mqsc-api.ts';
import { createV1Api } from './v1/v1-api.ts';
import { answered, type Answered } from './verdict.ts';

/** Depths, by whichever API the server offers. */
export interface ApiChoice {
  readonly depths: (
    ask: Ask,
    extras: Extras,
  ) => Promise<Answered<{ readonly api: QueueApi; readonly depths: DepthAnswer }>>;
}

/**
 * The APIs of one web server: the configured one, or with `auto` the queue resource (one request, no command server) and
 * then `mqsc`. The one that worked is asked first from then on.
 */
export function createApiChoice(
  configured: QueueManagerSettings['api'],
  qmgr: string,
  nowMs: () => number,
): ApiChoice {
  const make = { v1: createV1Api, mqsc: createMqscApi };
  let apis = (configured === 'auto' ? (['v1', 'mqsc'] as const) : [configured]).map((name) =>
    make[name](qmgr, nowMs),
  );

  return {
    depths: async (ask, extras) => {
      let refusal: Answered<never> | undefined;
      for (const api of apis) {
        const result = await api.depths(ask, extras);
        if (result.ok) {
          apis = [api, ...apis.filter((other) => other !== api)];
          return answered({ api, depths: result.value }, result.warnings);
        }
        // Of two refusals the first tells more: it is that of the API which is there as a rule.
        refusal ??= result;
        if (result.verdict.notOffered !== true) return result;
      }
      if (refusal === undefined) throw new Error('there is no API to ask');
      return refusal;
    },
  };
}
