"""How far the trials of a treatment reach, and where a forecast leaves them."""

from __future__ import annotations

import csv
import functools
import io
import re
from dataclasses import dataclass
from importlib.resources import files

from anagen.evidence.tables import arms, outcomes, studies
from anagen.ground.units import WEEKS_PER_MONTH, WEEKS_PER_YEAR
from anagen.people.person import Person
from anagen.plan import Plan, Step
from anagen.scalp.regions import SCALES, stage_shares
from anagen.treatments import TREATMENTS
from anagen.treatments.sessions import Sessions
from anagen.treatments.vocabulary import meaning

NEITHER = ("nothing", "wait", "join_trial")


@dataclass(frozen=True)
class Reach:
    """How far the trials of one treatment reach: the sexes, the oldest age (years, None: not stated) and the latest hair count (weeks)."""

    sexes: frozenset[str]
    oldest_years: float | None
    longest_weeks: float


SEXES = {"aga_male": {"male"}, "aga_female": {"female"}, "aga_mixed": {"male", "female"}, "aga": {"male", "female"}}


@functools.cache
def reach(name: str) -> Reach:
    """How far the evidence reaches for one treatment: from the arms that map to it, their studies and their usable hair counts.

    >>> sorted(reach("spironolactone").sexes)
    ['female']
    """
    people = {study.study_id: study for study in studies() if study.condition in SEXES}
    given = [arm for arm in arms() if arm.study_id in people and name in {part for part, _ in meaning(arm.intervention).parts}]
    among: set[str] = set()
    ages: list[float] = []
    for arm in given:
        among |= SEXES[people[arm.study_id].condition]
        ages += [float(high) for high in re.findall(r"\d+\s*-\s*(\d+)", people[arm.study_id].age_range or "")]
    pairs = {(arm.study_id, arm.arm_id) for arm in given}
    counts = [fact for fact in outcomes() if fact.use and fact.outcome.endswith(("_density", "_count_target_area"))]
    weeks = [fact.time_weeks or 0.0 for fact in counts if (fact.study_id, fact.arm_id) in pairs]
    return Reach(frozenset(among), max(ages, default=None), max(weeks, default=0.0))


def limits_of(person: Person, plan: Plan, years: float) -> tuple[str, ...]:
    """Where a forecast leaves the evidence, one plain sentence each: stage, sex, age, how long, and what was never tried together."""
    said = []
    if any(share.studied == "hardly" for share in stage_shares(person.scale, person.stage).values()):
        said.append(f"{SCALES[person.scale]} {person.stage.upper()}: the trials had next to nobody at this stage.")
    if person.sex == "female":
        said.append("What becomes of women's hair without treatment is not known beyond a year: here it is assumed.")
    if person.conditions or person.medicines:
        said.append("Your conditions and medicines are not used in these numbers: show them to a doctor.")
    said += [miss for name in plan.names or ("nothing",) for miss in misses().get(name, ())]
    steps = [step for step in plan.steps if step.name not in NEITHER]
    for step in steps:
        known, name = reach(step.name), _called(step)
        if person.sex not in step.treatment.sexes:
            people = "men" if person.sex == "male" else "women"
            said.append(f"{name}: it is not offered to {people}; ask a doctor why before anything else.")
        if known.sexes and person.sex not in known.sexes:
            people = "men" if person.sex == "male" else "women"
            said.append(f"{name}: no trial of it that was read had {people}.")
        if not known.sexes:
            said.append(f"{name}: no trial of it in pattern hair loss was read.")
        elif known.longest_weeks == 0:
            said.append(f"{name}: no usable hair count of it was read.")
        elif years * WEEKS_PER_YEAR > known.longest_weeks + 1:
            months = round(known.longest_weeks / WEEKS_PER_MONTH)
            said.append(f"{name}: no count later than {months} months was read; beyond that it is the model alone.")
        if known.oldest_years is not None and person.age_years > known.oldest_years:
            said.append(f"{name}: no trial of it that was read took people over {known.oldest_years:g}.")
    if len({step.treatment.subject for step in steps}) > 1 and not tried_together(frozenset(step.name for step in steps)):
        said.append("No trial of these together was read: each is taken to act as it does alone.")
    return tuple(dict.fromkeys(said))


def _called(step: Step) -> str:
    """A treatment with its usual course; without one where the plan has sessions of its own."""
    if isinstance(step.treatment, Sessions) and step.use.session_weeks:
        return step.treatment.what
    return step.treatment.title


@functools.cache
def misses() -> dict[str, tuple[str, ...]]:
    """Where a treatment's forecast is known to be wrong, in words: rows of `data/misses.csv`, found in `validation/trials`.

    >>> sorted(misses())[0]
    'dutasteride'
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows():
        found[row["treatment"]] = (*found.get(row["treatment"], ()), row["said"])
    return found


def too_high(plan: Plan, week: float) -> bool:
    """Whether the forecast of a plan is known to be too high at a week: moved hair takes months to grow (`data/misses.csv`).

    >>> plan = Plan.parse("transplant at week 10")
    >>> [too_high(plan, week) for week in (0, 13, 52)]
    [False, True, False]
    """
    until = {row["treatment"]: float(row["weeks_too_high"]) for row in _rows() if row["weeks_too_high"]}
    return any(step.first_week < week < step.first_week + until.get(step.name, 0.0) for step in plan.steps)


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files("anagen") / "data" / "misses.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@functools.cache
def tried_together(names: frozenset[str]) -> bool:
    """Whether some arm that was read had all of these treatments at once.

    >>> tried_together(frozenset({"microneedling", "prp"})), tried_together(frozenset({"svf", "dutasteride"}))
    (True, False)
    """
    from anagen.synthesis import given

    return any(names <= given(arm) for arm in arms())


def fits(person: Person, name: str) -> bool:
    """Whether a treatment may be offered to this person's sex."""
    return person.sex in TREATMENTS[name].sexes
