#!/usr/bin/env bash
# Runs the example DAG once, in this folder's own Airflow home: every task one after another, without a scheduler.
#
#   SQ_PROJECT=… SQ_PROFILES=… [SQ_EXECUTABLE=sq] examples/airflow/try.sh [day, e.g. 2018-11-15]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${SQ_PROJECT:?the folder with dbt_project.yml}" "${SQ_PROFILES:?a profiles.yml}"
export AIRFLOW_HOME=${AIRFLOW_HOME:-$(mktemp -d)}
mkdir -p "$AIRFLOW_HOME"
export AIRFLOW__CORE__DAGS_FOLDER=$here AIRFLOW__CORE__LOAD_EXAMPLES=False
# no usage figures leave the machine
export AIRFLOW__COSMOS__ENABLE_TELEMETRY=False AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
airflow db migrate >"$AIRFLOW_HOME/migrate.log" 2>&1 || { tail -5 "$AIRFLOW_HOME/migrate.log"; exit 1; }
airflow dags test sparkify "${1:-2018-11-15}"
