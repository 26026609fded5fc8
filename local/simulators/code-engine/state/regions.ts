/** `unavailable`: every request is answered 503. `unreachable`: every connection is reset. */
export const REGION_STATES = ['up', 'unavailable', 'unreachable'] as const;
export type RegionState = (typeof REGION_STATES)[number];
