"""Parses every statement of the Redshift corpus with two independent parsers.

    python scripts/check-redshift-sql.py

Needs sqlglot and sqlfluff from PyPI; without them, or without Python 3.9, it says so in one line and ends with 0.
A statement that a parser does not accept must be listed in ALLOWED with the page of the Redshift documentation
that allows it. Ends with 1 for a statement that is not, and for an entry that nothing needs any more.
"""

import re
import sys
from pathlib import Path

try:
    import sqlfluff
    import sqlglot
    from sqlglot import exp
except ImportError as missing:
    print(f"check-redshift-sql: skipped, {missing.name} is not installed (pip install sqlglot sqlfluff)")
    sys.exit(0)

CORPUS = Path(__file__).resolve().parent.parent / "src" / "adapters" / "redshift" / "statements"
PAGES = "https://docs.aws.amazon.com/redshift/latest/dg/"

# (parser, pattern that the statement matches, page that allows it)
ALLOWED = [
    ("sqlglot", r"^unload ", PAGES + "r_UNLOAD.html"),
    ("sqlfluff", r"^alter table .* add if not exists\s+partition ", PAGES + "r_ALTER_TABLE_external-table.html"),
    ("sqlglot", r"interleaved sortkey \(", PAGES + "r_CREATE_TABLE_NEW.html"),
    ("sqlglot", r"^vacuum ", PAGES + "r_VACUUM_command.html"),
    ("sqlfluff", r"^(?:grant|revoke) .* (?:group|role) ", PAGES + "r_GRANT.html"),
    ("sqlglot", r"^refresh materialized view ", PAGES + "materialized-view-refresh-sql-command.html"),
    ("sqlglot", r"^alter materialized view .* auto refresh ", PAGES + "r_ALTER_MATERIALIZED_VIEW.html"),
    ("sqlfluff", r"^alter materialized view .* auto refresh ", PAGES + "r_ALTER_MATERIALIZED_VIEW.html"),
]


def statements(path):
    """(scenario, statement) of a corpus file: statements end with a line that holds `;` alone."""
    scenario, lines = "", []
    for line in path.read_text(encoding="utf8").splitlines():
        if line.startswith("-- ") and not lines:
            scenario = line[3:]
        elif line == ";":
            yield scenario, "\n".join(lines).strip()
            lines = []
        elif lines or line.strip():
            lines.append(line)


def with_sqlglot(sql):
    """None, or why sqlglot does not take it. A statement it keeps as plain text counts as not parsed."""
    try:
        parsed = sqlglot.parse(sql, read="redshift", error_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        return str(error).splitlines()[0]
    plain = [one for one in parsed if isinstance(one, exp.Command)]
    return f"kept as text: {plain[0].sql()[:60]}" if plain else None


def with_sqlfluff(sql):
    try:
        sqlfluff.parse(sql + "\n", dialect="redshift")
    except sqlfluff.api.simple.APIParsingError as error:
        return str(error).strip().splitlines()[-1]
    return None


def main():
    import logging

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    used, refused, seen = set(), [], {}
    for path in sorted(CORPUS.glob("*.sql")):
        for scenario, sql in statements(path):
            seen.setdefault(sql, f"{path.name}: {scenario}")
    for sql, where in seen.items():
        for parser, parse in (("sqlglot", with_sqlglot), ("sqlfluff", with_sqlfluff)):
            reason = parse(sql)
            if reason is None:
                continue
            entry = next(
                (i for i, (name, pattern, _) in enumerate(ALLOWED) if name == parser and re.search(pattern, sql)),
                None,
            )
            if entry is None:
                refused.append(f"{where}\n  {parser}: {reason}\n  {sql[:400]}")
            else:
                used.add(entry)
    for text in refused:
        print(text)
    for i, (parser, pattern, _) in enumerate(ALLOWED):
        if i not in used:
            print(f"ALLOWED has an entry that nothing needs: {parser} {pattern}")
    idle = len(ALLOWED) - len(used)
    print(
        f"check-redshift-sql: {len(seen)} statements, {len(refused)} refused, "
        f"{len(used)} exceptions by the documentation ({PAGES})"
    )
    return 1 if refused or idle else 0


if __name__ == "__main__":
    sys.exit(main())
