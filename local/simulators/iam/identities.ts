/** What an identity may do in Code Engine: start and delete runs, look, or nothing (every call is answered 403). */
export type AccessRole = 'writer' | 'reader' | 'none';

/** Somebody who signs in with an API key. */
export interface ApiKeyIdentity {
  readonly apiKey: string;
  /** `writer` when not given. */
  readonly role?: AccessRole;
}

/** A trusted profile, taken on with the token of a compute resource. */
export interface ProfileIdentity {
  readonly name: string;
  readonly id: string;
  /** What the platform's token file holds. */
  readonly computeResourceToken: string;
  /** `writer` when not given. */
  readonly role?: AccessRole;
}

/** Who there is when nobody says otherwise. */
export const DEFAULT_API_KEYS: readonly ApiKeyIdentity[] = [{ apiKey: 'api-key' }];
