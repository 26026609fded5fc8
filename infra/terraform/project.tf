locals {
  project_name = "^[a-zA-Z0-9][a-zA-Z0-9._: -]{0,127}$"
}

data "ibm_resource_group" "group" {
  name = var.resource_group
}

resource "ibm_code_engine_project" "observer" {
  name              = var.project_name
  resource_group_id = data.ibm_resource_group.group.id
}
