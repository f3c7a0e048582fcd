"""What the androgen blockers share: less DHT acts in the scalp, and the follicle sees only the DHT.

So the drugs and all their doses lie on one curve, and every trial of any informs the same few effects.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.scalp.tempo import Tempo
from anagen.treatments.use import Treatment, Use, Values


@dataclass(frozen=True)
class FiveAri(Treatment):
    """An androgen blocker. `dht_cut` is its dose curve; the effects are rows of `five_ari`, for finasteride 1 mg by mouth."""

    subject: ClassVar[str] = "five_ari"
    unit: ClassVar[str] = "mg a day"
    arm_unit: ClassVar[str] = "mg/day"
    evidence_class: ClassVar[str] = "drug"
    route: ClassVar[str] = "oral"

    @abstractmethod
    def dht_cut(self, values: Values | None = None) -> Any:
        """The share of scalp DHT that the dose takes away, 0 to 1 (against placebo)."""

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """Less shrinking, some growing back, shorter rest, longer growth; slow to come, gone within a year of stopping.

        The logarithm of each effect follows the DHT cut, relative to that of finasteride 1 mg.
        """
        v = self.usual(values)
        reference = curve(1.0, v["finasteride_most"], v["finasteride_half_mg"])
        e = (use or Use()).exposure(weeks, v["on_weeks"], v["off_weeks"]) * (self.dht_cut(v) / reference)
        return Tempo(
            leave_anagen=v["anagen_stay"] ** -e,
            leave_telogen=v["telogen_stay"] ** -e,
            leave_kenogen=v["kenogen_stay"] ** -e,
            shrink=v["shrink"] ** e,
            grow=1 - (1 - v["grow"]) ** e,
        )


def curve(dose: float, most: Any, half: Any) -> Any:
    """An Emax curve: most * dose / (half + dose).

    >>> curve(1.0, 0.6, 1.0)
    0.3
    """
    return most * dose / (half + dose)
