import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emptyProject, type CloudState, type FunctionState, type ProjectState } from './ibmcloud-state.ts';
import { parseCommand, SyntaxFault, type Parsed } from './ibmcloud-syntax.ts';

/** How a command ended. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
}

class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Answers one command line as the CLI does, and changes the state with it. */
export function answer(args: readonly string[], state: CloudState): Answer {
  state.calls.push([...args]);
  const fails = state.calls.length === state.failAt;
  try {
    if (fails && !state.failsAfterwards) throw new Refusal('The service is temporarily unavailable.');
    const stdout = carryOut(parseCommand(args), state);
    if (fails) throw new Refusal('The connection was lost.');
    return { code: 0, stdout };
  } catch (error) {
    if (error instanceof SyntaxFault) return { code: 2, stdout: `FAILED\n${error.message}\n` };
    if (error instanceof Refusal) return { code: 1, stdout: `FAILED\n${error.message}\n` };
    throw error;
  }
}

function carryOut(parsed: Parsed, state: CloudState): string {
  const { command, flags } = parsed;
  const name = flags.get('--name')?.[0] ?? '';
  if (command === 'plugin list') return json([{ Name: 'code-engine', Version: version(state.plugin) }]);
  if (!state.loggedIn) throw new Refusal("Not logged in. Use 'ibmcloud login' to log in.");
  if (command === 'target') return json(targetOf(state));
  if (state.region === null) throw new Refusal("No region is targeted. Use 'ibmcloud target -r REGION'.");
  const [, kind = '', ...verbs] = command.split(' ');
  if (kind === 'project') return ofProjects(verbs[0] ?? '', name, state);
  const project = state.projects[state.selected ?? ''];
  if (project === undefined) throw new Refusal("No project is selected. Use 'ibmcloud ce project select'.");
  if (kind === 'function') return ofFunctions(parsed, project, state);
  if (kind === 'subscription') return ofCrons(parsed, project);
  return ofData(parsed, kind === 'secret' ? project.secrets : project.configmaps);
}

function targetOf({ region, resourceGroup }: CloudState): object {
  return {
    account: { guid: 'a1', name: 'An account' },
    region: region === null ? null : { name: region },
    resource_group: resourceGroup === null ? null : { guid: 'g1', name: resourceGroup },
  };
}

function listed(name: string, { region, projectFields }: CloudState): object {
  return { name, region_id: region, status: 'active', resource_group_id: 'g1', ...projectFields[name] };
}

function ofProjects(verb: string, name: string, state: CloudState): string {
  if (verb === 'list') return json(Object.keys(state.projects).map((project) => listed(project, state)));
  if (verb === 'current') return json({ name: state.selected });
  if (verb === 'create') {
    if (name in state.projects) throw new Refusal(`A project named '${name}' exists already.`);
    state.projects[name] = emptyProject();
  }
  if (!(name in state.projects)) throw new Refusal(`Project '${name}' was not found.`);
  if (verb === 'delete') delete state.projects[name];
  state.selected = verb === 'delete' ? null : name;
  return 'OK\n';
}

/** Secrets and config maps. */
function ofData({ command, flags }: Parsed, all: ProjectState['secrets']): string {
  const name = flags.get('--name')?.[0] ?? '';
  const verb = command.split(' ').at(-1);
  if (verb === 'list') return named(Object.keys(all));
  if (verb === 'delete') return removed(all, name, flags);
  if (verb === 'get') {
    const isSecret = command.startsWith('ce secret');
    const entries = Object.entries(existing(all, name));
    const data = entries.map(([key, value]) => [
      key,
      isSecret ? Buffer.from(value).toString('base64') : value,
    ]);
    return json({ metadata: { name }, data: Object.fromEntries(data) });
  }
  const before = verb === 'create' ? created(all, name, {}) : existing(all, name);
  const literals = (flags.get('--from-literal') ?? []).map(pair);
  const files = (flags.get('--from-file') ?? []).map(pair).map(([key, path]) => [key, privateText(path)]);
  const after = { ...before, ...Object.fromEntries([...literals, ...files]) };
  for (const key of flags.get('--rm') ?? []) delete after[key];
  if (Object.keys(after).length === 0) throw new Refusal('At least one key is required.');
  all[name] = after;
  return 'OK\n';
}

