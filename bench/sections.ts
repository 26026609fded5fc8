import { bundleSizes } from './bundle-sizes.ts';
import { coldStart } from './cold-start.ts';
import { failingQueueManagers } from './failing-queue-managers.ts';
import { fanOut } from './fan-out.ts';
import { growth } from './growth.ts';
import { hangingTargets } from './hanging-targets.ts';
import { idleCycle } from './idle-cycle.ts';
import { memory } from './memory.ts';
import { parsing } from './parsing.ts';
import { reads } from './reads.ts';
import { registers, registersS3 } from './registers.ts';
import type { Section } from './section.ts';
import { slowTargets } from './slow-targets.ts';
import { steadiness } from './steadiness.ts';
import { waking } from './waking.ts';

/** All sections, in the order of the table. */
export const sections: readonly Section[] = [
  waking,
  slowTargets,
  hangingTargets,
  failingQueueManagers,
  steadiness,
  idleCycle,
  memory,
  registers,
  registersS3,
  reads,
  coldStart,
  bundleSizes,
  parsing,
  fanOut,
  growth,
];
