"""Exosomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import CLASS_ONLY, Cells


@dataclass(frozen=True)
class Exosomes(Cells):
    """Vesicles of cultured cells, any source, six times 4 weeks apart (msc_exo_2025_preprint/exo).

    No arm states a dose that others could be compared with: 1 is the maker's usual preparation.

    >>> Exosomes().title
    'exosomes, 6 times 4 weeks apart'
    """

    name: ClassVar[str] = "exosomes"
    unit: ClassVar[str] = "usual preparation"
    arm_unit: ClassVar[str] = ""
    studied: ClassVar[tuple[float, float]] = (1.0, 1.0)
    evidence_class: ClassVar[str] = "cell_free"
    deviation_row: ClassVar[str] = "exosomes_deviation"
    basis: ClassVar[str] = f"{CLASS_ONLY}; its studies have no control (o384-o386, o399, o401)."
    usual_weeks: ClassVar[tuple[float, ...]] = tuple(4.0 * session for session in range(6))

    dose: float = 1.0

    @property
    def what(self) -> str:
        """What is given."""
        return "exosomes"
