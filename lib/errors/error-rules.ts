import type { ClassFacts, Severity } from './class-facts.ts';
import type { ErrorClass } from './error-class.ts';

/**
 * What follows from an error. `go-on`: as if it had not been. `skip`: the one thing that it hit is left out this time.
 * `end-cycle`: the run ends and answers `failed` with 200, since calling it again would mend nothing. `refuse`: the call
 * is answered with a problem, as `serve` makes it; a cycle's event is delivered again only after a 503.
 */
export type Decision = 'go-on' | 'skip' | 'end-cycle' | 'refuse';

/** Where an error is met, as far as anything else follows from it there. */
export type Place =
  | 'configuration'
  | 'request'
  | 'cycle-start'
  | 'cycle-run'
  | 'memory-read'
  | 'registration-read'
  | 'state-read'
  | 'state-write'
  | 'wake-up'
  | 'test-request'
  | 'depths-write'
  | 'range-call'
  | 'cycle-end'
  | 'report-write'
  | 'event-write'
  | 'event-delivery';

/** What follows, and in words what that means there. */
export interface Rule {
  readonly decision: Decision;
  readonly happens: string;
  /** Where it weighs more or less there than its class says. */
  readonly severity?: Severity;
}

export interface PlaceRules {
  /** What did not work there; the beginning of its sentence in a report. */
  readonly fails: string;
  /** False where telling the event endpoints of it could make the next error. */
  readonly tells: boolean;
  /** First match counts. */
  readonly but: readonly (Rule & { readonly classes: readonly ErrorClass[] })[];
  /** For every class that `but` does not name. */
  readonly otherwise: Rule;
}

/** Every class and every place has its entry: no error is without a decision. */
export interface ErrorTable {
  readonly classes: Readonly<Record<ErrorClass, ClassFacts>>;
  readonly places: Readonly<Record<Place, PlaceRules>>;
}

/** Everything that follows from an error of one class at one place. */
export interface ErrorRow {
  readonly place: Place;
  readonly class: ErrorClass;
  readonly decision: Decision;
  readonly severity: Severity;
  readonly fails: string;
  readonly happens: string;
  readonly toDo: string;
  readonly tells: boolean;
}

/** Looks up what follows. */
export function rowOf(table: ErrorTable, place: Place, errorClass: ErrorClass): ErrorRow {
  const { fails, tells, but, otherwise } = table.places[place];
  const { decision, happens, severity } =
    but.find(({ classes }) => classes.includes(errorClass)) ?? otherwise;
  const facts = table.classes[errorClass];
  return {
    place,
    class: errorClass,
    decision,
    severity: severity ?? facts.severity,
    fails,
    happens,
    toDo: facts.toDo,
    tells,
  };
}
