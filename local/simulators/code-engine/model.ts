/** What a project can be. Jobs and runs can be created in an active one only. */
export const PROJECT_STATES = [
  ...(['active', 'inactive', 'creating', 'creation_failed', 'preparing', 'deleting'] as const),
  ...(['deletion_failed', 'soft_deleted', 'pending_removal', 'hard_deleting'] as const),
  ...(['hard_deletion_failed', 'hard_deleted'] as const),
] as const;
export type ProjectStatus = (typeof PROJECT_STATES)[number];

/** A project to begin with. */
export interface ProjectDefinition {
  /** A UUID in reality; any text without a slash here. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** `active` when not given. */
  readonly status?: ProjectStatus;
  /** By name. */
  readonly jobs?: Readonly<Record<string, JobDefinition>>;
}

/** One entry of `run_env_variables`: a literal, or what refers to a secret or a config map. */
export interface EnvVariable {
  readonly type: string;
  readonly name?: string;
  readonly value?: string;
  readonly key?: string;
  readonly prefix?: string;
  readonly reference?: string;
}

/** What a run does, as the API names it: a job has it, and a run may say otherwise. */
export interface RunTemplate {
  readonly image_reference: string;
  readonly image_secret?: string;
  readonly run_arguments: readonly string[];
  readonly run_commands: readonly string[];
  readonly run_env_variables: readonly EnvVariable[];
  readonly run_volume_mounts: readonly unknown[];
  readonly run_as_user?: number;
  readonly run_mode: string;
  readonly run_service_account: string;
  readonly run_compute_resource_token_enabled: boolean;
  readonly scale_array_spec: string;
  readonly scale_array_size_variable_override?: number;
  readonly scale_cpu_limit: string;
  readonly scale_memory_limit: string;
  readonly scale_ephemeral_storage_limit: string;
  readonly scale_max_execution_time: number;
  readonly scale_retry_limit: number;
}

/** How the runs of a job go when nobody interferes. */
export interface RunPlan {
  /** Milliseconds from creation until the instances run; the simulator's when not given. */
  readonly pendingMs?: number;
  /** Milliseconds that they run. `Infinity`: until they are told to end, or exceed `scale_max_execution_time`. */
  readonly runMs?: number;
  /** True: they fail instead of succeeding. */
  readonly fails?: boolean;
}

/** A job to begin with. */
export interface JobDefinition extends Partial<RunTemplate>, RunPlan {}

/** A job as it is now. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly template: RunTemplate;
  readonly plan: Required<RunPlan>;
}

export const DEFAULT_TEMPLATE: RunTemplate = {
  image_reference: 'icr.io/codeengine/helloworld',
  run_arguments: [],
  run_commands: [],
  run_env_variables: [],
  run_volume_mounts: [],
  run_mode: 'task',
  run_service_account: 'default',
  run_compute_resource_token_enabled: false,
  scale_array_spec: '0',
  scale_cpu_limit: '1',
  scale_memory_limit: '4G',
  scale_ephemeral_storage_limit: '400M',
  scale_max_execution_time: 7200,
  scale_retry_limit: 3,
};
