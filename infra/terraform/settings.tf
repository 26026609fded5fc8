locals {
  # Made beforehand, as README.md says. Only its name comes here: a value would be in the state.
  settings_secret = "${var.prefix}mq-observer-secrets"

  # Settings whose values must not come near a state file: those of lib/platform/configuration that are marked as secret. In
  # capitals, as names are compared, because a misspelt name has the same value.
  secret_settings = "^((ADMIN_PASSWORD|KEY_FILE)[0-9]*|ADMIN_TOKENS|CE_APIKEY|CLIENT_SECRET|COS_APIKEY|COS_ACCESS_KEY_ID|COS_SECRET_ACCESS_KEY|ENCRYPTION_KEYS|EVENT_ENDPOINTS|NATS_CREDS|NATS_URL|REGISTER_TOKENS|SEEDDATA|WEBHOOK_SECRET)$"

  # What follows from the resources, so that nobody has to know it.
  computed_settings = [
    "bucket", "CE_TRUSTED_PROFILE", "COS_TRUSTED_PROFILE", "DASHBOARD_ORIGIN", "DASHBOARD_REGISTER_URL", "endpoints", "STORE", "STORE_PREFIX",
  ]

  # What means a machine of one's own, or is set by the platform.
  other_settings = ["CE_PROJECT_ID", "CE_REGION", "DATA_DIR", "EnvFile", "HOST", "NO_COS", "PORT", "TEST"]

  # What holds the text of a file here: functions have no files.
  text_settings = "^(CA_FILE|CERT_FILE)[0-9]*$"
}

resource "ibm_code_engine_config_map" "settings" {
  project_id = ibm_code_engine_project.observer.project_id
  name       = "${var.prefix}mq-observer-settings"

  data = merge(var.settings, {
    STORE        = "cos"
    STORE_PREFIX = var.store_prefix
    bucket       = ibm_cos_bucket.store.bucket_name
    # From Code Engine, the direct endpoint is the one inside IBM's network.
    endpoints = ibm_cos_bucket.store.s3_endpoint_direct
  })
}
