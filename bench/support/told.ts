/** For programs of `bench/programs`: what they were started with. */
export function given(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** Tells the process that started this one, and ends with it. */
export function tell(message: unknown): void {
  process.send?.(message);
}

/** Ends this process with the one that started it. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit());
}
