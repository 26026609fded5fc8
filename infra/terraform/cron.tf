locals {
  timers = flatten([for entry in values(local.functions) : [for trigger in entry.triggers : trigger if trigger.kind == "cron"]])

  # What decides when timers fire: their own settings and which half of the observer runs.
  # Those that are not given are empty, which means the default: what the shell of whoever applies has set must not count.
  timer_settings = {
    for name in concat(
      local.timers[*].scheduleSetting,
      local.timers[*].intervalSetting,
      ["ENABLE_RESERVATIONS", "ENABLE_NOTIFICATIONS", "TEST"],
    ) : name => lookup(var.settings, name, "")
  }

  # Cron counts from the full hour and from midnight: only the minutes that divide them come at even intervals.
  kept_intervals = ["1", "2", "3", "4", "5", "6", "10", "12", "15", "20", "30", "60", "120", "180", "240", "360", "480", "720", "1440"]
  # Without seconds: a subscription fires once a minute at most.
  kept_schedule = "^(\\S+(\\s+\\S+){4})?$"
}

# The provider has no resource for cron subscriptions, so the script that is also run by hand makes them with the CLI. It
# needs ibmcloud with the code-engine plugin, logged in; that login is no part of the state. A change is made in place: what
# cannot be made leaves the subscriptions that are there.
resource "terraform_data" "timers" {
  triggers_replace = {
    home     = terraform_data.timers_home.id
    timers   = local.timers
    settings = local.timer_settings
  }

  provisioner "local-exec" {
    command     = "\"$CRON_SCRIPT\" apply"
    environment = merge(terraform_data.timers_home.output, local.timer_settings)
  }

  # A first tick finds functions that may reach the store.
  depends_on = [
    ibm_iam_trusted_profile_link.store,
    ibm_iam_trusted_profile_link.jobs,
    ibm_iam_trusted_profile_policy.store,
    ibm_iam_trusted_profile_policy.jobs,
  ]
}

# Where the subscriptions are: they are removed when that becomes another place, and at the end.
resource "terraform_data" "timers_home" {
  input = {
    CRON_SCRIPT         = "${path.module}/../cron.sh"
    MQ_OBSERVER_PROJECT = ibm_code_engine_project.observer.name
    MQ_OBSERVER_PREFIX  = var.prefix
  }

  triggers_replace = {
    project = ibm_code_engine_project.observer.project_id
    prefix  = var.prefix
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$CRON_SCRIPT\" remove"
    environment = self.input
  }

  # They go before the functions that they call.
  depends_on = [module.timed]
}
