output "endpoint" {
  description = "Where the function is called."
  value       = ibm_code_engine_function.function.endpoint
}

output "endpoint_internal" {
  description = "Where it is called from within the project."
  value       = ibm_code_engine_function.function.endpoint_internal
}
