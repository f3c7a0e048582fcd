"""Platelet-rich plasma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anagen.treatments.sessions import MONTH_WEEKS, Sessions


@dataclass(frozen=True)
class Prp(Sessions):
    """Own platelet-rich plasma injected into the scalp, 0.1 to 0.2 mL/cm2 (p254-p256), three times a month apart.

    The course is that of alves_2016/prp, gentile_2015/prp and kadry_2018/prp. No dose-response was read: every studied
    dose does the same.

    >>> Prp().title
    'platelet-rich plasma, 3 times 4.3 weeks apart'
    """

    name: ClassVar[str] = "prp"
    subject: ClassVar[str] = "prp"
    unit: ClassVar[str] = "mL/cm2"
    studied: ClassVar[tuple[float, float]] = (0.1, 0.2)
    evidence_class: ClassVar[str] = "procedure"
    route: ClassVar[str] = "intradermal_injection"
    basis: ClassVar[str] = (
        "Small trials that disagree: gains without a usable control (o431), a difference in words (o217), and none (o227)."
    )
    usual_weeks: ClassVar[tuple[float, ...]] = (0.0, MONTH_WEEKS, 2 * MONTH_WEEKS)

    dose: float = 0.1

    @property
    def what(self) -> str:
        """What is given."""
        return "platelet-rich plasma"
