"""The tables of who should not, and of who was in the trials. Each is read once; `BadEvidence` names the line that breaks a rule.

`mark` of a row: `read` (its words are quoted), `noted` (the source was read, its words were not kept), `assumed`, and
`no source read`: nobody's word but ours that a doctor should be asked, so it never says more than `ask first`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from anagen.ground.tables import table
from anagen.people.signs import URGENCIES
from anagen.treatments import TREATMENTS

DO_NOT, ASK_FIRST, NOT_STUDIED, STUDIED = "do not", "ask first", "not studied in people like you", "studied in people like you"
PRECEDENCE = (DO_NOT, ASK_FIRST, NOT_STUDIED, STUDIED)
"""The verdicts, the strictest first. An option has the strictest of its reasons; no reason makes it milder."""
KNOWN_FROM = ("always", "field", "word", "treatment", "sign")
MARKS = ("read", "noted", "assumed", "no source read")


@dataclass(frozen=True)
class Fact:
    """Something that holds for a person: what it `says`, where it is `known_from`, the facts it `sets` as well, whether it `stops`
    the numbers, whom to `ask`, and how urgently ("": no haste)."""

    fact: str
    says: str
    known_from: str
    sets: tuple[str, ...]
    stops: bool
    ask: str
    urgency: str


@dataclass(frozen=True)
class Caution:
    """One rule: whoever has the `fact` has this `verdict` on these `options`, for this `reason`."""

    rule_id: str
    fact: str
    options: tuple[str, ...]
    verdict: str
    reason: str
    mark: str
    source: str
    source_url: str
    quote: str


@dataclass(frozen=True)
class Who:
    """Who of one sex was in one trial, where it says so: stages of one scale, ages, the BMI below which, and for how many weeks
    other hair treatments had to be stopped (`*`: any). An age or limit that is not told is None. `words` are those of the source."""

    study_id: str
    sex: str
    scale: str
    stages: tuple[str, ...]
    youngest_years: float | None
    oldest_years: float | None
    bmi_below: float | None
    washout_weeks: dict[str, float]
    mark: str
    words: str
    source_url: str


@dataclass(frozen=True)
class Limit:
    """One number that makes a fact: `field` of a person `is` (`below`, `at least`) a `value`."""

    fact: str
    field: str
    is_: str
    value: float
    unit: str
    mark: str
    source: str

    def holds(self, number: float) -> bool:
        """Whether a number lies on the side of the limit that makes the fact."""
        return number < self.value if self.is_ == "below" else number >= self.value


@dataclass(frozen=True)
class Question:
    """What a person's file may tell and does not: the field, the question, and what is taken instead."""

    field: str
    sex: str
    question: str
    if_left_out: str


@functools.cache
def facts() -> dict[str, Fact]:
    """Every fact by its name.

    >>> facts()["pericarditis"].sets
    ('heart_disease',)
    """
    return {one.fact: one for one in table("suitability/facts.csv", _fact)}


@functools.cache
def words() -> dict[str, str]:
    """The words of `conditions` and `medicines` that are known, and the fact each means.

    >>> words()["warfarin"]
    'anticoagulant'
    """
    return dict(table("suitability/words.csv", lambda cells: (cells["word"], _of(cells["fact"], facts()))))


@functools.cache
def groups() -> dict[str, tuple[str, ...]]:
    """The options that a group of `cautions.csv` stands for."""
    return dict(
        table("suitability/groups.csv", lambda cells: (cells["group"], tuple(_of(name, TREATMENTS) for name in _list(cells["options"]))))
    )


@functools.cache
def cautions() -> tuple[Caution, ...]:
    """Every rule, in file order.

    >>> [(rule.verdict, rule.mark) for rule in cautions() if rule.fact == "photosensitising"]
    [('ask first', 'no source read')]
    """
    return table("suitability/cautions.csv", _caution)


@functools.cache
def who() -> dict[tuple[str, str], Who]:
    """Who was in a trial, by trial and sex.

    >>> who()["kuka_2020", "male"].stages
    ('3', '3a', '3v', '4', '4a')
    """
    return {(one.study_id, one.sex): one for one in table("suitability/who.csv", _who)}


@functools.cache
def limits() -> tuple[Limit, ...]:
    """Every number that makes a fact."""
    return table("suitability/limits.csv", _limit)


@functools.cache
def questions() -> tuple[Question, ...]:
    """What else a person's file may tell."""
    return table("suitability/questions.csv", lambda cells: Question(**cells))


def _group(cells: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    return cells["group"], tuple(_of(name, TREATMENTS) for name in _list(cells["options"]))


def _of(value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


def _fact(cells: dict[str, str]) -> Fact:
    _of(cells["known_from"], KNOWN_FROM)
    _of(cells["urgency"], ("", *URGENCIES))
    if not cells["says"] or not cells["ask"]:
        raise ValueError("a fact needs what it says and whom to ask")
    return Fact(**{**cells, "sets": _list(cells["sets"]), "stops": cells["stops"] == "yes"})  # type: ignore[arg-type]


def _caution(cells: dict[str, str]) -> Caution:
    _of(cells["fact"], facts())
    _of(cells["verdict"], (DO_NOT, ASK_FIRST, NOT_STUDIED))
    mark = _of(cells["mark"], MARKS)
    options = [name for part in _list(cells["options"]) for name in groups().get(part, (part,))]
    for name in options:
        _of(name, TREATMENTS)
    if len(set(options)) < len(options) or not options or not cells["reason"] or not cells["source"]:
        raise ValueError("a rule needs options, each once, a reason and a source")
    if (mark == "read") != bool(cells["quote"]) or (mark in ("read", "noted")) != cells["source_url"].startswith("http"):
        raise ValueError(f"a rule marked {mark!r} needs its quote and address to fit")
    if mark == "no source read" and cells["verdict"] != ASK_FIRST:
        raise ValueError(f"a rule without a source says {ASK_FIRST!r} and no more")
    return Caution(**{**cells, "options": tuple(options)})  # type: ignore[arg-type]


def _who(cells: dict[str, str]) -> Who:
    _of(cells["sex"], ("male", "female"))
    numbers = {name: float(cells[name]) if cells[name] else None for name in ("youngest_years", "oldest_years", "bmi_below")}
    stopped = {name: float(weeks) for name, weeks in (part.split(":") for part in _list(cells["washout_weeks"]))}
    for name in stopped:
        _of(name, ("*", *TREATMENTS))
    return Who(**{**cells, **numbers, "stages": _list(cells["stages"]), "washout_weeks": stopped})  # type: ignore[arg-type]


def _limit(cells: dict[str, str]) -> Limit:
    _of(cells["fact"], facts())
    _of(cells["is"], ("below", "at least"))
    kept = {name: cells[name] for name in ("fact", "field", "unit", "mark", "source")}
    return Limit(is_=cells["is"], value=float(cells["value"]), **kept)
