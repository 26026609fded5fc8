import { secret } from '../secret.ts';
import type { QueueManagerLogin, QueueManagerTrust } from './configuration.ts';
import { accept, matching, oneOf, refuse, switchOn, type Parse } from './parse.ts';
import type { PemReader } from './pem.ts';
import type { SlotReader } from './slot-reader.ts';

const loginKind = oneOf(['basic', 'ltpa', 'certificate']);

// Basic authentication separates user and password by a colon.
const userName = matching(/^[^:\p{Cc}]{1,256}$/u, 'a user name without a colon or control characters');

// Not trimmed: a password may begin or end with a blank.
const password: Parse<string> = (text) =>
  /^\P{Cc}{1,1024}$/u.test(text)
    ? accept(text)
    : refuse('at most 1024 characters, no control characters such as a line break');

/** How to sign in for a slot. */
export function readLogin(slot: SlotReader): QueueManagerLogin {
  const kind = slot.parse('LOGIN', loginKind) ?? 'basic';
  if (kind !== 'certificate')
    return {
      kind,
      user: slot.parse('ADMIN_USER', userName) ?? '',
      password: secret(slot.parse('ADMIN_PASSWORD', password) ?? ''),
    };
  for (const key of ['CERT_FILE', 'KEY_FILE'] as const) slot.require(key, 'LOGIN is certificate');
  for (const given of [slot.own.ADMIN_USER, slot.own.ADMIN_PASSWORD])
    if (given !== undefined)
      slot.findings.warn(given.key, `has no effect for slot ${slot.index}: LOGIN is certificate`);
  return { kind };
}

/** Whom to believe for a slot, and what to show. `allowSelfSigned` holds for all slots that do not say themselves. */
export function readTrust(slot: SlotReader, pem: PemReader, allowSelfSigned: boolean): QueueManagerTrust {
  return {
    allowSelfSigned: slot.parse('ALLOW_SELF_SIGNED', switchOn) ?? allowSelfSigned,
    ca: slot.parse('CA_FILE', pem.certificates)?.pem,
    certificate: readCertificate(slot, pem),
  };
}

function readCertificate(slot: SlotReader, pem: PemReader): QueueManagerTrust['certificate'] {
  const { CERT_FILE: certGiven, KEY_FILE: keyGiven } = slot.texts;
  if (keyGiven !== undefined) slot.require('CERT_FILE', 'KEY_FILE is set');
  if (certGiven !== undefined) slot.require('KEY_FILE', 'CERT_FILE is set');
  const cert = slot.parse('CERT_FILE', pem.certificates);
  const key = slot.parse('KEY_FILE', pem.privateKey);
  if (cert === undefined || key === undefined) return undefined;
  if (!cert.first.checkPrivateKey(key.key)) reportMismatch(slot);
  return { cert: cert.pem, key: secret(key.pem) };
}

/** Blames what the slot gives itself: what it takes over may well be right for slot 0. */
function reportMismatch({ own, texts, findings }: SlotReader): void {
  const { CERT_FILE: cert, KEY_FILE: key } = texts;
  if (cert === undefined || key === undefined) return;
  if (own.KEY_FILE === undefined && own.CERT_FILE !== undefined)
    findings.problem(
      cert.key,
      `holds a certificate first that ${key.key} is not the key of; expected the certificate of that key first`,
    );
  else
    findings.problem(
      key.key,
      `is not the key of the first certificate in ${cert.key}; expected that certificate's key`,
    );
}
