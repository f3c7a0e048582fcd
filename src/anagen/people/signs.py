"""The signs that need a diagnosis first: each a row of `data/suitability/signs.csv`, with the question in plain words."""

from __future__ import annotations

import csv
import functools
import io
from dataclasses import dataclass
from importlib.resources import files

from anagen.ground.errors import BadEvidence
from anagen.ground.text import nearest, short

URGENCIES = ("today", "within days", "soon")
"""How soon to be seen, the most urgent first."""


@dataclass(frozen=True)
class Sign:
    """One sign: its word in a person's file, the `question`, what to `think_of`, what to `do`, whom to `see` and how urgently.

    `sex` is that of the only people it is asked of ("": of all). `sets` are the facts that follow from it for each option.
    `urgency_mark` and `quote_mark`: `read`, `noted` (the source was read, its words were not kept) or `assumed`.
    """

    sign: str
    question: str
    think_of: str
    do: str
    see: str
    urgency: str
    urgency_mark: str
    sex: str
    sets: tuple[str, ...]
    source: str
    source_url: str
    quote: str
    quote_mark: str


@functools.cache
def signs() -> dict[str, Sign]:
    """Every sign by its word, in file order. Raises `BadEvidence` for a row that breaks a rule of the table.

    >>> signs()["round patches"].think_of
    'alopecia areata'
    """
    text = (files("anagen") / "data" / "suitability" / "signs.csv").read_text(encoding="utf-8")
    found: dict[str, Sign] = {}
    for cells in (reader := csv.DictReader(io.StringIO(text), strict=True)):
        row = Sign(**{**cells, "sets": tuple(filter(None, cells["sets"].split(";")))})  # type: ignore[arg-type]
        whole = all((row.sign, row.question, row.think_of, row.do, row.see, row.source_url))
        if not whole or row.urgency not in URGENCIES or row.sex not in ("", "male", "female") or row.sign in found:
            raise BadEvidence(f"suitability/signs.csv line {reader.line_num}: needs a new word, its texts, a known urgency and an address")
        found[row.sign] = row
    return found


def asked_of(sex: str) -> tuple[Sign, ...]:
    """The signs that are asked of people of one sex.

    >>> len(asked_of("male")) < len(asked_of("female"))
    True
    """
    return tuple(sign for sign in signs().values() if sign.sex in ("", sex))


def checked(given: tuple[str, ...], sex: str) -> tuple[str, ...]:
    """The words of signs as the table has them. Raises `ValueError`: one sentence with the nearest word.

    >>> checked(("Round patches",), "male")
    ('round patches',)
    >>> checked(("round patch",), "male")
    Traceback (most recent call last):
    ValueError: 'round patch' is no sign that we know; did you mean 'round patches'? ...
    """
    words = tuple(dict.fromkeys(" ".join(word.lower().replace("_", " ").split()) for word in given))
    for word in words:
        sign = signs().get(word)
        if sign is None:
            near = nearest(word, signs())
            hint = f"; did you mean {near!r}?" if near else "; the words are:"
            raise ValueError(f"{short(word)} is no sign that we know{hint} ({', '.join(sign.sign for sign in asked_of(sex))})")
        if sex and sign.sex not in ("", sex):
            raise ValueError(f"{word!r} is asked of {'women' if sign.sex == 'female' else 'men'} only, and sex is {sex!r}")
    return words
