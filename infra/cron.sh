#!/bin/sh
# Makes the cron subscriptions of the functions as functions/functions.json and the settings say, or removes them:
#   infra/cron.sh apply | remove [--dry-run]
# Terraform calls it, and so does whoever changed an interval. Needs ibmcloud with its code-engine plug-in, logged in.
set -eu
case "${1-}" in
  apply | remove) ;;
  *)
    echo 'Usage: infra/cron.sh apply | remove [--dry-run]' >&2
    exit 2
    ;;
esac
cd "$(dirname "$0")/.."
if [ ! -d node_modules/tsx ]; then
  echo 'The dependencies are not installed: npm ci' >&2
  exit 1
fi
exec node --import tsx infra/deploy/main.ts cron "$@"
