"""Minoxidil, on the scalp or by mouth: resting follicles start sooner; miniaturisation goes on."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from anagen.ground.arrays import library
from anagen.scalp.tempo import Tempo
from anagen.treatments.five_ari import curve
from anagen.treatments.use import Treatment, Values, wake


@dataclass(frozen=True)
class Minoxidil(Treatment):
    """Minoxidil by any route. Routes and doses share one curve, in percent of the solution used twice a day."""

    subject: ClassVar[str] = "minoxidil"
    evidence_class: ClassVar[str] = "drug"

    @abstractmethod
    def as_percent(self, values: Values) -> Any:
        """The dose, as the strength (%) of a solution used twice a day."""

    def strength(self, values: Values) -> Any:
        """The dose curve, relative to the 5 % solution."""
        return curve(self.as_percent(values), 1.0, values["half_percent"]) / curve(5.0, 1.0, values["half_percent"])

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Shorter rest (so some shedding at first), mildly longer growth and some growing back; `shrink` unchanged.

        As the strength is lost, anagen is left faster (`release_weeks`): what was woken together falls together.
        """
        woken, xp = wake(values, strength), library(strength)
        lost = xp.maximum(xp.concatenate([strength[:1] * 0, strength[:-1] - strength[1:]]), 0.0)
        return replace(woken, leave_anagen=woken.leave_anagen * (1 + values["release_weeks"] * lost))


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
    basis: ClassVar[str] = "Counts of men and women over 16 to 48 weeks, beside the same liquid without the drug (o110-o120, o125, o126)."
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
