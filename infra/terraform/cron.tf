locals {
  timers = flatten([for entry in values(local.functions) : [for trigger in entry.triggers : trigger if trigger.kind == "cron"]])

  # What decides when timers fire: their own settings, which half of the observer runs, and shorter intervals for trials.
  # Those that are not given are empty, which means the default: what the shell of whoever applies has set must not count.
  timer_settings = {
    for name in concat(
      local.timers[*].scheduleSetting,
      local.timers[*].intervalSetting,
      ["ENABLE_RESERVATIONS", "ENABLE_NOTIFICATIONS", "TEST"],
    ) : name => lookup(var.settings, name, "")
  }
}

# The provider has no resource for cron subscriptions, so the script that is also run by hand makes them with the CLI. It
# needs ibmcloud with the code-engine plugin, logged in; that login is no part of the state.
resource "terraform_data" "timers" {
  input = {
    script = "${path.module}/../cron.sh"
    environment = merge(local.timer_settings, {
      MQ_OBSERVER_PROJECT = ibm_code_engine_project.observer.name
      MQ_OBSERVER_PREFIX  = var.prefix
    })
  }

  # A change removes the subscriptions and makes them anew: ticks that fall in between do not matter.
  triggers_replace = {
    project  = ibm_code_engine_project.observer.project_id
    prefix   = var.prefix
    timers   = local.timers
    settings = local.timer_settings
  }

  provisioner "local-exec" {
    command     = "\"$CRON_SCRIPT\" apply"
    environment = merge(self.input.environment, { CRON_SCRIPT = self.input.script })
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$CRON_SCRIPT\" remove"
    environment = merge(self.input.environment, { CRON_SCRIPT = self.input.script })
  }

  # A first tick finds functions that may reach the store.
  depends_on = [
    module.timed,
    ibm_iam_trusted_profile_link.store,
    ibm_iam_trusted_profile_link.jobs,
    ibm_iam_trusted_profile_policy.store,
    ibm_iam_trusted_profile_policy.jobs,
  ]
}
