/** How many retries are allowed: a share of the first attempts, and a floor for small cycles. */
export interface RetryBudget {
  /** Counts a first attempt to wake somebody at `host`. */
  readonly deposit: (host: string) => void;
  /** Takes one retry at `host`, if its own share and that of the whole cycle allow it. */
  readonly withdraw: (host: string) => boolean;
}

export interface RetryBudgetSettings {
  /** Retries per first attempt. */
  readonly share: number;
  /** Retries that are always allowed, in all and per host. */
  readonly floor: number;
}

/** A fifth of the first attempts and ten: what retry budgets elsewhere have converged on. */
export const RETRY_BUDGET: RetryBudgetSettings = { share: 0.2, floor: 10 };

interface Account {
  firsts: number;
  retries: number;
}

/** A budget for one cycle. A target that fails for everybody is not also asked three times by everybody. */
export function createRetryBudget(settings: RetryBudgetSettings = RETRY_BUDGET): RetryBudget {
  const all: Account = { firsts: 0, retries: 0 };
  const hosts = new Map<string, Account>();
  const allows = ({ firsts, retries }: Account): boolean =>
    retries < settings.floor + settings.share * firsts;
  const accountOf = (host: string): Account => {
    const known = hosts.get(host) ?? { firsts: 0, retries: 0 };
    hosts.set(host, known);
    return known;
  };
  return {
    deposit: (host) => {
      all.firsts += 1;
      accountOf(host).firsts += 1;
    },
    withdraw: (host) => {
      const own = accountOf(host);
      if (!allows(all) || !allows(own)) return false;
      all.retries += 1;
      own.retries += 1;
      return true;
    },
  };
}
