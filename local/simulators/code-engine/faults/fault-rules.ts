import { SimulatorError } from '../../shared/simulator-error.ts';
import { isAction, parseFault, type CodeEngineFault, type Operation, type ParsedFault } from '../fault.ts';

/** When a fault comes up. What is undefined fits every request. */
export interface FaultRule {
  readonly fault: CodeEngineFault;
  readonly operation?: Operation;
  /** Not of `token`, which has none. */
  readonly region?: string;
  /** The project's id. */
  readonly project?: string;
  /** So many requests that fit pass unharmed first (0). */
  readonly after?: number;
  /** So many requests are struck, and none after. Undefined: all. */
  readonly calls?: number;
}

/** What a request is, as far as faults go. */
export interface Struck {
  readonly operation: Operation;
  readonly region: string | undefined;
  readonly project: string | undefined;
}

/** The faults that are set. Of several for a request the one that was set first wins. */
export interface FaultRules {
  readonly add: (rule: FaultRule) => void;
  readonly clear: () => void;
  readonly rules: () => readonly FaultRule[];
  /** What is to happen before the request is looked at, if anything. Counts. */
  readonly takeAction: (struck: Struck) => ParsedFault | undefined;
  /** The fault that strikes the request, if one does. Counts. */
  readonly take: (struck: Struck) => ParsedFault | undefined;
}

interface Held {
  readonly rule: FaultRule;
  readonly parsed: ParsedFault;
  passesLeft: number;
  callsLeft: number;
}

export function createFaultRules(): FaultRules {
  const held: Held[] = [];
  const taken = (struck: Struck, wantsAction: boolean): ParsedFault | undefined =>
    held.find((one) => isAction(one.parsed) === wantsAction && fits(one.rule, struck) && strikes(one))
      ?.parsed;
  return {
    add: (rule) => void held.push(hold(rule)),
    clear: () => {
      held.length = 0;
    },
    rules: () => held.map(({ rule }) => rule),
    takeAction: (struck) => taken(struck, true),
    take: (struck) => taken(struck, false),
  };
}

function hold(rule: FaultRule): Held {
  const { after = 0, calls = Number.MAX_SAFE_INTEGER } = rule;
  if (!Number.isSafeInteger(after) || after < 0)
    throw new SimulatorError(400, 'after is a whole number from 0');
  if (!Number.isSafeInteger(calls) || calls < 1)
    throw new SimulatorError(400, 'calls is a whole number from 1');
  return { rule, parsed: parseFault(rule.fault), passesLeft: after, callsLeft: calls };
}

function fits(rule: FaultRule, struck: Struck): boolean {
  return (['operation', 'region', 'project'] as const).every(
    (part) => rule[part] === undefined || rule[part] === struck[part],
  );
}

function strikes(held: Held): boolean {
  if (held.callsLeft < 1) return false;
  if (held.passesLeft > 0) {
    held.passesLeft -= 1;
    return false;
  }
  held.callsLeft -= 1;
  return true;
}
