"""What procedures share: sessions that wake resting follicles, and an effect that wanes after the last of them."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from anagen.ground.errors import BadParameter
from anagen.scalp.tempo import Array, Tempo
from anagen.treatments.use import Treatment, Use, Values

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
                f"{allowed} {self.unit}, what was studied, or 0",
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

    def strength(self, values: Values) -> Any:
        """How strong the dose is, relative to the rows of its subject: 1 unless a treatment says otherwise."""
        return 1.0

    def over_time(self, weeks: int, values: Values, use: Use) -> Array:
        """The strength in each week, 0 to 1: sessions rise and wane."""
        return use.course(self.usual_weeks).waning(weeks, values["on_weeks"], values["wane_weeks"])

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """Shorter rest, longer growth and, where its rows say so, empty follicles woken; `shrink` and `grow` unchanged."""
        if self.dose == 0:
            return Tempo()
        v = self.usual(values)
        return wake(v, self.over_time(weeks, v, use or Use()) * self.strength(v))


def wake(values: Values, strength: Any) -> Tempo:
    """The tempo that wakes follicles: the logarithm of each effect follows `strength` (1 = the rows themselves).

    A negative strength does harm; it wakes no follicle and puts none to sleep.

    >>> rows = {"anagen_stay": 1.0, "telogen_stay": 0.5, "kenogen_stay": 0.5, "recruit_per_week": 0.01}
    >>> float(wake(rows, 2.0).leave_telogen), float(wake(rows, 2.0).recruit_per_week)
    (4.0, 0.02)
    """
    return Tempo(
        leave_anagen=values["anagen_stay"] ** -strength,
        leave_telogen=values["telogen_stay"] ** -strength,
        leave_kenogen=values["kenogen_stay"] ** -strength,
        recruit_per_week=np.maximum(values["recruit_per_week"] * strength, 0.0) if "recruit_per_week" in values else 0.0,
    )
