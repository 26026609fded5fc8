/** A further invocation did not serve its range of a cycle, or did not say so. The message says what to look at. */
export class RangeUnservedError extends Error {
  override readonly name = 'RangeUnservedError';
}
