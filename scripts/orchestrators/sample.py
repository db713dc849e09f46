"""What the checks of both orchestrators share: a copy of the sample with a database of its own, and how a check is told."""

import json
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ("dbt_project.yml", "models", "macros", "tests", "project")
DAYS = ("2024-02-28", "2024-02-29", "2024-03-01")
TABLES = ("staging_events", "songplays", "users", "songs", "artists", "time")


class Checks:
    """Prints a line for each check; `failed` counts those that do not hold."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.failed = 0

    def __call__(self, text: str, holds: bool, why: object = "") -> None:
        self.failed += not holds
        print(f"ok   {self.what}: {text}" if holds else f"FAIL {self.what}: {text}: {why}", flush=True)


def eventually(found, seconds: float = 120):
    """What `found` gives, asked twice a second until it is something; the last answer when the time is over."""
    until = time.monotonic() + seconds
    while not (result := found()) and time.monotonic() < until:
        time.sleep(0.5)
    return result


class Sample:
    """A copy of the sample project with a database of its own."""

    def __init__(self, folder: Path, program: str) -> None:
        self.program = program
        self.dir = folder / "project"
        self.profiles = folder / "profiles"
        self.database = folder / "sparkify.duckdb"
        self.profiles.mkdir(parents=True)
        for part in SAMPLE:
            (shutil.copytree if (ROOT / part).is_dir() else self._copy)(ROOT / part, self.dir / part)
        output = {"type": "duckdb", "path": str(self.database), "schema": "main", "threads": 2}
        # JSON is YAML
        (self.profiles / "profiles.yml").write_text(
            json.dumps({"sparkify": {"target": "dev", "outputs": {"dev": output}}})
        )

    @staticmethod
    def _copy(source: Path, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, to)

    def logs(self) -> list[Path]:
        return sorted((self.dir / "project/data/log_data").glob("*/*/*-events.json"))

    def songs(self) -> list[Path]:
        """Without those in hidden folders, which are no data."""
        return sorted((self.dir / "project/data/song_data").glob("?/?/?/*.json"))

    def sq(self, *arguments: str) -> str:
        command = [self.program, *arguments, "--profiles-dir", str(self.profiles)]
        done = subprocess.run(command, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def tables(self) -> dict[str, tuple[int, str]]:
        """Rows of each table, and a number that changes with any value in them."""
        each = [f"select '{name}' as name, count(*) as n, cast(bit_xor(hash(t)) as varchar) as mark from {name} as t" for name in TABLES]
        shown = self.sq("show", "--quiet", "--output", "json", "--limit", "-1", "--inline", " union all ".join(each))
        rows = json.loads(shown[shown.index("{") :])["show"]
        return {row["name"]: (row["n"], row["mark"]) for row in rows}

    def counted(self) -> dict[str, int]:
        """What the tables of the log days must hold, counted from the files without any SQL."""
        events = [json.loads(line) for day in DAYS for log in self.logs() if day in log.name for line in log.open()]
        plays = [event for event in events if event["page"] == "NextSong"]
        songs = [json.loads(file.read_text()) for file in self.songs()]
        return {
            "staging_events": len(events),
            "songplays": len(plays),
            "users": len({event["userId"] for event in events} - {"", None}),
            "time": len({play["ts"] for play in plays}),
            "songs": len({song["song_id"] for song in songs}),
            "artists": len({song["artist_id"] for song in songs}),
        }

    def song_delivered_twice(self) -> Path:
        """Makes the test of the songs fail, until the file that is given back is taken away."""
        song = self.songs()[0]
        return Path(shutil.copy(song, song.with_name("TWICE.json")))

    def check_three_days(self, check: Checks, text: str) -> None:
        """The tables hold the three days and nothing else: counted from the files, and beside a load of only these files."""
        other = Sample(self.dir.parent / f"only_{time.monotonic_ns()}", self.program)
        for log in other.logs():
            if not log.name.startswith(DAYS):
                log.unlink()
        other.sq("build", "--quiet")
        tables, wanted = self.tables(), other.tables()
        counts = {name: rows for name, (rows, _) in tables.items()}
        check(f"after {text} the tables hold what is in the files of three days: {counts}", counts == self.counted(), self.counted())
        check(f"after {text} every value is as one load of only these days leaves it", tables == wanted, (tables, wanted))
