# No variable holds a secret: whatever Terraform is given, its state keeps in clear. README.md says how secrets get in.

variable "region" {
  description = "Where the project and the bucket are: a region that has both Code Engine and regional buckets."
  type        = string

  validation {
    condition = contains(
      ["au-syd", "br-sao", "ca-tor", "eu-de", "eu-gb", "jp-osa", "jp-tok", "us-east", "us-south"],
      var.region,
    )
    error_message = "region must be one of au-syd, br-sao, ca-tor, eu-de, eu-gb, jp-osa, jp-tok, us-east, us-south."
  }
}

variable "resource_group" {
  description = "Name of the resource group that everything is made in."
  type        = string
  default     = "Default"

  validation {
    condition     = trimspace(var.resource_group) != ""
    error_message = "resource_group must be the name of a resource group: see ibmcloud resource groups."
  }
}

variable "project_name" {
  description = "Name of the Code Engine project that is made for the functions."
  type        = string
  default     = "mq-observer"

  validation {
    condition     = can(regex(local.project_name, var.project_name))
    error_message = "project_name must have 1 to 128 letters, digits, blanks and . _ : -, a letter or digit first."
  }
}

variable "prefix" {
  description = "Put before the name of everything but the project and the bucket, such as test-: MQ_OBSERVER_PREFIX of infra/cron.sh."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([a-z][a-z0-9-]{0,29})?$", var.prefix)) && !strcontains(var.prefix, "mq-observer")
    error_message = "prefix must start with a small letter and have at most 30 small letters, digits and hyphens, mq-observer not among them: names have that anyway."
  }
}

variable "code_references" {
  description = "The code bundle image of each function, by the name in functions/functions.json, with a tag or, better, a digest."
  type        = map(string)

  validation {
    condition     = toset(keys(var.code_references)) == toset(keys(local.functions))
    error_message = "code_references must name an image for exactly these functions: ${join(", ", keys(local.functions))}."
  }

  validation {
    condition = alltrue([
      for image in values(var.code_references) :
      can(regex(local.image_reference, image))
    ])
    error_message = "code_references must be images in IBM Container Registry without cr://, such as de.icr.io/observer/register:1 or …@sha256:…."
  }
}

variable "registry_secret" {
  description = "Name of the registry secret in the project that may pull the code bundles, made as README.md says; null when they are public."
  type        = string
  default     = "mq-observer-registry"

  validation {
    condition     = var.registry_secret == null || can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", var.registry_secret))
    error_message = "registry_secret must be a name of small letters, digits, . and -; or null."
  }
}

variable "runtime" {
  description = "The managed runtime: nodejs-24 or nodejs-22."
  type        = string
  default     = "nodejs-24"

  validation {
    condition     = contains(["nodejs-22", "nodejs-24"], var.runtime)
    error_message = "runtime must be nodejs-24 or nodejs-22."
  }
}

variable "settings" {
  description = "Settings that are no secrets, by the name of their environment variable: queue managers, intervals and schedules, what targets are permitted."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])
    error_message = "settings must be named as environment variables are: letters, digits and _."
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !can(regex(local.secret_settings, upper(name)))])
    error_message = "settings hold a secret: everything here is kept in the state in clear. Put it into the secret ${local.settings_secret}."
  }

  validation {
    condition     = length(setintersection(keys(var.settings), local.computed_settings)) == 0
    error_message = "settings hold what follows from the resources here: ${join(", ", local.computed_settings)}. Leave it out."
  }

  validation {
    condition     = length(setintersection(keys(var.settings), local.other_settings)) == 0
    error_message = "settings hold what means a machine of one's own, or is set by the platform: ${join(", ", local.other_settings)}. Leave it out."
  }

  validation {
    condition = alltrue([
      for name, value in var.settings : !can(regex(local.text_settings, name)) || startswith(trimspace(value), "-----BEGIN")
    ])
    error_message = "settings name a file, and functions have none: give the text of the certificates (PEM), as a heredoc."
  }

  validation {
    condition = alltrue([
      for timer in local.timers :
      contains(concat([""], local.kept_intervals), trimspace(lookup(var.settings, timer.intervalSetting, "")))
      || trimspace(lookup(var.settings, timer.scheduleSetting, "")) != ""
    ])
    error_message = "settings hold an interval that cron cannot keep. ${join(", ", local.timers[*].intervalSetting)} must be one of ${join(", ", local.kept_intervals)} minutes; a schedule may stand in their place."
  }

  validation {
    condition = alltrue([
      for timer in local.timers :
      can(regex(local.kept_schedule, trimspace(lookup(var.settings, timer.scheduleSetting, ""))))
    ])
    error_message = "settings hold a schedule that cron cannot keep: ${join(", ", local.timers[*].scheduleSetting)} must have five fields, minutes first, such as */5 * * * *."
  }
}

variable "starts_jobs" {
  description = "Whether notify-cycle may start runs of the jobs in this project, by a trusted profile of its own. False also where it has a ce_apikey, which excludes a profile."
  type        = bool
  default     = true
}

variable "bucket_name" {
  description = "Name of the bucket for what is stored. No other bucket on IBM Cloud has it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must have 3 to 63 small letters, digits and hyphens, a letter or digit at both ends."
  }
}

variable "storage_class" {
  description = "The storage class of the bucket: smart, standard, vault or cold."
  type        = string
  default     = "smart"

  validation {
    condition     = contains(["smart", "standard", "vault", "cold"], var.storage_class)
    error_message = "storage_class must be smart, standard, vault or cold."
  }
}

variable "store_prefix" {
  description = "Key prefix of everything that is stored: STORE_PREFIX."
  type        = string
  default     = "mq-observer/"

  validation {
    condition     = can(regex("^([A-Za-z0-9_-][A-Za-z0-9._-]*/)+$", var.store_prefix)) && length(var.store_prefix) <= 200
    error_message = "store_prefix must be segments of A-Z a-z 0-9 . _ -, each ended by a slash, at most 200 characters."
  }
}

variable "versioning" {
  description = "Whether the bucket keeps what is overwritten or deleted for a while. Once on, it can only be suspended."
  type        = bool
  default     = true
}

variable "old_versions_days" {
  description = "Days until an overwritten or deleted version is removed. Of what every cycle writes anew, none is kept for more than a day."
  type        = number
  default     = 7

  validation {
    condition     = var.old_versions_days >= 1 && var.old_versions_days <= 3650 && floor(var.old_versions_days) == var.old_versions_days
    error_message = "old_versions_days must be a whole number from 1 to 3650: every version is paid for."
  }
}

variable "dead_letters_days" {
  description = "Days until an event that nobody took is removed; null keeps dead letters until somebody deletes them."
  type        = number
  default     = 30

  validation {
    condition     = var.dead_letters_days == null ? true : var.dead_letters_days >= 1 && var.dead_letters_days <= 3650 && floor(var.dead_letters_days) == var.dead_letters_days
    error_message = "dead_letters_days must be a whole number from 1 to 3650, or null."
  }
}

variable "delete_stored_data" {
  description = "Whether terraform destroy deletes the bucket with all that is in it. Otherwise it refuses while the bucket holds anything."
  type        = bool
  default     = false
}
