output "register_url" {
  description = "Where registrations are made: POST /register."
  value       = module.served["register"].endpoint
}

output "actuator_url" {
  description = "Where health and metrics are read: /actuator/health."
  value       = module.served["actuator"].endpoint
}

output "dashboard_url" {
  description = "The page for operators."
  value       = "${module.served["actuator"].endpoint}/dashboard"
}

output "project_id" {
  description = "The Code Engine project, for ibmcloud ce project select --id."
  value       = ibm_code_engine_project.observer.project_id
}

output "bucket" {
  description = "Where everything is stored."
  value       = ibm_cos_bucket.store.bucket_name
}

output "jobs_profile" {
  description = "The trusted profile that starts job runs: give it a policy for every further project whose jobs it may start. Null when it starts none."
  value       = one(values(ibm_iam_trusted_profile.jobs)[*].id)
}
