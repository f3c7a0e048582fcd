"""What cultured cells give off: their medium, injected, and their extract, put on the scalp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.scalp.tempo import Array
from anagen.treatments.cells import Cells
from anagen.treatments.use import Use, Values


@dataclass(frozen=True)
class ConditionedMedium(Cells):
    """Medium of cultured cells injected, 2 to 3.5 mL a session (legiawati_2023, histogen_hst001_2021, fukuoka_2015).

    The course, six times 4 weeks apart, is that of fukuoka_2015/adsc_cm and narita_2020/adsc_cm.

    >>> ConditionedMedium().title
    'conditioned medium of cells, 6 times 4 weeks apart'
    """

    name: ClassVar[str] = "conditioned_medium"
    unit: ClassVar[str] = "mL a session"
    arm_unit: ClassVar[str] = "mL/session"
    studied: ClassVar[tuple[float, float]] = (2.0, 3.5)
    evidence_class: ClassVar[str] = "cell_free"
    deviation_row: ClassVar[str] = "conditioned_medium_deviation"
    basis: ClassVar[str] = "Small trials in words for it (o380, o382) and against it (o310, o427, o429)."
    usual_weeks: ClassVar[tuple[float, ...]] = tuple(4.0 * session for session in range(6))

    dose: float = 2.0

    @property
    def what(self) -> str:
        """What is given."""
        return "conditioned medium of cells"


@dataclass(frozen=True)
class CellExtract(Cells):
    """Extract of cultured cells on the scalp, 4 mL a day (tak_2020/adsc_ce): a daily use, so `adherence` counts.

    >>> CellExtract().title
    'cell extract on the scalp daily'
    """

    name: ClassVar[str] = "cell_extract"
    unit: ClassVar[str] = "mL a day"
    arm_unit: ClassVar[str] = "mL/day"
    studied: ClassVar[tuple[float, float]] = (4.0, 4.0)
    evidence_class: ClassVar[str] = "cell_free"
    route: ClassVar[str] = "topical"
    deviation_row: ClassVar[str] = "cell_extract_deviation"
    basis: ClassVar[str] = "One trial of 16 weeks in 34 people, beside the same liquid without the extract (o282, o283)."

    dose: float = 4.0

    @property
    def what(self) -> str:
        """What is given."""
        return "cell extract on the scalp"

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"{self.what} daily"

    def over_time(self, weeks: int, values: Values, use: Use) -> Array:
        """The strength in each week, 0 to 1: as long as it is used, then waning."""
        return use.exposure(weeks, values["on_weeks"], values["wane_weeks"])
