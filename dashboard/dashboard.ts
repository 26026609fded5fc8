import type { Overview } from '../lib/health/overview.ts';
import { createApi, type Answer } from './api.ts';
import { createCycleButtons } from './cycle-buttons.ts';
import { letGo, part, show } from './dom.ts';
import { startFilters } from './filters.ts';
import { say, startNotice } from './notice.ts';
import { createOpening } from './opened.ts';
import { createPending } from './pending.ts';
import { createQuestion } from './question.ts';
import { startRefresh } from './refresh.ts';
import { startRegisterForm } from './register-form.ts';
import { isStillMeant, type ActionName, type AskedAction } from './registration-actions.ts';
import { matchingWords, quarantine, registrationTable, type RegistrationView } from './registrations.ts';
import { cycles, endpoints, glance, queueManagers, queues } from './sections.ts';
import { EVERYTHING, selected, type Selection } from './selection.ts';
import { clearHealth, renderHealth, renderUnknown } from './status.ts';
import { startTheme } from './theme.ts';
import { failureWords, troubleWords } from './trouble.ts';
import { createUnhurried } from './unhurried.ts';

/** What the page knows. The token is kept here and nowhere else: it is gone when the page is. */
let token = '';
let overview: Overview | undefined;
let selection: Selection = EVERYTHING;
let showsAllQueues = false;

/** Empty where `register` is on the page's own origin. */
const registerUrl = part('register-url', HTMLMetaElement).content;
const api = createApi(() => token, registerUrl);
const parts = {
  asOf: part('as-of', HTMLElement),
  signIn: part('sign-in', HTMLFormElement),
  token: part('token', HTMLInputElement),
  use: part('use', HTMLButtonElement),
  trouble: part('trouble', HTMLElement),
  matching: part('matching', HTMLElement),
  glance: part('glance', HTMLElement),
  quarantine: part('quarantine', HTMLElement),
  queueManagers: part('queue-managers', HTMLElement),
  queues: part('queues', HTMLElement),
  registrations: part('registrations', HTMLElement),
  endpoints: part('endpoints', HTMLElement),
  cycles: part('cycles', HTMLElement),
};
/** Shows what is known, at a time that nobody chose. */
const renew = createUnhurried(render);
const pending = createPending(renew);
const question = createQuestion<AskedAction>(renew);
const opening = createOpening(api, registerUrl, renew);
const showFilters = startFilters(select);

async function load(): Promise<void> {
  const used = token;
  const answer = await api.overview();
  if (used !== token) return;
  document.body.classList.toggle('stale', answer.kind !== 'ok');
  if (answer.kind === 'ok') {
    overview = answer.value;
    parts.trouble.textContent = '';
    showSignIn(true);
    const asked = question.about();
    if (asked !== undefined && !isStillMeant(asked, overview.registrations.lines)) question.drop();
    renew();
    await opening.look();
    return;
  }
  parts.trouble.textContent = troubleWords(answer, token !== '');
  if (answer.kind !== 'refused') return renderUnknown('unreachable');
  forget();
  showSignIn(false);
  const health = await api.health();
  if (used === token && health.kind === 'ok') renderHealth(health.value);
}

/** Where somebody is let in, the form is there only to forget the token, if it took one. */
function showSignIn(isIn: boolean): void {
  parts.signIn.classList.toggle('in', isIn);
  parts.signIn.classList.toggle('needless', isIn && token === '');
  parts.use.textContent = isIn ? 'Forget the token' : 'Use';
}

/** Takes away all that needed a token. */
function forget(): void {
  overview = undefined;
  document.body.classList.remove('known');
  question.drop();
  opening.closeAny();
  const { glance: numbers, quarantine: ill, registrations, endpoints: told } = parts;
  const sections = [numbers, ill, registrations, told, parts.queueManagers, parts.queues, parts.cycles];
  for (const section of [...sections, parts.asOf, parts.matching]) section.replaceChildren();
}

function render(): void {
  if (overview === undefined) return;
  const nowMs = Date.parse(overview.now);
  document.body.classList.add('known');
  parts.asOf.textContent = `as of ${new Date(nowMs).toLocaleTimeString()}`;
  renderHealth(overview.health);
  show(parts.glance, ...glance(overview, nowMs));
  show(parts.queueManagers, queueManagers(overview.queue_managers, nowMs));
  show(parts.queues, ...queues(overview.queues, showsAllQueues, toggleQueues));
  show(parts.endpoints, endpoints(overview.endpoints, nowMs));
  show(parts.cycles, ...cycles(overview.cycles, nowMs), ...cycleButtons());
  renderRegistrations(overview, nowMs);
}

function renderRegistrations(known: Overview, nowMs: number): void {
  const actions = { question, isPending: (id: string) => pending.has(`registration ${id}`), act };
  const view: RegistrationView = { selection, select, actions, opening, find: (id) => void find(id), nowMs };
  show(parts.quarantine, ...quarantine(known, view));
  showFilters(known, selection);
  const matching = selected(known.registrations.lines, selection);
  parts.matching.textContent = matchingWords(matching.length, known);
  show(parts.registrations, ...registrationTable(matching, known, view));
}

function toggleQueues(): void {
  showsAllQueues = !showsAllQueues;
  render();
}

function select(change: Partial<Selection>): void {
  selection = { ...selection, ...change };
  letGo();
  if (overview !== undefined) renderRegistrations(overview, Date.parse(overview.now));
}

function act(name: ActionName, id: string): void {
  question.drop();
  const [doing, done] = name === 'lift' ? ['restored', api.restore] : ['unregistered', api.unregister];
  void pending.during(`registration ${id}`, async () => {
    say(`${id} is being ${doing}…`, 'calm');
    const answer = await done(id);
    if (answer.kind === 'ok' && name === 'unregister') opening.close(id);
    await tell(answer, `${id} is ${doing}.`);
  });
}

/** Says what came of an action, and shows what there is now. */
async function tell(answer: Answer<unknown>, done: string): Promise<void> {
  if (answer.kind === 'ok') say(done, 'good');
  else say(failureWords(answer, registerUrl), 'bad');
  await refresh();
}

async function find(id: string): Promise<void> {
  const answer = await api.find(id);
  if (answer.kind !== 'ok') return say(failureWords(answer, registerUrl), 'bad');
  const { qmgr, queue, state = 'active', failcount } = answer.value;
  say(`${id} is there: ${qmgr}/${queue}, ${state}, failures in a row: ${failcount}.`, 'calm');
}

/** What a header can carry; a token has nothing else. */
const TOKEN = /^[\x21-\x7e]*$/;

parts.signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = parts.token.value.trim();
  if (!TOKEN.test(typed))
    return say('That is no token: it has characters that are not ASCII, or blanks within.', 'bad');
  token = typed;
  parts.token.value = '';
  selection = EVERYTHING;
  forget();
  clearHealth();
  registerForm.clear();
  say('', 'calm');
  void refresh();
});
document.addEventListener('keydown', (event) => {
  // A key that is held down means one thing once.
  if (event.repeat && event.key === 'Enter') event.preventDefault();
  if (event.key !== 'Escape') return;
  letGo();
  question.drop();
});
startTheme();
startNotice();
const refresh = startRefresh(load);
const registerForm = startRegisterForm(api, registerUrl, refresh);
const cycleButtons = createCycleButtons(api, pending, refresh);
