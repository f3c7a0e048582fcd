"""How a treatment is used over time, and what every treatment has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from anagen.ground.errors import BadParameter
from anagen.ground.rows import rows
from anagen.scalp.tempo import Array, Tempo

Values = Mapping[str, Any]
"""The values of one subject's rows: numbers, or arrays over lanes (draws)."""


@dataclass(frozen=True)
class Use:
    """When a treatment is used: from `start_week` until `stop_week` (endless by default), in weeks from today.

    Raises `BadParameter` if it stops before it starts.

    >>> Use(stop_week=52).exposure(3, on_weeks=1.0, off_weeks=1.0).round(2).tolist()
    [0.29, 0.65, 0.82]
    """

    start_week: float = 0.0
    stop_week: float = np.inf

    def __post_init__(self) -> None:
        if not self.stop_week >= self.start_week:
            raise BadParameter("Use.stop_week", f"is {self.stop_week:g}", f"from start_week ({self.start_week:g}) on")

    def exposure(self, weeks: int, on_weeks: Any, off_weeks: Any) -> Array:
        """Strength of the effect in each week, 0 to 1, rising and fading with the given half-times: (weeks, *lanes).

        on_weeks, off_weeks: half-times in weeks, numbers or arrays over lanes. The value of a week is that of its middle.
        """
        on, off = np.broadcast_arrays(np.asarray(on_weeks, float), np.asarray(off_weeks, float))
        middle = (np.arange(weeks) + 0.5).reshape(-1, *([1] * on.ndim))
        used = np.clip(middle, self.start_week, self.stop_week) - self.start_week
        since = np.maximum(middle - self.stop_week, 0.0)
        return np.asarray((1 - 0.5 ** (used / on)) * 0.5 ** (since / off))


@dataclass(frozen=True)
class Treatment(ABC):
    """One treatment at one dose. `tempo` is all that it does; `subjects` names the rows of `priors.csv` that it reads.

    Raises `BadParameter` for a dose outside `studied`, the range of doses with evidence, in `unit`.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    unit: ClassVar[str] = ""
    studied: ClassVar[tuple[float, float]] = (0.0, np.inf)

    dose: float = field(default=0.0)

    def __post_init__(self) -> None:
        low, high = self.studied
        if not low <= self.dose <= high:
            raise BadParameter(
                f"the dose of {self.name}", f"is {self.dose:g} {self.unit}", f"{low:g} to {high:g} {self.unit}, what was studied"
            )

    @property
    @abstractmethod
    def title(self) -> str:
        """What a person would call it."""

    @abstractmethod
    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week. values: of its subject's rows, default their medians; use: default from today on."""

    def usual(self, values: Values | None) -> Values:
        """The values given, or the medians of the subject's rows."""
        return values if values is not None else {name: row.value for name, row in rows(self.subject).items()}
