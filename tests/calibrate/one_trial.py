"""One made-up trial, read as facts: what the tests of the rules share."""

from __future__ import annotations

from typing import Any

from evidence.made_up import trial

from anagen.calibrate.fact import Fact, Facts
from anagen.calibrate.facts import facts_of, rows_as_facts

BOTH = {"drug": {"n": 40}, "placebo": {"n": 60}}
DRUG, PLACEBO = {"arm_id": "drug", "mean": 12.0}, {"arm_id": "placebo", "mean": 2.0}
LEVEL = {"value_kind": "absolute"}
BEFORE = {"value_kind": "absolute", "time_weeks": 0.0}
APART = {"arm_id": "drug", "value_kind": "difference", "p_compared_with": "placebo"}
SAID = {"arm_id": "drug", "mean": None, "use": False, "use_reason": "no_number", "value_kind": "difference", "p_compared_with": "placebo"}


def read(*results: dict[str, Any], given: Any = None, whole: bool = True, **study: Any) -> Facts:
    """The facts of one made-up trial, whose rows are one0, one1, ...; whole: as the calibration reads them, else row by row."""
    base = trial("one", list(results), BOTH if given is None else given, **study)
    return (facts_of if whole else rows_as_facts)(base.studies, base.arms, base.outcomes)


def only(found: Facts) -> Fact:
    [fact] = found.facts
    return fact


def why(found: Facts) -> dict[str, str]:
    """Each row left out, with the reason; each is left out once."""
    assert len({left.row for left in found.left}) == len(found.left)
    return {left.row: left.why for left in found.left}
