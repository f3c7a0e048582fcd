"""The shipped tables keep their rules, and each rule is shown to catch a twin of the tables with one broken cell."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest

from anagen import evidence
from anagen.evidence import rows, rules, tables
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

YES, NO = {"use": "yes"}, {"use": "no"}
SHARE = {"use": "yes", "unit": "percent_of_participants"}
PLAIN = {"use": "yes", "spread_kind": "", "value_kind": "change"}

# The rule; the first row that looks like this; what its twin says instead.
FORM = [
    ("outcomes", "mean", "type", YES, {"mean": "about 5"}),
    ("arms", "n", "type", {"role": "placebo"}, {"n": "12.5"}),
    ("outcomes", "time_weeks", "type", YES, {"time_weeks": "nan"}),
    ("outcomes", "time_weeks", "minimum", YES, {"time_weeks": "-4"}),
    ("costs", "quote", "required", {}, {"quote": ""}),
    ("adverse_events", "quote", "required", {}, {"quote": ""}),
    ("outcomes", "unit", "vocabulary", YES, {"unit": "hairs_per_inch2"}),
    ("vetting_rules", "verdict", "vocabulary", {}, {"verdict": "fine"}),
    ("outcomes", "p_value", "pattern", YES, {"p_value": "tiny"}),
    ("costs", "country", "space", {}, {"country": " USA"}),
    ("outcomes", "row_id", "unique", {"row_id": "o003"}, {"row_id": "o002"}),
    ("arms", "study_id", "foreign key", {}, {"study_id": "nobody_1900"}),
    ("outcomes", "arm_id", "foreign key", YES, {"arm_id": "no_such_arm"}),
    ("outcomes", "duplicate_of", "foreign key", {"use_reason": "duplicate"}, {"duplicate_of": "o999"}),
]
MEANING = [
    ("studies", "same_trial_as", "family", {"study_id": "leyden_1999"}, {"same_trial_as": "leyden_1999"}),
    ("arms", "dose_unit", "unit", {"dose": "1"}, {"dose_unit": ""}),
    ("arms", "pct_female", "percent", {}, {"pct_female": "130"}),
    ("arms", "treatment_class", "class", {"study_id": "leyden_1999", "role": "placebo"}, {"treatment_class": "light"}),
    ("outcomes", "use_reason", "use", YES, {"use_reason": "subgroup"}),
    ("outcomes", "use_reason", "use", NO, {"use": "no", "use_reason": "", "duplicate_of": ""}),
    ("outcomes", "mean", "use", YES, {"mean": ""}),
    ("outcomes", "time_weeks", "use", YES, {"time_weeks": ""}),
    ("outcomes", "unit", "use", YES, {"unit": "none"}),
    ("outcomes", "value_kind", "use", YES, {"value_kind": "unknown"}),
    ("outcomes", "n", "use", SHARE, {"n": ""}),
    ("outcomes", "area_cm2", "use", {"use": "yes", "unit": "hairs_per_area"}, {"area_cm2": ""}),
    ("outcomes", "use_reason", "number", {"use_reason": "no_number"}, {"mean": "3"}),
    ("outcomes", "duplicate_of", "duplicate", {"use_reason": "duplicate"}, {"duplicate_of": ""}),
    ("outcomes", "spread_kind", "spread", PLAIN, {"spread_kind": "sd"}),
    ("outcomes", "spread_kind", "spread", PLAIN, {"plus_minus": "4"}),
    ("outcomes", "mean", "order", {"spread_kind": "ci"}, {"mean": "9999"}),
    ("outcomes", "notes", "formula", {"value_origin": "computed"}, {"notes": ""}),
    ("outcomes", "p_compared_with", "comparison", YES, {"p_compared_with": "somebody_else"}),
    ("outcomes", "p_compared_with", "comparison", {"value_kind": "difference"}, {"p_compared_with": "baseline"}),
    ("outcomes", "use", "areata", {"use_reason": "alopecia_areata"}, {"use": "yes", "use_reason": ""}),
    ("adverse_events", "use_reason", "use", YES, {"use_reason": "overlap"}),
    ("adverse_events", "use_reason", "use", NO, {"use_reason": ""}),
    ("adverse_events", "n_with_event", "use", {"use": "yes", "percent": "", "count_origin": "read"}, {"n_at_risk": ""}),
    (
        "adverse_events",
        "n_with_event",
        "order",
        {"use": "yes", "percent": "", "count_origin": "read"},
        {"n_at_risk": "1", "n_with_event": "2"},
    ),
    ("adverse_events", "percent", "percent", {"use": "yes", "n_with_event": ""}, {"percent": "262"}),
    ("adverse_events", "percent", "arithmetic", {"count_origin": "computed", "use": "yes"}, {"percent": "99"}),
    ("adverse_events", "percent", "order", {"percent_interval": "ci95"}, {"percent_high": "0", "percent_low": "0"}),
    ("adverse_events", "percent_interval", "spread", {"percent_interval": "ci95"}, {"percent_interval": ""}),
    ("adverse_events", "effect", "order", {"effect_kind": "relative_risk"}, {"effect_high": "0"}),
    ("adverse_events", "effect_kind", "spread", {"effect_kind": "relative_risk"}, {"effect_kind": ""}),
    ("adverse_events", "count_origin", "formula", {"count_origin": "read"}, {"count_origin": ""}),
    ("adverse_events", "count_origin", "formula", {"count_origin": "computed"}, {"percent": "", "notes": ""}),
    ("costs", "typical", "number", {}, {"low": "", "typical": "", "high": ""}),
    ("costs", "typical", "order", {}, {"low": "900", "high": "100"}),
    ("parameters", "value", "number", {}, {"value": "", "low": "", "high": ""}),
    ("parameters", "value", "order", {"row_id": "p001"}, {"value": "300"}),
    ("parameters", "sd_kind", "spread", {"row_id": "p001"}, {"sd_kind": ""}),
    ("vetting_rules", "as_of", "date", {}, {"as_of": "last spring"}),
]


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    """A copy of the shipped tables to break."""
    return Path(shutil.copytree(tables.SHIPPED, tmp_path / "evidence"))


def rewrite(path: Path, like: dict[str, str], put: dict[str, str]) -> int:
    """Change the first row that looks like `like`; the line it stands on."""
    (_, header), *body = tables.records(path)
    found = next(i for i, (_, cells) in enumerate(body) if like.items() <= dict(zip(header, cells, strict=True)).items())
    line, cells = body[found]
    body[found] = line, list((dict(zip(header, cells, strict=True)) | put).values())
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *(cells for _, cells in body)])
    return line


def test_the_shipped_tables_keep_every_rule() -> None:
    assert evidence.check() == []


@pytest.mark.parametrize(("table", "column", "rule", "like", "put"), FORM + MEANING)
def test_a_broken_cell_is_named(twin: Path, table: str, column: str, rule: str, like: dict[str, str], put: dict[str, str]) -> None:
    file = tables.TABLES[table]
    line = rewrite(twin / file, like, put)
    assert (file, line, column, rule) in {(found.file, found.line, found.column, found.rule) for found in evidence.check(twin)}


def test_every_rule_of_meaning_is_shown_to_catch_something() -> None:
    stated = {(table, rule.column, rule.name) for table, those in rules.WITHIN.items() for rule in those}
    stated |= {(table, rule.column, rule.name) for table, rule in rules.ACROSS}
    assert {case[:3] for case in MEANING} == stated


def test_one_broken_cell_is_one_problem(twin: Path) -> None:
    line = rewrite(twin / "studies.csv", {"study_id": "leyden_1999"}, {"n_enrolled": "many"})
    (problem,) = evidence.check(twin)
    assert str(problem) == f"studies.csv, line {line}, column n_enrolled: 'many' is no integer (rule: type)"


@pytest.mark.parametrize("header", ["row_id,treatment,thing", "row_id", "treatment,row_id", ""])
def test_another_header_is_named(twin: Path, header: str) -> None:
    (twin / "costs.csv").write_text(header and header + "\n", encoding="utf-8")
    (problem,) = evidence.check(twin)
    assert (problem.file, problem.line, problem.rule) == ("costs.csv", 1, "header")


@pytest.mark.parametrize("damage", ["missing", "not utf-8"])
def test_a_file_that_cannot_be_read_is_named(twin: Path, damage: str) -> None:
    path = twin / "arms.csv"
    path.unlink() if damage == "missing" else path.write_bytes(b"\xff\xfe")
    (problem,) = evidence.check(twin)
    assert (problem.file, problem.rule) == ("arms.csv", "file")


def test_a_row_that_is_too_short_is_named(twin: Path) -> None:
    with (twin / "costs.csv").open("a", encoding="utf-8") as file:
        file.write("k999,svf\n")
    (problem,) = evidence.check(twin)
    assert (problem.file, problem.line, problem.rule) == ("costs.csv", len(evidence.costs()) + 2, "width")


def test_a_folder_without_its_description_is_one_problem(tmp_path: Path) -> None:
    (problem,) = evidence.check(tmp_path)
    assert (problem.file, problem.rule) == ("datapackage.json", "file")


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
        tables._read("costs", rows.Cost)


def test_the_hash_follows_every_table(twin: Path) -> None:
    assert evidence.evidence_hash(twin) == evidence.evidence_hash()
    for file in tables.TABLES.values():
        before = evidence.evidence_hash(twin)
        (twin / file).write_bytes((twin / file).read_bytes() + b"\n")
        assert evidence.evidence_hash(twin) != before


def test_importing_the_evidence_is_light() -> None:
    code = "import sys, anagen.evidence; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
