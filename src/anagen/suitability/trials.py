"""Who was in the trials of an option, and whether this person was: sex, age, stage, weight, and what had to be stopped before.

A trial counts only if it had such a person in all of these at once. What a trial does not tell counts as not shown, but for the stage:
a trial that gives no grades is taken to have had mild to moderate loss, the stages that `data/stages.csv` marks as studied.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anagen.evidence.rows import Study
from anagen.evidence.tables import arms, studies
from anagen.people.person import PATTERN, Person
from anagen.scalp.regions import SCALES, stage_shares
from anagen.suitability.facts import Had, facts_of, had_before
from anagen.suitability.reach import SEXES, reach
from anagen.suitability.tables import NOT_STUDIED, STUDIED, Who, facts, who
from anagen.treatments import TREATMENTS
from anagen.treatments.vocabulary import meaning

WAITING = ("nothing", "wait")
STEPS = ("sex", "age", "stage", "weight", "other hair treatments")
"""What is compared, in this order."""
NOT_AMONG = ("pregnant", "breastfeeding")
"""Facts of people whom no trial is taken to have had; so are all facts that come from a sign."""


@dataclass(frozen=True)
class Trial:
    """One trial of an option beside one person: who was in it, as far as told, and which of `STEPS` the person `misses`."""

    study_id: str
    people: int | None
    sexes: tuple[str, ...]
    ages: str
    stages: str
    stages_told: bool
    washout: str
    misses: tuple[str, ...]

    @property
    def had_people_like_you(self) -> bool:
        """Whether this person fits in every respect."""
        return not self.misses


@dataclass(frozen=True)
class Match:
    """What all trials of an option say together: a verdict, one plain sentence, and the trials."""

    verdict: str
    says: str
    trials: tuple[Trial, ...]


@functools.cache
def longest_washout_weeks() -> float:
    """The longest wash-out that any trial asked for: a treatment that was stopped longer ago is not looked at.

    >>> longest_washout_weeks()
    52.0
    """
    return max(weeks for one in who().values() for weeks in one.washout_weeks.values())


@functools.cache
def trials_of(option: str) -> tuple[str, ...]:
    """The trials of an option in pattern hair loss, by study; for doing nothing and for waiting, those with an untreated or placebo arm.

    >>> trials_of("cell_extract")
    ('tak_2020',)
    """
    in_pattern = {study.study_id for study in studies() if study.condition in SEXES}
    if option in WAITING:
        given = [arm for arm in arms() if arm.role in ("placebo", "no_treatment")]
    else:
        given = [arm for arm in arms() if option in {part for part, _ in meaning(arm.intervention).parts}]
    return tuple(dict.fromkeys(arm.study_id for arm in given if arm.study_id in in_pattern))


def match(option: str, person: Person, told: Iterable[str] | None = None) -> Match:
    """Whether people like this person were in the trials of an option, and if not, in which respect first. `told`: the person's facts.

    >>> person = Person(sex="male", age_years=33, condition="aga", scale="norwood", stage="3v")
    >>> match("finasteride", person).verdict, match("adsc", person).verdict
    ('studied in people like you', 'not studied in people like you')
    """
    told = facts_of(person) if told is None else told
    if option == "join_trial":
        return Match(NOT_STUDIED, "Each trial chooses its own people.", ())
    if person.condition not in PATTERN:
        return Match(NOT_STUDIED, "What was read is about pattern hair loss.", ())
    before = tuple(one for one in had_before(person) if one.name != option and one.weeks_since < longest_washout_weeks())
    trials = tuple(_trial(study_id, option, person, before) for study_id in trials_of(option))
    if not trials:
        return Match(NOT_STUDIED, "No trial of it in pattern hair loss was read.", ())
    if other := [facts()[fact].says for fact in told if fact in NOT_AMONG or facts()[fact].known_from == "sign"]:
        return Match(NOT_STUDIED, f"{other[0]} No trial of it that was read shows people of whom that is true.", trials)
    fit = [trial for trial in trials if trial.had_people_like_you]
    if fit:
        return Match(STUDIED, _how_many(fit, trials), trials)
    return Match(NOT_STUDIED, _why_not(trials, person, before), trials)


def _how_many(fit: Sequence[Trial], trials: Sequence[Trial]) -> str:
    """How many trials and people; two reports of one trial are one."""
    same = {study.study_id: study.same_trial_as or study.study_id for study in studies()}
    people: dict[str, int] = {}
    for trial in fit:
        people[same[trial.study_id]] = max(people.get(same[trial.study_id], 0), trial.people or 0)
    whole = len({same[trial.study_id] for trial in trials})
    count = f"{len(people)} of {whole} {'trial' if whole == 1 else 'trials'} read had people of your sex, age and stage"
    known = sum(people.values())
    said = f"{count} ({known:,} people in all, those compared with among them)." if known else f"{count}."
    return said if any(trial.stages_told for trial in fit) else f"{said} Stages are not told: mild to moderate loss is assumed."


def who_was_in(trials: Sequence[Trial], sex: str) -> str:
    """Who was in the trials of an option, as far as they tell it to people of one sex: sexes, ages, stages, what had to be stopped."""
    if not trials:
        return "nobody: no trial in pattern hair loss was read"
    sexes = {one for trial in trials for one in trial.sexes}
    ages = [int(number) for trial in trials for number in re.findall(r"\d+", trial.ages)]
    rows = [who()[trial.study_id, sex] for trial in trials if (trial.study_id, sex) in who()]
    stages = tuple(dict.fromkeys(row.words for row in rows))
    stops = tuple(dict.fromkeys(trial.washout for trial in trials if trial.washout != "not told"))
    return "; ".join(
        (
            " and ".join({"male": "men", "female": "women"}[one] for one in ("male", "female") if one in sexes) or "sex not told",
            f"ages {min(ages)} to {max(ages)}" if ages else "ages not told",
            f"stages {', '.join(stages)}" if stages else "stages not told",
            f"stopped before: {', '.join(stops)}" if stops else "what had to be stopped before: not told",
        )
    )


def _trial(study_id: str, option: str, person: Person, before: Sequence[Had]) -> Trial:
    study = _study(study_id)
    sexes = () if study.condition == "aga" else tuple(sorted(SEXES[study.condition], reverse=True))  # "aga": the sex is not told
    told = who().get((study_id, person.sex))
    youngest, oldest, ages = _ages(study.age_range or "", option, told)
    missed = {
        "sex": person.sex not in sexes,
        "age": youngest is None or oldest is None or not youngest <= person.age_years <= oldest,
        "stage": not _stage_fits(person, told),
        "weight": told is not None and told.bmi_below is not None and person.bmi is not None and person.bmi >= told.bmi_below,
        "other hair treatments": not _allowed(study_id, option, before, told),
    }
    washout = "" if told is None else ", ".join(f"{_title(name)} for {weeks:g} weeks" for name, weeks in told.washout_weeks.items())
    misses = tuple(step for step in STEPS if missed[step])
    people, stages, graded = study.n_enrolled or study.n_analysed, study.severity or "not told", told is not None and bool(told.stages)
    return Trial(study_id, people, sexes, ages, stages, graded, washout or "not told", misses)


def _ages(text: str, option: str, told: Who | None) -> tuple[float | None, float | None, str]:
    """The youngest, the oldest, and how it is said. A trial that names no oldest has the oldest that any trial of the option names."""
    if found := re.search(r"(\d+)\s*-\s*(\d+)", text):
        return float(found[1]), float(found[2]), f"{found[1]} to {found[2]} years"
    if told is None or told.youngest_years is None:
        return None, None, "not told"
    oldest = told.oldest_years or reach("nothing" if option in WAITING else option).oldest_years
    return told.youngest_years, oldest, f"{told.youngest_years:g} and over"


def _stage_fits(person: Person, told: Who | None) -> bool:
    if any(share.studied == "hardly" for share in stage_shares(person.scale, person.stage).values()):
        return False
    return told is None or told.scale != person.scale or person.stage in told.stages


def _allowed(study_id: str, option: str, before: Sequence[Had], told: Who | None) -> bool:
    """Whether whoever had these treatments could be in: all stopped for as long as asked, or given together with it in an arm."""
    if not before:
        return True
    if told is not None and told.washout_weeks:
        return all(one.weeks_since >= _asked(told, one.name) for one in before)
    whole = {option} - set(WAITING) | {one.name for one in before}
    return any(whole <= had for had in _given(study_id))


@functools.cache
def _study(study_id: str) -> Study:
    return {study.study_id: study for study in studies()}[study_id]


@functools.cache
def _given(study_id: str) -> tuple[frozenset[str], ...]:
    """What each arm of a study had, all together."""
    from anagen.synthesis import given

    return tuple(given(arm) for arm in arms() if arm.study_id == study_id)


def _asked(told: Who, name: str) -> float:
    return told.washout_weeks.get(name, told.washout_weeks.get("*", 0.0))


def _why_not(trials: Sequence[Trial], person: Person, before: Sequence[Had]) -> str:
    """The first respect in which no trial is left, in one sentence."""
    left, lost = list(trials), ""
    for step in STEPS:
        kept = [trial for trial in left if step not in trial.misses]
        if not kept:
            lost = step
            break
        left = kept
    people = "men" if person.sex == "male" else "women"
    if lost == "sex":
        return f"No trial of it that was read shows that it had {people}."
    if lost == "age":
        ages = sorted({trial.ages for trial in left if trial.ages != "not told"})
        told = f"the ages told are {' and '.join(ages)}" if ages else "none tells the ages"
        return f"No trial of it that was read shows {people} of your age: {told}."
    if lost == "stage":
        return f"No trial of it with {people} of your age shows your stage, {SCALES[person.scale]} {person.stage.upper()}."
    if lost == "weight":
        return "The trial that had people of your age and stage took nobody of your weight."
    names = " and ".join(_title(one.name) for one in before)
    return f"No trial that was read shows it in people like you who use, or used within a year, {names}."


def _title(name: str) -> str:
    return "any hair treatment" if name == "*" else TREATMENTS[name].name.replace("_", " ")
