"""Dutasteride by mouth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.treatments.five_ari import FiveAri, curve
from anagen.treatments.use import Values


@dataclass(frozen=True)
class Dutasteride(FiveAri):
    """Dutasteride capsules, 0.02 to 2.5 mg a day (the doses of the hair-count trials: rows p151-p158).

    Offered to men: no arm of women was read, and with a pregnancy possible it must not be taken.

    >>> bool(Dutasteride(0.5).dht_cut() > Dutasteride(0.05).dht_cut())
    True
    """

    name: ClassVar[str] = "dutasteride"
    studied: ClassVar[tuple[float, float]] = (0.02, 2.5)
    sexes: ClassVar[tuple[str, ...]] = ("male",)
    basis: ClassVar[str] = "Placebo-controlled counts of men over 24 weeks at five doses (o080-o093), and a year at one (o095, o096)."

    dose: float = 0.5

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"dutasteride {self.dose:g} mg a day"

    def dht_cut(self, values: Values | None = None) -> Any:
        """The share of scalp DHT that the dose takes away."""
        v = self.usual(values)
        return curve(self.dose, v["dutasteride_most"], v["dutasteride_half_mg"])
