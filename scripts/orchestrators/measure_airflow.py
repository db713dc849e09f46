#!/usr/bin/env python3
"""Wall and processor time of one run of the example DAG, with any program as its executable (Linux).

    PATH=…/bin:$PATH python scripts/orchestrators/measure_airflow.py local|watcher PROGRAM PROJECT PROFILES_YML [RUNS]

One line a run: the DAG run's own time, the processor time of all of Airflow with everything it started, and the part of it
that the program took. The first run of all is not told: it compiles Python, and makes tables where there are none.
"""

import os
import signal
import stat
import sys
import tempfile
import time
from pathlib import Path

from sample import ROOT, eventually

sys.path.insert(0, str(ROOT / "examples/airflow"))
from scheduler import DAG_ID, Airflow  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
WRAPPER = """#!/bin/bash
TIMEFORMAT='%U %S'
{{ time {program} "$@" 2>&3; }} 3>&2 2>>{times}
"""


def processor_seconds(airflow: Airflow) -> float:
    """Of all processes in Airflow's sessions and of those that they have waited for."""
    sessions = {str(part.pid) for part in airflow.parts}
    total = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if fields[3] in sessions:
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICK


def main() -> None:
    mode, program, project, profiles = sys.argv[1:5]
    runs = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    with tempfile.TemporaryDirectory(prefix="sq-measure-") as folder:
        times = Path(folder) / "times"
        wrapper = Path(folder) / "program"
        wrapper.write_text(WRAPPER.format(program=program, times=times))
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        os.environ.update(
            AIRFLOW_HOME=f"{folder}/airflow",
            SQ_PROJECT=project,
            SQ_PROFILES=profiles,
            SQ_EXECUTABLE=str(wrapper),
            SQ_AIRFLOW_MODE=mode,
            # dbt does not wait for a process that has the database open: one task at a time. Watchers only look on
            SQ_AIRFLOW_POOL="one_at_a_time" if mode == "local" else "default_pool",
            AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="True",
        )
        with Airflow() as airflow:
            airflow.api("pools", {"name": "one_at_a_time", "slots": 1})
            airflow.api(f"dags/{DAG_ID}", {"is_paused": False}, "PATCH")

            def ended(kind: str) -> list[dict]:
                answer = airflow.api(f"dags/{DAG_ID}/dagRuns?run_type={kind}&limit=100")
                return [run for run in answer["dag_runs"] if run["end_date"]]

            eventually(lambda: ended("scheduled"), 600)
            for number in range(runs):
                times.write_text("")
                before = processor_seconds(airflow)
                run_id = f"measured_{number}"
                airflow.api(f"dags/{DAG_ID}/dagRuns", {"dag_run_id": run_id, "logical_date": None})
                found = eventually(lambda: [run for run in ended("manual") if run["dag_run_id"] == run_id], 600)
                if not found:
                    raise SystemExit(f"{run_id} has not ended in 10 minutes")
                time.sleep(2)
                calls = [float(field) for field in times.read_text().split()]
                print(
                    f"{mode}, {Path(program).name}: {found[0]['state']}, {found[0]['duration']:.1f} s, "
                    f"processor {processor_seconds(airflow) - before:.1f} s, of which {len(calls) // 2} calls of the program {sum(calls):.1f} s",
                    flush=True,
                )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
