import type { Consent } from '../../lib/delivery/channels/webhook-consent.ts';
import { registeredTargetProblem } from '../../lib/delivery/channels/guarded-http.ts';
import type { PutCondition } from '../../lib/object-store/object-store.ts';
import type { HttpAnswer, HttpCall } from '../../lib/platform/function-call/http-call.ts';
import { isSealed } from '../../lib/platform/sealer.ts';
import { ProblemError, type FieldProblem, type Problem } from '../../lib/platform/problem.ts';
import type { Sent } from '../../lib/registration/read-fields.ts';
import { readIdToRemove, readRegistrationRequest } from '../../lib/registration/read-request.ts';
import type { RegistrationDraft } from '../../lib/registration/original-document.ts';
import { naturalId } from '../../lib/registration/registration-id.ts';
import { asRegistrationId, type RegistrationId } from '../../lib/registration/registration.ts';
import type { RegistrationRequest } from '../../lib/registration/schema.ts';
import { parseTarget } from '../../lib/registration/target.ts';
import { toAnswerForm } from '../../lib/registration/wire.ts';
import { UnstorableError, type StoredRegistration } from '../../lib/store/registration-store.ts';
import { DamagedObjectError } from '../../lib/store/store-context.ts';
import { readCondition, wireETag } from './conditions.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { announcing } from './announcing.ts';

/** How long a target's name may take to resolve when it is registered, in milliseconds. */
const RESOLVE_TIMEOUT_MS = 2_000;

/** `POST /register`: stores the registration, replacing one with the same id, and answers it. */
export async function register(deps: RegisterDeps, { call, actor }: Admitted): Promise<HttpAnswer> {
  const read = readRegistrationRequest(sentBy(call));
  if (!read.ok) return { problem: read.problem };
  const request = read.value;
  const problems = await placeProblems(deps, request);
  if (problems.length > 0) return { problem: refusal(problems) };
  const id =
    request.id === undefined
      ? naturalId(request.qmgr, request.queue, request.notify)
      : asRegistrationId(request.id);
  const consent = await consentOf(deps, request);
  if (consent !== undefined && !consent.granted)
    return { problem: refusal([{ field: 'notify', message: `did not consent: ${consent.reason}` }]) };
  const condition = await conditionOf(deps, call, id);
  if (condition === 'failed') return { problem: PRECONDITION_FAILED };
  const draft = { ...request, id, lastUpdatedMs: deps.clock.nowMs(), ...consentRecord(deps, consent) };
  const { beforeWrite, confirm } = announcing(deps, 'registered', actor);
  const stored = await put(deps, draft, condition, beforeWrite);
  if (stored === 'condition-failed') return { problem: PRECONDITION_FAILED };
  await confirm();
  deps.log.info('registration stored', { id, qmgr: request.qmgr, queue: request.queue, actor });
  return answer(stored);
}

/** `DELETE /register`: removes the registration that path, body or query name, and answers what it was. */
export async function unregister(deps: RegisterDeps, { call, actor, id }: Admitted): Promise<HttpAnswer> {
  const read = id === undefined ? readIdToRemove(sentBy(call)) : { ok: true as const, value: id };
  if (!read.ok) return { problem: read.problem };
  const { beforeWrite, confirm } = announcing(deps, 'unregistered', actor);
  const removed = await deps.store.registrations.remove(asRegistrationId(read.value), beforeWrite);
  if (removed === undefined) return { problem: unknownId(read.value) };
  await confirm();
  deps.log.info('registration removed', { id: read.value, actor });
  return { status: 200, body: removed === 'damaged' ? { id: read.value } : toAnswerForm(removed) };
}

/** `GET /register/{id}`. */
export async function readOne(deps: RegisterDeps, { id = '' }: Admitted): Promise<HttpAnswer> {
  try {
    const stored = await deps.store.registrations.get(asRegistrationId(id));
    return stored === undefined ? { problem: unknownId(id) } : answer(stored);
  } catch (error) {
    if (!(error instanceof DamagedObjectError)) throw error;
    return {
      problem: { code: 'unavailable', detail: `This registration cannot be read: ${error.message}.` },
    };
  }
}

