variable "project_id" {
  description = "The Code Engine project."
  type        = string
}

variable "name" {
  description = "What the function is called in the project."
  type        = string
}

variable "entry" {
  description = "Its entry in functions/functions.json."
  type = object({
    visibility            = string
    cpu                   = string
    memory                = string
    concurrency           = number
    scaleDownDelaySeconds = number
    maxExecutionSeconds   = number
  })
}

variable "runtime" {
  description = "The managed runtime."
  type        = string
}

variable "code_reference" {
  description = "The image of its code bundle."
  type        = string
}

variable "registry_secret" {
  description = "Name of the registry secret that may pull the image, or null."
  type        = string
}

variable "settings_map" {
  description = "Name of the config map whose every key becomes an environment variable."
  type        = string
}

variable "settings_secret" {
  description = "Name of the secret whose every key becomes an environment variable."
  type        = string
}

variable "own_settings" {
  description = "Environment variables of this function alone. No secrets."
  type        = map(string)
}
