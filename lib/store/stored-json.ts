import { createHash } from 'node:crypto';

/**
 * The JSON of what is stored, with a sum over its text at its end: a bit that flipped makes an object damaged, and not
 * something else that happens to be valid. What has no sum (written by hand, or by an older program) is taken as it is.
 */

const SUM = /,"sum":"([0-9a-f]{16})"\}$/;
/** As long as `,"sum":"…"}` is. */
const SUM_BYTES = 26;

function sumOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** @param value an object with at least one field */
export function encodeStored(value: object): string {
  const text = JSON.stringify(value).slice(0, -1);
  return `${text},"sum":"${sumOf(text)}"}`;
}

/** The JSON value of a body, `sum` included; `undefined` if it is not JSON or was changed since it was written. */
export function jsonOf(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const sum = SUM.exec(bytes.toString('latin1', Math.max(0, bytes.length - SUM_BYTES)))?.[1];
  if (sum !== undefined && sum !== sumOf(bytes.subarray(0, -SUM_BYTES))) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
