import { traceparentOf } from '../delivery/channels/traceparent.ts';
import type { Stamp } from '../delivery/channels/post-to.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import { HttpFailure, type HttpClient } from '../platform/http-client.ts';
import { encodeEvent, EVENT_CONTENT_TYPE } from './event-encoding.ts';
import type { LifecycleEvent } from './lifecycle-event.ts';

/** How one attempt ended. */
export type DeliveryOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly accepted: boolean }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Sends one event to one endpoint, once. Never rejects for anything the network does. */
export type DeliverEvent = (
  endpoint: EventEndpointSettings,
  event: LifecycleEvent,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<DeliveryOutcome>;

/** Of an answer only its status counts; the body is read to this length so that the connection can be kept. */
const ANSWER_BYTES_MAX = 16 * 1024;

/**
 * Posts events over `http`. Unlike targets, endpoints are named by the operator, so `http` needs no guard: they may be
 * private. A 2xx accepts; redirects are not followed and are failures.
 */
export function createEventDelivery(deps: {
  readonly http: HttpClient;
  readonly stamp?: Stamp;
}): DeliverEvent {
  const { http, stamp } = deps;
  return async ({ url, headers }, event, { timeoutMs, signal }) => {
    const body = encodeEvent(event);
    const own = Object.entries(headers).map(([name, value]) => [name, value.reveal()] as const);
    try {
      const { status } = await http.send({
        method: 'POST',
        url: new URL(url),
        headers: {
          'user-agent': 'mq-observer',
          traceparent: traceparentOf(event.id),
          ...Object.fromEntries(own),
          'content-type': EVENT_CONTENT_TYPE,
          ...stamp?.(event.id, body),
        },
        body,
        timeoutMs,
        answerBytesMax: ANSWER_BYTES_MAX,
        signal,
      });
      return { kind: 'answered', status, accepted: status >= 200 && status < 300 };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return { kind: 'unanswered', why: error.message };
    }
  };
}
