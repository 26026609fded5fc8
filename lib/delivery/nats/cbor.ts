import { decode, encode, Tokenizer, Type, type Token } from 'cborg';

/** A JSON value as CBOR, in the shortest form. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, { ignoreUndefinedProperties: true });
}

const OPTIONS = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

/**
 * Reads CBOR that has a form in JSON: shortest lengths, no tags, no byte strings, no key twice, at most `depthMax` levels.
 * Nothing is allocated for what is only declared.
 * @throws {Error} for anything else.
 */
export function decodeCbor(data: Uint8Array, depthMax: number): unknown {
  const tokens = new Tokenizer(data, OPTIONS);
  const open = createNesting(depthMax);
  return decode(data, {
    ...OPTIONS,
    tokenizer: {
      done: () => tokens.done(),
      pos: () => tokens.pos(),
      next: () => {
        const token = tokens.next();
        if (Type.equals(token.type, Type.bytes)) throw new Error('byte strings have no form in JSON');
        open(token);
        return token;
      },
    },
  });
}

/** Follows how deep the tokens are nested, as the decoder calls itself for each level. */
function createNesting(depthMax: number): (token: Token) => void {
  /** How many items are still to come, a level each. */
  const left: number[] = [];
  return ({ type, value }) => {
    const ofParent = left.pop();
    if (ofParent !== undefined) left.push(ofParent - 1);
    const isMap = Type.equals(type, Type.map);
    if (isMap || Type.equals(type, Type.array)) left.push(Number(value) * (isMap ? 2 : 1));
    while (left.at(-1) === 0) left.pop();
    if (left.length > depthMax) throw new Error(`nested more than ${depthMax} levels deep`);
  };
}