function sentBy(call: HttpCall): Sent {
  return { contentType: call.headers['content-type'], body: call.body, query: call.query };
}

/** A registration as its owner is told of it, with its `ETag`. */
export function answer({ registration, etag }: StoredRegistration): HttpAnswer {
  return { status: 200, body: toAnswerForm(registration), headers: { etag: wireETag(etag) } };
}

/** The answer where nothing is registered under an id. */
export function unknownId(id: string): Problem {
  return { code: 'not-found', detail: `No registration has the id ${JSON.stringify(id.slice(0, 256))}.` };
}

const PRECONDITION_FAILED: Problem = {
  code: 'precondition-failed',
  detail:
    'The registration is not as If-Match or If-None-Match says. Nothing was changed; read it and decide again.',
};

function refusal(errors: readonly FieldProblem[]): Problem {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('\n');
  return { code: 'invalid-request', detail, errors };
}

/** What speaks against this queue manager and this target, here and now. */
async function placeProblems(deps: RegisterDeps, request: RegistrationRequest): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  if (deps.queueManagers.length > 0 && !deps.queueManagers.includes(request.qmgr))
    problems.push({
      field: 'qmgr',
      message: `is not configured; configured are ${deps.queueManagers.join(', ')}`,
    });
  for (const [name, value] of Object.entries(request.delivery?.headers ?? {}))
    if (isSealed(value))
      problems.push({
        field: `delivery.headers.${name}`,
        message: 'must be the value itself, not an encrypted one',
      });
  const parsed = parseTarget(request.notify);
  if (!parsed.ok || parsed.target.kind !== 'url') return problems;
  const message = await registeredTargetProblem(
    deps.guard,
    parsed.target.url,
    RESOLVE_TIMEOUT_MS,
    deps.resolve,
  );
  return message === undefined ? problems : [...problems, { field: 'notify', message }];
}

/** What the target says to being woken, where it is asked; nothing where it is not. */
async function consentOf(deps: RegisterDeps, request: RegistrationRequest): Promise<Consent | undefined> {
  const parsed = parseTarget(request.notify);
  return parsed.ok && parsed.target.kind === 'url' ? deps.askConsent?.(request.notify) : undefined;
}

function consentRecord(deps: RegisterDeps, consent: Consent | undefined): Pick<RegistrationDraft, 'consent'> {
  if (consent?.granted !== true || deps.webhookOrigin === undefined) return {};
  const rate = consent.ratePerMinute === undefined ? {} : { rate: consent.ratePerMinute };
  return { consent: { origin: deps.webhookOrigin, ...rate } };
}

/** The caller's condition; `If-Match: *` becomes the version that is there now. */
async function conditionOf(
  deps: RegisterDeps,
  call: HttpCall,
  id: RegistrationId,
): Promise<PutCondition | undefined | 'failed'> {
  const condition = readCondition(call.headers);
  if (condition === 'invalid')
    throw new ProblemError({
      code: 'invalid-request',
      detail: 'If-Match takes one ETag as it was answered, or *; If-None-Match takes *; not both.',
    });
  if (condition === undefined) return undefined;
  // The store decides; but what fails here already needs no announcement, which would wait to be taken back.
  const current = await deps.store.registrations.get(id);
  if (condition === 'exists') return current === undefined ? 'failed' : { ifMatch: current.etag };
  if ('ifNoneMatch' in condition) return current === undefined ? condition : 'failed';
  return current?.etag === condition.ifMatch ? condition : 'failed';
}

async function put(
  deps: RegisterDeps,
  ...args: Parameters<RegisterDeps['store']['registrations']['put']>
): ReturnType<RegisterDeps['store']['registrations']['put']> {
  try {
    return await deps.store.registrations.put(...args);
  } catch (error) {
    if (!(error instanceof UnstorableError)) throw error;
    throw new ProblemError(refusal([{ field: 'delivery.headers', message: error.message }]), {
      cause: error,
    });
  }
}
