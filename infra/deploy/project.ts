import { parseList, parseObject } from './cli-answer.ts';
import { DeployError } from './deploy-error.ts';
import { shown, type Ibmcloud } from './ibmcloud.ts';
import type { Change } from './run-changes.ts';

const PROJECT = ['ce', 'project'];
const LIST = [...PROJECT, 'list', '--output', 'json'];
const CURRENT = [...PROJECT, 'current', '--output', 'json'];
/** Making and deleting a project may take ten minutes by the CLI's own default. */
const SLOW_MS = 660_000;

/** Whether the project is there, in the region that is targeted. */
export async function projectExists(ibmcloud: Ibmcloud, name: string, region: string): Promise<boolean> {
  return parseList(await ibmcloud.run(LIST), shown(LIST)).some((entry) => {
    const where = entry.fields.text('region_id') ?? entry.fields.text('region') ?? region;
    return entry.name === name && where === region;
  });
}

/**
 * Makes the project the one that all further commands mean, and looks whether it is.
 * @throws {DeployError} when the CLI means another project.
 */
export async function selectProject(ibmcloud: Ibmcloud, name: string): Promise<void> {
  await ibmcloud.run([...PROJECT, 'select', '--name', name]);
  const current = parseObject(await ibmcloud.run(CURRENT), shown(CURRENT)).text('name');
  if (current !== name)
    throw new DeployError(
      `The project ${JSON.stringify(name)} was selected, and the CLI says that it is ${JSON.stringify(current ?? null)}. Nothing is changed in another project.`,
    );
}

export function creationOfProject(ibmcloud: Ibmcloud, name: string): Change {
  return {
    title: `create project ${name}`,
    run: async () => {
      await ibmcloud.run([...PROJECT, 'create', '--name', name], { timeoutMs: SLOW_MS });
      await selectProject(ibmcloud, name);
    },
  };
}

/** For seven days it can be restored. */
export function deletionOfProject(ibmcloud: Ibmcloud, name: string): Change {
  return {
    title: `delete project ${name} with all that is in it (ibmcloud ce project restore brings it back for 7 days)`,
    run: async () =>
      void (await ibmcloud.run([...PROJECT, 'delete', '--name', name, '--force'], { timeoutMs: SLOW_MS })),
  };
}
