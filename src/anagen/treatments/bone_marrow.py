"""Bone-marrow cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import CLASS_ONLY, FRESH_FAT, Cells


@dataclass(frozen=True)
class BoneMarrow(Cells):
    """Mononuclear cells of the own marrow, once (elmaadawi_2018/bmmc). No arm states a dose: the range is that of fresh fat cells.

    >>> BoneMarrow().title
    'own bone-marrow cells, once'
    """

    name: ClassVar[str] = "bone_marrow"
    studied_of: ClassVar[str] = FRESH_FAT
    deviation_row: ClassVar[str] = "bone_marrow_deviation"
    basis: ClassVar[str] = f"{CLASS_ONLY}; its one study has no control and no count."

    @property
    def what(self) -> str:
        """What is given."""
        return "own bone-marrow cells"
