import { createAccessCheck } from '../../lib/platform/access.ts';
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
export const main = createMain('register', (runtime) => {
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
});
