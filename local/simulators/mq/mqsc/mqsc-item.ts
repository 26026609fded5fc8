/** One entry of `commandResponse`. */
export type MqscItem =
  | { readonly kind: 'shown'; readonly object: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly reasonCode: number; readonly text: string };

/** A command that comes to nothing for this object, or at all. */
export function failed(reasonCode: number, text: string): MqscItem {
  return { kind: 'failed', reasonCode, text };
}

export function notFound(name: string): MqscItem {
  return failed(2085, `AMQ8147E: IBM MQ object ${name} not found.`);
}

export function syntaxError(near: string): MqscItem {
  return failed(3008, `AMQ8405I: Syntax error detected at or near end of command segment below: ${near}`);
}
