import { ObjectStoreError, type ObjectStore } from '../../lib/object-store/object-store.ts';
import { parseOriginalDocument } from '../../lib/registration/original-document.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { DamagedObjectError } from '../../lib/store/store-context.ts';
import type { Begun, Ending, PresenceModel } from './model-presence.ts';
import { marked, type Instance } from './simulation-world.ts';

/** How a call ended for its caller. */
export type Answer<T> =
  { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'failed' | 'killed' };

/** Runs work of an instance: an answer, a failure that callers must expect, or the death of the process. A bug is thrown. */
export async function answerOf<T>(instance: Instance, work: Promise<T>): Promise<Answer<T>> {
  try {
    const value = await instance.orKilled(work);
    if (value !== 'killed') return { kind: 'answered', value };
    await instance.faulty.arrived();
    return { kind: 'killed' };
  } catch (error) {
    if (error instanceof ObjectStoreError || error instanceof DamagedObjectError) return { kind: 'failed' };
    throw error;
  }
}

const endingOf = (answer: Answer<unknown>): Ending => (answer.kind === 'answered' ? 'certain' : 'possible');

/** `refusal` is an answer after which nobody knows whether anything was written, by this call or by another. */
const endingUnless = (answer: Answer<unknown>, refusal: unknown): Ending =>
  answer.kind === 'answered' && answer.value === refusal ? 'possible' : endingOf(answer);

/** Time that a flush gets before it answers that it is not done. */
const FLUSH_MS_MAX = 100_000;

/** Does what owners do, and keeps the model informed of what they were told. */
export interface Owner {
  readonly register: (instance: Instance, id: string, mark: string) => Promise<void>;
  /** Registers only where nothing is. */
  readonly registerNew: (instance: Instance, id: string, mark: string) => Promise<void>;
  readonly unregister: (instance: Instance, id: string) => Promise<void>;
  readonly flush: (instance: Instance, ids: readonly string[]) => Promise<void>;
  /** Imports a document; what is there already stays. */
  readonly importDocument: (instance: Instance, document: string) => Promise<void>;
  /** The original writes its document: what is new in it comes in with a later cycle, at any moment until `settle`. */
  readonly writeOriginal: (objects: ObjectStore, document: string) => Promise<void>;
  /** What is in the seeds comes in at any moment until `settle`. */
  readonly expectSeeds: (ids: readonly string[]) => void;
  readonly settle: () => void;
}

/** @param mayBeDropped some registrations may be there and count as absent, without the model knowing */
export function createOwner(model: PresenceModel, mayBeDropped = false): Owner {
  const expected: Begun[] = [];

  /** Throws when somebody was told that an id was absent at a time when it was not. */
  const expectAbsent = (id: string, operation: Begun, told: string): void => {
    const met = operation.met();
    if (!mayBeDropped && !met.includes(undefined))
      throw new Error(`${id} was ${told} as if it were absent; possible was ${met.join(', ')}`);
  };

  const put = async (instance: Instance, id: string, mark: string, isNew: boolean): Promise<void> => {
    const draft = marked(id, mark);
    const operation = model.begin(id, draft.notify);
    const condition = isNew ? ({ ifNoneMatch: '*' } as const) : undefined;
    const answer = await answerOf(instance, instance.store.registrations.put(draft, condition));
    const isStored = answer.kind === 'answered' && answer.value !== 'condition-failed';
    if (isNew && isStored) expectAbsent(id, operation, 'created');
    operation.end(endingUnless(answer, 'condition-failed'));
  };

  return {
    register: (instance, id, mark) => put(instance, id, mark, false),
    registerNew: (instance, id, mark) => put(instance, id, mark, true),
    unregister: async (instance, id) => {
      const operation = model.begin(id, undefined);
      const answer = await answerOf(instance, instance.store.registrations.remove(asRegistrationId(id)));
      if (answer.kind === 'answered' && answer.value === undefined) expectAbsent(id, operation, 'not found');
      operation.end(endingUnless(answer, undefined));
    },
    flush: async (instance, ids) => {
      const operations = ids.map((id) => model.begin(id, undefined));
      const { registrations, context } = instance.store;
      const answer = await answerOf(instance, registrations.flush(context.clock.nowMs() + FLUSH_MS_MAX));
      const isDone = answer.kind === 'answered' && answer.value.complete;
      for (const operation of operations) operation.end(isDone ? 'certain' : 'possible');
    },
    importDocument: async (instance, document) => {
      for (const draft of draftsOf(document)) {
        const operation = model.begin(draft.id, draft.notify);
        const answer = await answerOf(instance, instance.store.registrations.importOne(draft));
        if (answer.kind === 'answered' && answer.value === 'imported')
          expectAbsent(draft.id, operation, 'imported');
        operation.end(endingUnless(answer, 'existing'));
        if (answer.kind === 'killed') return;
      }
    },
    writeOriginal: async (objects, document) => {
      for (const { id, notify } of draftsOf(document)) expected.push(model.begin(id, notify));
      await objects.put('storeddata', document);
    },
    expectSeeds: (ids) => {
      for (const id of ids) expected.push(model.begin(id, marked(id, 'seed').notify));
    },
    settle: () => {
      for (const operation of expected.splice(0)) operation.end('possible');
    },
  };
}

function draftsOf(document: string): ReturnType<typeof marked>[] {
  const parsed = parseOriginalDocument(document, 0);
  if (!parsed.ok) throw new Error(parsed.message);
  return [...parsed.drafts];
}
