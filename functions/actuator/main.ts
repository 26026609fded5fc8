import { createMain } from '../runtime.ts';
import { createAccessCheck } from '../../lib/platform/access.ts';
import { composeEndpoints } from './compose-actuator.ts';
import { createActuatorHandler } from './handler.ts';

/** Code Engine calls this for every HTTP request. */
export const main = createMain('actuator', (runtime) =>
  createActuatorHandler({
    endpoints: composeEndpoints(runtime),
    access: createAccessCheck(runtime.configuration.access),
  }),
);
