import { startProgram, type Program } from './programs.ts';

/** Targets and queue managers (`bench/programs/sink.ts`). */
export interface Sink {
  readonly port: number;
  /** Queries for depths since the last time that somebody asked, by queue manager. */
  readonly queries: () => Promise<Readonly<Record<string, number>>>;
  readonly stop: Program['stop'];
}

export async function startSink(): Promise<Sink> {
  const { told: port, ask, stop } = await startProgram<number>('sink');
  return { port, stop, queries: () => ask('queries') };
}

/** Names of hosts, all of which are the sink. */
export function hostNames(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}.test`);
}
