/** One mistake in the configuration. */
export interface ConfigurationProblem {
  /** The environment variable, or the place in `env.json` such as `MQ_ENDPOINTS[1].MQ_REST_HOST`. */
  readonly key: string;
  /** What was given, never a secret's value, and what is expected. Reads on from the key. */
  readonly message: string;
}

/** Collects what is wrong and what is only remarkable while the configuration is read. */
export interface Findings {
  /** A mistake in what was given. The first one per key is kept: what follows from it would repeat it. */
  readonly problem: (key: string, message: string) => void;
  /** Something required was not given. Reported unless `env.json` is broken, where it may well stand. */
  readonly missing: (key: string, message: string) => void;
  /** `env.json` as a whole is of no use. */
  readonly broken: (key: string, message: string) => void;
  /** A remark that stops nothing. */
  readonly warn: (key: string, message: string) => void;
  readonly problems: () => readonly ConfigurationProblem[];
  readonly warnings: () => readonly string[];
}

/** An empty collection. */
export function createFindings(): Findings {
  const given = new Map<string, string>();
  const missing = new Map<string, string>();
  const warnings = new Set<string>();
  let fileIsBroken = false;
  const keepFirst = (map: Map<string, string>, key: string, message: string): void => {
    if (!map.has(key)) map.set(key, message);
  };
  const problems = (): readonly ConfigurationProblem[] =>
    [...new Map([...(fileIsBroken ? [] : missing), ...given])].map(([key, message]) => ({ key, message }));
  return {
    problem: (key, message) => keepFirst(given, key, message),
    missing: (key, message) => keepFirst(missing, key, message),
    broken: (key, message) => {
      fileIsBroken = true;
      keepFirst(given, key, message);
    },
    warn: (key, message) => void warnings.add(`${key}: ${message}`),
    problems,
    warnings: () => [...warnings],
  };
}