function ofFunctions({ command, flags }: Parsed, project: ProjectState, state: CloudState): string {
  const all = project.functions;
  const name = flags.get('--name')?.[0] ?? '';
  const verb = command.split(' ').at(-1);
  if (verb === 'runtimes') return `Name\n${state.runtimes.join('\n')}\n`;
  if (verb === 'list') return named(Object.keys(all));
  if (verb === 'delete') return removed(all, name, flags);
  const url = `https://${name}.abcdef1234.${state.region ?? ''}.codeengine.appdomain.cloud`;
  if (verb === 'get') return `Name:  ${existing(all, name) && name}\nURL:   ${url}\nStatus:  Ready\n`;
  const before = verb === 'create' ? created(all, name, NEW_FUNCTION) : existing(all, name);
  const values = (flag: string): readonly string[] => flags.get(flag) ?? [];
  for (const reference of values('--env-from-configmap')) existing(project.configmaps, reference);
  for (const reference of values('--env-from-secret')) existing(project.secrets, reference);
  const source = values('--build-source')[0];
  if (verb === 'create' && source === undefined) throw new Refusal('No code is given.');
  if (source !== undefined) readFileSync(join(source, 'main.js'));
  const single = [...flags]
    .filter(([flag]) => !flag.startsWith('--env'))
    .map(([flag, [value = '']]) => [flag, value]);
  all[name] = {
    flags: { ...before.flags, ...Object.fromEntries(single) },
    env: { ...before.env, ...Object.fromEntries(values('--env').map(pair)) },
    references: [
      ...new Set([...before.references, ...values('--env-from-configmap'), ...values('--env-from-secret')]),
    ],
  };
  return `OK\n\n${url}\n`;
}

function ofCrons({ command, flags }: Parsed, { crons, functions }: ProjectState): string {
  const name = flags.get('--name')?.[0] ?? '';
  const verb = command.split(' ').at(-1);
  if (verb === 'list')
    return json({
      items: Object.entries(crons).map(([key, { destination, destinationType, schedule, timeZone }]) => {
        const ref = { kind: SINKS[destinationType], name: destination };
        return { metadata: { name: key }, spec: { schedule, timezone: timeZone, sink: { ref } } };
      }),
    });
  if (verb === 'delete') return removed(crons, name, flags);
  const before = verb === 'create' ? created(crons, name, NEW_CRON) : existing(crons, name);
  const after = {
    destination: flags.get('--destination')?.[0] ?? before.destination,
    destinationType: flags.get('--destination-type')?.[0] ?? before.destinationType,
    schedule: flags.get('--schedule')?.[0] ?? before.schedule,
    timeZone: flags.get('--time-zone')?.[0] ?? before.timeZone,
  };
  if (after.destinationType === 'function' && !flags.has('--force')) existing(functions, after.destination);
  crons[name] = after;
  return 'OK\n';
}

const NEW_FUNCTION: FunctionState = { flags: {}, env: {}, references: [] };
const SINKS: Readonly<Record<string, string>> = { function: 'Function', app: 'Service', job: 'Job' };
const NEW_CRON = { destination: '', destinationType: 'app', schedule: '* * * * *', timeZone: 'UTC' };

function existing<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Refusal(`Resource not found: '${name}'.`);
  return found;
}

function created<T>(all: Readonly<Record<string, T>>, name: string, fresh: T): T {
  if (name in all) throw new Refusal(`'${name}' exists already.`);
  return fresh;
}

function removed(all: Record<string, unknown>, name: string, flags: Parsed['flags']): string {
  if (!flags.has('--force')) throw new Refusal('There is nobody to confirm the deletion.');
  if (!(name in all) && !flags.has('--ignore-not-found')) throw new Refusal(`Resource not found: '${name}'.`);
  delete all[name];
  return 'OK\n';
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A file that others can read would be as bad as a command line. */
function privateText(path: string): string {
  const open = [path, dirname(path)].some((one) => (statSync(one).mode & 0o077) !== 0);
  if (open) throw new Refusal(`Others can read '${path}'.`);
  return readFileSync(path, 'utf8');
}

function named(names: readonly string[]): string {
  return json({ items: names.map((name) => ({ metadata: { name } })) });
}

function version(text: string): object {
  const [Major, Minor, Build] = text.split('.').map(Number);
  return { Major, Minor, Build };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
