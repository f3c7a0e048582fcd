"""The tables of harm: serious reports, the words of each event, what informs which step, how long harm was looked for, and the rules.

Each is read once and held to its own rules; `BadEvidence` names the line that breaks one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from anagen.ground.tables import table
from anagen.suitability import NEITHER
from anagen.treatments import TREATMENTS

PARTS = ("pain", "swelling", "infection", "bleeding or bruising", "scarring", "allergy")
"""What the total chance is of: at least one of these."""
KINDS = ("single", "whole", "part", "graded", "stop")
"""single: one harm; whole: holds others; part: stands within another; graded: how bad, not what; stop: left the treatment."""
STEPS = ("harvest", "surgery", "injection", "product", "drug", "unknown")
"""When it happened, in this order. unknown: the source does not say at which step."""
WHOSE = ("own", "together", "other product", "other procedure", "none")
"""Whose count it is: of this treatment; of it with another; of another product; of another procedure in other patients; nobody's."""
EACH = ("session", "once", "course")
ALL_CELLS = "*cells"


@dataclass(frozen=True)
class Word:
    """What an event is called in plain words, its `kind`, and of which of `PARTS` it is a count ("" of none; lowest rank is used)."""

    event: str
    plain: str
    kind: str
    part: str
    rank: int

    @property
    def short(self) -> str:
        """The plain words without what stands in brackets."""
        return self.plain.split(" (")[0]


@dataclass(frozen=True)
class Source:
    """One count that informs a step of an option: `of` is an intervention of the tables or study/arm; "" where none was read.

    `each`: how often the step happens: each session, once, or over the whole course.
    """

    option: str
    step: str
    of: str
    whose: str
    rank: int
    each: str
    says: str
    source: str


@dataclass(frozen=True)
class Serious:
    """One report, or collection of reports, of serious harm. `rate` is unknown unless it says otherwise; "" in `year`: no date was read.

    into_skin: the options whose own product was put into skin.
    """

    harm_id: str
    year: str
    years_of_cases: str
    options: tuple[str, ...]
    steps: tuple[str, ...]
    into_skin: tuple[str, ...]
    what: str
    product: str
    route: str
    lesson: str
    rate: str
    rows: tuple[str, ...]
    citation: str
    source_url: str
    quote: str
    quote_mark: str
    source: str

    def group(self, option: str) -> str:
        """What the report is of, for an option: "skin", "harvest" or "other" (see `report_groups`)."""
        if option in self.into_skin:
            return "skin"
        return "harvest" if self.steps == ("harvest",) else "other"

    @property
    def counted(self) -> tuple[int, int] | None:
        """So many of so many, where the report has a rate.

        >>> next(one for one in serious() if one.harm_id == "h16").counted
        (95, 496245)
        """
        found = re.match(r"([\d,]+) of ([\d,]+) ", self.rate)
        return (int(found[1].replace(",", "")), int(found[2].replace(",", ""))) if found else None


@dataclass(frozen=True)
class LongTerm:
    """For how long harm was counted, in weeks (None: no row says so), with the rows and one sentence."""

    option: str
    weeks: float | None
    rows: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Rule:
    """One number that risks are computed by: its mark says whether it was read or assumed."""

    rule: str
    value: float
    unit: str
    mark: str
    source: str
    says: str


@cache
def words() -> dict[str, Word]:
    """Every event of the tables by its name.

    >>> words()["haematoma"].plain, words()["haematoma"].part
    ('blood that collects under the skin', 'bleeding or bruising')
    """
    return {one.event: one for one in table("harms/words.csv", _word)}


@cache
def sources() -> tuple[Source, ...]:
    """What informs which step of which option.

    >>> [one.of for one in sources() if (one.option, one.step) == ("svf", "harvest")]
    ['liposuction_tumescent', 'liposuction']
    """
    return table("harms/steps.csv", _source)


@cache
def serious() -> tuple[Serious, ...]:
    """Every report of serious harm.

    >>> len(serious()), serious()[0].rate
    (20, 'unknown')
    """
    return table("serious_harms.csv", _serious)


@cache
def long_term() -> dict[str, LongTerm]:
    """For how long harm was counted, by option."""
    return {one.option: one for one in table("harms/long_term.csv", _long)}


@cache
def rules() -> dict[str, Rule]:
    """The rules by name.

    >>> rules()["correlation"].value, rules()["correlation"].mark
    (0.3, 'assumed')
    """
    return {one.rule: one for one in table("harms/rules.csv", _rule)}


@cache
def looked_for() -> dict[str, tuple[str, ...]]:
    """Which of the six harms may come of each step: what a total counts, and names where nobody counted it.

    >>> looked_for()["drug"]
    ('swelling', 'allergy')
    """
    found: dict[str, tuple[str, ...]] = {}
    for step, part in table("harms/looked_for.csv", lambda cells: (_of(cells["step"], STEPS), _of(cells["part"], PARTS))):
        found[step] = (*found.get(step, ()), part)
    return found


@cache
def report_groups() -> dict[str, str]:
    """What a serious report may be of, in plain words, in the order of telling.

    >>> list(report_groups())
    ['skin', 'harvest', 'other']
    """
    return dict(table("harms/reports.csv", lambda cells: (cells["group"], cells["called"])))


def serious_of(option: str) -> tuple[Serious, ...]:
    """The reports that touch an option, dated ones first, newest first."""
    cells = TREATMENTS[option].evidence_class in ("cell", "cell_free")
    found = [one for one in serious() if option in one.options or (cells and ALL_CELLS in one.options)]
    return tuple(sorted(found, key=lambda one: -int(one.year or 0)))


def _of(value: str, known: Iterable[str], empty: bool = False) -> str:
    if value not in known and not (empty and not value):
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


def _word(cells: dict[str, str]) -> Word:
    part = _of(cells["part"], PARTS, empty=True)
    return Word(cells["event"], cells["plain"], _of(cells["kind"], KINDS), part, int(cells["rank"] or 0))


def _options() -> tuple[str, ...]:
    return tuple(name for name in TREATMENTS if name not in NEITHER)


def _source(cells: dict[str, str]) -> Source:
    for column, known in (("option", _options()), ("step", STEPS), ("whose", WHOSE), ("each", EACH)):
        _of(cells[column], known)
    return Source(**{**cells, "rank": int(cells["rank"] or 0)})  # type: ignore[arg-type]


def _serious(cells: dict[str, str]) -> Serious:
    lists = {column: _list(cells[column]) for column in ("options", "steps", "into_skin", "rows")}
    for option in lists["options"]:
        _of(option, (*_options(), ALL_CELLS))
    for option in lists["into_skin"]:
        _of(option, lists["options"])
    for step in lists["steps"]:
        _of(step, STEPS)
    if not (
        cells["what"] and cells["rate"] and cells["source_url"].startswith("http") and cells["year"] in ("", str(int(cells["year"] or 0)))
    ):
        raise ValueError("a report needs what happened, a rate or 'unknown', an address, and a year or nothing")
    return Serious(**{**cells, **lists})  # type: ignore[arg-type]


def _long(cells: dict[str, str]) -> LongTerm:
    weeks = float(cells["weeks"]) if cells["weeks"] else None
    return LongTerm(_of(cells["option"], _options()), weeks, _list(cells["rows"]), cells["said"])


def _rule(cells: dict[str, str]) -> Rule:
    return Rule(**{**cells, "value": float(cells["value"]), "mark": _of(cells["mark"], ("read", "assumed"))})  # type: ignore[arg-type]
