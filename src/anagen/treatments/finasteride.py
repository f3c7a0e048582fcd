"""Finasteride by mouth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.treatments.five_ari import FiveAri, curve
from anagen.treatments.use import Values


@dataclass(frozen=True)
class Finasteride(FiveAri):
    """Finasteride tablets, 0.01 to 5 mg a day (the doses whose scalp DHT was measured: Drake 1999, rows p138-p143).

    >>> round(float(Finasteride(1.0).dht_cut()), 2), round(float(Finasteride(1.0).tempo(52).shrink[-1]), 2)
    (0.62, 0.58)
    """

    name: ClassVar[str] = "finasteride"
    studied: ClassVar[tuple[float, float]] = (0.01, 5.0)

    dose: float = 1.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"finasteride {self.dose:g} mg a day"

    def dht_cut(self, values: Values | None = None) -> Any:
        """The share of scalp DHT that the dose takes away."""
        v = self.usual(values)
        return curve(self.dose, v["finasteride_most"], v["finasteride_half_mg"])
