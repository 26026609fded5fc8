import type { Api, RegistrationFields } from './api.ts';
import { part, show } from './dom.ts';
import { say } from './notice.ts';
import { createPending } from './pending.ts';
import { createQuestion, questionGroup } from './question.ts';
import { failureWords } from './trouble.ts';

const QUESTION = {
  label: 'Replace the registration?',
  means:
    'It is there already. To replace it takes away what it was given besides queue and target (when, delivery, job), and its failures.',
  confirm: 'Yes, replace',
};

/** Starts the form that registers. What is there already is replaced only when that is confirmed. */
export function startRegisterForm(
  api: Api,
  registerUrl: string,
  refresh: () => Promise<void>,
): { readonly clear: () => void } {
  const form = part('register-form', HTMLFormElement);
  const submit = part('register-submit', HTMLButtonElement);
  const place = part('register-question', HTMLElement);
  const render = (): void => {
    submit.ariaDisabled = String(pending.has('register'));
    const about = question.about();
    if (about === undefined) return show(place);
    show(
      place,
      questionGroup(QUESTION, 'register', { ...question, drop: answerNo }, () => void send(about, true)),
    );
  };
  const pending = createPending(render);
  const question = createQuestion<RegistrationFields>(render);
  const answerNo = (): void => {
    if (place.contains(document.activeElement)) submit.focus();
    question.drop();
  };

  const send = (fields: RegistrationFields, replaces: boolean): Promise<void> =>
    pending.during('register', async () => {
      answerNo();
      const name = `${fields.qmgr}/${fields.queue}`;
      say(`${name} is being registered…`, 'calm');
      const answer = await api.register(fields, replaces);
      if (answer.kind === 'refused' && answer.status === 412 && !replaces) {
        say(`${name} is registered already: see the form.`, 'poor');
        question.ask(fields);
        place.querySelector<HTMLElement>('[data-key$=" no"]')?.focus();
        return;
      }
      if (answer.kind === 'ok') say(`${name} is registered.`, 'good');
      else say(failureWords(answer, registerUrl), 'bad');
      await refresh();
    });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(fieldsIn(form), false);
  });
  // The question is about what was sent.
  form.addEventListener('input', answerNo);
  place.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') answerNo();
  });
  return {
    clear: () => {
      form.reset();
      answerNo();
    },
  };
}

function fieldsIn(form: HTMLFormElement): RegistrationFields {
  const given = new FormData(form);
  const textOf = (name: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const id = textOf('id');
  const fields = { qmgr: textOf('qmgr'), queue: textOf('queue'), notify: textOf('notify') };
  return id === '' ? fields : { ...fields, id };
}
