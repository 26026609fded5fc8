import { expect, it } from 'vitest';
import { startMqSimulator } from './mq-simulator.ts';
import { askRest } from './testing/rest-caller.ts';

it('answers for a thousand queue managers, each as itself', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `QM${index}`);
  const simulator = await startMqSimulator({
    queueManagers: names.map((name, index) => ({ name, queues: { 'APP.IN': index } })),
  });
  for (const name of names.filter((_, index) => index % 20 === 0)) simulator.setFault(name, 'status:503');
  const poll = 'queue?type=local&name=APP.*&status=status.currentDepth';
  const answers = await Promise.all(
    names.map((name) => askRest(simulator, `/v1/admin/qmgr/${name}/${poll}`)),
  );
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(50);
  expect(answers[999]?.value).toEqual({
    queue: [{ name: 'APP.IN', type: 'local', status: { currentDepth: 999 } }],
  });
  await simulator.close();
});
