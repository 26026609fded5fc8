import { headers, type Msg } from '@nats-io/transport-node';
import { encodeMessage, type NatsEncoding } from '../../lib/delivery/nats/message-codec.ts';
import { errorHeaders } from '../../lib/delivery/nats/protocol.ts';
import { wordsOf, type HandlerResult, type Refusal } from './handler/handler-result.ts';

/** What everybody understands, for whoever asked in a way that is not understood. */
export const PLAIN: NatsEncoding = { serialization: 'json', compression: 'none' };

const HEADER_DETAIL_LENGTH_MAX = 130;

/** Answers a message, where its sender waits for an answer; with `more` headers. */
export function reply(
  message: Msg,
  result: HandlerResult,
  encoding: NatsEncoding,
  more: Readonly<Record<string, string>> = {},
): void {
  const { headers: fields, data } = encodeMessage(bodyOf(result), encoding);
  const header = headers();
  const refusal = result.kind === 'refused' ? errorHeaders(result.code, headline(result)) : {};
  for (const [name, value] of Object.entries({ ...fields, ...refusal, ...more })) header.set(name, value);
  message.respond(data, { headers: header });
}

function bodyOf(result: HandlerResult): unknown {
  if (result.kind === 'refused') return { ok: false, error: wordsOf(result) };
  return result.data === undefined ? { ok: true } : { ok: true, data: result.data };
}

/** A header holds one short line: of what the handler said, the end says most. */
function headline(refusal: Refusal): string {
  const { message, detail = '' } = refusal;
  if (detail.length <= HEADER_DETAIL_LENGTH_MAX) return wordsOf(refusal);
  return `${message}: …${detail.slice(-HEADER_DETAIL_LENGTH_MAX)}`;
}
