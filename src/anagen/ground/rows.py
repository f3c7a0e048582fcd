"""Assumptions are data: every parameter is a row with its value, spread, unit, mark and source.

`data/priors.csv` holds the starting values of the scalp and its treatments, `data/therapy.csv` those of the therapy. A row's
`low` and `high` bound its central 95 %; `spread` says on which scale it varies: `fixed`, `normal`, `lognormal` or `logit`.
`mark`: `read` in the source, `fitted` in a first rough fit, `assumed`; a belief also has `calibrated`: fitted to all trials, from
that prior.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from anagen.ground.arrays import library
from anagen.ground.errors import BadEvidence, UnknownName

MARKS = ("read", "fitted", "assumed")
_SCALES: dict[str, tuple[Callable[[float], float], Callable[[Any], Any]]] = {
    "normal": (float, lambda x: x),
    "lognormal": (math.log, lambda x: library(x).exp(x)),
    "logit": (lambda p: math.log(p / (1 - p)), lambda x: 1 / (1 + library(x).exp(-x))),
}


@dataclass(frozen=True)
class Row:
    """One unknown: `value` is its median, `low` to `high` its central 95 %, `source` the evidence rows or the reason."""

    of: str
    name: str
    value: float
    low: float
    high: float
    spread: str
    unit: str
    mark: str
    source: str
    who: str
    notes: str

    def at(self, normal: Any) -> Any:
        """The value at standard normal score(s), any shape: score 0 is the median, +-1.96 about `low` and `high`."""
        if self.spread == "fixed":
            return np.full(np.shape(normal), self.value)
        middle, unit = self.line()
        return _SCALES[self.spread][1](middle + unit * library(normal).asarray(normal))

    def line(self) -> tuple[float, float]:
        """The median and the length of one score, on the scale of `spread`. A fixed row has none (`KeyError`)."""
        to, _ = _SCALES[self.spread]
        return to(self.value), (to(self.high) - to(self.low)) / (2 * 1.959964)

    def onto(self, value: float) -> float:
        """A value on the scale of `spread`: itself, its logarithm or its log odds. A fixed row has none (`KeyError`)."""
        return _SCALES[self.spread][0](value)

    def back(self, scaled: Any) -> Any:
        """The value(s) of what lies on the scale of `spread`, any shape. A fixed row has none (`KeyError`)."""
        return _SCALES[self.spread][1](scaled)


@functools.cache
def read_rows(file: str) -> tuple[Row, ...]:
    """Every row of a file of `data/`, in file order. Raises `BadEvidence` naming the line and the rule that it breaks.

    >>> read_rows("priors.csv") == priors()
    True
    """
    return parse_rows((files("anagen") / "data" / file).read_text(encoding="utf-8"), file)


def parse_rows(text: str, file: str) -> tuple[Row, ...]:
    """The rows in a text of comma-separated cells with the columns of `Row`; `file` names it in errors (`BadEvidence`)."""
    rows: list[Row] = []
    seen: set[tuple[str, str]] = set()
    for cells in (reader := csv.DictReader(io.StringIO(text))):
        where = f"{file} line {reader.line_num}"
        try:
            row = Row(**{**cells, **{name: float(cells[name]) for name in ("value", "low", "high")}})  # type: ignore[arg-type]
        except (TypeError, ValueError, KeyError):
            raise BadEvidence(f"{where}: needs the columns of a row, with numbers for value, low and high") from None
        if row.mark not in MARKS or row.spread not in ("fixed", *_SCALES) or not row.source or not row.unit:
            raise BadEvidence(f"{where}: {row.of}.{row.name} needs a known mark and spread, a unit and a source")
        if not row.low <= row.value <= row.high:
            raise BadEvidence(f"{where}: {row.of}.{row.name} lies outside its own low to high")
        if (row.of, row.name) in seen:
            raise BadEvidence(f"{where}: {row.of}.{row.name} stands there twice")
        seen.add((row.of, row.name))
        rows.append(row)
    return tuple(rows)


def priors() -> tuple[Row, ...]:
    """Every row of `data/priors.csv`, in file order."""
    return read_rows("priors.csv")


@functools.cache
def priors_hash() -> str:
    """The SHA-256 of `priors.csv`: which stated priors a belief was made from.

    >>> len(priors_hash())
    64
    """
    return hashlib.sha256((files("anagen") / "data" / "priors.csv").read_bytes()).hexdigest()


def rows(of: str) -> dict[str, Row]:
    """The rows of one subject (`scalp`, `finasteride`, ...) by name. Raises `UnknownName` for a subject without rows."""
    found = {row.name: row for row in priors() if row.of == of}
    if not found:
        raise UnknownName("subject with rows in priors.csv", of, {row.of for row in priors()})
    return found


def medians(of: str) -> dict[str, float]:
    """The median of each row of one subject.

    >>> medians("scalp")["telogen_mean_weeks"]
    15.7
    """
    return {name: row.value for name, row in rows(of).items()}
