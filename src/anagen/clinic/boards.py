"""Boards that certify doctors, and where a person checks a licence, a board, a product or a trial: tables of `data/clinic/`.

What no source showed says so: `mark` is `assumed`, `abms` is `not verified`, `address_status` is `not verified` or `no address read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from anagen.ground.tables import table

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
    return table(f"clinic/{file}", lambda cells: form(**cells))


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


def speciality_words(code: str, name: str = "") -> str:
    """A code with what it stands for: as the registry names it (`name`), as it is known here, or neither.

    >>> speciality_words("207N00000X"), speciality_words("208200000X")
    ('207N00000X Dermatology', '208200000X Plastic Surgery (we could not check this code)')
    """
    known = next((one for one in specialities() if one.code == code.strip().upper()), None)
    if name or known is None:
        return f"{code} {name or '(we do not know this code)'}"
    return f"{code} {known.name}" + (" (we could not check this code)" if known.mark == "assumed" else "")


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
