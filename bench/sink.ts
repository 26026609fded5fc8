import http from 'node:http';

/**
 * The sink of the delivery benchmark, a process of its own: answers every POST with 204 at once, but for host names that
 * begin with `hang`: those never. Tells its parent the port, and ends with it.
 */
const server = http.createServer((request, response) => {
  request.resume();
  if (request.headers.host?.startsWith('hang') === true) return;
  request.on('end', () => response.writeHead(204).end());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit());
