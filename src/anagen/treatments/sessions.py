"""What procedures share: sessions that wake resting follicles, and an effect that wanes after the last of them."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.ground.errors import BadParameter
from anagen.scalp.tempo import Array, Tempo
from anagen.treatments.use import Treatment, Use, Values, wake

MONTH_WEEKS = 30 / 7


@dataclass(frozen=True)
class Sessions(Treatment):
    """A procedure given in sessions. `usual_weeks`: when the sessions of a usual course are, after the first one.

    A dose of 0 is allowed and does nothing. Raises `BadParameter` for any other dose outside `studied`: no forecast.
    """

    usual_weeks: ClassVar[tuple[float, ...]] = (0.0,)

    def __post_init__(self) -> None:
        low, high = self.studied
        if self.dose != 0 and not low <= self.dose <= high:
            allowed = f"{low:g} to {high:g}" if low < high else f"{low:g}"
            raise BadParameter(
                f"the dose of {self.name}",
                f"is {self.dose:g} {self.unit}, for which there is no forecast",
                f"{allowed} {self.unit}, what was studied{self.studied_of and f' of {self.studied_of}'}, or 0",
            )

    @property
    @abstractmethod
    def what(self) -> str:
        """What is given, without how often."""

    @property
    def title(self) -> str:
        """What a person would call it, with its usual course."""
        count = len(self.usual_weeks)
        if count == 1:
            return f"{self.what}, once"
        return f"{self.what}, {count} times {self.usual_weeks[1] - self.usual_weeks[0]:.2g} weeks apart"

    def over_time(self, weeks: int, values: Values, use: Use) -> Array:
        """The strength in each week, 0 to 1: sessions rise and wane."""
        return use.course(self.usual_weeks).waning(weeks, values["on_weeks"], values["wane_weeks"])

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Shorter rest, longer growth, some growing back and, where its rows say so, empty follicles woken; `shrink` unchanged."""
        return wake(values, strength)

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week; a dose of 0 does nothing."""
        return Tempo() if self.dose == 0 else super().tempo(weeks, values, use)
