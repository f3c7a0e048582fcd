"""Tables of facts below `data/`: one reader for all of them, that says which line is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from importlib.resources import files
from typing import TypeVar

from anagen.ground.errors import BadEvidence

T = TypeVar("T")


def table(file: str, make: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """Every row of any table below `data/`, made from its cells. Raises `BadEvidence` naming the line of which `make` can make nothing.

    >>> table("regions.csv", lambda cells: cells["region"])[0]
    'frontal'
    """
    text, made = (files("anagen") / "data" / file).read_text(encoding="utf-8"), []
    for cells in (reader := csv.DictReader(io.StringIO(text), strict=True)):
        try:
            made.append(make(cells))
        except (TypeError, ValueError, KeyError) as error:
            raise BadEvidence(f"{file} line {reader.line_num}: {error}") from error
    return tuple(made)
