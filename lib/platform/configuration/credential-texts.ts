import { matching } from './parse.ts';

/** An API key, access key or secret key, trimmed. Anything else would break the request that carries it. */
export const apiKey = matching(/^[\x21-\x7e]{1,512}$/, 'printable ASCII without blanks');
