import type { Store } from '../../store/store.ts';
import type { Indicator } from '../health.ts';

/** The store answers and is of a form that this program understands. */
export function storeIndicator({ meta }: Pick<Store, 'meta'>, kind: string): Indicator {
  return {
    name: 'store',
    check: async () => {
      const { format } = await meta.read();
      return { status: 'UP', details: { kind, format } };
    },
  };
}
