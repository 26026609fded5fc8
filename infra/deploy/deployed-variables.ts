import { createFindings, type ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import { readEnvironmentFile } from '../../lib/platform/configuration/read-environment-file.ts';
import { textOf, type Environment } from '../../lib/platform/configuration/setting-reader.ts';
import { knownKeys, settings } from '../../lib/platform/configuration/settings.ts';
import { ENVIRONMENT_SLOTS, slotSettings } from '../../lib/platform/configuration/slot-texts.ts';

/** What the functions get as environment variables, by name. The values of `secret` are secrets. */
export interface DeployedVariables {
  readonly plain: ReadonlyMap<string, string>;
  readonly secret: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigurationProblem[];
}

/** Settings that mean this machine, or that the platform sets itself. */
const STAYS_HERE: ReadonlySet<string> = new Set([
  ...['EnvFile', 'HOST', 'PORT', 'DATA_DIR'],
  ...['CE_PROJECT_ID', 'CE_REGION'],
]);
const NAMES_FILE: ReadonlySet<string> = new Set(['CA_FILE', 'CERT_FILE', 'KEY_FILE', 'NATS_CREDS']);

interface Variable {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
}

/**
 * All that is set here of what the functions read: a function has no files, so that what `env.json` and files of
 * certificates hold become variables, too. Variables that are none of ours stay here.
 * @param readText gives a file's text and throws where it cannot.
 */
export function deployedVariables(env: Environment, readText: (path: string) => string): DeployedVariables {
  const file = readEnvironmentFile(env, readText, knownKeys, createFindings());
  const events = file.eventEndpoints === undefined ? undefined : JSON.stringify(file.eventEndpoints);
  const given = (name: string): string | undefined => textOf(env, name)?.text;

  const single = settings.flatMap(({ name, env: names = [name], file: place, secret = false }) => {
    const inFile = name === 'EVENT_ENDPOINTS' ? events : place && file.texts.get(place);
    const [strongest = name] = names;
    const found = names.flatMap((key) => variable(key, given(key), secret));
    return found.length > 0 ? found : variable(strongest, inFile, secret);
  });
  const count = Math.max(ENVIRONMENT_SLOTS, file.slots.length);
  const slots = Array.from({ length: count }, (_, index) =>
    slotSettings.flatMap(({ key, secret = false, numberedOnly = false }) => {
      const bare = index === 0 && !numberedOnly ? given(key) : undefined;
      const text = given(`${key}${index}`) ?? bare ?? file.slots[index]?.get(key);
      return variable(`${key}${index}`, text, secret);
    }),
  );
  const all = [...single, ...slots.flat()].map((one) => ({ ...one, text: inlined(one, readText) }));
  return {
    plain: new Map(all.filter(({ secret }) => !secret).map(({ name, text }) => [name, text])),
    secret: new Map(all.filter(({ secret }) => secret).map(({ name, text }) => [name, text])),
    problems: slots.slice(ENVIRONMENT_SLOTS).some((slot) => slot.length > 0)
      ? [
          {
            key: `MQ_ENDPOINTS[${ENVIRONMENT_SLOTS}]`,
            message: `is beyond what variables can hold; expected at most ${ENVIRONMENT_SLOTS} queue managers in one deployment, and another deployment (MQ_OBSERVER_PREFIX) for the rest`,
          },
        ]
      : [],
  };
}

function variable(name: string, text: string | undefined, secret: boolean): readonly Variable[] {
  return text === undefined || STAYS_HERE.has(name) ? [] : [{ name, text, secret }];
}

/** A path means nothing to a function: the file's content takes its place. */
function inlined({ name, text }: Variable, readText: (path: string) => string): string {
  if (!NAMES_FILE.has(name.replace(/\d+$/, '')) || text.trim().startsWith('-----BEGIN')) return text;
  try {
    return readText(text.trim());
  } catch {
    // Nobody reads it, or the loader would have reported it.
    return text;
  }
}
