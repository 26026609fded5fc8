import type { NoAnswerCode } from '../../channel.ts';

/** There is no token, so the API was not asked. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  /** IAM's status; none where it gave no answer or was not asked. */
  readonly status: number | undefined;
  /** Why IAM gave no answer; none where it did, or was not asked. */
  readonly code: NoAnswerCode | undefined;
  /** IAM's own code for it, or why it was not asked. */
  readonly said: string;

  constructor(
    what: {
      readonly status?: number | undefined;
      readonly code?: NoAnswerCode | undefined;
      readonly said?: string | undefined;
    },
    cause: unknown,
  ) {
    super('there is no token for Code Engine', { cause });
    this.status = what.status;
    this.code = what.code;
    this.said = what.said ?? '';
  }
}
