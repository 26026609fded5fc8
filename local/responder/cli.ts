import type { NatsConnection } from '@nats-io/transport-node';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import { relaySubject } from '../../lib/delivery/nats/protocol.ts';
import { listenForStop } from '../host/stop-signal.ts';
import {
  parseRespond,
  RESPOND_HELP,
  type HandlerOptions,
  type RelayOptions,
  type RespondOptions,
} from './cli-options.ts';
import { closeConnection, openConnection } from './connection.ts';
import { createHandlerRunner } from './handler/run-handler.ts';
import { createRelay } from './relay/relay.ts';
import { ResponderError } from './responder-error.ts';
import { createResponder } from './responder.ts';
import { serve, type Place, type Service } from './service.ts';

/** What `respond` has to do with the world. */
export interface RespondIo {
  /** For what is asked, and how it ends. */
  readonly stdout: Pick<NodeJS.WritableStream, 'write'>;
  /** For what is wrong. */
  readonly stderr: Pick<NodeJS.WritableStream, 'write'>;
  /** Resolves when it is to stop; with a signal to the process when not given. */
  readonly stopRequested?: Promise<unknown>;
}

/** Answers until it is asked to stop. Resolves with the exit code: 0, 2 when the options are wrong, 1 when it cannot start. */
export async function runRespond(argv: readonly string[], io: RespondIo): Promise<number> {
  try {
    const options = parseRespond(argv, process.env);
    if (options === 'help') io.stdout.write(RESPOND_HELP);
    else await respond(options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof ResponderError)) throw error;
    io.stderr.write(
      `${error.message}\n${error.exitCode === 2 ? 'respond --help says what there is.\n' : ''}`,
    );
    return error.exitCode;
  }
}

/** What is served, where, and what to do when it is over. */
interface Work {
  readonly service: Service;
  readonly place: Place;
  readonly welcome: string;
  readonly end: () => void;
}

type Log = (line: string) => void;
type Open = (server: NatsSettings) => Promise<NatsConnection>;

async function respond(options: RespondOptions, io: RespondIo): Promise<void> {
  const log: Log = (line) => void io.stdout.write(`${new Date(systemClock.nowMs()).toISOString()} ${line}\n`);
  const connections: NatsConnection[] = [];
  const open: Open = async (server) => {
    const connection = await openConnection(server, log);
    connections.push(connection);
    return connection;
  };
  try {
    const connection = await open(options.server);
    const work =
      options.mode === 'handler'
        ? handlerWork(options, log)
        : await relayWork(options, connection, open, log);
    await serveUntilStopped(connection, work, io.stopRequested ?? listenForStop().received, log);
  } finally {
    await Promise.all(connections.map((connection) => closeConnection(connection, systemClock)));
  }
}

async function serveUntilStopped(
  connection: NatsConnection,
  { service, place, welcome, end }: Work,
  stopRequested: Promise<unknown>,
  log: Log,
): Promise<void> {
  try {
    const { stop, ended } = await serve(connection, place, service, { clock: systemClock, log });
    log(`${welcome}, on ${connection.getServer()}`);
    const isLost = await Promise.race([stopRequested.then(() => false), ended.then(() => true)]);
    log('stopping: what runs is finished');
    await stop();
    if (isLost) throw new ResponderError(1, `the server ended the subscription to ${place.subject}`);
  } finally {
    end();
  }
}

function handlerWork({ subject, group, command, timeoutMs, concurrency }: HandlerOptions, log: Log): Work {
  const { NATS_URL: _url, NATS_CREDS: _creds, ...environment } = process.env;
  const runner = createHandlerRunner({ command, timeoutMs, environment, clock: systemClock });
  process.once('exit', runner.killAll);
  return {
    service: createResponder({ run: runner.run, concurrency, clock: systemClock, log }),
    place: { subject, group },
    welcome: `answering ${subject}`,
    end: () => void process.off('exit', runner.killAll),
  };
}

async function relayWork(
  options: RelayOptions,
  connection: NatsConnection,
  open: Open,
  log: Log,
): Promise<Work> {
  const { node, targetServer, allow, via } = options;
  const targets = targetServer === undefined ? connection : await open(targetServer);
  const subject = relaySubject(node);
  return {
    service: createRelay({ node, rules: { allow, via }, targets, clock: systemClock, log }),
    place: { subject, group: subject },
    welcome: `passing on what comes to ${subject}`,
    end: () => undefined,
  };
}
