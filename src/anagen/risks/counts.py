"""Each harm of an option at each step: who counted it, in how many, placebo beside; its own trials first, then what must stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.evidence.harms import Harm, harms
from anagen.evidence.rare import Excess, Rate, clopper_pearson
from anagen.evidence.rows import AdverseEvent, Arm, Study
from anagen.risks.tables import STEPS, Source, Word, sources, words
from anagen.synthesis import given
from anagen.synthesis import harms as own_harms
from anagen.treatments import Treatment

if TYPE_CHECKING:
    from anagen.evidence import Evidence

MEN, WOMEN, BOTH, OTHER = "men", "women", "men and women", "people with other conditions"
WHO = {"aga_male": MEN, "aga_female": WOMEN, "aga_mixed": BOTH, "aga": BOTH, "alopecia_mixed": "people with several kinds of hair loss"}


@dataclass(frozen=True)
class Event:
    """One harm at one step of an option.

    `chance`, `low`, `high`: shares from 0 to 1; a chance of None with `events` 0 is known only to lie below `high`; `events` None: the
    source prints a share without its count, and `people` may be None too. `on_placebo`, `excess`: in the trials that had both.
    `unit`: persons, procedures or dose_cases. `whose`: of `tables.WHOSE`. `sessions`: of the course that was counted. `k`: trials.
    `severity`, `duration`: as reported. `who`: people counted by who they were. `doses`: in words, of a drug counted at several doses
    together. `reported`: what the sources call the harm. `scattered`: whether its trials lie too far apart for one number of them all.
    """

    word: Word
    step: str
    whose: str
    says: str
    unit: str
    chance: float | None
    low: float
    high: float
    events: int | None
    people: int | None
    k: int
    tau: float | None
    counts: tuple[tuple[str, int, int], ...]
    on_placebo: Rate | None
    excess: Excess | None
    severity: tuple[str, ...]
    duration: tuple[str, ...]
    who: tuple[tuple[str, int], ...]
    studies: tuple[str, ...]
    rows: tuple[str, ...]
    rank: int
    each: str
    sessions: int
    doses: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    scattered: bool = False

    @property
    def size(self) -> float:
        """The share to put it in order by: its chance; of scattered trials, the highest share of one of them."""
        if self.scattered:
            return max(had / of for _, had, of in self.counts)
        return self.chance or 0.0

    @property
    def placebo_apart(self) -> bool:
        """Whether only some of the trials that counted it had placebo beside."""
        return self.on_placebo is not None and self.on_placebo.k < self.k

    @property
    def event(self) -> str:
        """Its name in the tables."""
        return self.word.event

    @property
    def borrowed(self) -> bool:
        """Whether the count is of another product or another procedure."""
        return self.whose.startswith("other")


@dataclass(frozen=True)
class Unused:
    """A row of the option that gives no rate of its own, and why."""

    row_id: str
    study_id: str
    event: str
    why: str


def own(option: Treatment, dose: float | None, evidence: Evidence) -> tuple[tuple[Event, ...], bool]:
    """The events of an option's own trials, taken alone; whether they are at that dose (else at any, where none had it)."""
    found = own_harms(option.name, dose=dose, evidence=evidence).harms
    at_dose = True
    if dose is not None and not found:
        found, at_dose = own_harms(option.name, dose="all", evidence=evidence).harms, False
    each = next((one.each for one in sources() if one.option == option.name and one.step not in ("harvest", "injection")), "session")
    return _events(found, None, each, evidence), at_dose


def others(option: Treatment, evidence: Evidence) -> tuple[Event, ...]:
    """The events that stand in for a step of an option: from other procedures, other products, or together with another treatment."""
    found: list[Event] = []
    for source in sources():
        if source.option == option.name and source.of:
            found += _events(_of(source.of, evidence), source, source.each, evidence)
    return tuple(found)


def _of(what: str, evidence: Evidence) -> tuple[Harm, ...]:
    """The harms of an intervention, or of one arm (study/arm)."""
    study, _, arm_id = what.partition("/")
    return harms(evidence, lambda arm: (arm.study_id, arm.arm_id) == (study, arm_id) if arm_id else arm.intervention == what)


def _events(found: Iterable[Harm], source: Source | None, each: str, evidence: Evidence) -> tuple[Event, ...]:
    made = []
    for harm in found:
        if harm.rate is not None:
            made.append(_counted(harm, source, each, evidence))
        else:
            made += [event for row, why in harm.beside if "share" in why and (event := _printed(row, source, each, evidence))]
    return tuple(made)


def _counted(harm: Harm, source: Source | None, each: str, evidence: Evidence) -> Event:
    rate = harm.rate
    assert rate is not None
    ids = tuple(dict.fromkeys(row for count in harm.counts for row in count.rows))
    treated = [row for row in map(evidence.row, ids) if isinstance(row, AdverseEvent)]
    studies = {count.study.study_id: count.study for count in harm.counts}
    whom: dict[str, int] = {}
    for count in harm.counts:
        whom[_who(count.study)] = whom.get(_who(count.study), 0) + count.people
    return Event(
        word=words()[harm.event],
        step=source.step if source else treated[0].step,
        whose=source.whose if source else "own",
        says=source.says if source else "",
        unit=harm.unit,
        chance=rate.chance,
        low=rate.low,
        high=rate.high,
        events=rate.events,
        people=rate.people,
        k=rate.k,
        tau=rate.tau,
        counts=tuple((count.study.study_id, count.events, count.people) for count in harm.counts),
        on_placebo=harm.placebo,
        excess=harm.excess,
        severity=_texts(row.severity for row in treated),
        duration=_texts(row.duration for row in treated),
        who=tuple(whom.items()),
        studies=tuple(studies),
        rows=ids,
        rank=source.rank if source else 0,
        each=each,
        sessions=_sessions(treated, evidence),
        doses=_doses(treated, evidence),
        reported=_texts(row.event_as_reported for row in treated),
        scattered=rate.scattered,
    )


