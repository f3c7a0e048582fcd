"""The facts of the shipped tables, and rows as facts of their own: nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from calibrate.made_up import write
from calibrate.one_trial import APART, BEFORE, BOTH, DRUG, LEVEL, PLACEBO, only, read, why

from anagen.calibrate.fact import Facts
from anagen.calibrate.facts import facts_of, rows_as_facts
from anagen.evidence import Evidence, arms, outcomes, studies


def told(found: Facts) -> list[str]:
    """Every row that is in a fact, before treatment, or left out: each as often as it stands there; and the spreads."""
    named = [row for fact in found.facts for row in set(fact.rows)] + [row for one in found.baselines for row in one.rows]
    return [*named, *(left.row for left in found.left)]


@pytest.mark.parametrize("read_all", [facts_of, rows_as_facts])
def test_no_shipped_row_is_lost_and_none_is_both_used_and_left_out(read_all: Any) -> None:
    found = read_all(studies(), arms(), outcomes())
    used = {row for fact in found.facts for row in fact.rows} | {row for one in found.baselines for row in one.rows}
    assert set(told(found)) == {row.row_id for row in outcomes()}
    assert not used & {left.row for left in found.left}
    assert len({left.row for left in found.left}) == len(found.left)
    assert {one.row for one in found.spreads} <= used


def test_no_row_of_the_twelve_made_up_studies_is_lost_either(tmp_path: Path) -> None:
    base = Evidence.read(write(tmp_path))
    for found in (facts_of(base.studies, base.arms, base.outcomes), rows_as_facts(base.studies, base.arms, base.outcomes)):
        assert set(told(found)) == {row.row_id for row in base.outcomes}


def test_one_fact_a_row_for_judging() -> None:
    rows = [DRUG, PLACEBO, {**APART, "mean": 10.0}, {**DRUG, "time_weeks": 24.0, **LEVEL, "mean": 161.0}]
    found = read(*rows, whole=False)
    assert [(fact.rows, fact.control, fact.kind, fact.value) for fact in found.facts] == [
        (("one0",), None, "change", 12.0),
        (("one1",), None, "change", 2.0),
        (("one2",), "placebo", "change", 10.0),
        (("one3",), None, "level", 161.0),
    ]
    assert found.left == ()


def test_for_judging_a_level_with_its_beginning_is_a_change_and_rows_not_fit_for_synthesis_are_predicted_too() -> None:
    found = read(
        {**DRUG, **BEFORE, "mean": 150.0},
        {**DRUG, **LEVEL, "mean": 161.0},
        {**DRUG, "time_weeks": 24.0, "use": False, "use_reason": "duplicate"},
        whole=False,
    )
    assert [(fact.rows, fact.kind, fact.value) for fact in found.facts] == [(("one0", "one1"), "change", 11.0), (("one2",), "change", 12.0)]


def test_for_judging_a_level_per_area_has_its_error_per_cm2_too() -> None:
    found = read({**DRUG, **LEVEL, "unit": "hairs_per_area", "area_cm2": 5.0, "mean": 800.0, "se": 20.0}, whole=False)
    assert (only(found).kind, only(found).value, only(found).se) == ("level", 160.0, 4.0)


def test_for_judging_a_difference_from_an_arm_without_a_forecast_is_left_out() -> None:
    given = {**BOTH, "placebo": {"intervention": "nanofat", "role": "active_control"}}
    reason = "the arm that it is taken against is not in the tables or has no forecast"
    assert why(read({**APART, "mean": 10.0}, given=given, whole=False)) == {"one0": reason}
    assert why(read({**APART, "mean": 10.0, "p_compared_with": None}, whole=False)) == {"one0": reason}


def test_evidence_in_the_form_of_the_base_reads_the_same() -> None:
    base = Evidence.shipped()
    assert facts_of(base.studies, base.arms, base.outcomes) == facts_of(studies(), arms(), outcomes())
