const MQ_NAME = /^[A-Za-z0-9./_%]{1,48}$/;

/** Whether MQ takes `name` as the name of a queue or queue manager: 1–48 of `A–Z a–z 0–9 . / _ %`. */
export function isMqName(name: string): boolean {
  return MQ_NAME.test(name);
}
