# Functions sign in by what they are, so no API key exists that could leak or would have to be renewed.

locals {
  # No role below Writer may delete.
  store_roles = {
    reader = "Reader"
    writer = "Writer"
  }

  # actuator is public and changes nothing, so it is given nothing to change anything with.
  store_access = { for name in keys(local.functions) : name => name == "actuator" ? "reader" : "writer" }

  job_starters = var.starts_jobs ? toset(["notify-cycle"]) : toset([])
}

resource "ibm_iam_trusted_profile" "store" {
  for_each    = local.store_roles
  name        = "${var.prefix}mq-observer-store-${each.key}"
  description = "${each.value} of the bucket ${var.bucket_name}, for functions of mq-observer"
}

resource "ibm_iam_trusted_profile_policy" "store" {
  for_each    = local.store_roles
  iam_id      = ibm_iam_trusted_profile.store[each.key].iam_id
  roles       = [each.value]
  description = "This one bucket, for functions of mq-observer"

  resources {
    service              = "cloud-object-storage"
    resource_instance_id = ibm_resource_instance.storage.guid
    resource_type        = "bucket"
    resource             = ibm_cos_bucket.store.bucket_name
  }
}

resource "ibm_iam_trusted_profile_link" "store" {
  for_each   = local.store_access
  profile_id = ibm_iam_trusted_profile.store[each.value].id
  name       = "${var.prefix}${each.key}"
  cr_type    = "CE"

  link {
    crn            = ibm_code_engine_project.observer.crn
    component_type = "function"
    component_name = local.function_names[each.key]
  }
}

resource "ibm_iam_trusted_profile" "jobs" {
  for_each    = local.job_starters
  name        = "${var.prefix}mq-observer-jobs"
  description = "Starts job runs in the project ${var.project_name}, for ${each.key} of mq-observer"
}

resource "ibm_iam_trusted_profile_policy" "jobs" {
  for_each    = local.job_starters
  iam_id      = ibm_iam_trusted_profile.jobs[each.key].iam_id
  roles       = ["Writer"]
  description = "This one project; Writer is the least role that starts job runs"

  resources {
    service              = "codeengine"
    resource_instance_id = ibm_code_engine_project.observer.project_id
  }
}

resource "ibm_iam_trusted_profile_link" "jobs" {
  for_each   = local.job_starters
  profile_id = ibm_iam_trusted_profile.jobs[each.key].id
  name       = "${var.prefix}${each.key}"
  cr_type    = "CE"

  link {
    crn            = ibm_code_engine_project.observer.crn
    component_type = "function"
    component_name = local.function_names[each.key]
  }
}
