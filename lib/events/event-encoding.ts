import type { LifecycleEvent } from './lifecycle-event.ts';

/** A CloudEvent 1.0 in structured mode: one JSON document, so that a signature covers all of it. */
export const EVENT_CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** The body of one event. The same event always gives the same text. */
export function encodeEvent({ id, type, timeMs, subject, data }: LifecycleEvent): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: 'mq-observer',
    type: `mq-observer.${type}`,
    ...(subject === undefined ? {} : { subject }),
    time: new Date(timeMs).toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}
