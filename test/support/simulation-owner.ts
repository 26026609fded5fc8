import { ObjectStoreError } from '../../lib/object-store/object-store.ts';
import { parseOriginalDocument } from '../../lib/registration/original-document.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { LeaseLostError } from '../../lib/store/lease.ts';
import { DamagedObjectError } from '../../lib/store/store-context.ts';
import type { Ending, PresenceModel } from './model-presence.ts';
import { marked, type Instance } from './simulation-world.ts';

/** How a call ended for its caller. */
export type Answer<T> =
  { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'failed' | 'killed' };

/** Runs work of an instance: an answer, a failure that callers must expect, or the death of the process. A bug is thrown. */
export async function answerOf<T>(instance: Instance, work: Promise<T>): Promise<Answer<T>> {
  try {
    const value = await instance.orKilled(work);
    return value === 'killed' ? { kind: 'killed' } : { kind: 'answered', value };
  } catch (error) {
    if (isExpected(error)) return { kind: 'failed' };
    throw error;
  }
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof ObjectStoreError ||
    error instanceof DamagedObjectError ||
    error instanceof LeaseLostError
  );
}

const endingOf = (answer: Answer<unknown>): Ending => (answer.kind === 'answered' ? 'certain' : 'possible');

/** Does what owners do, and keeps the model informed of what they were told. */
export function createOwner(model: PresenceModel) {
  return {
    register: async (instance: Instance, id: string, mark: string): Promise<void> => {
      const draft = marked(id, mark);
      const operation = model.begin(id, draft.notify);
      const answer = await answerOf(instance, instance.store.registrations.put(draft));
      operation.end(endingOf(answer));
    },
    /** Creates only where nothing is; whether a refusal means that nothing was written, nobody knows. */
    registerNew: async (instance: Instance, id: string, mark: string): Promise<void> => {
      const draft = marked(id, mark);
      const operation = model.begin(id, draft.notify);
      const answer = await answerOf(instance, instance.store.registrations.put(draft, { ifNoneMatch: '*' }));
      const refused = answer.kind === 'answered' && answer.value === 'condition-failed';
      operation.end(refused ? 'possible' : endingOf(answer));
    },
    unregister: async (instance: Instance, id: string): Promise<void> => {
      const operation = model.begin(id, undefined);
      const answer = await answerOf(instance, instance.store.registrations.remove(asRegistrationId(id)));
      const unknown = answer.kind === 'answered' && answer.value === undefined;
      operation.end(unknown ? 'possible' : endingOf(answer));
    },
    flush: async (instance: Instance, ids: readonly string[]): Promise<void> => {
      const operations = ids.map((id) => model.begin(id, undefined));
      const answer = await answerOf(instance, instance.store.registrations.flush(Number.POSITIVE_INFINITY));
      for (const operation of operations) operation.end(endingOf(answer));
    },
    /** Imports a document; what is there already stays. */
    importDocument: async (instance: Instance, document: string): Promise<void> => {
      const parsed = parseOriginalDocument(document, 0);
      if (!parsed.ok) throw new Error(parsed.message);
      for (const draft of parsed.drafts) {
        const operation = model.begin(draft.id, draft.notify);
        const answer = await answerOf(instance, instance.store.registrations.importOne(draft));
        const existed = answer.kind === 'answered' && answer.value === 'existing';
        operation.end(existed ? 'possible' : endingOf(answer));
        if (answer.kind === 'killed') return;
      }
    },
  };
}
