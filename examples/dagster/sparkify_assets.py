"""The sample project as Dagster assets, built by sq through dagster-dbt. dbt itself is not installed.

Environment:
  SQ_PROJECT     folder of the project
  SQ_PROFILES    a profiles.yml with the profile `sparkify`
  SQ_TARGET      output of that profile (default: dev)
  SQ_EXECUTABLE  the program to run (default: sq on the PATH)

When assets are selected, dagster-dbt also calls a program named `dbt`: link it to sq (docs/orchestrators.md).
"""

import os
from pathlib import Path

from dagster import AssetExecutionContext, Definitions
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

project = DbtProject(
    project_dir=os.environ["SQ_PROJECT"],
    profiles_dir=Path(os.environ["SQ_PROFILES"]).parent,
    target=os.environ.get("SQ_TARGET", "dev"),
)
# writes the manifest that the assets are read from, with `dbt parse`
project.prepare_if_dev()


@dbt_assets(manifest=project.manifest_path, project=project)
def sparkify(context: AssetExecutionContext, dbt: DbtCliResource):
    yield from dbt.cli(["build"], context=context).stream()


definitions = Definitions(
    assets=[sparkify],
    resources={
        "dbt": DbtCliResource(
            project_dir=project, dbt_executable=os.environ.get("SQ_EXECUTABLE", "sq")
        )
    },
)
