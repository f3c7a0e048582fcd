"""What each option asks of a person, and whether it can be undone: `data/effort.csv`. Visits are counted from the plan."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from anagen.ground.errors import BadEvidence
from anagen.plan import Plan
from anagen.treatments import TREATMENTS

MARKS = ("read", "assumed", "given")


@dataclass(frozen=True)
class Effort:
    """One option: its daily `routine`, its `needles`, what is `taken` from the body, what it means to `undo` it; `none` where nothing.

    `mark`: read in `source`, assumed (no source was read), or given by what the option is.
    """

    option: str
    routine: str
    needles: str
    taken: str
    undo: str
    mark: str
    source: str


def effort(plan: Plan) -> tuple[Effort, ...]:
    """What each option of a plan asks, in the plan's order; of a plan of nothing, what nothing asks.

    >>> [one.needles for one in effort(Plan.parse("finasteride"))], effort(Plan())[0].option
    (['none'], 'nothing')
    """
    return tuple(efforts()[name] for name in dict.fromkeys(plan.names or ("nothing",)))


@cache
def efforts() -> dict[str, Effort]:
    """Every option, by its name."""
    return parsed((files("anagen") / "data" / "effort.csv").read_text(encoding="utf-8").splitlines())


def parsed(lines: Iterable[str]) -> dict[str, Effort]:
    """The rows of the table. Raises `BadEvidence` naming the line for an unknown or repeated option, an empty cell or an unknown mark."""
    reader, found = csv.DictReader(lines), dict[str, Effort]()
    names = [field.name for field in fields(Effort)]
    for cells in reader:
        where = f"effort.csv line {reader.line_num}"
        if list(cells) != names or not all(cells[name] for name in names):
            raise BadEvidence(f"{where}: every row has {', '.join(names)}, none of them empty")
        one = Effort(**cells)
        if one.option not in TREATMENTS or one.option in found:
            raise BadEvidence(f"{where}: {one.option!r} is no option, or stands twice")
        if one.mark not in MARKS:
            raise BadEvidence(f"{where}: mark is {one.mark!r}; allowed: {', '.join(MARKS)}")
        found[one.option] = one
    if missing := [name for name in TREATMENTS if name not in found]:
        raise BadEvidence(f"effort.csv: {missing[0]} is missing")
    return found


__all__ = ["Effort", "effort", "efforts", "parsed"]
