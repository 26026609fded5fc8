/** Something that whoever deploys can mend. The message says what is wrong, where, and what to do; it holds no secret. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

/** Whoever deploys asked to stop, with Ctrl-C or a signal. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}
