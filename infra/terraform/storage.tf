resource "ibm_resource_instance" "storage" {
  name              = "${var.prefix}mq-observer-storage"
  service           = "cloud-object-storage"
  plan              = "standard"
  location          = "global"
  resource_group_id = data.ibm_resource_group.group.id
}

resource "ibm_cos_bucket" "store" {
  bucket_name          = var.bucket_name
  resource_instance_id = ibm_resource_instance.storage.id
  region_location      = var.region
  storage_class        = var.storage_class
  force_delete         = var.delete_stored_data

  object_versioning {
    enable = var.versioning
  }
}

# Written anew by every cycle, or made again from what else is stored: nobody will ever want an old version.
locals {
  fleeting = toset(["leases/", "reports/", "snapshot/"])
}

# Current objects are pruned by persist. None of them may expire by age but dead letters: a registration is as old as its
# owner's last request, the snapshot is rewritten only when something changed, and so is the newest backup.
resource "ibm_cos_bucket_lifecycle_configuration" "store" {
  bucket_crn      = ibm_cos_bucket.store.crn
  bucket_location = ibm_cos_bucket.store.region_location

  # The bucket is the observer's alone, and the document of the original lies outside of STORE_PREFIX.
  lifecycle_rule {
    rule_id = "old-versions"
    status  = "enable"

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = var.old_versions_days
    }
  }

  dynamic "lifecycle_rule" {
    for_each = local.fleeting

    content {
      rule_id = "old-versions-of-${trimsuffix(lifecycle_rule.value, "/")}"
      status  = "enable"

      filter {
        prefix = "${var.store_prefix}${lifecycle_rule.value}"
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  # In a bucket with versions, deleting leaves a mark, also when a rule does it.
  lifecycle_rule {
    rule_id = "marks-of-deleted-objects"
    status  = "enable"

    filter {
      prefix = ""
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.dead_letters_days == null ? [] : [var.dead_letters_days]

    content {
      rule_id = "dead-letters"
      status  = "enable"

      filter {
        prefix = "${var.store_prefix}dead-letters/"
      }

      expiration {
        days = lifecycle_rule.value
      }
    }
  }
}
