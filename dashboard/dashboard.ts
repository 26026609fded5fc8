import type { HealthLook, Overview } from '../lib/health/overview.ts';
import { createApi, type Answer, type CycleFunction } from './api.ts';
import { button, h, part, show } from './dom.ts';
import { startFilters } from './filters.ts';
import { say } from './notice.ts';
import { createOpening } from './opened.ts';
import { badge } from './pieces.ts';
import { startRefresh } from './refresh.ts';
import type { ActionName } from './registration-actions.ts';
import { matchingWords, quarantine, registrationTable, type RegistrationView } from './registrations.ts';
import { cycles, endpoints, glance, healthComponents, queueManagers, queues } from './sections.ts';
import { EVERYTHING, selected, type Selection } from './selection.ts';
import { startTheme } from './theme.ts';
import { failureWords, troubleWords } from './trouble.ts';
import { moodOf } from './words.ts';

/** What the page knows. The token is kept here and nowhere else: it is gone when the page is. */
let token = '';
let overview: Overview | undefined;
let selection: Selection = EVERYTHING;
let asked: string | undefined;
let showsAllQueues = false;
let canRunCycles = true;

/** Empty where `register` is on the page's own origin. */
const registerUrl = part('register-url', HTMLMetaElement).content;
const api = createApi(() => token, registerUrl);
const opening = createOpening(api, registerUrl, () => rerender());
const showFilters = startFilters(select);
const parts = {
  overall: part('overall', HTMLElement),
  asOf: part('as-of', HTMLElement),
  signIn: part('sign-in', HTMLFormElement),
  token: part('token', HTMLInputElement),
  use: part('use', HTMLButtonElement),
  trouble: part('trouble', HTMLElement),
  matching: part('matching', HTMLElement),
  registerForm: part('register-form', HTMLFormElement),
};

async function load(): Promise<void> {
  const answer = await api.overview();
  document.body.classList.toggle('stale', answer.kind !== 'ok');
  if (answer.kind === 'ok') {
    overview = answer.value;
    parts.trouble.textContent = '';
    showSignIn(true);
    renderAll(overview);
    await opening.look();
    return;
  }
  parts.trouble.textContent = troubleWords(answer, token !== '');
  if (answer.kind === 'unreachable') return show(parts.overall, badge('unreachable'));
  overview = undefined;
  document.body.classList.remove('known');
  showSignIn(false);
  const health = await api.health();
  if (health.kind === 'ok') renderHealth(health.value);
}

/** Where somebody is let in, the form is there only to forget the token, if it took one. */
function showSignIn(isIn: boolean): void {
  parts.signIn.classList.toggle('in', isIn);
  parts.signIn.classList.toggle('needless', isIn && token === '');
  parts.use.textContent = isIn ? 'Forget the token' : 'Use';
}

function renderHealth(health: HealthLook): void {
  show(parts.overall, badge(health.status));
  show(part('health', HTMLElement), ...healthComponents(health));
}

function renderAll(known: Overview): void {
  const nowMs = Date.parse(known.now);
  document.body.classList.add('known');
  parts.asOf.textContent = `as of ${new Date(nowMs).toLocaleTimeString()}`;
  renderHealth(known.health);
  show(part('glance', HTMLElement), ...glance(known, nowMs));
  show(part('queue-managers', HTMLElement), queueManagers(known.queue_managers, nowMs));
  const toggleQueues = (): void => {
    showsAllQueues = !showsAllQueues;
    renderAll(known);
  };
  show(part('queues', HTMLElement), ...queues(known.queues, showsAllQueues, toggleQueues));
  show(part('endpoints', HTMLElement), endpoints(known.endpoints, nowMs));
  show(part('cycles', HTMLElement), ...cycles(known.cycles, nowMs), ...cycleButtons());
  renderRegistrations(known, nowMs);
}

function renderRegistrations(known: Overview, nowMs: number): void {
  const { lines } = known.registrations;
  const actions = { asked: () => asked, ask, act };
  const view: RegistrationView = { selection, select, actions, opening, nowMs };
  show(part('quarantine', HTMLElement), ...quarantine(known, view));
  showFilters(known, selection);
  const matching = selected(lines, selection);
  parts.matching.textContent = matchingWords(matching.length, known);
  show(part('registrations', HTMLElement), ...registrationTable(matching, view));
}

function select(change: Partial<Selection>): void {
  selection = { ...selection, ...change };
  rerender();
}

function ask(question: string | undefined): void {
  asked = question;
  rerender();
}

function rerender(): void {
  if (overview !== undefined) renderRegistrations(overview, Date.parse(overview.now));
}

function act(name: ActionName, id: string): void {
  asked = undefined;
  if (name === 'unregister') opening.close(id);
  const doing = name === 'lift' ? api.restore(id) : api.unregister(id);
  void tell(doing, name === 'lift' ? `${id} is restored.` : `${id} is unregistered.`);
}

function cycleButtons(): readonly HTMLElement[] {
  if (!canRunCycles) return [];
  const names: readonly CycleFunction[] = ['notify-cycle', 'restore-cycle', 'persist'];
  return [
    h(
      'div',
      { class: 'run', role: 'group', 'aria-label': 'Run a cycle now' },
      ...names.map((name) => button(`Run ${name}`, name, () => void runCycle(name))),
    ),
  ];
}

async function runCycle(name: CycleFunction): Promise<void> {
  say(`${name} is running…`, 'calm');
  const answer = await api.runCycle(name);
  canRunCycles = answer.kind !== 'refused' || answer.status !== 404;
  if (answer.kind === 'ok') say(`${name}: ${answer.value.outcome}`, moodOf(answer.value.outcome));
  else say(canRunCycles ? failureWords(answer, '') : 'Here cycles are run by their schedule only.', 'bad');
  await refresh();
}

/** Says what came of an action, and shows what there is now. */
async function tell(doing: Promise<Answer<unknown>>, done: string): Promise<void> {
  const answer = await doing;
  if (answer.kind === 'ok') say(done, 'good');
  else say(failureWords(answer, registerUrl), 'bad');
  await refresh();
}

parts.signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  token = parts.token.value.trim();
  parts.token.value = '';
  void refresh();
});
parts.registerForm.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = new FormData(parts.registerForm);
  const textOf = (name: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const id = textOf('id');
  const fields = { qmgr: textOf('qmgr'), queue: textOf('queue'), notify: textOf('notify') };
  const doing = api.register(id === '' ? fields : { ...fields, id });
  void tell(doing, `${fields.qmgr}/${fields.queue} is registered.`);
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && asked !== undefined) ask(undefined);
});
startTheme();
const refresh = startRefresh(load);
