import { formatOrigin, serverOrigin, serverOriginOrHost, type Origin } from './network-names.ts';
import { accept, listOf, refuse, wholeNumber, type Parse } from './parse.ts';
import type { SlotReader } from './slot-reader.ts';

const SERVERS_MAX = 8;

const port = wholeNumber(1, 65_535, 'a port');

const serverList: Parse<readonly Origin[]> = (text) => {
  const servers = listOf(serverOriginOrHost)(text);
  if (!servers.ok || (servers.value.length > 0 && servers.value.length <= SERVERS_MAX)) return servers;
  return refuse(
    `a comma-separated list of 1 to ${SERVERS_MAX} servers`,
    `names ${servers.value.length} servers`,
  );
};

const oneServer: Parse<readonly Origin[]> = (text) => {
  const server = serverOrigin(text);
  return server.ok ? accept([server.value]) : server;
};

/**
 * The base URLs of a slot's web servers, in the order in which they are tried, each once; undefined where there is none
 * that could be read. A server of the slot's own, in either form, wins over slot 0's in the other.
 */
export function readServers(slot: SlotReader): readonly string[] | undefined {
  const { own, texts, findings } = slot;
  const hasList = (own.MQ_REST_HOST === undefined ? texts : own).MQ_REST_HOSTS !== undefined;
  if (!hasList) slot.require('MQ_REST_HOST', 'other keys of this slot are set');
  const servers = hasList ? slot.parse('MQ_REST_HOSTS', serverList) : slot.parse('MQ_REST_HOST', oneServer);
  const separatePort = slot.parse('MQ_REST_PORT', port);
  if (hasList && own.MQ_REST_HOST !== undefined)
    findings.warn(own.MQ_REST_HOST.key, `has no effect: MQ_REST_HOSTS is set for slot ${slot.index}, too`);
  if (servers === undefined) return undefined;
  if (!hasList) reportContradiction(slot, servers[0]?.port, separatePort);
  const urls = servers.map((server) => formatOrigin({ ...server, port: portOf(slot, server, separatePort) }));
  return [...new Set(urls)];
}

function reportContradiction(
  { own, findings }: SlotReader,
  inHost: number | undefined,
  separate: number | undefined,
): void {
  const { MQ_REST_HOST: host, MQ_REST_PORT: ownPort } = own;
  if (host === undefined || ownPort === undefined || inHost === undefined || inHost === separate) return;
  findings.problem(
    ownPort.key,
    `is not the port ${inHost} that ${host.key} ends in; expected one of the two`,
  );
}

/** A port of the slot's own wins over those in servers that came from slot 0. Else a server's own port comes first. */
function portOf({ own }: SlotReader, server: Origin, separate: number | undefined): number | undefined {
  const isOwnServer = own.MQ_REST_HOST !== undefined || own.MQ_REST_HOSTS !== undefined;
  return own.MQ_REST_PORT === undefined || isOwnServer
    ? (server.port ?? separate)
    : (separate ?? server.port);
}
