import { parseFault } from '../fault.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import { reportedDepth, type Queue, type QueueManager } from '../model.ts';
import type { Journal } from '../rest/journal.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import {
  backOutMessages,
  commitMessages,
  expireMessages,
  getMessages,
  putMessages,
} from '../state/messages.ts';
import type { QueueManagers } from '../state/queue-managers.ts';
import { parseSwitches, type Switches } from '../switches.ts';
import { TLS_FAULTS, type TlsFaultKind } from '../tls/tls-material.ts';
import type { MqControl, QueueManagerOverview } from './mq-control.ts';

export interface MqControlDeps {
  readonly managers: QueueManagers;
  readonly faults: FaultRules;
  readonly journal: Journal;
  readonly nowMs: () => number;
  readonly endpoints: number;
  readonly switches: { current: Switches };
  /**
   * Serves a faulty certificate, or the right one again (undefined).
   * @throws {SimulatorError} when there is none.
   */
  readonly presentCertificate: (fault: TlsFaultKind | undefined) => void;
}

export function createMqControl(deps: MqControlDeps): MqControl {
  const { managers, faults, journal, nowMs, switches } = deps;
  const replace = (qmgr: string, queue: Queue): number => {
    managers.replaceQueue(qmgr, queue);
    return reportedDepth(queue);
  };
  return {
    put: (qmgr, name, n = 1, { commit = true } = {}) =>
      replace(qmgr, putMessages(managers.queue(qmgr, name), n, commit, nowMs())),
    putMessage: (qmgr, name, message) => {
      const queue = managers.queue(qmgr, name);
      const after = putMessages(queue, 1, true, nowMs());
      const { id } = managers.contents.add(qmgr, queue, message);
      managers.replaceQueue(qmgr, after);
      return id;
    },
    get: (qmgr, name, n = 1, { commit = true } = {}) => {
      const { queue, taken } = getMessages(managers.queue(qmgr, name), n, commit, nowMs());
      managers.replaceQueue(qmgr, queue);
      return taken;
    },
    commit: (qmgr, name) => replace(qmgr, commitMessages(managers.queue(qmgr, name))),
    backOut: (qmgr, name) => replace(qmgr, backOutMessages(managers.queue(qmgr, name), nowMs())),
    expire: (qmgr, name, n = 1) => replace(qmgr, expireMessages(managers.queue(qmgr, name), n)),
    depth: (qmgr, queue) => reportedDepth(managers.queue(qmgr, queue)),
    queue: managers.queue,
    addQueue: managers.addQueue,
    queueManager: managers.queueManager,
    addQueueManager: managers.add,
    changeQueueManager: managers.change,
    setState: (qmgr, state) => managers.change(qmgr, { state }),
    flip: (qmgr) => flip(deps, qmgr),
    setFault: (qmgr, fault) => {
      managers.queueManager(qmgr);
      if (fault !== undefined && tlsFaultOf(fault) !== undefined) throw wholeSimulator(fault);
      faults.set(qmgr, fault);
    },
    addFault: (rule) => {
      if (rule.qmgr !== undefined) managers.queueManager(rule.qmgr);
      const tlsFault = tlsFaultOf(rule.fault);
      if (tlsFault === undefined) return faults.add(rule);
      if (Object.keys(rule).length > 1) throw wholeSimulator(rule.fault);
      deps.presentCertificate(tlsFault);
    },
    clearFaults: () => {
      faults.clear();
      deps.presentCertificate(undefined);
    },
    faults: faults.constant,
    faultRules: faults.rules,
    switches: () => switches.current,
    setSwitches: (settings) => {
      switches.current = { ...switches.current, ...parseSwitches(settings) };
    },
    overview: (qmgr) => {
      const named = qmgr === undefined ? managers.names() : [qmgr].filter(managers.has);
      return Object.fromEntries(named.map((name) => [name, overviewOf(managers.queueManager(name))]));
    },
    journal: (qmgr) => journal.entries().filter((entry) => qmgr === undefined || entry.qmgr === qmgr),
    clearJournal: journal.clear,
  };
}

function flip({ managers, endpoints }: MqControlDeps, qmgr: string): void {
  const { activeOn = 0 } = managers.queueManager(qmgr);
  managers.change(qmgr, { activeOn: (activeOn + 1) % endpoints });
}

function tlsFaultOf(fault: string): TlsFaultKind | undefined {
  const { kind } = parseFault(fault);
  return TLS_FAULTS.find((candidate) => candidate === kind);
}

function wholeSimulator(fault: string): SimulatorError {
  return new SimulatorError(400, `${fault} is for the simulator as a whole, without qmgr, path and the like`);
}

function overviewOf({ state, queues }: QueueManager): QueueManagerOverview {
  const waiting = queues.filter((queue) => reportedDepth(queue) > 0 && !queue.name.startsWith('SYSTEM.'));
  return { state, depths: Object.fromEntries(waiting.map((queue) => [queue.name, reportedDepth(queue)])) };
}
