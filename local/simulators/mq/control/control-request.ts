/** A request to the control API, taken apart. */
export interface ControlRequest {
  /** Of the queue manager; empty where the path has none. */
  readonly qmgr: string;
  readonly queue: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}
