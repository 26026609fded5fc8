import { asRegistrationId, type RegistrationId } from '../registration/registration.ts';
import { testRequestKey } from './keys.ts';
import { resolvedPut } from './resolved-put.ts';
import {
  backOff,
  DamagedObjectError,
  repeated,
  StoreContendedError,
  type StoreContext,
} from './store-context.ts';
import { encodeStored, jsonOf } from './stored-json.ts';

/** Somebody wants to see whether the target of a registration can be woken. */
export interface TestRequest {
  /** Where it is stored. */
  readonly key: string;
  readonly id: RegistrationId;
  /** Its name, a UUID: the report of the cycle that serves it has it. */
  readonly request: string;
}

/** Requests for test wake-ups: callers ask, and a notify cycle serves. At most one waits for each registration. */
export interface TestRequests {
  /**
   * Resolves once the request is stored, with its name, or with that of the one that waits already.
   * @throws {DamagedObjectError} the one that waits cannot be understood.
   */
  readonly ask: (id: RegistrationId) => Promise<string>;
  /**
   * @param key as a listing shows it
   * @returns `undefined` when it was served meanwhile
   * @throws {DamagedObjectError}
   */
  readonly read: (key: string) => Promise<TestRequest | undefined>;
  /** Takes away one that was served. */
  readonly served: (request: TestRequest) => Promise<void>;
}

export function createTestRequests(context: StoreContext): TestRequests {
  const read: TestRequests['read'] = async (key) => {
    const found = await repeated(context, () => context.objects.get(key));
    if (found.kind !== 'found') return undefined;
    const content = parseRequest(jsonOf(found.body));
    if (content === undefined || testRequestKey(content.id) !== key)
      throw new DamagedObjectError(key, 'not of its form');
    return { key, ...content };
  };

  const ask: TestRequests['ask'] = async (id) => {
    const key = testRequestKey(id);
    const endMs = context.clock.nowMs() + context.patienceMs;
    for (let attempt = 0; ; attempt++) {
      const request = context.random.uuid();
      const result = await resolvedPut(context, {
        key,
        body: encodeStored({ format: 1, id, request }),
        condition: { ifNoneMatch: '*' },
        isOurs: (body) => parseRequest(jsonOf(body))?.request === request,
      });
      if (result.kind === 'written') return request;
      const waiting = await read(key);
      if (waiting !== undefined) return waiting.request;
      if (context.clock.nowMs() >= endMs) throw new StoreContendedError(key);
      await backOff(context, attempt, 'contended');
    }
  };

  return {
    ask,
    read,
    served: async ({ key }) => repeated(context, () => context.objects.delete([key])),
  };
}

function parseRequest(json: unknown): Omit<TestRequest, 'key'> | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, id, request }: Partial<Record<string, unknown>> = { ...json };
  if (format !== 1 || typeof id !== 'string' || typeof request !== 'string') return undefined;
  return { id: asRegistrationId(id), request };
}
