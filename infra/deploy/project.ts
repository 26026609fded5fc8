import { parseList, parseObject } from './cli-answer.ts';
import { DeployError } from './deploy-error.ts';
import { shown, type Ibmcloud } from './ibmcloud.ts';
import type { Change } from './run-changes.ts';

/** A project as the CLI lists it. */
export interface Project {
  /** True: it is deleted or about to be, and only `ibmcloud ce project restore` brings it back. */
  readonly isDeleted: boolean;
  /** Undefined where the CLI does not tell it. */
  readonly resourceGroupId: string | undefined;
}

const PROJECT = ['ce', 'project'];
const LIST = [...PROJECT, 'list', '--output', 'json'];
const CURRENT = [...PROJECT, 'current', '--output', 'json'];
/** Making and deleting a project may take ten minutes by the CLI's own default. */
const SLOW_MS = 660_000;

/** The project, in the region that is targeted. Undefined: there is none. */
export async function findProject(
  ibmcloud: Ibmcloud,
  name: string,
  region: string,
): Promise<Project | undefined> {
  const found = parseList(await ibmcloud.run(LIST), shown(LIST))
    .filter((entry) => {
      const where = entry.fields.text('region_id') ?? entry.fields.text('region') ?? region;
      return entry.name === name && where === region;
    })
    .map(({ fields }) => ({
      isDeleted: /delet|removal/.test(fields.text('status') ?? ''),
      resourceGroupId: fields.text('resource_group_id'),
    }));
  return found.find(({ isDeleted }) => !isDeleted) ?? found[0];
}

/** @throws {DeployError} when the project is deleted: neither can it be changed, nor its name be taken again. */
export function refuseDeleted(project: Project | undefined, name: string): void {
  if (project?.isDeleted === true)
    throw new DeployError(
      `Project ${name} is deleted. ibmcloud ce project restore brings it back for seven days; MQ_OBSERVER_PROJECT names another.`,
    );
}

/**
 * Makes the project the one that all further commands mean, and looks whether it is.
 * @throws {DeployError} when the CLI means another project, or cannot say which.
 */
export async function selectProject(ibmcloud: Ibmcloud, name: string): Promise<void> {
  await ibmcloud.run([...PROJECT, 'select', '--name', name]);
  const current = await currentProject(ibmcloud);
  if (current !== name)
    throw new DeployError(
      `The project ${JSON.stringify(name)} was selected, and the CLI says that it is ${JSON.stringify(current ?? null)}. Nothing is changed in another project.`,
    );
}

async function currentProject(ibmcloud: Ibmcloud): Promise<string | undefined> {
  try {
    return parseObject(await ibmcloud.run(CURRENT), shown(CURRENT)).text('name');
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause;
    throw new DeployError(
      `${cause.message}\n  Which project is selected cannot be checked without it, so that nothing is changed. Look whether this version of the plug-in has the option: ibmcloud ce project current --help`,
      { cause },
    );
  }
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
