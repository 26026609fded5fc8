import type { QueueManager } from '../model.ts';
import type { MqscCommand } from './mqsc-command.ts';
import type { MqscItem } from './mqsc-item.ts';

/** The items of a text command: one per object, or on z/OS a single one with a line per object. */
export function commandText(
  items: readonly MqscItem[],
  command: MqscCommand,
  qmgr: QueueManager,
): readonly unknown[] {
  return qmgr.platform === 'zos'
    ? [zosItem(items, command, qmgr.name)]
    : items.map((item) =>
        item.kind === 'shown'
          ? { completionCode: 0, reasonCode: 0, text: [`${headingOf(command)}   ${clausesOf(item.object)}`] }
          : { completionCode: 2, reasonCode: item.reasonCode, text: [item.text] },
      );
}

function zosItem(items: readonly MqscItem[], { qualifier }: MqscCommand, qmgr: string): unknown {
  const isFailed = items.some(({ kind }) => kind === 'failed');
  const lines = items.map((item) =>
    item.kind === 'shown' ? `CSQM401I +${qmgr} ${clausesOf(item.object)}` : `CSQM125I +${qmgr} ${item.text}`,
  );
  const codes = isFailed ? 'RETURN=00000008, REASON=00000000' : 'RETURN=00000000, REASON=00000000';
  const text = [
    `CSQN205I   COUNT=${String(lines.length + 2).padStart(8)}, ${codes}`,
    ...lines,
    `CSQ9022I +${qmgr} CSQMDRTS ' DISPLAY ${qualifier}' ${isFailed ? 'ABNORMAL' : 'NORMAL'} COMPLETION`,
  ];
  return { completionCode: isFailed ? 2 : 0, reasonCode: isFailed ? 3008 : 0, text };
}

function headingOf({ qualifier }: MqscCommand): string {
  if (qualifier === 'QMGR') return 'AMQ8408I: Display Queue Manager details.';
  return qualifier === 'QSTATUS' || qualifier === 'QS'
    ? 'AMQ8450I: Display queue status details.'
    : 'AMQ8409I: Display Queue details.';
}

function clausesOf(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.toUpperCase()}(${String(value)})`)
    .join(' ');
}
