/** A command ended as commands may: the message is for people, and there is nothing else to see. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 1: it failed. 2: it was called in a wrong way. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
