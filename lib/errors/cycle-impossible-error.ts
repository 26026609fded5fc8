/** A cycle must not run here, and will not by being called again. The message says what to do. */
export class CycleImpossibleError extends Error {
  override readonly name = 'CycleImpossibleError';
}
