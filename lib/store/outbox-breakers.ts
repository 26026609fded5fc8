import { CLOSED, parseBreaker, type BreakerState } from '../events/breaker.ts';
import { createDocument, type StoredDocument } from './document.ts';
import { breakerKey } from './keys.ts';
import type { StoreContext } from './store-context.ts';

/** What is known of endpoints between drains, one document each. */
export interface Breakers {
  readonly of: (endpoint: string) => StoredDocument<BreakerState>;
}

export function createBreakers(context: StoreContext): Breakers {
  const documents = new Map<string, StoredDocument<BreakerState>>();
  return {
    of: (endpoint) => {
      const known =
        documents.get(endpoint) ??
        createDocument(context, { key: breakerKey(endpoint), empty: CLOSED, parse: parseBreaker });
      documents.set(endpoint, known);
      return known;
    },
  };
}
