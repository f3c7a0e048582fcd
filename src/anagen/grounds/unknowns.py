"""Which unknowns a forecast reads, and what each is called in plain words."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.ground.errors import UnknownName
from anagen.ground.rows import Row
from anagen.people.person import Person
from anagen.treatments import Transplant, Treatment, Use
from anagen.treatments.sessions import Sessions

UNSEEN = ("growth_mm_per_day",)
"""Rows of a cycle that no output of a forecast reads: how fast hair grows in length changes no count and no width."""
USED_WEEKS, FOLLOWED_WEEKS = 20, 30
"""How long a treatment is used, and followed, to see on which rows it hangs: long enough for what comes after stopping."""
ROUNDING = 1e-9
"""Numbers that differ by no more are the same: what cancels leaves the error of a few operations."""
MARKS = {
    "calibrated": "fitted to the trials",
    "read": "read in a source",
    "fitted": "a rough first fit",
    "assumed": "assumed",
}
"""What each mark of a row means."""


def of_treatment(kind: Treatment, belief: Belief) -> tuple[Row, ...]:
    """The rows on which a treatment at its dose hangs, in the order of the belief: what it does changes as one of them is moved.

    At the dose at which an effect is stated, the curve of doses says nothing, so its rows are not among them.

    >>> from anagen.treatments import treatment
    >>> [row.name for row in of_treatment(treatment("transplant_fue"), Belief.prior(n=1))]
    ['hairs_per_graft', 'survival_fue', 'shock', 'graft_below']
    """
    own = [row for row in belief.rows if row.of == kind.subject]
    values = {row.name: row.value for row in own}
    usual = _told(kind, values)
    moved = ((row, _told(kind, values | {row.name: _moved(row)})) for row in own if row.high > row.low)
    hangs = {(row.of, row.name) for row, found in moved if not np.allclose(found, usual, rtol=ROUNDING, atol=0.0)}
    hangs |= {("person", "graft_below")} if isinstance(kind, Transplant) else {("between", "response_sd")}
    return tuple(row for row in belief.rows if (row.of, row.name) in hangs)


def _moved(row: Row) -> float:
    """Another value of a row, within its range."""
    return row.high if row.high != row.value else row.low


def _told(kind: Treatment, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """All that a treatment does, used for a while and then stopped: its tempo, or what it moves, as one row of numbers."""
    if isinstance(kind, Transplant):
        return np.array(list(vars(kind.transfer(100.0, 100.0, values, Use())).values()), dtype=float)
    use = Use() if isinstance(kind, Sessions) and type(kind).over_time is Sessions.over_time else Use(stop_week=USED_WEEKS)
    return np.concatenate([row.astype(float).ravel() for row in kind.tempo(FOLLOWED_WEEKS, values, use).rows().values()])


def of_course(person: Person, belief: Belief) -> tuple[Row, ...]:
    """The rows that the untreated course of a person reads: the follicle, how people differ, and how what is known was read.

    >>> me = Person(sex="female", age_years=40, condition="pattern hair loss", scale="ludwig", stage="1")
    >>> [f"{row.of}.{row.name}" for row in of_course(me, Belief.prior(n=1))][-3:]
    ['person.stage_blur', 'person.visible_gain', 'between.progression_sd']
    """
    group = f"group_{person.hair_group}" if person.hair_group else ""
    own = {row.name for row in belief.rows if group and row.of == group}
    wanted = {("between", "progression_sd"), ("reading", "terminal_um")}
    wanted |= {("person", name) for name in ("puberty_years", "visible_gain", "stage_blur")}
    if person.measured:
        wanted |= {("reading", "repeat_cv")}
        wanted |= {("person", "calibre_error_um")} if any(one.calibre_um is not None for one in person.measured) else set()
    if person.years_since_onset is not None:
        wanted |= {("person", "noticed_share"), ("person", "recall_sd_years")}
    follicle = ("scalp", "man" if person.sex == "male" else "woman", group)
    return tuple(
        row
        for row in belief.rows
        if (row.of in follicle and row.name not in UNSEEN and not (row.of == "scalp" and row.name in own)) or (row.of, row.name) in wanted
    )


@cache
def _words() -> dict[tuple[str, str], str]:
    text = (files("anagen") / "data" / "row_words.csv").read_text(encoding="utf-8")
    return {(line["of"], line["name"]): line["said"] for line in csv.DictReader(io.StringIO(text))}


def said(row: Row) -> str:
    """What a row is, in plain words: a line of `data/row_words.csv`, of its subject or of any. Raises `UnknownName` without one.

    >>> from anagen.ground.rows import rows
    >>> said(rows("man")["shrink"])
    'chance that a follicle shrinks a step as its hair begins anew, in men'
    """
    words = _words()
    found = words.get((row.of, row.name)) or words.get(("", row.name))
    if found is None:
        raise UnknownName("row with words in row_words.csv", f"{row.of}.{row.name}", {f"{of}.{name}" for of, name in words})
    return found


__all__ = ["MARKS", "of_course", "of_treatment", "said"]
