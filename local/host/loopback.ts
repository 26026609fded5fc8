import ipaddr from 'ipaddr.js';

/** True for `localhost`, names below it, 127.0.0.0/8 and ::1 — also when they are written in another notation. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return ipaddr.isValid(name) && ipaddr.process(name).range() === 'loopback';
}
