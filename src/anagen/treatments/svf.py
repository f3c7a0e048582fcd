"""Stromal vascular fraction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import CLASS_ONLY, Cells


@dataclass(frozen=True)
class Svf(Cells):
    """Cells of the own fat, taken and injected the same day: 0.5 to 1 million cells/cm2 (p218, p219), once.

    >>> Svf().title
    'stromal vascular fraction of own fat, once'
    """

    name: ClassVar[str] = "svf"
    deviation_row: ClassVar[str] = "svf_deviation"
    basis: ClassVar[str] = f"{CLASS_ONLY}; one trial found no difference (o290, o291), one of nine people did (o311, o312)."

    @property
    def what(self) -> str:
        """What is given."""
        return "stromal vascular fraction of own fat"
