/** Bodies that are JSON and are not what was asked for. The last two can be understood all the same. */
export const WRONG_SHAPES = {
  array: '[{"name": "DEV.QUEUE.1", "type": "local", "status": {"currentDepth": 5}}]',
  text: '"DEV.QUEUE.1"',
  noList: '{"queue": {"name": "DEV.QUEUE.1"}}',
  empty: '{}',
  null: '{"queue": null}',
  depthAsText: '{"queue": [{"name": "DEV.QUEUE.1", "type": "local", "status": {"currentDepth": "5"}}]}',
  upperCaseKeys: '{"QUEUE": [{"NAME": "DEV.QUEUE.1", "TYPE": "local", "STATUS": {"CURRENTDEPTH": 5}}]}',
} as const;
export type WrongShape = keyof typeof WRONG_SHAPES;

const ITEM = '{"completionCode": 0, "reasonCode": 0, "parameters": {"queue": "DEV.QUEUE.1", "type": "QLOCAL"';

/** The same for a command. */
export const WRONG_COMMAND_SHAPES: Readonly<Record<WrongShape, string>> = {
  array: `[${ITEM}, "curdepth": 5}}]`,
  text: '"DEV.QUEUE.1"',
  noList: `{"commandResponse": ${ITEM}, "curdepth": 5}}}`,
  empty: '{}',
  null: '{"commandResponse": null, "overallCompletionCode": 0, "overallReasonCode": 0}',
  depthAsText: `{"commandResponse": [${ITEM}, "curdepth": "5"}}], "overallCompletionCode": 0, "overallReasonCode": 0}`,
  upperCaseKeys: `{"COMMANDRESPONSE": [${ITEM.toUpperCase()}, "CURDEPTH": 5}}], "OVERALLCOMPLETIONCODE": 0, "OVERALLREASONCODE": 0}`,
};
