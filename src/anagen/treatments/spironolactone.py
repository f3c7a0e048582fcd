"""Spironolactone by mouth, for women."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.treatments.five_ari import FiveAri, curve
from anagen.treatments.use import Values


@dataclass(frozen=True)
class Spironolactone(FiveAri):
    """Spironolactone tablets: it blocks androgens where they act, so it counts as a weak cut of scalp DHT (assumed).

    The only dose read is 25 mg a day, together with minoxidil by mouth and without a control (sinclair_2018/oral025_spiro).
    Offered to women: in men it acts as an anti-androgen on the whole body.

    >>> bool(Spironolactone().dht_cut() < 0.2)
    True
    """

    name: ClassVar[str] = "spironolactone"
    studied: ClassVar[tuple[float, float]] = (25.0, 25.0)
    sexes: ClassVar[tuple[str, ...]] = ("female",)
    basis: ClassVar[str] = "No hair count and no control was read (o177-o182 are grades under a combination): assumed weak, and wide."

    dose: float = 25.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"spironolactone {self.dose:g} mg a day"

    def dht_cut(self, values: Values | None = None) -> Any:
        """The cut of scalp DHT that would do as much."""
        v = self.usual(values)
        return curve(self.dose, v["spironolactone_most"], v["spironolactone_half_mg"])
