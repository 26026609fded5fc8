import { toCallParams, type CallParams } from '../gateway/call-params.ts';

/** One tick of a timer. */
export interface Tick {
  /** The same for every delivery of this tick. */
  readonly id: string;
  /** The name of the subscription; here, of the function that it calls. */
  readonly subscription: string;
  readonly timeMs: number;
}

/** The params of the call by which the platform's cron tells a function of a tick: a CloudEvent in binary mode, no data. */
export function cronCallParams(tick: Tick): CallParams {
  const read = toCallParams({
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      'ce-id': tick.id,
      'ce-source': `/apis/v1/namespaces/local/pingsources/${tick.subscription}`,
      'ce-specversion': '1.0',
      'ce-time': new Date(tick.timeMs).toISOString(),
      'ce-type': 'dev.knative.sources.ping',
      'content-length': '0',
    },
    body: Buffer.alloc(0),
  });
  return read.kind === 'params' ? read.params : {};
}
