import type { SimulatedUser } from '../users.ts';

/** Who may sign in. */
export interface Directory {
  readonly withPassword: (name: string, password: string) => SimulatedUser | undefined;
  readonly named: (name: string) => SimulatedUser | undefined;
  /** Gives every user another password; the old ones are refused from then on. */
  readonly rotatePasswords: (password: string) => void;
}

export function createDirectory(users: readonly SimulatedUser[]): Directory {
  const byName = new Map(users.map((user) => [user.name, user]));
  return {
    withPassword: (name, password) => {
      const user = byName.get(name);
      return user?.password === password ? user : undefined;
    },
    named: (name) => byName.get(name),
    rotatePasswords: (password) => {
      for (const user of [...byName.values()]) byName.set(user.name, { ...user, password });
    },
  };
}
