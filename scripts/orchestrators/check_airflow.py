#!/usr/bin/env python3
"""The example DAG under a real Airflow, whose scheduler runs it: a green run, one with a failing test, a backfill of three days.

    PATH=…/bin:$PATH python scripts/orchestrators/check_airflow.py local|build|watcher SQ     (SQ: e.g. dist/cli.js)

    local    a process of sq for each model, and one for its tests behind it
    build    a process of `sq build` for each model: it is published when its tests have passed
    watcher  one `sq build`, and a task for each model that watches it

One line for each check, `ok …` or `FAIL …`; exit code 1 when one failed. What a failed task said last is shown.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sample import DAYS, ROOT, Checks, Sample, eventually

sys.path.insert(0, str(ROOT / "examples/airflow"))
from scheduler import DAG_ID, Airflow  # noqa: E402

WHAT, SQ = sys.argv[1], str(Path(sys.argv[2]).resolve())
# a failing task is tried once and three times more
TRIES = 4
# one run, with everything that is tried again, on a busy machine
RUN_SECONDS = 300
check = Checks(f"airflow {WHAT}")


def runs_of(airflow: Airflow, kind: str) -> list[dict]:
    return airflow.api(f"dags/{DAG_ID}/dagRuns?run_type={kind}&order_by=id&limit=100")["dag_runs"]


def finished(airflow: Airflow, kind: str, count: int = 1, since: float = 0) -> list[dict]:
    """The runs of a kind that began after a moment, once `count` of them have ended, in the order in which they began."""
    ended = lambda: [run for run in runs_of(airflow, kind) if run["end_date"] and started(run) >= since]  # noqa: E731
    if not eventually(lambda: len(ended()) >= count, RUN_SECONDS * count):
        for run in runs_of(airflow, kind):
            states = {name: task["state"] for name, task in tasks_of(airflow, run).items()}
            print(f"--- {run['dag_run_id']} {run['state']}: {states}", flush=True)
        raise SystemExit(f"FAIL airflow {WHAT}: {count} runs ({kind}) have not ended in {RUN_SECONDS * count} s")
    return sorted(ended(), key=started)


def tasks_of(airflow: Airflow, run: dict) -> dict[str, dict]:
    path = f"dags/{DAG_ID}/dagRuns/{urllib.parse.quote(run['dag_run_id'])}/taskInstances?limit=200"
    return {task["task_id"].removeprefix("warehouse."): task for task in airflow.api(path)["task_instances"]}


def log_of(airflow: Airflow, run: dict, task: dict) -> str:
    path = f"dags/{DAG_ID}/dagRuns/{urllib.parse.quote(run['dag_run_id'])}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
    return "\n".join(str(line.get("event", line)) for line in airflow.api(f"{path}?full_content=true")["content"])


def unlike(tasks: dict[str, dict], state: str) -> dict[str, str]:
    return {name: task["state"] for name, task in tasks.items() if task["state"] != state}


def check_green(airflow: Airflow, run: dict, text: str) -> None:
    tasks = tasks_of(airflow, run)
    wrong = unlike(tasks, "success")
    check(f"{text}: {len(tasks)} tasks end green in {run['duration']:.0f} s", run["state"] == "success" and not wrong, wrong or run)
    for name in wrong:
        if tasks[name]["state"] == "failed":
            print(f"--- the end of the log of {name}\n{log_of(airflow, run, tasks[name])[-2500:]}\n---", flush=True)


def check_order(airflow: Airflow, run: dict) -> None:
    tasks = tasks_of(airflow, run)
    staged = ["staging_events.run", "staging_songs.run"]
    dimensions = ["users.run", "songs.run", "artists.run", "time.run"]
    steps = [["begin_execution"], staged, ["songplays.run"], dimensions, ["end_execution"]]
    for before, after in zip(steps, steps[1:]):
        last = max(tasks[name]["end_date"] for name in before)
        first = min(tasks[name]["start_date"] for name in after)
        check(f"{', '.join(before)} -> {', '.join(after)}", last <= first, f"{last} > {first}")


def check_failing(airflow: Airflow, sample: Sample) -> None:
    """A song that is delivered twice: the task that tests the songs fails, is tried again, and holds back what follows."""
    songs = sample.tables()["songs"]
    twice = sample.song_delivered_twice()
    airflow.api(f"dags/{DAG_ID}/dagRuns", {"logical_date": None})
    (run,) = finished(airflow, "manual")
    twice.unlink()
    tasks = tasks_of(airflow, run)
    name = "songs_model_build" if WHAT == "build" else "songs.test"
    test = tasks[name]
    check("a song delivered twice fails the run", run["state"] == "failed", run["state"])
    check(f"{name} fails and is tried {TRIES} times", (test["state"], test["try_number"]) == ("failed", TRIES), test)
    said = log_of(airflow, run, test)
    check("its log names the test", "unique_songs_song_id" in said, said[-2500:])
    check("what follows it is held back", tasks["end_execution"]["state"] == "upstream_failed", tasks["end_execution"]["state"])
    # not told of watchers: Airflow now and then tries one again that woke as soon as it had gone to sleep
    if WHAT != "watcher":
        again = {task for task, of in tasks.items() if of["try_number"] > 1}
        check("nothing else is tried again", again == {name}, again)
    if WHAT == "build":
        check("the table keeps the rows that passed", sample.tables()["songs"] == songs, (sample.tables()["songs"], songs))


def check_backfill(airflow: Airflow, *more: str) -> None:
    """Three days, a run each."""
    # Airflow takes one backfill of a DAG at a time, and looks every half minute whether one is complete
    eventually(lambda: all(one["completed_at"] for one in airflow.api(f"backfills?dag_id={DAG_ID}")["backfills"]))
    before = time.time()
    dates = ["--from-date", DAYS[0], "--to-date", DAYS[-1]]
    # the embedded engine lets one run at a time write
    command = ["airflow", "backfill", "create", "--dag-id", DAG_ID, *dates, "--max-active-runs", "1", *more]
    done = subprocess.run(command, env=airflow.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    text = " ".join(command)
    check(text, done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:])
    runs = finished(airflow, "backfill", len(DAYS), before)
    days = [run["data_interval_start"][:10] for run in runs]
    check(f"it runs {', '.join(days)}", days == sorted(DAYS, reverse="--run-backwards" in more), days)
    for run in runs:
        check_green(airflow, run, f"the backfill of {run['data_interval_start'][:10]}")


def started(run: dict) -> float:
    return datetime.fromisoformat(run["start_date"].replace("Z", "+00:00")).timestamp()


def past_midnight() -> None:
    """A run that the schedule starts in the middle would load every day: one that is about to be due is waited for."""
    now = datetime.now(timezone.utc)
    left = (now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - now).total_seconds()
    if left < 10 * 60:
        time.sleep(left + 5)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sq-airflow-") as folder:
        sample = Sample(Path(folder), SQ)
        os.environ.update(
            AIRFLOW_HOME=f"{folder}/airflow",
            SQ_PROJECT=str(sample.dir),
            SQ_PROFILES=str(sample.profiles / "profiles.yml"),
            SQ_EXECUTABLE=SQ,
            SQ_AIRFLOW_MODE="watcher" if WHAT == "watcher" else "local",
            SQ_AIRFLOW_TESTS="build" if WHAT == "build" else "after_each",
            SQ_AIRFLOW_RETRY_MINUTES="0.02",
            SQ_AIRFLOW_SCHEDULE="@hourly" if WHAT == "local" else "@daily",
        )
        past_midnight()
        with Airflow() as airflow:
            (run,) = finished(airflow, "scheduled")[:1]
            check_green(airflow, run, "the run that the schedule starts")
            if WHAT == "local":
                check_order(airflow, run)
            else:
                sample.database.unlink()
                check_backfill(airflow)
                sample.check_three_days(check, "the backfill")
            if WHAT == "build":
                check_backfill(airflow, "--run-backwards", "--reprocess-behavior", "completed")
                sample.check_three_days(check, "the same backwards")
            check_failing(airflow, sample)
    return 1 if check.failed else 0


if __name__ == "__main__":
    # what it started ends with it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
