terraform {
  required_version = ">= 1.9.0"

  required_providers {
    ibm = {
      source = "IBM-Cloud/ibm"
      # The first with trusted profiles for functions, below the next major version, of which nothing is known.
      version = ">= 1.88.0, < 3.0.0"
    }
  }
}

# The API key is taken from IC_API_KEY: it is no variable, so it is in no file and no state.
provider "ibm" {
  region = var.region
}
