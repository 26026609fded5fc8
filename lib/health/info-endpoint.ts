import { describeError } from '../platform/logging.ts';
import type { Endpoint } from './endpoint.ts';

/** Tells something of this deployment, under a name of its own. */
export interface Contributor {
  readonly name: string;
  readonly info: () => unknown;
}

/** `info`: what all contributors tell. One that fails says why in its place, and makes the answer a 500. */
export function createInfoEndpoint(contributors: readonly Contributor[]): Endpoint {
  return {
    isOpen: false,
    answer: async ({ params }) => {
      if (params.length > 0) return undefined;
      let status = 200;
      const body = contributors.map(({ name, info }) => {
        try {
          return [name, info()];
        } catch (error) {
          status = 500;
          return [name, describeError(error)];
        }
      });
      return { status, body: Object.fromEntries(body) };
    },
  };
}
