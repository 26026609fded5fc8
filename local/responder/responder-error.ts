/** Why `respond` ends before it was asked to, in words; `exitCode`: 2 for wrong options, 1 for what it cannot do now. */
export class ResponderError extends Error {
  override readonly name = 'ResponderError';
  readonly exitCode: 1 | 2;

  constructor(exitCode: ResponderError['exitCode'], message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
