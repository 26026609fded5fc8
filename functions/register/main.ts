import { createAccessCheck } from '../../lib/platform/access.ts';
import type { Configuration } from '../../lib/platform/configuration/configuration.ts';
import type { CrossOrigin } from '../../lib/platform/function-call/cross-origin.ts';
import {
  composeConsent,
  composeEvents,
  composeGuard,
  composeResolver,
  composeSealer,
  composeStore,
} from '../compose.ts';
import { createMain } from '../runtime.ts';
import { createRegisterHandler } from './handler.ts';

/** Code Engine calls this for every HTTP request. */
export const main = createMain(
  'register',
  (runtime) => {
    const { configuration, log, clock } = runtime;
    const store = composeStore(runtime, composeSealer(configuration));
    return createRegisterHandler({
      store,
      events: composeEvents(runtime, store),
      guard: composeGuard(configuration),
      resolve: composeResolver(runtime),
      ...composeConsent(runtime),
      access: createAccessCheck(configuration.access),
      queueManagers: [...new Set(configuration.queueManagers.map(({ qmgr }) => qmgr))],
      mode: configuration.mode,
      log,
      clock,
    });
  },
  dashboardElsewhere,
);

/** The dashboard where `actuator` has a URL of its own. What administers the whole store stays out of any page's reach. */
function dashboardElsewhere({ dashboard: { origin } }: Configuration): CrossOrigin | undefined {
  if (origin === undefined) return undefined;
  return { origin, paths: /^\/register(\/|$)/, methods: ['GET', 'POST', 'DELETE'] };
}
