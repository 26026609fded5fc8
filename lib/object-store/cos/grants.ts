import { readFile } from 'node:fs/promises';
import { ObjectStoreError } from '../object-store.ts';

/** What IAM is told to give a token, as form fields. The same fields as `ibm-cloud-sdk-core` sends. */
export type Grant = Readonly<Record<string, string>>;

export function apiKeyGrant(apiKey: string): Grant {
  return {
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: apiKey,
    response_type: 'cloud_iam',
  };
}

/** Where a compute resource finds its token, in the order in which they are tried. The last is Code Engine's. */
export const TOKEN_FILES: readonly string[] = [
  '/var/run/secrets/tokens/vault-token',
  '/var/run/secrets/tokens/sa-token',
  '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token',
];

/**
 * The grant of a trusted profile, named or by its id (`Profile-…`): proves who we are by the file that the platform puts
 * into the instance. The file is read for every token, for the platform replaces it.
 * @throws {ObjectStoreError} `denied` when there is no such file: trusted profiles are not switched on for this function.
 */
export async function trustedProfileGrant(
  profile: string,
  files: readonly string[] = TOKEN_FILES,
): Promise<Grant> {
  const tried: string[] = [];
  for (const file of files) {
    const found = await readToken(file);
    if ('token' in found)
      return {
        grant_type: 'urn:ibm:params:oauth:grant-type:cr-token',
        cr_token: found.token,
        ...(profile.startsWith('Profile-') ? { profile_id: profile } : { profile_name: profile }),
      };
    tried.push(`${file} (${found.why})`);
  }
  throw new ObjectStoreError(
    'denied',
    `no compute resource token in ${tried.join(', ')}; create the function with --trusted-profiles-enabled`,
  );
}

async function readToken(file: string): Promise<{ readonly token: string } | { readonly why: string }> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    return token === '' ? { why: 'empty' } : { token };
  } catch (error) {
    return { why: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable' };
  }
}
