import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { CosSettings } from '../../lib/platform/configuration/configuration.ts';
import { secret } from '../../lib/platform/secret.ts';

/** The form fields of one request for a token. */
export type TokenRequest = Readonly<Record<string, string>>;

/** What may come in place of a token. */
export type IamFault =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'stall' };

/** IBM's IAM on 127.0.0.1, as far as tokens go. */
export interface IamServer {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** Every request so far. */
  readonly requests: readonly TokenRequest[];
  /** True for a token that was given, has not run out and was not revoked. */
  readonly isValid: (token: string) => boolean;
  /** Spoils the next `times` answers. */
  readonly spoil: (times: number, fault: IamFault) => void;
  readonly revokeAll: () => void;
  readonly close: () => Promise<void>;
}

export interface IamServerOptions {
  /** `api-key` when not given. */
  readonly apiKey?: string;
  readonly profile?: { readonly name: string; readonly id: string };
  /** What the platform's token may be at this moment. */
  readonly computeResourceToken?: () => string;
  /** How long tokens live, in seconds. */
  readonly livesS?: number;
  readonly nowMs?: () => number;
}

/** The settings of a bucket that takes tokens of this IAM, for the API key `api-key` unless told otherwise. */
export function iamSettings(
  iam: Pick<IamServer, 'tokenUrl'>,
  endpoint: string,
  credentials: CosSettings['credentials'] = { kind: 'api-key', apiKey: secret('api-key') },
): CosSettings {
  return {
    bucket: 'bucket',
    endpoint,
    authEndpoint: iam.tokenUrl,
    resourceInstanceId: undefined,
    etagQuotes: 'keep',
    credentials,
  };
}

const GRANTS = 'urn:ibm:params:oauth:grant-type:';

export async function startIamServer(options: IamServerOptions = {}): Promise<IamServer> {
  const { livesS = 3600, nowMs = Date.now } = options;
  const requests: TokenRequest[] = [];
  const validUntilMs = new Map<string, number>();
  let faults: IamFault[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fields = Object.fromEntries(new URLSearchParams(await textOf(request)));
    requests.push(fields);
    const fault = faults.shift();
    if (fault?.kind === 'stall') return;
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    const { status, body } = fault ?? answerTo(fields);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const answerTo = (fields: TokenRequest): { readonly status: number; readonly body: string } => {
    const why = refusal(fields, options);
    if (why !== undefined) return { status: 400, body: JSON.stringify(why) };
    const token = aToken(livesS, nowMs());
    validUntilMs.set(token, nowMs() + livesS * 1000);
    return {
      status: 200,
      body: JSON.stringify({
        access_token: token,
        refresh_token: 'not_supported',
        token_type: 'Bearer',
        expires_in: livesS,
        expiration: Math.floor(nowMs() / 1000) + livesS,
      }),
    };
  };

  const server = http.createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    baseUrl,
    tokenUrl: `${baseUrl}/identity/token`,
    requests,
    isValid: (token) => (validUntilMs.get(token) ?? 0) > nowMs(),
    spoil: (times, fault) => void (faults = [...faults, ...Array.from({ length: times }, () => fault)]),
    revokeAll: () => validUntilMs.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** What IAM says to credentials that it does not know. */
function refusal(fields: TokenRequest, options: IamServerOptions): object | undefined {
  switch (fields['grant_type']) {
    case `${GRANTS}apikey`:
      return fields['apikey'] === (options.apiKey ?? 'api-key')
        ? undefined
        : { errorCode: 'BXNIM0415E', errorMessage: 'Provided API key could not be found.' };
    case `${GRANTS}cr-token`: {
      const isProfile =
        fields['profile_name'] === options.profile?.name || fields['profile_id'] === options.profile?.id;
      return isProfile && fields['cr_token'] === options.computeResourceToken?.()
        ? undefined
        : { errorCode: 'BXNIM0114E', errorMessage: 'The compute resource token is not accepted.' };
    }
    default:
      return { errorCode: 'BXNIM0102E', errorMessage: 'Unknown grant type.' };
  }
}

/** Clients read the time of expiry out of it. */
function aToken(livesS: number, nowMs: number): string {
  const iat = Math.floor(nowMs / 1000);
  const parts = [{ alg: 'none' }, { iat, exp: iat + livesS, jti: randomUUID() }];
  return [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'signature'].join(
    '.',
  );
}
