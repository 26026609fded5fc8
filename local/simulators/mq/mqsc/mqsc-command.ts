/** A command to the queue manager, from JSON or from text. Keywords are in upper case, attributes in lower case. */
export interface MqscCommand {
  /** Whether it came as `runCommand`, and is answered as text. */
  readonly isText: boolean;
  readonly verb: string;
  readonly qualifier: string;
  /** As given; `*` when missing. */
  readonly name: string;
  readonly where: string | undefined;
  /** `TYPE(…)`, which has a meaning for queues and their status. */
  readonly type: string | undefined;
  readonly attributes: 'all' | readonly string[];
}
