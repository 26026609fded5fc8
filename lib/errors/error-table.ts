import { CLASS_FACTS } from './class-facts.ts';
import type { ErrorTable, Rule } from './error-rules.ts';

/** Calling again mends none of these. */
const STAYS = ['store-unusable', 'damaged-object', 'cycle-impossible'] as const;

const refuse = (happens: string): Rule => ({ decision: 'refuse', happens });
const skip = (happens: string): Rule => ({ decision: 'skip', happens });
const goOn = (happens: string): Rule => ({ decision: 'go-on', happens });
const endCycle = (happens: string): Rule => ({ decision: 'end-cycle', happens });

const THROWN = refuse('the run ends; the call is answered 503 where the store failed, else 500');

/** The one table from errors to what follows. `docs/errors.md` shows it to operators. */
export const ERROR_TABLE: ErrorTable = {
  classes: CLASS_FACTS,
  places: {
    configuration: {
      fails: 'the configuration cannot be used',
      tells: false,
      but: [],
      otherwise: refuse('every call is answered with all that is wrong, by key'),
    },
    request: {
      fails: 'a call could not be served',
      tells: true,
      but: [],
      otherwise: refuse('the call is answered with a problem; nothing was confirmed'),
    },
    'cycle-start': {
      fails: 'a cycle could not start',
      tells: true,
      but: [{ classes: STAYS, ...endCycle('nothing is done; the report says what to do') }],
      otherwise: refuse(
        'nothing is done; 503 has the event delivered again where the store failed, else 500',
      ),
    },
    'cycle-run': {
      fails: 'a cycle did not get to its end',
      tells: true,
      but: [
        {
          classes: ['lease-lost'],
          ...endCycle('the run writes nothing more; the one that took over goes on'),
        },
        { classes: STAYS, ...endCycle('the run ends; the report says what to do') },
      ],
      otherwise: THROWN,
    },
    'memory-read': {
      fails: 'what the last run remembered cannot be read',
      tells: true,
      but: [{ classes: ['damaged-object'], ...goOn('the run begins with nothing remembered') }],
      otherwise: THROWN,
    },
    'registration-read': {
      fails: 'a registration cannot be read',
      tells: true,
      but: [{ classes: ['damaged-object'], ...skip('nobody is woken for it; all others are') }],
      otherwise: THROWN,
    },
    'state-read': {
      fails: 'what was learned cannot be read',
      tells: true,
      but: [
        {
          classes: ['damaged-object'],
          ...skip('its registrations are woken as if nothing was known of them, and no backup is written'),
        },
      ],
      otherwise: THROWN,
    },
    'state-write': {
      fails: 'what was learned was not stored',
      tells: true,
      but: [],
      otherwise: skip('a failure stays uncounted, or a quarantine as it was; the next run looks again'),
    },
    'wake-up': {
      fails: 'a wake-up was broken off',
      tells: true,
      but: [],
      otherwise: skip('it is not counted against the registration; the next run looks again'),
    },
    'test-request': {
      fails: 'a test wake-up that was asked for was not sent, or not taken off the list',
      tells: true,
      but: [],
      otherwise: skip('all else goes on; the next run looks again'),
    },
    'depths-write': {
      fails: 'readings of queue managers were not passed on to the ranges of the cycle',
      tells: true,
      but: [],
      otherwise: skip('nobody is woken for those queue managers in this cycle; the next one asks again'),
    },
    'range-call': {
      fails: 'a range of the cycle was not served, or did not tell how it ended',
      tells: true,
      but: [],
      otherwise: skip('the other ranges go on; the next cycle looks at it again'),
    },
    'cycle-end': {
      fails: 'what was held for the run could not be let go',
      tells: true,
      but: [],
      otherwise: goOn('what was learned is stored; the instance may hold a connection for longer'),
    },
    'report-write': {
      fails: 'the report was not stored',
      tells: true,
      but: [],
      otherwise: skip('the run is answered as `partial`; the report and the counters before it stay'),
    },
    'event-write': {
      fails: 'events were not written to their outboxes',
      tells: false,
      but: [],
      otherwise: skip('what they tell of is not stored either; the next run does both'),
    },
    'event-delivery': {
      fails: 'an event was not delivered',
      tells: false,
      but: [],
      otherwise: skip(
        'it stays first in its outbox; after some failures the endpoint is left alone for a while',
      ),
    },
  },
};
