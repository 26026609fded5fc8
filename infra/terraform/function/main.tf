terraform {
  required_version = ">= 1.9.0"

  required_providers {
    ibm = {
      source = "IBM-Cloud/ibm"
    }
  }
}

locals {
  # Who can reach it, in the platform's words.
  domain_mappings = {
    public  = "local_public"
    project = "local"
  }
}

resource "ibm_code_engine_function" "function" {
  project_id     = var.project_id
  name           = var.name
  runtime        = var.runtime
  code_reference = var.code_reference
  code_secret    = var.registry_secret
  code_main      = "main"

  managed_domain_mappings            = local.domain_mappings[var.entry.visibility]
  run_compute_resource_token_enabled = true

  scale_cpu_limit          = var.entry.cpu
  scale_memory_limit       = var.entry.memory
  scale_concurrency        = var.entry.concurrency
  scale_down_delay         = var.entry.scaleDownDelaySeconds
  scale_max_execution_time = var.entry.maxExecutionSeconds

  run_env_variables {
    type      = "config_map_full_reference"
    reference = var.settings_map
  }

  run_env_variables {
    type      = "secret_full_reference"
    reference = var.settings_secret
  }

  dynamic "run_env_variables" {
    for_each = var.own_settings

    content {
      type  = "literal"
      name  = run_env_variables.key
      value = run_env_variables.value
    }
  }
}
