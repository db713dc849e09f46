#!/usr/bin/env python3
"""A whole Airflow for the example DAG, on this machine only, for trying it: scheduler, dag processor, triggerer and API
server. It runs until Ctrl-C, or beside a command and ends with it:

    SQ_PROJECT=… SQ_PROFILES=… [SQ_EXECUTABLE=sq] examples/airflow/scheduler.py
    SQ_PROJECT=… SQ_PROFILES=… examples/airflow/scheduler.py airflow dags list

Needs `airflow` on the PATH, and of Python only its standard library. AIRFLOW_HOME: a new folder unless it is set.
AIRFLOW__DATABASE__SQL_ALCHEMY_CONN (postgresql+psycopg2://…): where Airflow keeps what it remembers. Without it that is SQLite,
which may answer "database is locked" when much is written at once.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

DAG_ID = "sparkify"
# what `airflow standalone` starts, but without its two servers of logs, which listen on every address
PARTS = (["api-server"], ["dag-processor"], ["scheduler", "--skip-serve-logs"], ["triggerer", "--skip-serve-logs"])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Airflow:
    """`with Airflow() as airflow:` starts it and waits for the DAG; leaving ends every process of it, by group."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.home = Path(os.environ.get("AIRFLOW_HOME") or tempfile.mkdtemp(prefix="airflow-"))
        self.home.mkdir(parents=True, exist_ok=True)
        self.env = {
            **os.environ,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).resolve().parent),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": os.environ.get("AIRFLOW__CORE__PARALLELISM", "4"),
            # a paused DAG runs nothing: neither by its schedule nor by a backfill
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": os.environ.get(
                "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION", "False"
            ),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            # only this machine reaches it: no password is asked
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            # no usage figures leave the machine
            "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }
        self.token = ""

    def __enter__(self) -> "Airflow":
        self._start(["db", "migrate"]).wait(timeout=300)
        if (self.home / "airflow.db").exists():
            # who reads does not hold up who writes: fewer "database is locked"
            sqlite3.connect(self.home / "airflow.db").execute("pragma journal_mode = wal").connection.close()
        self.parts = [self._start(part) for part in PARTS]
        try:
            self._wait_for_dag(seconds=180)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for number, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
            until = time.monotonic() + seconds
            for part in self._running():
                os.killpg(part.pid, number)
            while self._running() and time.monotonic() < until:
                time.sleep(0.2)

    def _start(self, arguments: list[str]) -> subprocess.Popen:
        with (self.home / f"{arguments[0]}.log").open("w") as log:
            # a group of its own: what it starts ends with it
            return subprocess.Popen(
                ["airflow", *arguments],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _running(self) -> list[subprocess.Popen]:
        return [part for part in self.parts if part.poll() is None]

    def api(self, path: str, body: object = None, method: str | None = None) -> dict:
        """One call of the REST API (`/api/v2/…`); an HTTP error is raised as urllib does."""
        request = urllib.request.Request(
            f"{self.url}/api/v2/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _wait_for_dag(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(self._running()) == len(PARTS):
            try:
                if not self.token:
                    with urllib.request.urlopen(f"{self.url}/auth/token", timeout=5) as answer:
                        self.token = json.load(answer)["access_token"]
                if any(dag["dag_id"] == DAG_ID for dag in self.api("dags")["dags"]):
                    return
                wrong = self.api("importErrors")["import_errors"]
                if wrong:
                    raise SystemExit(f"Airflow cannot read the DAG:\n{wrong[0]['stack_trace']}")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass  # not up yet
            time.sleep(0.5)
        logs = "\n".join(f"{log}:\n{log.read_text()[-1500:]}" for log in self.home.glob("*.log"))
        raise SystemExit(f"Airflow did not come up; the end of its logs:\n{logs}")


def main() -> int:
    with Airflow() as airflow:
        print(f"Airflow: {airflow.url} (AIRFLOW_HOME={airflow.home})", file=sys.stderr, flush=True)
        if sys.argv[1:]:
            return subprocess.call(sys.argv[1:], env=airflow.env)
        print("Ctrl-C ends it", file=sys.stderr, flush=True)
        return airflow.parts[0].wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
