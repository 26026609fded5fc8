/** What differs from one cluster to another. */
export interface ClusterLayout {
  readonly folder: string;
  readonly fsid: string;
  readonly monitorPort: number;
  readonly gatewayPort: number;
}

/**
 * The configuration of a Ceph cluster of one node: a monitor, one storage daemon that keeps everything in memory, and
 * the gateway that speaks S3. Loopback only, no keys between the daemons, which is nobody's business but ours.
 */
export function clusterConfiguration(layout: ClusterLayout): string {
  const sections = {
    global: {
      ...identity(layout),
      ...withoutKeys,
      ...oneCopyOfEverything,
      ...soonReady,
      'osd objectstore': 'memstore',
      'memstore device bytes': 4 * 1024 ** 3,
    },
    'mon.a': { 'mon data': `${layout.folder}/mon` },
    'osd.0': { 'osd data': `${layout.folder}/osd` },
    'client.rgw.a': gateway(layout),
  };
  return Object.entries(sections)
    .map(([name, settings]) => `[${name}]\n${linesOf(settings)}`)
    .join('\n');
}

const linesOf = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');

const identity = ({ folder, fsid, monitorPort }: ClusterLayout) => ({
  fsid,
  'mon initial members': 'a',
  'mon host': monitorAddress(monitorPort),
  'public addr': '127.0.0.1',
  'cluster addr': '127.0.0.1',
  'run dir': folder,
  'admin socket': '',
  'log file': `${folder}/$name.log`,
  'crash dir': folder,
  'pid file': '',
  'debug rgw': 0,
  'debug ms': 0,
  'debug osd': 0,
});

/** The monitor's address as Ceph writes it. */
export function monitorAddress(port: number): string {
  return `[v2:127.0.0.1:${port}/0]`;
}

const withoutKeys = {
  'auth cluster required': 'none',
  'auth service required': 'none',
  'auth client required': 'none',
  // Without keys the gateway would insist on a secure connection to the monitor, and never get one.
  'ms mon client mode': 'crc',
  'ms mon cluster mode': 'crc',
  'ms mon service mode': 'crc',
};

const oneCopyOfEverything = {
  'osd crush chooseleaf type': 0,
  'osd pool default size': 1,
  'osd pool default min size': 1,
  'mon allow pool size one': 'true',
  'osd pool default pg num': 4,
  'osd pool default pg autoscale mode': 'off',
  'mon max pg per osd': 1000,
  'mon data avail warn': 1,
  'mon data avail crit': 1,
};

/** Each pool that the gateway makes waits for a round of the monitor's: as it ships, that takes ten seconds in all. */
const soonReady = {
  'paxos propose interval': 0.02,
  'paxos min wait': 0.01,
  'mon tick interval': 1,
  'osd crush initial weight': 1,
};

const gateway = ({ folder, gatewayPort }: ClusterLayout) => ({
  // Without tcp_nodelay each small answer waits 40 ms for an acknowledgement.
  'rgw frontends': `beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1`,
  'rgw data': `${folder}/rgw`,
  'rgw thread pool size': 64,
  'rgw override bucket index max shards': 1,
  'rgw gc max objs': 4,
  'rgw lc max objs': 2,
  'rgw usage max shards': 1,
  'rgw num control oids': 1,
  'rgw data log num shards': 1,
  'rgw md log max shards': 1,
});
