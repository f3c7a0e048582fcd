"""Minoxidil, on the scalp or by mouth: resting follicles start sooner; miniaturisation goes on."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.scalp.tempo import Tempo
from anagen.treatments.five_ari import curve
from anagen.treatments.use import Treatment, Use, Values


@dataclass(frozen=True)
class Minoxidil(Treatment):
    """Minoxidil by any route. Routes and doses share one curve, in percent of the solution used twice a day."""

    subject: ClassVar[str] = "minoxidil"
    evidence_class: ClassVar[str] = "drug"

    @abstractmethod
    def as_percent(self, values: Values) -> Any:
        """The dose, as the strength (%) of a solution used twice a day."""

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """Shorter rest (so some shedding at first) and mildly longer growth, on and off within weeks; `shrink` unchanged.

        The logarithm of each effect follows the dose curve, relative to the 5 % solution.
        """
        v = self.usual(values)
        strength = curve(self.as_percent(v), 1.0, v["half_percent"]) / curve(5.0, 1.0, v["half_percent"])
        e = (use or Use()).exposure(weeks, v["on_weeks"], v["off_weeks"]) * strength
        return Tempo(leave_anagen=v["anagen_stay"] ** -e, leave_telogen=v["telogen_stay"] ** -e, leave_kenogen=v["kenogen_stay"] ** -e)


@dataclass(frozen=True)
class TopicalMinoxidil(Minoxidil):
    """Minoxidil solution or foam on the scalp, 1 to 5 % twice a day.

    >>> bool(TopicalMinoxidil(5.0).tempo(52).leave_telogen[-1] > TopicalMinoxidil(2.0).tempo(52).leave_telogen[-1])
    True
    """

    name: ClassVar[str] = "minoxidil_topical"
    unit: ClassVar[str] = "% twice a day"
    arm_unit: ClassVar[str] = "%"
    route: ClassVar[str] = "topical"
    basis: ClassVar[str] = "Vehicle-controlled counts of men and women over 16 to 48 weeks (o110-o120, o125, o126)."
    studied: ClassVar[tuple[float, float]] = (1.0, 5.0)

    dose: float = 5.0

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"minoxidil {self.dose:g} % on the scalp twice a day"

    def as_percent(self, values: Values) -> Any:
        """The strength itself."""
        return self.dose


@dataclass(frozen=True)
class OralMinoxidil(Minoxidil):
    """Minoxidil tablets, 0.25 to 5 mg a day.

    >>> OralMinoxidil().title
    'minoxidil 2.5 mg by mouth a day'
    """

    name: ClassVar[str] = "minoxidil_oral"
    unit: ClassVar[str] = "mg a day"
    arm_unit: ClassVar[str] = "mg/day"
    route: ClassVar[str] = "oral"
    basis: ClassVar[str] = (
        "No placebo-controlled trial was read: trials against the topical form found no clear difference (o150, o160-o163)."
    )
    studied: ClassVar[tuple[float, float]] = (0.25, 5.0)

    dose: float = 2.5

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"minoxidil {self.dose:g} mg by mouth a day"

    def as_percent(self, values: Values) -> Any:
        """The strength of the solution that does as much."""
        return self.dose * values["percent_per_oral_mg"]
