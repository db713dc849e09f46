"""The sample project as Dagster assets, built by sq through dagster-dbt. dbt itself is not installed.

Environment:
  SQ_PROJECT     folder of the project
  SQ_PROFILES    a profiles.yml with the profile `sparkify`
  SQ_TARGET      output of that profile (default: dev)
  SQ_EXECUTABLE  the program to run (default: sq on the PATH)
  SQ_DAGSTER_FROM           first day, YYYY-MM-DD: the assets are partitioned by day, and a run loads its own day.
                            Without it a run loads what the files hold
  SQ_DAGSTER_RETRY_SECONDS  time between attempts (default: 300)

When assets are selected, dagster-dbt also calls a program named `dbt`: link it to sq (docs/orchestrators.md).
"""

import os
from pathlib import Path

from dagster import AssetExecutionContext, DailyPartitionsDefinition, Definitions, RetryPolicy
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

project = DbtProject(
    project_dir=os.environ["SQ_PROJECT"],
    profiles_dir=Path(os.environ["SQ_PROFILES"]).parent,
    target=os.environ.get("SQ_TARGET", "dev"),
)
# writes the manifest that the assets are read from, with `dbt parse`
project.prepare_if_dev()

FROM = os.environ.get("SQ_DAGSTER_FROM")


@dbt_assets(
    manifest=project.manifest_path,
    project=project,
    partitions_def=DailyPartitionsDefinition(start_date=FROM) if FROM else None,
    # the whole build is tried again, which is safe; what passed is passed once more
    retry_policy=RetryPolicy(max_retries=3, delay=float(os.environ.get("SQ_DAGSTER_RETRY_SECONDS", "300"))),
)
def sparkify(context: AssetExecutionContext, dbt: DbtCliResource):
    day = context.partition_time_window if FROM else None
    interval = ["--event-time-start", day.start.isoformat(), "--event-time-end", day.end.isoformat()] if day else []
    yield from dbt.cli(["build", *interval], context=context).stream()


definitions = Definitions(
    assets=[sparkify],
    resources={
        "dbt": DbtCliResource(
            project_dir=project, dbt_executable=os.environ.get("SQ_EXECUTABLE", "sq")
        )
    },
)
