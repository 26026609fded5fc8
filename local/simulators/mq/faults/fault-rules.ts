import { isAction, parseFault, type ActionFault, type MqFault, type ParsedFault } from '../fault.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import { seededFraction } from './seeded-fraction.ts';

/** When a fault comes up. */
export interface FaultRule {
  readonly fault: MqFault;
  /** Undefined: for every queue manager, and for what names none, such as a login. */
  readonly qmgr?: string;
  /** A part of the path, such as `/mqsc`. Undefined: every path. */
  readonly path?: string;
  /** So many requests are struck, and none after. Undefined: all. */
  readonly calls?: number;
  /** That a request is struck, above 0 to 1. Undefined: always. */
  readonly probability?: number;
  /** The same seed strikes the same requests (1). */
  readonly seed?: number;
}

/** The faults that are set. Of several for a request the first wins; those of the queue manager come before the others. */
export interface FaultRules {
  /** Sets the one fault that a queue manager always has, or takes it away with all its rules (undefined). */
  readonly set: (qmgr: string, fault: MqFault | undefined) => void;
  readonly add: (rule: FaultRule) => void;
  readonly clear: () => void;
  /** The faults that come up always, by queue manager. */
  readonly constant: () => Readonly<Record<string, MqFault>>;
  readonly rules: () => readonly FaultRule[];
  /** Lets happen what is to happen before the request is looked at. */
  readonly act: (qmgr: string | undefined, path: string) => void;
  /** The fault that strikes the request, if one does. Counts. */
  readonly take: (qmgr: string | undefined, path: string, nowMs: number) => ParsedFault | undefined;
}

interface Held {
  readonly rule: FaultRule;
  readonly parsed: ParsedFault;
  readonly fraction: () => number;
  callsLeft: number;
  window: { readonly second: number; readonly requests: number };
}

const CALLS_MAX = 1_000_000_000;

export function createFaultRules(
  onAction: (fault: ActionFault, qmgr: string | undefined) => void,
): FaultRules {
  const everywhere: Held[] = [];
  const byQueueManager = new Map<string, Held[]>();

  const listOf = (qmgr: string | undefined): Held[] => {
    if (qmgr === undefined) return everywhere;
    const list = byQueueManager.get(qmgr) ?? [];
    byQueueManager.set(qmgr, list);
    return list;
  };
  const striking = (
    qmgr: string | undefined,
    path: string,
    fits: (held: Held) => boolean,
  ): Held | undefined => {
    const own = qmgr === undefined ? [] : (byQueueManager.get(qmgr) ?? []);
    const isHit = (held: Held): boolean => path.includes(held.rule.path ?? '') && fits(held) && strikes(held);
    return own.find(isHit) ?? everywhere.find(isHit);
  };

  return {
    set: (qmgr, fault) => {
      byQueueManager.delete(qmgr);
      if (fault !== undefined) listOf(qmgr).push(hold({ qmgr, fault }));
    },
    add: (rule) => void listOf(rule.qmgr).push(hold(rule)),
    clear: () => {
      everywhere.length = 0;
      byQueueManager.clear();
    },
    constant: () =>
      Object.fromEntries(
        [...byQueueManager].flatMap(([qmgr, list]) => {
          const constant = list.find(({ rule }) => isConstant(rule));
          return constant === undefined ? [] : [[qmgr, constant.rule.fault]];
        }),
      ),
    rules: () => [...everywhere, ...[...byQueueManager.values()].flat()].map(({ rule }) => rule),
    act: (qmgr, path) => {
      const held = striking(qmgr, path, ({ parsed }) => isAction(parsed));
      if (held !== undefined && isAction(held.parsed)) onAction(held.parsed, qmgr);
    },
    take: (qmgr, path, nowMs) =>
      striking(qmgr, path, (held) => !isAction(held.parsed) && isOverRate(held, nowMs))?.parsed,
  };
}

function hold(rule: FaultRule): Held {
  const { calls = CALLS_MAX, probability = 1, seed = 1 } = rule;
  if (!Number.isInteger(calls) || calls < 1) throw new SimulatorError(400, 'calls is a whole number from 1');
  if (!(probability > 0 && probability <= 1))
    throw new SimulatorError(400, 'probability is a number above 0 and up to 1');
  const parsed = parseFault(rule.fault);
  return {
    rule,
    parsed,
    fraction: seededFraction(seed),
    callsLeft: calls,
    window: { second: 0, requests: 0 },
  };
}

function strikes(held: Held): boolean {
  if (held.callsLeft < 1) return false;
  const { probability = 1 } = held.rule;
  if (probability < 1 && held.fraction() >= probability) return false;
  held.callsLeft -= 1;
  return true;
}

/** Counts a request; true for every other fault, which has no rate. */
function isOverRate(held: Held, nowMs: number): boolean {
  if (held.parsed.kind !== 'rate') return true;
  const second = Math.floor(nowMs / 1000);
  const before = held.window.second === second ? held.window.requests : 0;
  held.window = { second, requests: before + 1 };
  return before >= held.parsed.value;
}

function isConstant({ path, calls, probability }: FaultRule): boolean {
  return path === undefined && calls === undefined && probability === undefined;
}
