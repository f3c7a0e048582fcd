"""What the androgen blockers share: less DHT acts in the scalp, and the follicle sees only the DHT.

So the drugs and all their doses lie on one curve, and every trial of any informs the same few effects.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from anagen.scalp.tempo import Tempo
from anagen.treatments.use import Treatment, Values, wake


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

    def strength(self, values: Values) -> Any:
        """The DHT cut, relative to that of finasteride 1 mg."""
        return self.dht_cut(values) / curve(1.0, values["finasteride_most"], values["finasteride_half_mg"])

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Less shrinking, some growing back, shorter rest, longer growth: the logarithm of each follows the strength."""
        return replace(wake(values, strength), shrink=values["shrink"] ** strength)


def curve(dose: float, most: Any, half: Any) -> Any:
    """An Emax curve: most * dose / (half + dose).

    >>> curve(1.0, 0.6, 1.0)
    0.3
    """
    return most * dose / (half + dose)
