"""The shipped tables keep their rules, and each rule is shown to catch a twin of the tables with one broken cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from evidence.twins import rewrite

from anagen import evidence
from anagen.evidence import rules, tables
from anagen.ground.errors import BadFile

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
    ("arms", "pct_female", "sex", {"pct_female": "0", "study_id": "kaufman_1998"}, {"pct_female": "50"}),
    ("arms", "treatment_class", "class", {"study_id": "leyden_1999", "role": "treatment"}, {"treatment_class": "light"}),
    ("arms", "treatment_class", "class", {"role": "treatment", "treatment_class": "five_ari"}, {"role": "placebo"}),
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
    ("outcomes", "unit", "unit", {"outcome": "hair_density", "unit": "hairs_per_cm2"}, {"unit": "um"}),
    ("outcomes", "unit", "unit", {"outcome": "responder_percent"}, {"unit": "grade"}),
    ("outcomes", "unit", "unit", {"outcome": "hair_density", "value_kind": "change"}, {"value_kind": "percent_change"}),
    ("outcomes", "mean", "range", {"use": "yes", "unit": "percent_of_participants", "spread_kind": ""}, {"mean": "101"}),
    ("outcomes", "mean", "range", {"unit": "percentage_points", "spread_kind": ""}, {"mean": "-101"}),
    ("outcomes", "mean", "range", {"value_kind": "percent_change", "spread_kind": ""}, {"mean": "-101"}),
    ("outcomes", "mean", "range", {"value_kind": "absolute", "unit": "um", "spread_kind": ""}, {"mean": "-1"}),
    ("outcomes", "mean", "range", {"value_kind": "absolute", "unit": "hairs_per_cm2", "spread_kind": ""}, {"ci_low": "-1"}),
    ("outcomes", "time_weeks", "time", {"value_kind": "change", "time_origin": "baseline"}, {"time_weeks": "0"}),
    ("outcomes", "quote", "quote", {"value_origin": "read", "notes": ""}, {"quote": ""}),
    (
        "outcomes",
        "p_compared_with",
        "comparison",
        {"study_id": "kaufman_1998", "arm_id": "finasteride"},
        {"p_compared_with": "finasteride"},
    ),
    ("outcomes", "p_compared_with", "comparison", YES, {"p_compared_with": "somebody_else"}),
    ("outcomes", "p_compared_with", "comparison", {"value_kind": "difference"}, {"p_compared_with": "baseline"}),
    ("outcomes", "row_id", "unique", {}, {"row_id": "p001"}),
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
    ("adverse_events", "row_id", "unique", {}, {"row_id": "o002"}),
    ("adverse_events", "percent", "arithmetic", {"count_origin": "computed", "use": "yes"}, {"percent": "99"}),
    ("adverse_events", "percent", "order", {"percent_interval": "ci95"}, {"percent_high": "0", "percent_low": "0"}),
    ("adverse_events", "percent_interval", "spread", {"percent_interval": "ci95"}, {"percent_interval": ""}),
    ("adverse_events", "effect", "order", {"effect_kind": "relative_risk"}, {"effect_high": "0"}),
    ("adverse_events", "effect_kind", "spread", {"effect_kind": "relative_risk"}, {"effect_kind": ""}),
    ("adverse_events", "count_origin", "formula", {"count_origin": "read"}, {"count_origin": ""}),
    ("adverse_events", "count_origin", "formula", {"count_origin": "computed"}, {"percent": "", "notes": ""}),
    ("costs", "row_id", "unique", {}, {"row_id": "a001"}),
    ("costs", "typical", "number", {}, {"low": "", "typical": "", "high": ""}),
    ("costs", "typical", "order", {}, {"low": "900", "high": "100"}),
    ("parameters", "row_id", "unique", {}, {"row_id": "k001"}),
    ("parameters", "value", "number", {}, {"value": "", "low": "", "high": ""}),
    ("parameters", "value", "order", {"row_id": "p001"}, {"value": "300"}),
    ("parameters", "sd_kind", "spread", {"row_id": "p001"}, {"sd_kind": ""}),
    ("vetting_rules", "as_of", "date", {}, {"as_of": "last spring"}),
]
# The first row in which the cell is filled; what its twin says instead.
BOUNDS = [
    ("studies", "age_mean", "-1", "121"),
    ("studies", "age_sd", "0"),
    ("arms", "dose", "-0.5"),
    ("arms", "sessions", "0"),
    ("arms", "interval_days", "0"),
    ("arms", "pct_female", "-1", "100.5"),
    *(("outcomes", column, "0") for column in ("area_cm2", "n", "sd", "se", "plus_minus")),
    ("adverse_events", "n_at_risk", "0"),
    *(("adverse_events", column, "-1", "262") for column in ("percent", "percent_low", "percent_high")),
    *(("adverse_events", column, "0") for column in ("effect", "effect_low", "effect_high")),
    *(("costs", column, "0") for column in ("low", "typical", "high")),
    ("costs", "year", "1949", "2101"),
    ("parameters", "sd", "0"),
]
TEXTS = [
    ("studies", "study_id", "a/b"),
    ("arms", "arm_id", "5 percent"),
    *((table, "row_id", "o 1") for table in ("outcomes", "adverse_events", "costs", "parameters")),
    ("vetting_rules", "rule_id", "a/b"),
    *((table, "source_url", "www.example.org") for table in tables.TABLES if table != "arms"),
    *((table, "doi", "doi:10.1000/1") for table in ("studies", "parameters")),
    ("studies", "pmid", "PMID 1"),
    ("studies", "pmcid", "123"),
]
SINGLE = [(table, column, "range", put) for table, column, *puts in BOUNDS for put in puts] + [
    (table, column, "form", put) for table, column, put in TEXTS
]


def test_the_shipped_tables_keep_every_rule() -> None:
    assert evidence.check() == []


@pytest.mark.parametrize(("table", "column", "rule", "like", "put"), FORM + MEANING)
def test_a_broken_cell_is_named(twin: Path, table: str, column: str, rule: str, like: dict[str, str], put: dict[str, str]) -> None:
    file = tables.TABLES[table]
    line = rewrite(twin / file, like, put)
    assert (file, line, column, rule) in {(found.file, found.line, found.column, found.rule) for found in evidence.check(twin)}


@pytest.mark.parametrize(("table", "column", "rule", "put"), SINGLE)
def test_a_cell_beyond_its_bounds_is_named(twin: Path, table: str, column: str, rule: str, put: str) -> None:
    file = tables.TABLES[table]
    (_, header), *body = tables.records(tables.SHIPPED / file)
    cells = next(cells for _, cells in body if cells[header.index(column)])
    line = rewrite(twin / file, dict(zip(header, cells, strict=True)), {column: put})
    assert (file, line, column, rule) in {(found.file, found.line, found.column, found.rule) for found in evidence.check(twin)}


def test_every_rule_of_meaning_is_shown_to_catch_something() -> None:
    stated = {(table, rule.column, rule.name) for table, those in rules.WITHIN.items() for rule in those}
    stated |= {(table, rule.column, rule.name) for table, rule in rules.ACROSS}
    assert {case[:3] for case in [*MEANING, *SINGLE]} == stated


def test_the_reference_names_every_rule() -> None:
    text = (
        (Path(__file__).parents[2] / "docs" / "reference.md")
        .read_text(encoding="utf-8")
        .split("| rule | what it asks |")[1]
        .split("\n\n")[0]
    )
    said = set(re.findall(r"`([a-z ]+)`", "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))))
    of_form = {"file", "header", "width", "space", *(case[2] for case in FORM)}
    assert said == of_form | {case[2] for case in [*MEANING, *SINGLE]}


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


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"resources": [{}]}'])
def test_a_description_that_cannot_be_read_is_one_problem(twin: Path, text: str) -> None:
    (twin / "datapackage.json").write_text(text, encoding="utf-8")
    (problem,) = evidence.check(twin)
    assert (problem.file, problem.rule) == ("datapackage.json", "file")


def test_a_folder_that_is_none_or_holds_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, says in ((tmp_path / "nowhere", "no such folder"), (tmp_path / "file", "this is a file"), (tmp_path, "no evidence table")):
        with pytest.raises(BadFile, match=says):
            evidence.check(path)
