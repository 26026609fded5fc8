import type { HostPlan } from './host-plan.ts';

/** Hosts for which http will do. */
const ON_THIS_MACHINE: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * The plan with the URL under which notify-cycle can call itself, where none is configured: that of this host. Not where
 * the port is not known yet, or nothing can be signed.
 */
export function withFanOut(plan: HostPlan): HostPlan {
  const { functionEnv, configuration } = plan;
  const { host, port } = configuration.local;
  const own = EVERYWHERE.has(host) ? '127.0.0.1' : host;
  const isPossible = port !== 0 && ON_THIS_MACHINE.has(own) && functionEnv['ENCRYPTION_KEYS'] !== undefined;
  if (configuration.fanOut.url !== undefined || !isPossible) return plan;
  const name = own.includes(':') ? `[${own}]` : own;
  const url = `http://${name}:${port}/functions/notify-cycle`;
  return { ...plan, functionEnv: { ...functionEnv, FANOUT_URL: url } };
}
