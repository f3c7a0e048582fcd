"""How a treatment is used over time, and what every treatment has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from anagen.ground.arrays import library
from anagen.ground.errors import BadParameter
from anagen.ground.rows import rows
from anagen.scalp.tempo import Array, Tempo

Values = Mapping[str, Any]
"""The values of one subject's rows: numbers, or arrays over lanes (draws)."""

BOTH = ("male", "female")


@dataclass(frozen=True)
class Use:
    """When a treatment is used: from `start_week` until `stop_week` (endless by default), in weeks from today.

    session_weeks: for a procedure, the weeks of its sessions; empty means its usual course from `start_week` on. Sessions
    before `start_week` or after `stop_week` are not held. adherence: for a daily treatment, the share of doses taken; we
    assume that the effect's strength is in proportion to it. Sessions are counted one by one: leave out what is missed.

    Raises `BadParameter` if it stops before it starts, for a session without a date or an adherence outside 0 to 1.

    >>> Use(stop_week=52).exposure(3, on_weeks=1.0, off_weeks=1.0).round(2).tolist()
    [0.29, 0.65, 0.82]
    >>> Use(session_weeks=(1,)).waning(4, on_weeks=1.0, wane_weeks=1.0).round(2).tolist()
    [0.0, 0.21, 0.23, 0.15]
    """

    start_week: float = 0.0
    stop_week: float = np.inf
    session_weeks: tuple[float, ...] = ()
    adherence: float = 1.0

    def __post_init__(self) -> None:
        if not self.stop_week >= self.start_week:
            raise BadParameter("Use.stop_week", f"is {self.stop_week:g}", f"from start_week ({self.start_week:g}) on")
        if not all(np.isfinite(week) for week in self.session_weeks):
            raise BadParameter("Use.session_weeks", f"has {self.session_weeks}", "weeks from today")
        if not 0 <= self.adherence <= 1:
            raise BadParameter("Use.adherence", f"is {self.adherence:g}", "a share from 0 to 1")

    def course(self, usual_weeks: tuple[float, ...]) -> Use:
        """The same use with its sessions filled in: those given, else a usual course (weeks after its first session).

        >>> Use(start_week=10, stop_week=20).course((0, 6, 12)).sessions()
        (10.0, 16.0)
        """
        return self if self.session_weeks else replace(self, session_weeks=tuple(self.start_week + week for week in usual_weeks))

    def sessions(self) -> tuple[float, ...]:
        """The weeks of the sessions that are held, in order."""
        return tuple(sorted(float(week) for week in self.session_weeks if self.start_week <= week <= self.stop_week))

    def exposure(self, weeks: int, on_weeks: Any, off_weeks: Any) -> Array:
        """Strength of the effect in each week, 0 to 1, rising and fading with the given half-times: (weeks, *lanes).

        on_weeks, off_weeks: half-times in weeks, numbers or arrays over lanes. The value of a week is that of its middle.
        """
        on, off, middle = _weeks(weeks, on_weeks, off_weeks)
        used = np.clip(middle, self.start_week, self.stop_week) - self.start_week
        since = np.maximum(middle - self.stop_week, 0.0)
        exp2 = library(on, off).exp2
        return self.adherence * (1 - exp2(-used / on)) * exp2(-since / off)  # type: ignore[no-any-return]

    def waning(self, weeks: int, on_weeks: Any, wane_weeks: Any) -> Array:
        """Strength of the effect of sessions in each week, 0 to 1: (weeks, *lanes).

        After a session x rises with one half-time and wanes with the other: (1 - 0.5**(t/on)) * 0.5**(t/wane). Several
        sessions join as 1 - prod(1 - x), so that none adds beyond the full effect. Both shapes are assumptions: no trial
        that was read lets one tell them from others.
        """
        on, wane, middle = _weeks(weeks, on_weeks, wane_weeks)
        found: Array = waned(middle, np.array(self.sessions()).reshape(-1, *([1] * middle.ndim)), on, wane)
        return found


