import http from 'node:http';
import { missingPrograms, startS3Cluster, type S3Cluster } from './s3-cluster.ts';

/** Where the tests of one run get their S3 server from; `missing` names the programs that are not installed. */
export type S3ServerOffer =
  | { readonly kind: 'installed'; readonly brokerUrl: string }
  | { readonly kind: 'missing'; readonly programs: readonly string[] };

declare module 'vitest' {
  interface ProvidedContext {
    readonly s3ServerOffer: S3ServerOffer;
  }
}

/** Gives all test files of one run the same S3 server. */
export interface S3ServerBroker {
  readonly offer: S3ServerOffer;
  /** Stops the server, if it was started. */
  readonly close: () => Promise<void>;
}

const PACKAGES = 'radosgw ceph-mon ceph-osd ceph-common';

/**
 * Starts the S3 server when the first test asks for it, so that a run without such a test does not wait for it. Says so
 * where it is not installed.
 * @param isRequired true where its tests must not be skipped.
 * @throws {Error} it is required and not installed.
 */
export async function startS3ServerBroker(isRequired: boolean): Promise<S3ServerBroker> {
  const programs = missingPrograms();
  if (programs.length > 0) {
    const what = `S3 server not installed: ${programs.join(', ')} not found;`;
    if (isRequired) throw new Error(`${what} with CI=true its tests must run. Install ${PACKAGES}.`);
    console.log(`${what} tests that need it are skipped; install ${PACKAGES}`);
    return { offer: { kind: 'missing', programs }, close: async () => undefined };
  }
  let starting: Promise<S3Cluster> | undefined;
  const broker = await listen(() => (starting ??= startS3Cluster()));
  return {
    offer: { kind: 'installed', brokerUrl: broker.url },
    close: async () => {
      broker.close();
      const cluster = await starting?.catch(() => undefined);
      await cluster?.stop();
    },
  };
}

async function listen(
  start: () => Promise<S3Cluster>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = http.createServer((_, response) => {
    start().then(
      ({ endpoint, accessKeyId, secretAccessKey }) =>
        response.end(JSON.stringify({ endpoint, accessKeyId, secretAccessKey })),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
