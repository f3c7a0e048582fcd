"""The shipped tables as typed rows."""

from __future__ import annotations

import json
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest
from evidence.twins import rewrite

from anagen import evidence
from anagen.evidence import rows, tables
from anagen.ground.errors import BadEvidence, UnknownName

PACKAGE = json.loads((tables.SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
README = (tables.SHIPPED / "README.md").read_text(encoding="utf-8")
SCHEMAS = {resource["name"]: resource["schema"] for resource in PACKAGE["resources"]}
MODELS = {
    "studies": rows.Study,
    "arms": rows.Arm,
    "outcomes": rows.Outcome,
    "adverse_events": rows.AdverseEvent,
    "costs": rows.Cost,
    "parameters": rows.Parameter,
    "vetting_rules": rows.VettingRule,
}


@pytest.mark.parametrize("table", tables.TABLES)
def test_rows_are_what_the_schema_describes(table: str) -> None:
    """Same columns in the same order, same types, None where a cell may be empty, and the same words where the class lists them."""
    kinds = {"string": str, "integer": int, "number": float}
    hints = typing.get_type_hints(MODELS[table])
    hints.pop("model_config", None)
    fields = SCHEMAS[table]["fields"]
    assert [field["name"] for field in fields] == list(MODELS[table].model_fields)
    for field in fields:
        limits = field.get("constraints", {})
        hint, optional = hints[field["name"]], False
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
            optional = type(None) in typing.get_args(hint)
            (hint,) = (one for one in typing.get_args(hint) if one is not type(None))
        assert optional != limits.get("required", False), field["name"]
        if typing.get_origin(hint) is typing.Literal:
            assert list(typing.get_args(hint)) == limits["enum"], field["name"]
        else:
            assert hint is (bool if field["name"] == "use" else kinds[field["type"]]), field["name"]


@pytest.mark.parametrize(("table", "file"), tables.TABLES.items())
def test_the_readme_of_the_tables_counts_their_rows(table: str, file: str) -> None:
    read = getattr(evidence, table)()
    stated = next(line for line in README.splitlines() if line.startswith(f"| `{file}` |"))
    used = f" ({sum(row.use for row in read)} with use = yes)" if table in ("outcomes", "adverse_events") else ""
    assert f"| {len(read)}{used} |" in stated


def test_a_row_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        evidence.costs()[0].low = 1.0


def test_rows_are_found_by_id() -> None:
    assert evidence.row("arms", "leyden_1999/placebo_to_finasteride").role == "switched"
    with pytest.raises(UnknownName, match="o399"):
        evidence.row("outcomes", "o9999")
    with pytest.raises(UnknownName, match="outcomes"):
        evidence.row("outcome", "o002")


def test_a_cell_that_is_no_such_thing_stops_the_reader(twin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = rewrite(twin / "costs.csv", {"row_id": "k002"}, {"low": "cheap"})
    monkeypatch.setattr(tables, "SHIPPED", twin)
    with pytest.raises(BadEvidence, match=f"costs.csv, line {line}, column low"):
        tables.read("costs", rows.Cost)


def test_the_hash_follows_every_table(twin: Path) -> None:
    assert evidence.evidence_hash(twin) == evidence.evidence_hash()
    for file in tables.TABLES.values():
        before = evidence.evidence_hash(twin)
        (twin / file).write_bytes((twin / file).read_bytes() + b"\n")
        assert evidence.evidence_hash(twin) != before


def test_importing_the_evidence_is_light() -> None:
    code = "import sys, anagen.evidence; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
