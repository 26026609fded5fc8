import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedUser } from '../users.ts';
import type { Switches } from '../switches.ts';
import type { RestTarget } from './rest-route.ts';

/** How a fault bends what is answered. */
export interface Distortion {
  /** This queue is damaged, whatever its definition says. */
  readonly damagedQueue?: string;
  /** Showing this attribute is refused. */
  readonly refusedAttribute?: string;
  /** Neither `filter=` nor `WHERE` is taken. */
  readonly refusesFilter?: boolean;
  /** Added to every time that is shown. */
  readonly clockShiftMs?: number;
}

/** A request by somebody who may ask, and what its answer depends on beside the queue managers. */
export interface RestExchange extends RestTarget {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly user: SimulatedUser;
  /** Which of the simulator's endpoints was asked, from 0. */
  readonly endpoint: number;
  readonly switches: Switches;
  readonly nowMs: number;
  readonly distortion: Distortion;
}
