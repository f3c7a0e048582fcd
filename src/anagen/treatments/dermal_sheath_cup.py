"""Dermal sheath cup cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import Cells


@dataclass(frozen=True)
class DermalSheathCup(Cells):
    """Cultured cells of the own follicle's sheath: 0.3 to 7.5 million per injected region, once (p213-p215).

    >>> DermalSheathCup(3e5).reference
    1500000.0
    """

    name: ClassVar[str] = "dermal_sheath_cup"
    unit: ClassVar[str] = "cells per region"
    arm_unit: ClassVar[str] = "cells per injection region"
    studied: ClassVar[tuple[float, float]] = (3e5, 7.5e6)
    deviation_row: ClassVar[str] = "dermal_sheath_cup_deviation"
    basis: ClassVar[str] = "One placebo-controlled trial, in words: the lowest dose better at 6 and 9 months, none at 12 (o329-o338)."

    dose: float = 3e5

    @property
    def what(self) -> str:
        """What is given."""
        return "dermal sheath cup cells"
