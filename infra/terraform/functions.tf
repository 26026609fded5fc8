locals {
  functions = {
    for entry in jsondecode(file("${path.module}/../../functions/functions.json")).functions : entry.name => entry
  }
  # In IBM Container Registry: by tag, digest, or both.
  image_reference = "^(private\\.)?([a-z]+[0-9]?\\.)?icr\\.io/[a-z0-9][a-z0-9_-]+/[a-z0-9][a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"

  function_names = { for name in keys(local.functions) : name => "${var.prefix}${name}" }

  timed  = { for name, entry in local.functions : name => entry if entry.visibility == "project" }
  served = { for name, entry in local.functions : name => entry if entry.visibility == "public" }

  # What a function is told beyond the settings that all share.
  own_settings = {
    for name in keys(local.functions) : name => merge(
      { COS_TRUSTED_PROFILE = ibm_iam_trusted_profile.store[local.store_access[name]].id },
      contains(local.job_starters, name) ? { CE_TRUSTED_PROFILE = ibm_iam_trusted_profile.jobs[name].id } : {},
    )
  }

  # register and actuator are told each other's URL, and neither can wait for the other. All functions of a project share
  # a subdomain, though, which is the second label of a timed one's internal host: http://<name>.<subdomain>.function.cluster.local.
  subdomain = split(".", module.timed[keys(local.timed)[0]].endpoint_internal)[1]
  urls = {
    for name in keys(local.served) :
    name => "https://${local.function_names[name]}.${local.subdomain}.${var.region}.codeengine.appdomain.cloud"
  }
  dashboard_settings = {
    actuator = { DASHBOARD_REGISTER_URL = local.urls["register"] }
    register = { DASHBOARD_ORIGIN = local.urls["actuator"] }
  }
}

module "timed" {
  source   = "./function"
  for_each = local.timed

  project_id      = ibm_code_engine_project.observer.project_id
  name            = local.function_names[each.key]
  entry           = each.value
  runtime         = var.runtime
  code_reference  = var.code_references[each.key]
  registry_secret = var.registry_secret
  settings_map    = ibm_code_engine_config_map.settings.name
  settings_secret = local.settings_secret
  own_settings    = local.own_settings[each.key]
}

module "served" {
  source   = "./function"
  for_each = local.served

  project_id      = ibm_code_engine_project.observer.project_id
  name            = local.function_names[each.key]
  entry           = each.value
  runtime         = var.runtime
  code_reference  = var.code_references[each.key]
  registry_secret = var.registry_secret
  settings_map    = ibm_code_engine_config_map.settings.name
  settings_secret = local.settings_secret
  own_settings    = merge(local.own_settings[each.key], lookup(local.dashboard_settings, each.key, {}))
}

check "urls" {
  assert {
    condition     = alltrue([for name, url in local.urls : module.served[name].endpoint == url])
    error_message = "The platform gave other URLs than functions.tf expects, so the page of actuator does not find register. Correct local.urls there; all else works."
  }
}
