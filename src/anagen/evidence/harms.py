"""What went wrong, in how many: each harm of a treatment over the trials that counted it, with placebo beside where they had one.

Events are never added to each other: a whole and its parts stand beside each other in the tables. People, procedures and
people-at-one-dose are different denominators and never mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anagen.evidence.contrasts import INERT
from anagen.evidence.rare import Excess, Rate, excess, rate

if TYPE_CHECKING:
    from anagen.evidence.base import Evidence
    from anagen.evidence.rows import AdverseEvent, Arm, Study


@dataclass(frozen=True)
class Count:
    """One trial's count of one harm: `events` of `people` treated and, where it counted them too, `on_placebo` of `placebo_people`."""

    study: Study
    events: int
    people: int
    on_placebo: int | None
    placebo_people: int | None
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Harm:
    """One harm, counted per `unit` (persons, procedures, dose_cases) in `counts`, one a trial; `beside`: rows that cannot be pooled.

    `beside` holds each such row with the reason: a review that may hold these trials, a share without its count, and the like.
    """

    event: str
    unit: str
    counts: tuple[Count, ...]
    beside: tuple[tuple[AdverseEvent, str], ...]

    @cached_property
    def rate(self) -> Rate | None:
        """The pooled chance; None where nothing can be pooled."""
        return rate([one.events for one in self.counts], [one.people for one in self.counts]) if self.counts else None

    @cached_property
    def placebo(self) -> Rate | None:
        """The pooled chance on placebo, in the trials that counted it."""
        both = self._both()
        return rate([one.on_placebo or 0 for one in both], [one.placebo_people or 1 for one in both]) if both else None

    @cached_property
    def excess(self) -> Excess | None:
        """How much likelier than with placebo, within the trials that counted both."""
        both = self._both()
        if not both:
            return None
        treated = [one.events for one in both], [one.people for one in both]
        return excess(*treated, [one.on_placebo or 0 for one in both], [one.placebo_people or 1 for one in both])

    def _both(self) -> list[Count]:
        return [one for one in self.counts if one.placebo_people]


def harms(evidence: Evidence, wanted: Callable[[Arm], bool]) -> tuple[Harm, ...]:
    """The harms of the arms that are `wanted`, the likeliest first, those without an event after them.

    Only rows with `use`. Entries of one trial count once; alopecia areata stands beside; a review stands beside where single
    trials were read, and alone otherwise.

    >>> from anagen.evidence import Evidence
    >>> found = harms(Evidence.shipped(), lambda arm: arm.intervention == "finasteride_oral_1")
    >>> one = next(harm for harm in found if harm.event == "decreased libido")
    >>> one.rate.k, one.rate.events, one.rate.people
    (3, 29, 1025)
    """
    studies = {study.study_id: study for study in evidence.studies}
    arms = {(arm.study_id, arm.arm_id): arm for arm in evidence.arms}
    usable = [row for row in evidence.adverse_events if row.use and row.study_id in studies and (row.study_id, row.arm_id) in arms]
    groups: dict[tuple[str, str], list[AdverseEvent]] = {}
    for row in usable:
        if wanted(arms[row.study_id, row.arm_id]):
            groups.setdefault((row.event, row.at_risk_unit), []).append(row)
    found = [_harm(event, unit, rows, studies, _inert(usable, arms, event, unit)) for (event, unit), rows in groups.items()]
    return tuple(sorted(found, key=lambda one: (-(one.rate.chance or 0.0) if one.rate else 1.0, one.event)))


def _inert(rows: Iterable[AdverseEvent], arms: dict[tuple[str, str], Arm], event: str, unit: str) -> dict[str, AdverseEvent]:
    """The placebo arms that counted this harm, by study."""
    return {
        row.study_id: row
        for row in rows
        if (row.event, row.at_risk_unit) == (event, unit) and arms[row.study_id, row.arm_id].role in INERT and _counted(row)
    }


def _counted(row: AdverseEvent) -> bool:
    return row.n_with_event is not None and bool(row.n_at_risk)


def _harm(event: str, unit: str, rows: list[AdverseEvent], studies: dict[str, Study], inert: dict[str, AdverseEvent]) -> Harm:
    beside: list[tuple[AdverseEvent, str]] = []
    families: dict[str, dict[str, list[AdverseEvent]]] = {}
    single = any(_counted(row) and not _review(study) and study.condition != "aa" for row in rows for study in [studies[row.study_id]])
    for row in rows:
        study = studies[row.study_id]
        if study.condition == "aa":
            beside.append((row, "alopecia areata: another disease"))
        elif not _counted(row):
            beside.append((row, "a share without its count"))
        elif _review(study) and single:
            beside.append((row, "a review: it may hold the trials that are counted here"))
        else:
            family = families.setdefault(study.same_trial_as or study.study_id, {})
            family.setdefault(row.study_id, []).append(row)
    counts = []
    for family in families.values():
        by_size = sorted(family.values(), key=lambda rows: -sum(row.n_at_risk or 0 for row in rows))
        beside += [(row, "the same trial as another entry") for other in by_size[1:] for row in other]
        counts.append(_count(studies[by_size[0][0].study_id], by_size[0], inert.get(by_size[0][0].study_id)))
    return Harm(event, unit, tuple(counts), tuple(beside))


def _count(study: Study, rows: list[AdverseEvent], placebo: AdverseEvent | None) -> Count:
    """One trial's count: its treated arms together, unless they are areas of the same people's scalps."""
    rows = rows[:1] if study.design == "rct_split_scalp" else rows
    events, people = sum(row.n_with_event or 0 for row in rows), sum(row.n_at_risk or 0 for row in rows)
    ids = tuple(row.row_id for row in (*rows, *([placebo] if placebo else [])))
    return Count(study, events, people, placebo.n_with_event if placebo else None, placebo.n_at_risk if placebo else None, ids)


def _review(study: Study) -> bool:
    return (study.design or "").startswith("systematic_review")
