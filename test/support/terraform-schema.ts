/**
 * What the provider IBM-Cloud/ibm documents of the resources that are used, as data. From website/docs/r and website/docs/d
 * of github.com/IBM-Cloud/terraform-provider-ibm, of a version that they do not tell.
 * Where a page is behind, from the schema in ibm/service: ibm_cos_bucket, its lifecycle, and the policies, whose profile_id is
 * deprecated and left out. Nested blocks that are not used are left out, so that using one asks for its schema here.
 */
export interface BodySchema {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  readonly blocks?: Readonly<Record<string, NestedSchema>>;
  /** What an argument may be, where it is written out. */
  readonly values?: Readonly<Record<string, RegExp>>;
}

export interface NestedSchema extends BodySchema {
  readonly min?: number;
  readonly max?: number;
}

export interface ResourceSchema extends BodySchema {
  /** Attributes that can be read, besides the arguments. */
  readonly exported: readonly string[];
}

const SIZE = /^([0-9.]+)([eEinumkKMGTPB]*)$/;
const REFERENCE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const IDENTIFIER = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** By `resource` or `data`, and type. */
export const terraformSchema: Readonly<Record<string, ResourceSchema>> = {
  'data ibm_resource_group': { optional: ['name', 'is_default'], exported: ['id'] },
  'resource ibm_code_engine_project': {
    required: ['name'],
    optional: ['resource_group_id'],
    exported: ['id', 'project_id', 'account_id', 'created_at', 'crn', 'href', 'region', 'status'],
  },
  'resource ibm_code_engine_config_map': {
    required: ['project_id', 'name'],
    optional: ['data'],
    exported: ['id', 'config_map_id', 'created_at', 'entity_tag', 'href', 'region', 'resource_type', 'etag'],
  },
  'resource ibm_code_engine_function': {
    required: ['project_id', 'name', 'runtime', 'code_reference'],
    optional: [
      ...['code_binary', 'code_main', 'code_secret', 'managed_domain_mappings'],
      ...['run_compute_resource_token_enabled', 'scale_concurrency', 'scale_cpu_limit', 'scale_down_delay'],
      ...['scale_max_execution_time', 'scale_memory_limit'],
    ],
    values: {
      name: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
      runtime: /^[a-z]*-[0-9]*(\.[0-9]*)?$/,
      code_main: IDENTIFIER,
      managed_domain_mappings: /^(local|local_private|local_public)$/,
      scale_concurrency: /^([1-9]\d?|100)$/,
      scale_cpu_limit: SIZE,
      scale_memory_limit: SIZE,
      scale_down_delay: /^([1-5]?\d?\d|600)$/,
      scale_max_execution_time: /^([1-9]\d?|1[01]\d|120)$/,
    },
    blocks: {
      run_env_variables: {
        max: 100,
        required: ['type'],
        optional: ['key', 'name', 'prefix', 'reference', 'value'],
        values: {
          type: /^(literal|(config_map|secret)_(full|key)_reference)$/,
          reference: REFERENCE,
          name: /^[-._a-zA-Z0-9]+$/,
        },
      },
    },
    exported: [
      ...[
        'id',
        'computed_env_variables',
        'created_at',
        'endpoint',
        'endpoint_internal',
        'entity_tag',
        'href',
      ],
      ...['function_id', 'region', 'resource_type', 'status', 'status_details', 'etag'],
    ],
  },
  'resource ibm_resource_instance': {
    required: ['name', 'service', 'plan', 'location'],
    optional: ['resource_group_id', 'tags', 'parameters', 'service_endpoints'],
    exported: ['id', 'guid', 'status', 'state', 'dashboard_url', 'extensions', 'account_id', 'target_crn'],
  },
  'resource ibm_cos_bucket': {
    required: ['bucket_name', 'resource_instance_id'],
    optional: [
      ...[
        'storage_class',
        'endpoint_type',
        'allowed_ip',
        'force_delete',
        'hard_quota',
        'key_protect',
        'kms_key_crn',
      ],
      ...['region_location', 'cross_region_location', 'single_site_location', 'satellite_location_id'],
    ],
    values: { storage_class: /^(standard|vault|cold|smart|flex|onerate_active)$/ },
    blocks: { object_versioning: { max: 1, optional: ['enable'] } },
    exported: ['id', 'crn', 's3_endpoint_public', 's3_endpoint_private', 's3_endpoint_direct'],
  },
  'resource ibm_cos_bucket_lifecycle_configuration': {
    required: ['bucket_crn', 'bucket_location'],
    optional: ['endpoint_type'],
    blocks: {
      lifecycle_rule: {
        min: 1,
        required: ['rule_id', 'status'],
        values: { status: /^(enable|disable)$/, rule_id: /^[-a-zA-Z0-9!_.*'()]{1,255}$/ },
        blocks: {
          filter: {
            min: 1,
            max: 1,
            optional: ['prefix', 'object_size_greater_than', 'object_size_less_than'],
          },
          expiration: { max: 1, optional: ['date', 'days', 'expired_object_delete_marker'] },
          noncurrent_version_expiration: { max: 1, optional: ['noncurrent_days'] },
        },
      },
    },
    exported: ['id'],
  },
  'resource ibm_iam_trusted_profile': {
    required: ['name'],
    optional: ['description', 'email'],
    exported: ['id', 'iam_id', 'crn', 'created_at', 'modified_at', 'entity_tag'],
  },
  'resource ibm_iam_trusted_profile_policy': {
    required: ['roles'],
    optional: [
      'iam_id',
      'description',
      'account_management',
      'transaction_id',
      'pattern',
      'rule_operator',
      'tags',
    ],
    blocks: {
      resources: {
        max: 1,
        optional: [
          ...['service', 'service_type', 'service_group_id', 'resource_instance_id', 'region'],
          ...['resource_type', 'resource', 'resource_group_id', 'attributes'],
        ],
      },
    },
    exported: ['id', 'version'],
  },
  'resource ibm_iam_trusted_profile_link': {
    required: ['profile_id', 'cr_type'],
    optional: ['name'],
    values: { cr_type: /^(VSI|BMS|IKS_SA|ROKS_SA|CE)$/ },
    blocks: {
      link: {
        min: 1,
        max: 1,
        optional: ['crn', 'namespace', 'name', 'component_type', 'component_name'],
        values: { component_type: /^(application|job|function)$/ },
      },
    },
    exported: ['id', 'link_id', 'created_at', 'modified_at', 'entity_tag'],
  },
  // Of Terraform itself: developer.hashicorp.com/terraform/language/resources/terraform-data
  'resource terraform_data': { optional: ['input', 'triggers_replace'], exported: ['id', 'output'] },
};
