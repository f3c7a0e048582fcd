"""The ledger of the calibration: what ships is what the evidence gives today, and every row of the evidence is accounted for."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

import pytest

from anagen.calibrate.facts import Facts, facts_of
from anagen.calibrate.ledger import COLUMNS, ledger
from anagen.evidence import arms, outcomes, studies
from anagen.treatments import TREATMENTS


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of(studies(), arms(), outcomes())


@pytest.fixture(scope="module")
def lines(facts: Facts) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ledger(facts))))


def test_the_shipped_ledger_is_what_the_evidence_gives(facts: Facts) -> None:
    """If this fails, the evidence or its rules have changed: `anagen.calibrate.ledger.write` makes the file anew."""
    shipped = (files("anagen") / "data" / "calibration" / "facts.csv").read_text(encoding="utf-8")
    assert shipped == ledger(facts)


def test_every_fact_stands_in_it_once_and_says_whose_it_is(facts: Facts, lines: list[dict[str, str]]) -> None:
    used = [line for line in lines if line["used"] == "yes" and line["kind"] != "before"]
    assert [line["rows"] for line in used] == [";".join(fact.rows) for fact in facts.facts]
    assert len({line["rows"] for line in used}) == len(used), "the rows of a fact are its name"
    for line, fact in zip(used, facts.facts, strict=True):
        assert (line["value"] == "") == (fact.said in ("significant", "not_significant"))
        assert line["value"] == "" or float(line["value"]) == pytest.approx(fact.value, rel=1e-5)
        assert line["se_origin"] == ("read" if fact.se is not None else "" if fact.said else "imputed")
        assert set(filter(None, line["treatments"].split(";"))) <= set(TREATMENTS)
        assert line["n_origin"] in ("read", "shared", "assumed")
        assert (line["n_origin"] == "read") == (not fact.imputed_n)


def test_what_an_arm_had_as_well_counts(lines: list[dict[str, str]]) -> None:
    both = next(line for line in lines if line["study_id"] == "dhurat_2013" and line["arm_id"] == "mn_minox5")
    assert both["treatments"].split(";") == ["microneedling", "minoxidil_topical"]


def test_every_row_of_the_evidence_is_used_or_left_out_with_its_reason(lines: list[dict[str, str]]) -> None:
    told = {name for line in lines for name in line["rows"].split(";")}
    # a level before treatment of a trial from which nothing else enters is neither
    begins = {row.row_id for row in outcomes() if row.value_kind == "absolute" and not row.time_weeks}
    assert {row.row_id for row in outcomes()} - told <= begins
    assert all((line["used"] == "no") == bool(line["why_not"]) for line in lines)
    assert set(lines[0]) == set(COLUMNS)
