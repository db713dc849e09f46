"""Writes dbt's own JSON schemas of its artefacts; facts that a test holds ours against.

    <conformance>/venv/bin/python scripts/dbt-schemas.py

Needs the Python environment of the conformance suite (dbt-core of its requirements.txt).
"""
import json
from pathlib import Path

from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact

FOLDER = Path(__file__).resolve().parent.parent / "src" / "testing" / "fixtures" / "dbt-schemas"

for name, artefact in {
    "manifest": WritableManifest,
    "run_results": RunResultsArtifact,
    "catalog": CatalogArtifact,
    "sources": FreshnessExecutionResultArtifact,
}.items():
    text = json.dumps(artefact.json_schema(), separators=(",", ":"), sort_keys=True)
    (FOLDER / f"{name}.json").write_text(text + "\n")
