import type { HttpClient } from '../../../platform/http-client.ts';
import { payloadOf, type Channel } from '../../channel.ts';
import { postTo } from '../post-to.ts';

/** Wakes a URL with a plain POST of the payload as JSON. */
export function createHttpPostChannel(deps: { readonly http: HttpClient }): Channel {
  return {
    attempt: (wakeUp, limits) =>
      postTo(
        deps.http,
        wakeUp,
        { 'content-type': 'application/json' },
        JSON.stringify(payloadOf(wakeUp)),
        limits,
      ),
  };
}
