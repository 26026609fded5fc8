import { describe, expect, it } from 'vitest';
import { asRegistrationId } from '../registration/registration.ts';
import { verdictOn, type RevisionShown, type Verdict } from './expectation.ts';

const R1 = { revision: 'r1' };
const R2 = { revision: 'r2' };

describe('an event that nobody confirmed', () => {
  it.each<[is: 'stored' | 'gone', shown: RevisionShown, soon: Verdict, late: Verdict]>([
    ['stored', R1, 'send', 'send'],
    ['stored', R2, 'wait', 'drop'],
    ['stored', 'gone', 'wait', 'drop'],
    ['stored', 'damaged', 'wait', 'drop'],
    ['gone', 'gone', 'send', 'send'],
    ['gone', R2, 'send', 'send'],
    ['gone', R1, 'wait', 'drop'],
    ['gone', 'damaged', 'wait', 'drop'],
  ])('that r1 is %s, with %j in the store: %s at first, %s after a minute', (is, shown, soon, late) => {
    const expects = { id: asRegistrationId('one'), revision: 'r1', is };
    expect(verdictOn(expects, shown, { announcedMs: 0, nowMs: 59_999 })).toBe(soon);
    expect(verdictOn(expects, shown, { announcedMs: 0, nowMs: 60_000 })).toBe(late);
  });
});
