"""What there is, a line a study: who was treated with what, and how much of it can be counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.evidence.base import Evidence

NOT_TREATED = ("control", "mixed")


@dataclass(frozen=True)
class Line:
    """One study: `interventions` of its arms without controls, `n` people enrolled (else analysed), rows, and those with `use`."""

    study_id: str
    design: str | None
    condition: str
    interventions: tuple[str, ...]
    n: int | None
    risk_of_bias: str
    outcomes: int
    outcomes_used: int
    adverse_events: int
    adverse_events_used: int


def overview(evidence: Evidence) -> tuple[Line, ...]:
    """A line for each study, in the order of the table.

    >>> from anagen.evidence import Evidence
    >>> [line] = overview(Evidence.shipped().only(["kaufman_1998"]))
    >>> line.interventions, line.n, line.outcomes_used
    (('finasteride_oral_1',), 1553, 2)
    """
    counts = {
        (table, used): Counter(row.study_id for row in getattr(evidence, table) if row.use or not used)
        for table in ("outcomes", "adverse_events")
        for used in (False, True)
    }
    arms: dict[str, dict[str, str]] = {}
    for arm in evidence.arms:
        arms.setdefault(arm.study_id, {})[arm.intervention] = arm.treatment_class
    lines = []
    for study in evidence.studies:
        given = arms.get(study.study_id, {})
        lines.append(
            Line(
                study_id=study.study_id,
                design=study.design,
                condition=study.condition,
                interventions=tuple(word for word, kind in given.items() if kind not in NOT_TREATED) or tuple(given),
                n=study.n_analysed if study.n_enrolled is None else study.n_enrolled,
                risk_of_bias=study.risk_of_bias,
                outcomes=counts["outcomes", False][study.study_id],
                outcomes_used=counts["outcomes", True][study.study_id],
                adverse_events=counts["adverse_events", False][study.study_id],
                adverse_events_used=counts["adverse_events", True][study.study_id],
            )
        )
    return tuple(lines)