def _printed(row: AdverseEvent, source: Source | None, each: str, evidence: Evidence) -> Event | None:
    """A share that the source prints without its count: with its own range, or the exact one of the people it is of."""
    if row.percent is None:
        return None
    share, study = row.percent / 100, evidence.study(row.study_id)
    if row.n_at_risk:
        low, high = clopper_pearson(share * row.n_at_risk, row.n_at_risk)  # type: ignore[arg-type]
    elif row.percent_low is not None and row.percent_high is not None:
        low, high = row.percent_low / 100, row.percent_high / 100
    else:
        return None
    people = row.n_at_risk or study.n_analysed or study.n_enrolled
    return Event(
        word=words()[row.event],
        step=source.step if source else row.step,
        whose=source.whose if source else "own",
        says=source.says if source else "",
        unit=row.at_risk_unit,
        chance=share,
        low=low,
        high=high,
        events=None,
        people=row.n_at_risk,
        k=1,
        tau=None,
        counts=(),
        on_placebo=None,
        excess=None,
        severity=_texts([row.severity]),
        duration=_texts([row.duration]),
        who=((_who(study), people),) if people else (),
        studies=(row.study_id,),
        rows=(row.row_id,),
        rank=source.rank if source else 0,
        each=each,
        sessions=_sessions([row], evidence),
        doses=_doses([row], evidence),
        reported=_texts([row.event_as_reported]),
    )


def _sessions(rows: Iterable[AdverseEvent], evidence: Evidence) -> int:
    """In how many sessions people were counted; 1 where it is not said, or the count is one of procedures."""
    found = [evidence.arm(row.study_id, row.arm_id).sessions or 1 for row in rows if row.at_risk_unit == "persons"]
    return max(found, default=1)


def _doses(rows: Iterable[AdverseEvent], evidence: Evidence) -> tuple[str, ...]:
    """The doses in words of the arms of a drug that had no one dose."""
    arms = [evidence.arm(row.study_id, row.arm_id) for row in rows if row.step == "drug"]
    return _texts(arm.dose_text for arm in arms if arm.dose is None and arm.role not in ("placebo", "no_treatment"))


def _who(study: Study) -> str:
    return WHO.get(study.condition, OTHER)


def _texts(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace("_", " ") for text in found if text))


def ordered(found: Iterable[Event]) -> tuple[Event, ...]:
    """By step; within one, the wholes first, then the likeliest, those that nobody had last."""
    return tuple(sorted(found, key=lambda one: (STEPS.index(one.step), one.rank, one.word.kind != "whole", -(one.chance or 0), one.event)))


@dataclass(frozen=True)
class Looked:
    """How well harm was looked for: `trials` of the option alone in hair loss; in how many any harm was `counted`, or told `at_all`.

    `said_how`: how many said how they looked for harm; None: not recorded in what was read. `fact`: what a review says of its kind.
    """

    trials: int
    counted: int
    at_all: int
    said_how: int | None
    fact: str


def looked(option: Treatment, evidence: Evidence, review: str) -> Looked:
    """Counts entries of one trial once; alopecia areata and reviews are no trials of the option."""
    studies = {one.study_id: one for one in evidence.studies if one.condition not in ("aa", "other") and not _review(one)}
    mine = {(arm.study_id, arm.arm_id) for arm in evidence.arms if arm.study_id in studies and _alone(arm, option)}
    family = {name: one.same_trial_as or name for name, one in studies.items()}
    rows = [row for row in evidence.adverse_events if (row.study_id, row.arm_id) in mine]
    return Looked(
        trials=len({family[study] for study, _ in mine}),
        counted=len({family[row.study_id] for row in rows if row.use and row.n_with_event is not None and row.n_at_risk}),
        at_all=len({family[row.study_id] for row in rows}),
        said_how=None,
        fact=review,
    )


def unused(option: Treatment, evidence: Evidence) -> tuple[Unused, ...]:
    """The rows of an option that give no rate: never read as zero, never as a chance."""
    mine = {(arm.study_id, arm.arm_id) for arm in evidence.arms if _alone(arm, option)}
    return tuple(
        Unused(row.row_id, row.study_id, row.event, (row.use_reason or "").replace("_", " "))
        for row in evidence.adverse_events
        if not row.use and (row.study_id, row.arm_id) in mine
    )


def _alone(arm: Arm, option: Treatment) -> bool:
    return given(arm) == {option.name} or (arm.intervention == "hair_transplant_any" and option.name.startswith("transplant"))


def _review(study: Study) -> bool:
    return (study.design or "").startswith("systematic_review")
