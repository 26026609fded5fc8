/** The host cannot start. The message says what to do. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
}
