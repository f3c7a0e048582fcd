"""Cultured cells of fat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import CLASS_ONLY, FRESH_FAT, Cells
from anagen.treatments.sessions import MONTH_WEEKS


@dataclass(frozen=True)
class Adsc(Cells):
    """Stem cells of the own fat, grown in culture, three times a month apart (kadry_2018/adsc).

    No arm states a dose: the range is that of the same tissue's fresh cells.

    >>> Adsc().title
    'cultured fat stem cells, 3 times 4.3 weeks apart'
    """

    name: ClassVar[str] = "adsc"
    studied_of: ClassVar[str] = FRESH_FAT
    deviation_row: ClassVar[str] = "adsc_deviation"
    basis: ClassVar[str] = f"{CLASS_ONLY}; its one trial says in words that hair grew, and gives no count (o383)."
    usual_weeks: ClassVar[tuple[float, ...]] = (0.0, MONTH_WEEKS, 2 * MONTH_WEEKS)

    @property
    def what(self) -> str:
        """What is given."""
        return "cultured fat stem cells"
