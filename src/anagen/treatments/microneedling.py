"""Microneedling alone, without a drug or cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.sessions import MONTH_WEEKS, Sessions


@dataclass(frozen=True)
class Microneedling(Sessions):
    """Needles of 0.6 to 1.5 mm (faghihi_2021, dhurat_2013) over the scalp, four times a month apart (aggarwal_2020/mn).

    No dose-response of it alone was read: every studied depth does the same.

    >>> Microneedling(0.6).title
    'microneedling at 0.6 mm, 4 times 4.3 weeks apart'
    """

    name: ClassVar[str] = "microneedling"
    subject: ClassVar[str] = "microneedling"
    unit: ClassVar[str] = "mm"
    arm_unit: ClassVar[str] = "mm"
    studied: ClassVar[tuple[float, float]] = (0.6, 1.5)
    evidence_class: ClassVar[str] = "procedure"
    route: ClassVar[str] = "microneedling"
    basis: ClassVar[str] = "One change without a control (o229); its trials add it to minoxidil (o233, o234)."
    usual_weeks: ClassVar[tuple[float, ...]] = tuple(session * MONTH_WEEKS for session in range(4))

    dose: float = 1.5

    @property
    def what(self) -> str:
        """What is given."""
        return f"microneedling at {self.dose:g} mm"