def waned(middle: Array, sessions: Any, on_weeks: Any, wane_weeks: Any) -> Any:
    """The shape of `Use.waning`. middle: (weeks, *lanes); sessions: weeks, (S, 1, *lanes); one that never comes is infinite."""
    exp2 = library(on_weeks, wane_weeks).exp2
    missing: Any = 1.0 + 0.0 * (middle + on_weeks)
    for session in sessions:
        since = np.maximum(middle - session, 0.0)
        missing = missing * (1 - (1 - exp2(-since / on_weeks)) * exp2(-since / wane_weeks))
    return 1 - missing


@dataclass(frozen=True)
class Treatment(ABC):
    """One treatment at one dose. `tempo` is all that it does; `subject` names the rows of `priors.csv` that it reads.

    `unit`: of the dose; `arm_unit`: the same unit as the evidence table of arms writes it, where an arm states a dose;
    `studied`: the range of doses with evidence; `studied_of`: of what else, where no arm of its own states a dose. `sexes`: who may
    be offered it. `evidence_class` and `route` are words of the evidence tables. `basis`: one sentence on what its forecast stands on.

    Raises `BadParameter` for a dose outside `studied`.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    unit: ClassVar[str] = ""
    arm_unit: ClassVar[str] = ""
    studied: ClassVar[tuple[float, float]] = (0.0, np.inf)
    studied_of: ClassVar[str] = ""
    sexes: ClassVar[tuple[str, ...]] = BOTH
    evidence_class: ClassVar[str]
    route: ClassVar[str] = ""
    basis: ClassVar[str]

    dose: float = field(default=0.0)

    def __post_init__(self) -> None:
        low, high = self.studied
        if not low <= self.dose <= high:
            allowed = f"{low:g} to {high:g} {self.unit}" if low < high else f"{low:g} {self.unit}"
            raise BadParameter(f"the dose of {self.name}", f"is {self.dose:g} {self.unit}", f"{allowed}, what was studied")

    @property
    @abstractmethod
    def title(self) -> str:
        """What a person would call it."""

    def strength(self, values: Values) -> Any:
        """How strong the dose is, relative to the rows of its subject: 1 unless a treatment says otherwise."""
        return 1.0

    def over_time(self, weeks: int, values: Values, use: Use) -> Array:
        """The strength in each week, 0 to 1, (weeks, *lanes): it rises while it is used and is lost after it was stopped."""
        return use.exposure(weeks, values["on_weeks"], values["off_weeks"])

    @staticmethod
    @abstractmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """What a strength over time, (weeks, *lanes), does to the tempo; the rows of the subject are the strength 1."""

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week. values: of its subject's rows, default their medians; use: default from today on."""
        v = self.usual(values)
        return self.effect(v, self.over_time(weeks, v, use or Use()) * self.strength(v))

    def usual(self, values: Values | None) -> Values:
        """The values given, or the medians of the subject's rows."""
        return values if values is not None else {name: row.value for name, row in rows(self.subject).items()}


def wake(values: Values, strength: Any) -> Tempo:
    """The tempo that wakes follicles and lets some grow: the logarithm of each effect follows `strength` (1 = the rows themselves).

    A negative strength does harm; it wakes no follicle, puts none to sleep and lets none grow.

    >>> rows = {"anagen_stay": 1.0, "telogen_stay": 0.5, "kenogen_stay": 0.5, "recruit_per_week": 0.01}
    >>> float(wake(rows, 2.0).leave_telogen), float(wake(rows, 2.0).recruit_per_week)
    (4.0, 0.02)
    """
    most = library(strength).maximum
    return Tempo(
        leave_anagen=values["anagen_stay"] ** -strength,
        leave_telogen=values["telogen_stay"] ** -strength,
        leave_kenogen=values["kenogen_stay"] ** -strength,
        grow=1 - (1 - values["grow"]) ** most(strength, 0.0) if "grow" in values else 0.0,
        recruit_per_week=most(values["recruit_per_week"] * strength, 0.0) if "recruit_per_week" in values else 0.0,
    )


def _weeks(weeks: int, rise: Any, fall: Any) -> tuple[Array, Array, Array]:
    """Both half-times over lanes, and the middle of each week as (weeks, 1, ...)."""
    xp = library(rise, fall)
    one, two = xp.broadcast_arrays(xp.asarray(rise, dtype=float), xp.asarray(fall, dtype=float))
    return one, two, (np.arange(weeks) + 0.5).reshape(-1, *([1] * one.ndim))
