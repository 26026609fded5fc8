/**
 * Something was asked of the simulator that it cannot do: a wrong argument (400), an unknown name (404), a queue that
 * cannot take it (409). The same over the control API and in code.
 */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly status: 400 | 404 | 405 | 409 | 413;

  constructor(status: SimulatorError['status'], message: string) {
    super(message);
    this.status = status;
  }
}
