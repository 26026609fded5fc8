import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock, Randomness } from '../../lib/platform/clock.ts';
import { createLogger, type Logger } from '../../lib/platform/logging.ts';
import { createSealer, type Sealer } from '../../lib/platform/sealer.ts';
import { secret } from '../../lib/platform/secret.ts';
import { naturalId } from '../../lib/registration/registration-id.ts';
import type { RegistrationDraft } from '../../lib/registration/original-document.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { createStore, type Store, type StoreDeps } from '../../lib/store/store.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** A sealer with a key that is nobody's. */
export const testSealer: Sealer = createSealer([secret(Buffer.alloc(32, 7).toString('base64'))]);

/** A logger that keeps its lines. */
export function keepingLogger(clock: Clock): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { log: createLogger({ level: 'debug', constant: {}, clock, write }), lines };
}

/** A store over memory (or what is given), with time and randomness of its own. Several may share one object store. */
export function testStore(
  options: Partial<Omit<StoreDeps, 'log' | 'clock' | 'random'>> & {
    readonly objects?: ObjectStore;
    readonly clock?: Clock;
    readonly random?: Randomness;
  } = {},
): Store {
  const clock = options.clock ?? createVirtualClock();
  return createStore({
    objects: options.objects ?? createMemoryObjectStore(),
    prefix: options.prefix ?? 'mq-observer/',
    originalKey: options.originalKey ?? 'storeddata',
    seedData: options.seedData,
    sealer: options.sealer ?? testSealer,
    clock,
    random: options.random ?? seededRandomness(1),
    log: keepingLogger(clock).log,
    patienceMs: options.patienceMs ?? 5_000,
  });
}

/** A registration as an owner asks for it; what is not given is filled in. */
export function aDraft(
  given: Partial<Omit<RegistrationDraft, 'id'>> & { readonly id?: string } = {},
): RegistrationDraft {
  const { id, ...rest } = given;
  const base = {
    qmgr: 'QM1',
    queue: 'DEV.QUEUE.1',
    notify: 'https://app.example/hook',
    lastUpdatedMs: 1_700_000_000_000,
    ...rest,
  };
  return {
    ...base,
    id: id === undefined ? naturalId(base.qmgr, base.queue, base.notify) : asRegistrationId(id),
  };
}
