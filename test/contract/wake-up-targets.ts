import http from 'node:http';

/** What a target does with one wake-up: answers, never answers, or resets the connection. */
export type TargetAnswer =
  { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'hang' | 'reset';

/** One request as it reached a target. */
export interface SeenWakeUp {
  /** When its head was there, epoch milliseconds. */
  readonly atMs: number;
  readonly method: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** An application that waits for wake-ups at a URL of its own. Answers 204 unless told otherwise. */
export interface Target {
  readonly url: string;
  readonly wakeUps: readonly SeenWakeUp[];
  /** What to answer from now on, one after the other; the last goes on for ever. */
  readonly answer: (...answers: readonly (TargetAnswer | Promise<TargetAnswer>)[]) => void;
  /** Keeps its callers waiting until the returned function is called with what to answer. */
  readonly hold: () => (answer: TargetAnswer) => void;
}

/** A server on 127.0.0.1 with any number of targets, each under its own path. */
export interface TargetServer {
  readonly add: () => Target;
  readonly close: () => Promise<void>;
}

type Receive = (wakeUp: SeenWakeUp) => Promise<TargetAnswer>;

export async function startTargets(): Promise<TargetServer> {
  const targets = new Map<string, Receive>();
  const server = http.createServer((request, response) => {
    // A caller that breaks off is part of the play.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    void serve(targets.get(request.url ?? ''), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    add: () => {
      const path = `/app-${targets.size + 1}`;
      const { receive, ...target } = createTarget(`http://127.0.0.1:${port}${path}`);
      targets.set(path, receive);
      return target;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createTarget(url: string): Target & { readonly receive: Receive } {
  const wakeUps: SeenWakeUp[] = [];
  let answers: readonly (TargetAnswer | Promise<TargetAnswer>)[] = [{ status: 204 }];
  const answer: Target['answer'] = (...given) => {
    answers = given;
  };
  return {
    url,
    wakeUps,
    answer,
    hold: () => {
      let release: (answer: TargetAnswer) => void = () => undefined;
      answer(new Promise((resolve) => (release = resolve)));
      return release;
    },
    receive: async (wakeUp) => {
      wakeUps.push(wakeUp);
      const [next, ...rest] = answers;
      if (rest.length > 0) answers = rest;
      return next ?? { status: 204 };
    },
  };
}

async function serve(
  receive: Receive | undefined,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const atMs = Date.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', headers } = request;
  const answer = (await receive?.({ atMs, method, headers, body: String(Buffer.concat(chunks)) })) ?? {
    status: 599,
  };
  if (answer === 'hang') return;
  if (answer === 'reset') return void request.socket.resetAndDestroy();
  response.writeHead(answer.status, answer.headers).end();
}
