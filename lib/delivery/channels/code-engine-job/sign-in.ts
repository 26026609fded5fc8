import { ContainerAuthenticator, IamAuthenticator, type AuthenticatorInterface } from 'ibm-cloud-sdk-core';
import type { CodeEngineSettings } from '../../../platform/configuration/configuration.ts';
import { failureOf, statusOf } from './call-failure.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { within } from './time-limit.ts';

export type SignInSettings = Pick<
  CodeEngineSettings,
  'credentials' | 'authEndpoint' | 'clientId' | 'clientSecret'
>;

/** Gives requests their token; one for all regions. Rejects with {SignInFailure}. */
export interface SignIn extends AuthenticatorInterface {
  /** Which token is in use, counted. */
  readonly generation: () => number;
  /** Forgets the token of a generation, unless that was done already. */
  readonly forget: (generation: number) => void;
}

const IAM_MS_MAX = 5_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * What an HTTP client of the SDK's is told, so that nothing is left to its defaults or the environment: no redirects, which
 * would be shown the token, and no proxy.
 */
export function clientLimits(timeoutMs: number, answerBytesMax: number) {
  return { timeout: timeoutMs, maxContentLength: answerBytesMax, maxRedirects: 0, proxy: false } as const;
}

/**
 * @param tokenFile where the platform puts the instance's token, for a trusted profile; the SDK knows the usual places
 * @throws {Error} where there are no credentials
 */
export function createSignIn(settings: SignInSettings, tokenFile?: string): SignIn {
  let generation = 0;
  let current = createAuthenticator(settings, tokenFile);
  const forget = (seen: number): void => {
    if (seen !== generation) return;
    generation += 1;
    // It has no way to forget a token but to be forgotten itself.
    current = createAuthenticator(settings, tokenFile);
  };
  return {
    authenticationType: () => current.authenticationType(),
    authenticate: async (request) => {
      const seen = generation;
      try {
        await within({ timeoutMs: IAM_MS_MAX }, async () => current.authenticate(request));
      } catch (error) {
        // An authenticator that failed in the middle may let whoever asks next wait for ever.
        forget(seen);
        throw signInFailure(error);
      }
    },
    generation: () => generation,
    forget,
  };
}

function createAuthenticator(
  settings: SignInSettings,
  tokenFile: string | undefined,
): AuthenticatorInterface {
  const { credentials, authEndpoint, clientId, clientSecret } = settings;
  const common = {
    url: authEndpoint,
    clientId,
    clientSecret: clientSecret.reveal(),
    ...clientLimits(IAM_MS_MAX, ANSWER_BYTES_MAX),
  };
  switch (credentials?.kind) {
    case 'api-key':
      return new IamAuthenticator({ ...common, apikey: credentials.apiKey.reveal() });
    case 'trusted-profile':
      return new ContainerAuthenticator({
        ...common,
        ...(tokenFile === undefined ? {} : { crTokenFilename: tokenFile }),
        ...(credentials.profile.startsWith('Profile-')
          ? { iamProfileId: credentials.profile }
          : { iamProfileName: credentials.profile }),
      });
    case undefined:
      throw new Error('the configuration holds no credentials for Code Engine');
  }
}

const NO_TOKEN_FILE = /^Error reading CR token file/;

function signInFailure(error: unknown): SignInFailure {
  const status = statusOf(error);
  if (status !== undefined) return new SignInFailure({ status, said: iamCodeOf(error) }, error);
  if (error instanceof Error && NO_TOKEN_FILE.test(error.message))
    return new SignInFailure({ said: 'this instance has no compute resource token' }, error);
  const failure = failureOf(error, 'IAM', 0);
  return new SignInFailure({ code: failure.kind === 'no-answer' ? failure.code : 'protocol' }, error);
}

/** IAM's code for what is wrong, such as `BXNIM0415E`. Nothing else of its answer: it may repeat what it was sent. */
function iamCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('result' in error)) return undefined;
  const { result } = error;
  if (typeof result !== 'object' || result === null || !('errorCode' in result)) return undefined;
  const code = String(result.errorCode);
  return /^[A-Z0-9]{1,20}$/.test(code) ? code : undefined;
}
