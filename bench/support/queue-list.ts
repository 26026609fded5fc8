/** The body of an answer of the queue resource of REST v1, with so many queues `APP.QUEUE.<n>` of that depth. */
export function queueListOf(count: number, depth: number): string {
  const queue = Array.from({ length: count }, (_, index) => ({
    name: `APP.QUEUE.${index}`,
    type: 'local',
    general: { inhibitGet: false, isTransmissionQueue: false },
    status: { currentDepth: depth, oldestMessageAge: index, openInputCount: 0 },
  }));
  return JSON.stringify({ queue });
}
