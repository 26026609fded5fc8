import type { ParsedFault } from '../fault.ts';
import type { Distortion } from '../rest/rest-exchange.ts';

const MINUTE_MS = 60_000;

/** How a fault bends the making of an answer, where it does. */
export function distortionOf(fault: ParsedFault): Distortion {
  switch (fault.kind) {
    case 'nofilter':
      return { refusesFilter: true };
    case 'attr120':
      return { refusedAttribute: fault.text };
    case 'damaged':
      return { damagedQueue: fault.text };
    case 'clockSkew':
      return { clockShiftMs: fault.value * MINUTE_MS };
    case 'dst':
      return { clockShiftMs: 60 * MINUTE_MS };
    default:
      return {};
  }
}
