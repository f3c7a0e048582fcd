"""Boards that certify doctors, and where a person checks a licence, a board, a product or a trial: tables of `data/clinic/`.

What no source showed says so: `mark` is `assumed`, `abms` is `not verified`, `address_status` is `not verified` or `no address read`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TypeVar

from anagen.clinic.credentials import Finding
from anagen.ground.errors import BadEvidence

T = TypeVar("T", "Board", "LookUp", "Code")


@dataclass(frozen=True)
class Board:
    """A board: is it one of ABMS (`yes`, `no`, `not verified`), what it certifies, and by which `lookups` a certificate is checked."""

    board_id: str
    name: str
    short: str
    abms: str
    certifies: str
    lookups: str
    source: str
    as_of: str
    mark: str
    note: str


@dataclass(frozen=True)
class LookUp:
    """A place to look something up: about what, how it is done, and what it does not tell. `address` may be empty: none was read."""

    lookup_id: str
    jurisdiction: str
    about: str
    name: str
    address: str
    address_status: str
    how: str
    does_not_tell: str
    source: str
    as_of: str
    mark: str


@dataclass(frozen=True)
class Code:
    """A speciality's code, as providers list it about themselves."""

    code: str
    name: str
    field: str
    source: str
    as_of: str
    mark: str


def _read(file: str, form: type[T]) -> tuple[T, ...]:
    text = (files("anagen") / "data" / "clinic" / file).read_text(encoding="utf-8")
    names = [field.name for field in fields(form)]
    found = []
    for line, cells in enumerate(csv.DictReader(text.splitlines(), strict=True), 2):
        if list(cells) != names or None in cells.values():
            raise BadEvidence(f"clinic/{file}, line {line}: needs the columns {', '.join(names)}")
        found.append(form(**cells))
    return tuple(found)


@cache
def boards() -> tuple[Board, ...]:
    """Every board that is known here.

    >>> [board.short for board in boards() if board.abms == "yes"]
    ['ABD', 'ABPS']
    """
    return _read("boards.csv", Board)


@cache
def lookups() -> tuple[LookUp, ...]:
    """Every place to look something up.

    >>> {one.jurisdiction for one in lookups()} >= {"US", "UK", "JP", "AU", "CA", "EU"}
    True
    """
    return _read("lookups.csv", LookUp)


@cache
def specialities() -> tuple[Code, ...]:
    """The codes of specialities that are known here: a few that matter for hair."""
    return _read("specialities.csv", Code)


def speciality_name(code: str) -> str:
    """What a code stands for; empty where it is not known here.

    >>> speciality_name("207N00000X"), speciality_name("163W00000X")
    ('Dermatology', '')
    """
    return next((one.name for one in specialities() if one.code == code.strip().upper()), "")


def where_to_look(jurisdiction: str, about: Iterable[str] = ()) -> tuple[LookUp, ...]:
    """The look-ups of a place, as `US` or `US-FL`; of these subjects alone, if any are named.

    >>> [one.lookup_id for one in where_to_look("US-FL", ["licence", "discipline"])]
    ['docinfo', 'state_board']
    """
    wanted = set(about)
    return tuple(one for one in lookups() if one.jurisdiction == jurisdiction.split("-")[0] and (not wanted or one.about in wanted))


def board(name: str) -> Board | None:
    """The board of a name or an abbreviation, however it is written; None if it is not known here.

    >>> board("american board of  Cosmetic surgery").short, board("Abps").abms, board("American Board of Beauty")
    ('ABCS', 'yes', None)
    """
    wanted = _bare(name)
    return next((one for one in boards() if wanted in (_bare(one.name), _bare(one.short), _bare(f"{one.name} ({one.short})"))), None)


def _bare(name: str) -> str:
    return " ".join(word for word in re.findall(r"\w+", name.casefold()) if word not in ("the", "diplomate", "certified", "by"))


def judged_boards(names: Iterable[str]) -> tuple[Finding, ...]:
    """What each board that an offer names is worth; where none is of ABMS, a finding says so.

    >>> [(one.result, one.rule) for one in judged_boards(["American Board of Cosmetic Surgery"])]
    [('differs', 'us_abcs'), ('ask', 'us_abms')]
    """
    found, abms = [], False
    for name in names:
        known = board(name)
        if known is None:
            said = f"{name[:80]!r} is not known here. Not everything called American Board is one of ABMS: look the doctor up."
            found.append(Finding("board", "ask", said, "us_abms"))
        elif known.abms == "yes":
            abms = True
            said = f"{known.name} is a board of ABMS and certifies {known.certifies}. Check that this doctor holds its certificate."
            found.append(Finding("board", "ask", said, "us_abms"))
        elif known.abms == "no":
            found.append(Finding("board", "differs", f"{known.name} ({known.short}): {known.note}", "us_abcs"))
        else:
            found.append(Finding("board", "ask", f"{known.name} ({known.short}): {known.note}", "us_abms"))
    if not abms:
        said = "No board of ABMS is named. For hair, the ones to ask for are dermatology and plastic surgery."
        found.append(Finding("board", "ask", said, "us_abms"))
    return tuple(found)
