import { payloadOf, type Channel } from '../../channel.ts';
import { postTo, type PostDeps } from '../post-to.ts';

/** Wakes a URL with a plain POST of the payload as JSON. */
export function createHttpPostChannel(deps: PostDeps): Channel {
  return {
    attempt: (wakeUp, limits) =>
      postTo(deps, wakeUp, { 'content-type': 'application/json' }, JSON.stringify(payloadOf(wakeUp)), limits),
  };
}
