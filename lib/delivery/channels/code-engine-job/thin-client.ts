import { BaseService } from 'ibm-cloud-sdk-core';
import { HttpFailure } from '../../../platform/http-client.ts';
import { statusOf } from './call-failure.ts';
import type { CodeEngineApi, CreateJobRunParams, Response } from './code-engine-api.ts';
import { clientLimits, type SignIn } from './sign-in.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { within } from './time-limit.ts';

/** The limit of one call, the sign-in included. */
const CALL_MS_MAX = 10_000;
/** A page of a hundred jobs or runs with all that they carry; a run's definition has at most 10 KiB. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** The state of the API that this was written for: what changed later does not reach us. */
const API_VERSION = '2025-07-10';

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly qs?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The SDK's request, which only those who inherit it may make. */
class CodeEngineService extends BaseService {
  async send({ signal, ...call }: Call): Promise<unknown> {
    const { serviceUrl } = this.baseOptions;
    const headers = {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const options = { ...call, qs: { version: API_VERSION, ...call.qs } };
    const answer: unknown = await this.createRequest({
      options,
      defaultOptions: { serviceUrl, headers, axiosOptions: { signal } },
    });
    return answer;
  }
}

/**
 * The API of one region over `ibm-cloud-sdk-core`, until the official SDK can be installed. No call is repeated, but for one:
 * a token that the API refuses is replaced once, as the call that carried it did nothing.
 * @param baseUrl the API's, with its version in the path; no slash at the end
 */
export function createThinClient(baseUrl: string, signIn: SignIn): CodeEngineApi {
  const service = new CodeEngineService({
    serviceUrl: baseUrl,
    authenticator: signIn,
    ...clientLimits(CALL_MS_MAX, ANSWER_BYTES_MAX),
  });

  const send = async (call: Call): Promise<unknown> => {
    const generation = signIn.generation();
    try {
      return await service.send(call);
    } catch (error) {
      if (statusOf(error) !== 401 || error instanceof SignInFailure) throw error;
      signIn.forget(generation);
      return service.send(call);
    }
  };

  const ask = async <T extends object>(call: Call): Promise<Response<T>> => {
    const limit = { timeoutMs: CALL_MS_MAX, ...(call.signal === undefined ? {} : { signal: call.signal }) };
    const answer = await within(limit, async (signal) => send({ ...call, signal }));
    if (!isAnswer<T>(answer))
      throw new HttpFailure('protocol', 'the answer is not the JSON that was expected');
    return answer;
  };

  const list =
    (url: string) =>
    async <T extends object>(params: ListCall = {}): Promise<Response<T>> => {
      const { projectId, jobName, limit, start, signal } = params;
      const given = { job_name: jobName, limit, start };
      return ask<T>({
        method: 'GET',
        url,
        ...(projectId === undefined ? {} : { path: { project_id: projectId } }),
        qs: Object.fromEntries(Object.entries(given).filter(hasValue)),
        signal,
      });
    };

  const oneRun = ({ projectId, name, signal }: RunCall) => ({
    url: `${RUNS}/{name}`,
    path: { project_id: projectId, name },
    signal,
  });

  return {
    listProjects: list('/projects'),
    getProject: async ({ id, signal }) => ask({ method: 'GET', url: '/projects/{id}', path: { id }, signal }),
    listJobs: list('/projects/{project_id}/jobs'),
    listJobRuns: list(RUNS),
    createJobRun: async (params) =>
      ask({
        method: 'POST',
        url: RUNS,
        path: { project_id: params.projectId },
        body: bodyOf(params),
        signal: params.signal,
      }),
    getJobRun: async (params) => ask({ method: 'GET', ...oneRun(params) }),
    deleteJobRun: async (params) => {
      const { status } = await ask<object>({ method: 'DELETE', ...oneRun(params) });
      return { result: {}, status };
    },
  };
}

const RUNS = '/projects/{project_id}/job_runs';

interface RunCall {
  readonly projectId: string;
  readonly name: string;
  readonly signal?: AbortSignal;
}

interface ListCall {
  readonly projectId?: string;
  readonly jobName?: string;
  readonly limit?: number;
  readonly start?: string;
  readonly signal?: AbortSignal;
}

function bodyOf({ jobName, name, runEnvVariables, scaleArraySpec }: CreateJobRunParams): object {
  return {
    job_name: jobName,
    name,
    run_env_variables: runEnvVariables,
    scale_array_spec: scaleArraySpec,
  };
}

function hasValue<T>(entry: [string, T | undefined]): entry is [string, T] {
  return entry[1] !== undefined;
}

/** An answer with a JSON object, or with nothing: what is in it is read by who asked. */
function isAnswer<T extends object>(answer: unknown): answer is Response<T> {
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) return false;
  return (typeof answer.result === 'object' && answer.result !== null) || answer.result === '';
}
