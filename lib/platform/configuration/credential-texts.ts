import { matching, refuse, type Parse } from './parse.ts';

const keyText = matching(/^[\x21-\x7e]{1,512}$/, 'printable ASCII without blanks');

/**
 * An API key, access key or secret key, trimmed. Anything else would break the request that carries it. Braces and quotes
 * around it were copied with it, or it stands for a key; IBM's SDK takes none of these either.
 */
export const apiKey: Parse<string> = (text) =>
  /^[{<"'`]|[}>"'`]$/.test(text.trim())
    ? refuse('the key alone', 'begins or ends with a quote or a brace')
    : keyText(text);
