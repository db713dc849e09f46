"""The sample project as an Airflow DAG, run by sq through astronomer-cosmos.

    begin_execution -> staging_events, staging_songs -> songplays -> users, songs, artists, time -> end_execution

with the checks of each table as a task of their own behind it. No arrow is written here: they are the `ref()`s of
the models; that the dimensions wait for the fact is a `-- depends_on` (macros/waits_for.sql), switched on by a variable.

Hourly, three retries five minutes apart, no catch-up, no dependence on the run before: a run loads what the files
hold and ends as a run from nothing would, so any run may be repeated, skipped or run late. A run of a backfill loads
its own interval and leaves the rows of all others, so the days may come in any order, and twice.

Environment:
  SQ_PROJECT       folder of the project: dbt_project.yml, models/
  SQ_PROFILES      a profiles.yml with the profile `sparkify`
  SQ_TARGET        output of that profile (default: dev)
  SQ_EXECUTABLE    the program to run (default: sq on the PATH)
  SQ_AIRFLOW_SCHEDULE       the interval of a run (default: @hourly; @daily makes a backfill of a day one run)
  SQ_AIRFLOW_RETRY_MINUTES  time between attempts (default: 5)
  SQ_AIRFLOW_MODE  local: a process of sq per task. watcher: one `sq build` per run, a task per model watches it
  SQ_AIRFLOW_TESTS after_each: a model's tests are a task behind it. build (local only): `sq build` for each model, which
                   publishes a table when its tests have passed
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, InvocationMode, LoadMode, TestBehavior

SQ = os.environ.get("SQ_EXECUTABLE", "sq")
MODE = ExecutionMode(os.environ.get("SQ_AIRFLOW_MODE", "local"))

# empty in any other run, and Cosmos leaves out what is empty; sq takes the offset that `ts` writes, and `sq test`
# takes the flags and does nothing with them
INTERVAL = [
    "{{ '--event-time-start=' ~ (data_interval_start | ts) if dag_run.run_type == 'backfill' }}",
    "{{ '--event-time-end=' ~ (data_interval_end | ts) if dag_run.run_type == 'backfill' }}",
]

with DAG(
    "sparkify",
    # a plain cron string gives intervals without length in Airflow 3; this one gives [start, end)
    schedule=CronDataIntervalTimetable(os.environ.get("SQ_AIRFLOW_SCHEDULE", "@hourly"), timezone="UTC"),
    start_date=datetime(2018, 11, 1),
    catchup=False,
    # the embedded engine lets one process write; a warehouse does not mind more
    max_active_runs=1,
    default_args={
        "owner": "sparkify",
        "depends_on_past": False,
        "retries": 3,
        "retry_delay": timedelta(minutes=float(os.environ.get("SQ_AIRFLOW_RETRY_MINUTES", "5"))),
        "email_on_retry": False,
    },
) as dag:
    warehouse = DbtTaskGroup(
        group_id="warehouse",
        project_config=ProjectConfig(
            Path(os.environ["SQ_PROJECT"]),
            install_dbt_deps=False,
            dbt_vars={"original_order": True},
        ),
        profile_config=ProfileConfig(
            "sparkify",
            os.environ.get("SQ_TARGET", "dev"),
            profiles_yml_filepath=os.environ["SQ_PROFILES"],
        ),
        execution_config=ExecutionConfig(
            dbt_executable_path=SQ,
            execution_mode=MODE,
            invocation_mode=InvocationMode.SUBPROCESS,
        ),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_LS,
            dbt_executable_path=SQ,
            # the default would import dbt and refuse any other program
            invocation_mode=InvocationMode.SUBPROCESS,
            test_behavior=TestBehavior(os.environ.get("SQ_AIRFLOW_TESTS", "after_each")),
            # a test on two models would run behind the first of them
            should_detach_multiple_parents_tests=True,
        ),
        operator_args={"dbt_cmd_flags": INTERVAL},
        # a queue of one for the embedded engine; sq waits for its file in any case
        default_args={"pool": os.environ.get("SQ_AIRFLOW_POOL", "default_pool")},
    )
    EmptyOperator(task_id="begin_execution") >> warehouse >> EmptyOperator(task_id="end_execution")
