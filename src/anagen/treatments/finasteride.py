"""Finasteride, by mouth and on the scalp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.treatments.five_ari import FiveAri, curve
from anagen.treatments.use import Values


@dataclass(frozen=True)
class Finasteride(FiveAri):
    """Finasteride tablets, 0.01 to 5 mg a day (the doses whose scalp DHT was measured: Drake 1999, rows p138-p143).

    Offered to men. The one arm of women (price_2000, after menopause) did no better than its placebo; with a pregnancy
    possible it must not be taken at all.

    >>> round(float(Finasteride(1.0).dht_cut()), 2), round(float(Finasteride(1.0).tempo(52).shrink[-1]), 2)
    (0.62, 0.58)
    """

    name: ClassVar[str] = "finasteride"
    studied: ClassVar[tuple[float, float]] = (0.01, 5.0)
    sexes: ClassVar[tuple[str, ...]] = ("male",)
    basis: ClassVar[str] = "Placebo-controlled counts of men over one to five years (o012, o023, o041, o054, o436)."

    dose: float = 1.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"finasteride {self.dose:g} mg a day"

    def dht_cut(self, values: Values | None = None) -> Any:
        """The share of scalp DHT that the dose takes away."""
        v = self.usual(values)
        return curve(self.dose, v["finasteride_most"], v["finasteride_half_mg"])


@dataclass(frozen=True)
class TopicalFinasteride(FiveAri):
    """Finasteride on the scalp, its usual preparation. No arm of it was read: how much scalp DHT it takes away is assumed.

    >>> bool(TopicalFinasteride().dht_cut() < Finasteride().dht_cut())
    True
    """

    name: ClassVar[str] = "finasteride_topical"
    unit: ClassVar[str] = "usual preparation a day"
    arm_unit: ClassVar[str] = ""
    studied: ClassVar[tuple[float, float]] = (1.0, 1.0)
    sexes: ClassVar[tuple[str, ...]] = ("male",)
    route: ClassVar[str] = "topical"
    basis: ClassVar[str] = "No trial of it was read: it is taken to act as the tablet, but to lower the hormone DHT in the scalp less."

    dose: float = 1.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return "finasteride on the scalp daily"

    def dht_cut(self, values: Values | None = None) -> Any:
        """The share of scalp DHT that it takes away."""
        return self.usual(values)["finasteride_topical_cut"]
