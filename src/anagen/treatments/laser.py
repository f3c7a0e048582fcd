"""Low-level laser or LED light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.scalp.tempo import Array, Tempo
from anagen.treatments.use import Treatment, Use, Values, wake


@dataclass(frozen=True)
class Laser(Treatment):
    """A comb, cap or helmet of red light at home, 3 to 3.5 times a week (jimenez_2014, leavitt_2009, lanzafame_2013 and 2014).

    So often that it counts as a daily use: `adherence` is the share of sessions done. No dose-response was read.

    >>> Laser().title
    'low-level laser 3 times a week'
    """

    name: ClassVar[str] = "laser"
    subject: ClassVar[str] = "laser"
    unit: ClassVar[str] = "times a week"
    studied: ClassVar[tuple[float, float]] = (3.0, 3.5)
    evidence_class: ClassVar[str] = "device"
    route: ClassVar[str] = "light"
    basis: ClassVar[str] = "Sham-controlled counts over 16 to 26 weeks, mostly by makers (o188, o189, o192, o193, o202, o206); none beyond."

    dose: float = 3.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"low-level laser {self.dose:g} times a week"

    def over_time(self, weeks: int, values: Values, use: Use) -> Array:
        """The strength in each week, 0 to 1: on within weeks, waning after the last session."""
        return use.exposure(weeks, values["on_weeks"], values["wane_weeks"])

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Shorter rest, longer growth and some growing back; `shrink` unchanged."""
        return wake(values, strength)
