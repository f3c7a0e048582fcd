"""Dates as people and sites write them; whether the day or the month comes first is read off the whole file."""

from __future__ import annotations

import datetime
import re

_MONTHS = {
    **{"jan": 1, "ene": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "abr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7},
    **{"aug": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12, "dic": 12},
}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)")
FIRST, LAST = 1990, 2100
"""Years outside these are no dates of reviews."""


class Dates:
    """Reads the dates of one file: `note` every cell first, then `read` each.

    >>> dates = Dates()
    >>> for cell in ("13/02/2024", "01/02/2024"): dates.note(cell)
    >>> str(dates.read("01/02/2024")), str(dates.read("Feb 3, 2024")), dates.read("last week")
    ('2024-02-01', '2024-02-03', None)
    """

    def __init__(self) -> None:
        self._day_first = self._month_first = False
        self._two_ways = 0

    def note(self, cell: str) -> None:
        """Learn from one cell, where it can only be read one way, which of day and month comes first."""
        if (found := _YEAR_LAST.match(cell[:40].strip())) and found[2] != ".":
            first, second = int(found[1]), int(found[3])
            self._day_first |= 12 < first <= 31 and second <= 12
            self._month_first |= 12 < second <= 31 and first <= 12

    @property
    def said(self) -> str:
        """Why dates such as 01/02/2024 are not read, where they are not."""
        return f"Of these, the file does not show which is the day and which the month: {self._two_ways}." if self._two_ways else ""

    def read(self, cell: str) -> datetime.date | None:
        """The date that a cell begins with, or None where there is none or it can be read two ways."""
        cell = cell[:40].strip()
        if found := _YEAR_FIRST.match(cell):
            return _date(int(found[1]), int(found[2]), int(found[3]))
        if found := _YEAR_LAST.match(cell):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if found[2] == "." or second > 12 or first > 12 or first == second:  # a dot: the day comes first
                day_first = found[2] == "." or first > 12
            elif self._day_first != self._month_first:
                day_first = self._day_first
            else:
                self._two_ways += 1
                return None
            return _date(year, second, first) if day_first else _date(year, first, second)
        return _in_words(cell)


def _in_words(cell: str) -> datetime.date | None:
    """3 May 2024, May 3rd, 2024, 3. Mai 2024, 3 de mayo de 2024."""
    numbers = [int(part) for part in re.findall(r"\d+", cell[:40])[:2] if len(part) <= 4]
    months = [_MONTHS[key] for word in re.findall(r"[^\W\d_]{3,}", cell.lower()) if (key := word[:3]) in _MONTHS]
    if len(months) != 1 or len(numbers) != 2:
        return None
    day, year = numbers
    return _date(year, months[0], day)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day) if FIRST <= year <= LAST else None
    except ValueError:
        return None
