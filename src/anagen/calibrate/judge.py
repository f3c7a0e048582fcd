"""New studies put to the test: each outcome row is predicted before its value is looked at, then the predictions are scored.

Predictors see blind facts: the plan, people, visit, spread and the levels before treatment, with every number after it taken out
of the tables first. Only then are the numbers looked at. The same facts go to the calibrated model and to both plain baselines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from pathlib import Path

from anagen.calibrate.baselines import Pooled, TimeCourse, Units
from anagen.calibrate.facts import Fact, Facts, Left, facts_of, rows_as_facts
from anagen.calibrate.folder import Folder, read
from anagen.calibrate.scores import (
    SIGNIFICANT,
    Difference,
    Prediction,
    SaidScores,
    Scores,
    by_treatment,
    difference,
    said_scores,
    scores,
)
from anagen.evidence.rows import Outcome, Study
from anagen.ground.errors import BadFile, MissingExtra

Predictor = Callable[[Facts], Sequence[Prediction]]
MODEL = "mechanistic"
"""The name of the calibrated model among the predictors."""
SEEN = "the belief was fitted to this trial: it is no test"


@dataclass(frozen=True)
class Line:
    """One outcome row after treatment. `place`: of its prediction, or None with `why` not; `counted`: whether it is scored.

    `why` also says, of a row that is predicted and not scored, why that is so.
    """

    row: str
    study: str
    arm: str
    outcome: str
    week: float | None
    place: int | None
    counted: bool
    why: str = ""


@dataclass(frozen=True)
class Judgement:
    """Every row with its predictions, and how good they were.

    `predictions`: by predictor, each of the same facts in one order; `unit`: for each, one percent of the level before treatment
    in its own unit; `level`: that level, for a fact that is one, else 0. `scores`, `treatments` and `statements` are by predictor,
    empty where there is nothing to score; `differences`: the calibrated model less each baseline.
    """

    lines: tuple[Line, ...]
    predictions: Mapping[str, tuple[Prediction, ...]]
    unit: tuple[float, ...]
    level: tuple[float, ...]
    scores: Mapping[str, Scores]
    differences: Mapping[str, Difference]
    treatments: Mapping[str, Mapping[str, Scores]]
    statements: Mapping[str, SaidScores]
    warnings: tuple[str, ...]

    @property
    def name(self) -> str:
        """Whose predictions are `main`: the calibrated model's, or the first predictor's where it is not among them."""
        return _first(self.predictions)

    @property
    def main(self) -> tuple[Prediction, ...]:
        """The predictions that are shown row by row, and that the others are held against."""
        return self.predictions[self.name]


def predictors(seed: int = 0) -> dict[str, Predictor]:
    """The calibrated model of the shipped belief, and both baselines fitted to the shipped facts.

    Raises `MissingExtra` without JAX.
    """
    try:
        from anagen.calibrate.predict import predict, shipped_rows
    except ImportError as error:
        raise MissingExtra(error.name or "jax", "calibrate") from None
    known = shipped_facts()
    return {
        MODEL: lambda facts: predict(facts, shipped_rows(), seed),
        "pooled": lambda facts: Pooled.fit(known, seed).predict(facts),
        "time_course": lambda facts: TimeCourse.fit(known, seed).predict(facts),
    }


def shipped_facts() -> Facts:
    """The facts that the shipped belief was fitted to."""
    from anagen.evidence import arms, outcomes, studies

    return facts_of(studies(), arms(), outcomes())


def judge(
    directory: str | Path,
    chosen: Mapping[str, Predictor] | None = None,
    seed: int = 0,
    told: Callable[[str], None] | None = None,
) -> Judgement:
    """Predict and score every outcome row of a folder of new studies. chosen: other predictors by name; told: is told what is done now.

    Raises `BadFile` where there is no such folder, no study in it, or no row that can be predicted; `MissingExtra` without JAX.
    """
    say = told or (lambda what: None)
    say("Reading the studies")
    folder, known = read(directory), shipped_facts()
    folder = _unknown(folder, known)
    hidden = blind(folder)
    if not hidden.facts:
        first = next(iter((*hidden.left, *folder.left)), None)
        reason = f"; of {first.row or 'the first'}: {first.why}" if first else ""
        raise BadFile(str(directory), f"no outcome row of it can be predicted{reason}")
    asked: dict[str, tuple[Prediction, ...]] = {}
    for name, predict in (predictors(seed) if chosen is None else chosen).items():
        say(f"Predicting {len(hidden.facts)} rows of {len(hidden.names)} trials: {name.replace('_', ' ')}")
        asked[name] = tuple(predict(hidden))
    say("Scoring")
    return _scored(folder, hidden, asked, known, seed)


def blind(folder: Folder) -> Facts:
    """The facts of a folder, a row each, without any number or statement after treatment began: values are NaN, nothing is said."""
    covered = [row if before(row) or row.mean is None else row.model_copy(update={"mean": nan}) for row in folder.usable]
    facts = rows_as_facts(folder.studies, folder.arms, covered)
    return replace(facts, facts=tuple(replace(fact, value=nan, said="", se=_sound(fact.se)) for fact in facts.facts))


def before(row: Outcome) -> bool:
    """Whether a row is a level before treatment: what may be known beforehand."""
    return row.value_kind == "absolute" and row.time_weeks == 0 and row.time_origin != "last_treatment"


def _sound(se: float | None) -> float | None:
    """A standard error that can be one, and that does not come from the number itself."""
    return se if se is not None and isfinite(se) and se > 0 else None


def _unknown(folder: Folder, known: Facts) -> Folder:
    """The same folder, with the rows of trials that the belief has seen left out."""
    names = {study.study_id for study in known.studies} | set(known.names)
    marks = {mark for study in known.studies for mark in _marks(study)}
    seen = {
        study.study_id
        for study in folder.studies
        if study.study_id in names or study.same_trial_as in names or any(mark in marks for mark in _marks(study))
    }
    left = [Left(row.row_id, row.study_id, SEEN) for row in folder.usable if row.study_id in seen]
    return replace(folder, left=(*folder.left, *left))


def _marks(study: Study) -> list[tuple[str, str]]:
    """What tells a publication from every other."""
    return [(name, value.lower()) for name in ("doi", "pmid") if (value := getattr(study, name))]


def _scored(folder: Folder, hidden: Facts, asked: dict[str, tuple[Prediction, ...]], known: Facts, seed: int) -> Judgement:
    facts = [_said(fact) for fact in rows_as_facts(folder.studies, folder.arms, folder.usable).facts]
    names = [fact.rows for fact in facts]
    for name, made in asked.items():
        if [one.rows for one in made] != names or [fact.rows for fact in hidden.facts] != names:
            raise RuntimeError(f"{name} did not predict the facts that were asked for")
    found = {name: tuple(one.seen(fact) for one, fact in zip(made, facts, strict=True)) for name, made in asked.items()}
    own, units = {(one.study, one.output): one.value for one in hidden.baselines}, Units.of(known)
    unit = tuple(units.unit(fact, own) / 100 for fact in facts)
    lines = _lines(folder, hidden, facts)
    counted = [line.place for line in lines if line.counted and line.place is not None]
    numbers = [place for place in counted if not facts[place].said]
    spoken = [place for place in counted if facts[place].said]
    own_unit = [unit[place] for place in numbers]
    chosen = {name: [made[place] for place in numbers] for name, made in found.items()} if numbers else {}
    first = _first(found)
    return Judgement(
        lines,
        found,
        unit,
        tuple(units.level(fact, own)[0] for fact in facts),
        {name: scores(made, own_unit, seed) for name, made in chosen.items()},
        {name: difference(chosen[first], made, own_unit, seed) for name, made in chosen.items() if name != first},
        {name: by_treatment(made, own_unit, seed) for name, made in chosen.items()},
        {name: said_scores([made[place] for place in spoken], seed) for name, made in found.items()} if spoken else {},
        folder.warnings,
    )


def _first(names: Mapping[str, object]) -> str:
    return MODEL if MODEL in names else next(iter(names))


def _said(fact: Fact) -> Fact:
    """A fact with an exact p as what it says: significant or not."""
    return replace(fact, said="significant" if fact.value >= SIGNIFICANT else "not_significant") if fact.said == "z" else fact


def _lines(folder: Folder, hidden: Facts, facts: Sequence[Fact]) -> tuple[Line, ...]:
    """Every row after treatment, those that could not be read at the end."""
    place = {fact.rows[-1]: index for index, fact in enumerate(facts)}
    why = {one.row: one.why for one in (*folder.left, *hidden.left)}
    found = []
    for row in folder.outcomes:
        if before(row):
            continue
        where = place.get(row.row_id)
        reason = why.get(row.row_id, "no fact can be made of it") if where is None else _uncounted(row, facts[where])
        week = row.time_weeks if where is None else facts[where].week
        found.append(Line(row.row_id, row.study_id, row.arm_id, row.outcome, week, where, where is not None and not reason, reason))
    told = {row.row_id for row in folder.outcomes}
    return (*found, *(Line(one.row, one.study, "", "", None, None, False, one.why) for one in folder.left if one.row not in told))


def _uncounted(row: Outcome, fact: Fact) -> str:
    """Why a predicted row is not scored; empty if it is."""
    if fact.said:
        return ""
    if row.duplicate_of or row.use_reason == "duplicate":
        return "the same fact as another row"
    return "" if row.use else f"not fit for synthesis ({row.use_reason or 'use = no'})"


__all__ = ["MODEL", "Judgement", "Line", "Predictor", "before", "blind", "judge", "predictors", "shipped_facts"]
