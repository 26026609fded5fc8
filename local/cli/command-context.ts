import type { Command } from 'commander';

/** A stream that somebody may be looking at. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What a command needs of the process; `process` itself is one. */
export interface CommandIo {
  /** For what was asked for. */
  readonly stdout: Output;
  /** For what is wrong, and for progress. */
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CommandContext {
  readonly io: CommandIo;
  /** Says what the process is to end with, when that is not 0. */
  readonly endWith: (exitCode: number) => void;
}

/** Adds one group of commands. Must not load what only running them needs. */
export type AddCommands = (program: Command, context: CommandContext) => void;
