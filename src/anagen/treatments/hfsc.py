"""Cells of the own hair follicles: micrografts, and a suspension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.cells import CLASS_ONLY, Cells


@dataclass(frozen=True)
class HfscMicrograft(Cells):
    """Bits of own scalp, ground and injected: 0.2 mL/cm2 (gentile_2019_biomedicines), three times 45 days apart (p208).

    >>> HfscMicrograft().title
    'follicle micrografts, 3 times 6.4 weeks apart'
    """

    name: ClassVar[str] = "hfsc_micrograft"
    unit: ClassVar[str] = "mL/cm2"
    arm_unit: ClassVar[str] = "mL/cm2"
    studied: ClassVar[tuple[float, float]] = (0.2, 0.2)
    deviation_row: ClassVar[str] = "hfsc_micrograft_deviation"
    basis: ClassVar[str] = "Half-head studies of one group (o293, o294, o298, o300); not repeated elsewhere with a control."
    usual_weeks: ClassVar[tuple[float, ...]] = (0.0, 45 / 7, 90 / 7)

    dose: float = 0.2

    @property
    def what(self) -> str:
        """What is given."""
        return "follicle micrografts"


@dataclass(frozen=True)
class HfscSuspension(Cells):
    """Cells freed from own follicles by an enzyme: 0.9 million/cm2, once (hfmsc_prs_2023/hfmsc).

    >>> HfscSuspension().title
    'follicle cell suspension, once'
    """

    name: ClassVar[str] = "hfsc_suspension"
    studied: ClassVar[tuple[float, float]] = (9e5, 9e5)
    deviation_row: ClassVar[str] = "hfsc_suspension_deviation"
    basis: ClassVar[str] = f"{CLASS_ONLY}; thicker hair up to three months in words (o355-o358), gone by nine."

    dose: float = 9e5

    @property
    def what(self) -> str:
        """What is given."""
        return "follicle cell suspension"
