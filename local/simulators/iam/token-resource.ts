import type { AccessTokens } from './access-tokens.ts';
import type { AccessRole, ApiKeyIdentity, ProfileIdentity } from './identities.ts';

/** What IAM answers. */
export interface IamAnswer {
  readonly status: number;
  readonly body: string;
}

/** What giving tokens takes. */
export interface TokenResourceDeps {
  readonly apiKeys: readonly ApiKeyIdentity[];
  readonly profiles: readonly ProfileIdentity[];
  readonly tokens: AccessTokens;
  /** What the answers' `context` says of the time. */
  readonly nowMs: () => number;
  readonly uuid: () => string;
}

interface Holder {
  readonly subject: string;
  readonly role: AccessRole;
}

/** Why IAM gives no token. */
interface Refusal {
  readonly errorCode: string;
  readonly errorMessage: string;
}

const GRANTS = 'urn:ibm:params:oauth:grant-type:';
const UNKNOWN_KEY: Refusal = {
  errorCode: 'BXNIM0415E',
  errorMessage: 'Provided API key could not be found.',
};
const UNKNOWN_RESOURCE: Refusal = {
  errorCode: 'BXNIM0114E',
  errorMessage: 'The compute resource token is not accepted for this profile.',
};
const UNKNOWN_GRANT: Refusal = {
  errorCode: 'BXNIM0102E',
  errorMessage: 'The grant type is missing or not known.',
};

/** Answers `POST /identity/token`: the form's grant is exchanged for a token, or refused with 400. */
export function answerTokenRequest(deps: TokenResourceDeps, form: URLSearchParams): IamAnswer {
  const holder = holderOf(deps, form);
  if ('errorCode' in holder) return iamErrorAnswer(deps, 400, holder);
  const { text, issuedAtS, expiresAtS } = deps.tokens.issue(holder.subject, holder.role);
  return {
    status: 200,
    body: JSON.stringify({
      access_token: text,
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      expires_in: expiresAtS - issuedAtS,
      expiration: expiresAtS,
      scope: 'ibm openid',
    }),
  };
}

/** An error in IAM's form under `status`; as for an API key that nobody knows when not told otherwise. */
export function iamErrorAnswer(
  { nowMs, uuid }: Pick<TokenResourceDeps, 'nowMs' | 'uuid'>,
  status: number,
  refusal: Refusal = UNKNOWN_KEY,
): IamAnswer {
  const context = {
    requestId: uuid(),
    requestType: 'incoming.Identity_Token',
    url: 'https://iam.cloud.ibm.com',
    startTime: new Date(nowMs()).toISOString(),
    locale: 'en_US',
  };
  return { status, body: JSON.stringify({ ...refusal, context }) };
}

function holderOf({ apiKeys, profiles }: TokenResourceDeps, form: URLSearchParams): Holder | Refusal {
  switch (form.get('grant_type')) {
    case `${GRANTS}apikey`: {
      const index = apiKeys.findIndex(({ apiKey }) => apiKey === form.get('apikey'));
      const found = apiKeys[index];
      return found === undefined
        ? UNKNOWN_KEY
        : { subject: `IBMid-key-${index + 1}`, role: found.role ?? 'writer' };
    }
    case `${GRANTS}cr-token`: {
      const [name, id] = [form.get('profile_name'), form.get('profile_id')];
      const found = profiles.find((profile) => (id === null ? profile.name === name : profile.id === id));
      return found === undefined || found.computeResourceToken !== form.get('cr_token')
        ? UNKNOWN_RESOURCE
        : { subject: `iam-${found.id}`, role: found.role ?? 'writer' };
    }
    default:
      return UNKNOWN_GRANT;
  }
}
