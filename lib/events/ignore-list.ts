import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { LifecycleEventType } from './lifecycle-event.ts';

/** True when events of this type are kept for the endpoint: it is not disabled and does not ignore them. */
export function wants(
  { disabled, ignoredTypes }: Pick<EventEndpointSettings, 'disabled' | 'ignoredTypes'>,
  type: LifecycleEventType,
): boolean {
  return !disabled && !ignoredTypes.some((ignored) => matches(ignored, type));
}

function matches(ignored: string, type: LifecycleEventType): boolean {
  return ignored.endsWith('*') ? type.startsWith(ignored.slice(0, -1)) : type === ignored;
}
