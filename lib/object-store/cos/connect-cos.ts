import type { Clock } from '../../platform/clock.ts';
import type { CosSettings } from '../../platform/configuration/configuration.ts';
import { createHttpClient } from '../../platform/http-client.ts';
import type { ObjectStore } from '../object-store.ts';
import { createAccessTokens, type AccessTokens } from './access-token.ts';
import { createCosObjectStore } from './cos-object-store.ts';
import { apiKeyGrant, trustedProfileGrant, type Grant } from './grants.ts';

/** Puts the adapter together for the configured credentials. */
export function connectCos(settings: CosSettings, clock: Clock): ObjectStore {
  return createCosObjectStore({ settings, tokens: tokensFor(settings, clock) });
}

function tokensFor({ credentials, authEndpoint }: CosSettings, clock: Clock): AccessTokens | undefined {
  const tokensBy = (grant: () => Promise<Grant>): AccessTokens =>
    createAccessTokens({ http: createHttpClient(), clock, tokenUrl: authEndpoint, grant });
  switch (credentials.kind) {
    case 'hmac':
      return undefined;
    case 'api-key':
      return tokensBy(async () => apiKeyGrant(credentials.apiKey.reveal()));
    case 'trusted-profile':
      return tokensBy(() => trustedProfileGrant(credentials.profile));
  }
}
