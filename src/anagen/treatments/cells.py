"""What the cell products share: one class effect, a deviation of each product from it, and a dose curve that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.treatments.sessions import Sessions
from anagen.treatments.use import Values

PER_CM2 = (5e5, 1e6)
"""Cells/cm2 in the arms of fresh fat cells that state it: kuka_2020/adrc_low and adrc_high (p219, p218)."""
FRESH_FAT = "fresh fat cells"

CLASS_ONLY = "No usable controlled number of it was read: this is the wide forecast of all cell products together"


@dataclass(frozen=True)
class Cells(Sessions):
    """Cells, or what cells give off. The rows of `cells` are the class's effects; `deviation_row` names the product's own.

    Strength = (class strength + the product's deviation) * (dose / reference)**beta, all three with priors that hold no
    effect; beta is centred on 0, for the lowest dose did best in two trials (o329, o334; o288, o290). `reference` is the
    geometric middle of `studied`. Outside that range there is no forecast; a dose of 0 is nothing.
    """

    subject: ClassVar[str] = "cells"
    unit: ClassVar[str] = "cells/cm2"
    arm_unit: ClassVar[str] = "cells/cm2"
    studied: ClassVar[tuple[float, float]] = PER_CM2
    evidence_class: ClassVar[str] = "cell"
    route: ClassVar[str] = "intradermal_injection"
    deviation_row: ClassVar[str]

    dose: float = 5e5

    @property
    def reference(self) -> float:
        """The dose at which the class's effect is stated."""
        return float((self.studied[0] * self.studied[1]) ** 0.5)

    def strength(self, values: Values) -> Any:
        """The product's strength at this dose, relative to the rows of the class; below 0 it does harm."""
        return (values["strength"] + values[self.deviation_row]) * (self.dose / self.reference) ** values["beta"]
