import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import { asETag, type ObjectStore, type PutCondition } from '../../lib/object-store/object-store.ts';
import { classify } from './fault-proxy-journal.ts';

/** A refusal in S3's form. */
export interface S3Refusal {
  readonly status: number;
  readonly code: string;
}

/** A little of S3 on 127.0.0.1, over memory, for what the real server cannot show: bearer tokens, ignored conditions. */
export interface S3StandIn {
  readonly url: string;
  /** What it holds. */
  readonly objects: ObjectStore;
  /** The `Authorization` headers that came, in order. */
  readonly authorizations: readonly string[];
  readonly close: () => Promise<void>;
}

export interface S3StandInOptions {
  /** Whether a request may pass, by its `Authorization`. All may when not given. */
  readonly authorize?: (authorization: string) => S3Refusal | undefined;
  /** Headers of conditions that it does not understand, in lower case. */
  readonly ignored?: readonly ('if-match' | 'if-none-match')[];
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export async function startS3StandIn(options: S3StandInOptions = {}): Promise<S3StandIn> {
  const objects = createMemoryObjectStore();
  const authorizations: string[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const authorization = request.headers.authorization ?? '';
    authorizations.push(authorization);
    const refusal = options.authorize?.(authorization);
    const answer =
      refusal === undefined
        ? await answerTo(objects, request, body, options.ignored ?? [])
        : refused(refusal);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const server = http.createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    objects,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const refused = ({ status, code }: S3Refusal): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

async function answerTo(
  objects: ObjectStore,
  request: IncomingMessage,
  body: Buffer,
  ignored: readonly string[],
): Promise<Answer> {
  const { operation, key } = classify(request.method ?? '', request.url ?? '');
  const { searchParams } = new URL(request.url ?? '', 'http://stand-in');
  const header = (name: 'if-match' | 'if-none-match'): string | undefined =>
    ignored.includes(name) ? undefined : request.headers[name];
  switch (operation) {
    case 'get':
      return answerGet(objects, key, header('if-none-match'));
    case 'put':
      return answerPut(objects, key, body, conditionOf(header));
    case 'delete':
      await objects.delete([key]);
      return { status: 204 };
    case 'list':
      return answerList(objects, key, searchParams.get('start-after') ?? '');
    case 'delete-batch':
    case 'other':
      return refused({ status: 501, code: 'NotImplemented' });
  }
}

function conditionOf(
  header: (name: 'if-match' | 'if-none-match') => string | undefined,
): PutCondition | undefined {
  const ifMatch = header('if-match');
  if (ifMatch !== undefined) return { ifMatch: asETag(ifMatch) };
  return header('if-none-match') === '*' ? { ifNoneMatch: '*' } : undefined;
}

async function answerGet(
  objects: ObjectStore,
  key: string,
  ifNoneMatch: string | undefined,
): Promise<Answer> {
  const found = await objects.get(key, ifNoneMatch === undefined ? {} : { ifNoneMatch: asETag(ifNoneMatch) });
  if (found.kind === 'not-modified') return { status: 304 };
  if (found.kind === 'not-found') return refused({ status: 404, code: 'NoSuchKey' });
  return { status: 200, headers: { etag: found.etag }, body: found.body };
}

async function answerPut(
  objects: ObjectStore,
  key: string,
  body: Buffer,
  condition: PutCondition | undefined,
): Promise<Answer> {
  const result = await objects.put(key, body, condition);
  if (result.kind === 'conflict') return refused({ status: 412, code: 'PreconditionFailed' });
  return { status: 200, headers: { etag: result.etag } };
}

async function answerList(objects: ObjectStore, prefix: string, startAfter: string): Promise<Answer> {
  const { objects: listed, truncated } = await objects.list(prefix, { startAfter });
  const contents = listed.map(
    ({ key, etag, sizeBytes }) =>
      `<Contents><Key>${key}</Key><ETag>${etag}</ETag><Size>${sizeBytes}</Size></Contents>`,
  );
  const body = `<ListBucketResult><IsTruncated>${truncated}</IsTruncated>${contents.join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}
