#!/usr/bin/env python3
"""The example assets under a real Dagster: a green run, a selection, a failing test, a backfill of three days.

    PATH=…/bin:$PATH python scripts/orchestrators/check_dagster.py SQ     (SQ: e.g. dist/cli.js)

One line for each check, `ok …` or `FAIL …`; exit code 1 when one failed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus, RunRecord
from sample import DAYS, ROOT, Checks, Sample, eventually

sys.path.insert(0, str(ROOT / "examples/airflow"))
from scheduler import free_port  # noqa: E402

SQ = str(Path(sys.argv[1]).resolve())
ASSETS = str(ROOT / "examples/dagster/sparkify_assets.py")
# models and the seed; every test of the project that stands at one of them
MODELS, TESTS = 8, 68
check = Checks("dagster")


class Told:
    """What a run left in Dagster's log."""

    def __init__(self, instance: DagsterInstance, record: RunRecord) -> None:
        run = record.dagster_run
        self.status = run.status
        self.day = run.tags.get("dagster/partition")
        self.events = [one.dagster_event for one in instance.all_logs(run.run_id) if one.dagster_event]

    def of(self, kind: DagsterEventType) -> list:
        return [event for event in self.events if event.event_type == kind]

    def assets(self) -> list[str]:
        return sorted(event.asset_key.path[-1] for event in self.of(DagsterEventType.ASSET_MATERIALIZATION))

    def checks(self, passed: bool) -> list[str]:
        found = [event.event_specific_data for event in self.of(DagsterEventType.ASSET_CHECK_EVALUATION)]
        return sorted(one.check_name for one in found if one.passed == passed)

    def check_green(self, text: str, assets: int = MODELS, checks: int = TESTS) -> None:
        counted = (self.status, len(self.assets()), len(self.checks(True)), self.checks(False))
        whole = (DagsterRunStatus.SUCCESS, assets, checks, [])
        check(f"{text}: {assets} assets are materialized and {checks} checks pass", counted == whole, counted)


def call(*command: str, code: int = 0, **more: str) -> str:
    env = {**os.environ, **more}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode != code:
        check(" ".join(command), False, f"exit code {done.returncode}\n{done.stdout[-2500:]}{done.stderr[-2500:]}")
    return done.stdout


def last(instance: DagsterInstance) -> Told:
    return Told(instance, instance.get_run_records(limit=1)[0])


def check_one_process(instance: DagsterInstance, sample: Sample) -> None:
    """Runs of `dagster asset materialize`: without a web server and a daemon."""
    # written by `dagster dev` itself, and for all others by this
    sample.sq("parse", "--quiet")
    materialize = ("dagster", "asset", "materialize", "-f", ASSETS, "--select")
    call(*materialize, "*")
    last(instance).check_green("a run of everything")

    call(*materialize, "songs")
    told = last(instance)
    check("a run of one asset materializes it alone", told.assets() == ["songs"], told.assets())

    twice = sample.song_delivered_twice()
    call(*materialize, "*", code=1, SQ_DAGSTER_RETRY_SECONDS="0")
    twice.unlink()
    told = last(instance)
    retries = len(told.of(DagsterEventType.STEP_UP_FOR_RETRY))
    check("a song delivered twice fails the run", told.status == DagsterRunStatus.FAILURE, told.status)
    check("its check fails, in the first attempt and in three more", retries == 3 and told.checks(False).count("unique_songs_song_id") == 4, (retries, told.checks(False)))
    check("songs is not materialized", "songs" not in told.assets(), told.assets())


def check_backfill(instance: DagsterInstance, sample: Sample, folder: str) -> None:
    """`dagster dev`, whose daemon runs what `dagster job backfill` asks for."""
    sample.database.unlink()
    env = {**os.environ, "SQ_DAGSTER_FROM": "2024-02-26"}
    with open(f"{folder}/dev.log", "w") as log:
        command = ("dagster", "dev", "-f", ASSETS, "-h", "127.0.0.1", "-p", str(free_port()))
        dev = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        # the second time one of the days: it is replaced, and the others stay
        for text, days in (("the backfill", DAYS), ("once more", DAYS[1:2])):
            since = time.time()
            call("dagster", "job", "backfill", "-f", ASSETS, "-j", "__ASSET_JOB", "--partitions", ",".join(days), "--noprompt", **env)

            def ended(since: float = since) -> list[Told]:
                records = [one for one in instance.get_run_records() if one.create_timestamp.timestamp() >= since]
                return [Told(instance, one) for one in records if one.dagster_run.is_finished]

            eventually(lambda: len(ended()) == len(days), 300)
            told = sorted(ended(), key=lambda one: one.day)
            check(f"{text} runs {', '.join(days)}", tuple(one.day for one in told) == days, Path(f"{folder}/dev.log").read_text()[-2500:])
            for one in told:
                one.check_green(f"{text}, {one.day}")
            sample.check_three_days(check, text)
    finally:
        for number in (signal.SIGINT, signal.SIGKILL):
            os.killpg(dev.pid, number)
            if eventually(lambda: dev.poll() is not None, 20):
                break


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sq-dagster-") as folder:
        sample = Sample(Path(folder), SQ)
        home = Path(folder) / "dagster"
        home.mkdir()
        # the embedded engine lets one run at a time write
        (home / "dagster.yaml").write_text("telemetry: {enabled: false}\nconcurrency: {runs: {max_concurrent_runs: 1}}\n")
        # dagster-dbt calls a program named dbt when assets are selected
        (home / "bin").mkdir()
        (home / "bin/dbt").symlink_to(SQ)
        os.environ.update(
            DAGSTER_HOME=str(home),
            SQ_PROJECT=str(sample.dir),
            SQ_PROFILES=str(sample.profiles / "profiles.yml"),
            SQ_EXECUTABLE=SQ,
            PATH=f"{home}/bin:{os.environ['PATH']}",
        )
        with DagsterInstance.get() as instance:
            check_one_process(instance, sample)
            check_backfill(instance, sample, folder)
    return 1 if check.failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
