"""Results without a number: what a source says of an outcome and no more. They stand beside a synthesis and never enter it as zero."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from textwrap import shorten
from typing import TYPE_CHECKING, Literal

from anagen.evidence.contrasts import MEASURES, PATTERN, RANDOMISED

if TYPE_CHECKING:
    from anagen.evidence.base import Evidence
    from anagen.evidence.rows import Arm, Outcome, Study

Verdict = Literal["differs", "no difference", "not said"]
ALSO = {"terminal": ("terminal_hair_density_direction", "terminal_hair_percent"), "diameter": ("cumulative_thickness",)}
"""Outcome words without a common scale that still speak of a measure."""


@dataclass(frozen=True)
class Statement:
    """What a source says of one arm at one visit (`week`; None: not stated), against `control` (None: its own beginning)."""

    study: Study
    arm: Arm
    control: Arm | None
    measure: str
    week: float | None
    verdict: Verdict
    row: Outcome

    @property
    def controlled(self) -> bool:
        """Whether it compares two arms that chance made."""
        return self.control is not None and self.study.design in RANDOMISED

    @property
    def said(self) -> str:
        """It in words: what was found, and against what; or, where no p says, the source's own words."""
        against = "its own beginning" if self.control is None else self.control.intervention.replace("_", " ")
        if self.verdict == "not said" and self.row.quote:
            return f"“{shorten(self.row.quote, 110, placeholder=' …')}”"
        found = {"differs": f"differs from {against}", "no difference": f"no difference from {against}", "not said": f"against {against}"}
        p = self.row.p_value or ""
        exact = f" (p {p})" if p.startswith("<") else f" (p = {p})" if p.startswith("0.") else ""
        return f"{found[self.verdict]}{exact}; no size given"


@lru_cache(maxsize=8)
def statements(evidence: Evidence) -> tuple[Statement, ...]:
    """Every result without a number in pattern hair loss, of hair counts and widths.

    >>> from anagen.evidence import Evidence
    >>> [one.said for one in statements(Evidence.shipped()) if one.study.study_id == "kuka_2020"][0]
    'no difference from saline; no size given'
    """
    studies = {study.study_id: study for study in evidence.studies if study.condition in PATTERN}
    arms = {(arm.study_id, arm.arm_id): arm for arm in evidence.arms}
    of = {word: measure for measure, one in MEASURES.items() for word in (*one.words, *ALSO.get(measure, ()))}
    found = []
    for row in evidence.outcomes:
        arm = arms.get((row.study_id, row.arm_id))
        if row.study_id not in studies or arm is None or row.outcome not in of or row.use_reason != "no_number":
            continue
        control = arms.get((row.study_id, row.p_compared_with or ""))
        found.append(Statement(studies[row.study_id], arm, control, of[row.outcome], row.time_weeks, _verdict(row), row))
    return tuple(found)


def _verdict(row: Outcome) -> Verdict:
    """What its p says, at the usual 1 in 20."""
    said = (row.p_value or "").lstrip("<=")
    if said in ("significant", "not_significant"):
        return "differs" if said == "significant" else "no difference"
    try:
        return "differs" if float(said) <= 0.05 else "no difference"
    except ValueError:
        return "not said"
