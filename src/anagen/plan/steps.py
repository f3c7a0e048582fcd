"""A step on a calendar: which treatment, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from anagen.ground.errors import BadInput
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.plan import words as say
from anagen.treatments import Transplant, Treatment, Use


def bad(what: str, allowed: str) -> BadInput:
    """What is wrong with a plan, and what is allowed."""
    return BadInput(f"in the plan, {what}; allowed: {allowed}.")


def backwards(name: str, stop_week: float, start_week: float) -> BadInput:
    """An end that does not come after the beginning."""
    return bad(f"{name} ends ({say.moment(stop_week)}) before it begins ({say.moment(start_week)})", "an end after the beginning")


@dataclass(frozen=True)
class Step:
    """One treatment and when it is used, in weeks from today; it may have begun before today.

    What is given in sessions keeps those that are held: the given ones, else its usual course from `start_week` on. A wait
    without an end lasts a year.
    Raises `BadInput` where the treatment and its use do not fit.

    >>> from anagen.treatments import treatment
    >>> print(Step(treatment("finasteride"), Use(start_week=-52, stop_week=26, adherence=0.8)))
    finasteride 1 mg a day since 52 weeks until week 26 taken 80% of the time
    >>> Step(treatment("svf"), Use(start_week=12)).use.session_weeks
    (12.0,)
    """

    treatment: Treatment
    use: Use = field(default_factory=Use)

    def __post_init__(self) -> None:
        name, use = say.spoken(self.treatment.name), self.use
        weeks = use.session_weeks or (use.start_week, *((use.stop_week,) if use.stop_week < np.inf else ()))
        if not all(abs(week) <= say.FARTHEST_WEEKS for week in weeks) or not math.isfinite(self.treatment.dose):
            raise bad(f"{name} has a dose or a week beyond all measure", f"finite doses, weeks within {say.FARTHEST_WEEKS} of today")
        if say.in_sessions(type(self.treatment)):
            object.__setattr__(self, "use", self._held(name))
            return
        if name == "wait" and use.stop_week == np.inf:
            object.__setattr__(self, "use", replace(use, stop_week=use.start_week + WEEKS_PER_YEAR))
        if use.session_weeks:
            raise bad(f"{name} has sessions, but it is used over time", "from week a until week b")
        if use.stop_week <= use.start_week:
            raise backwards(name, use.stop_week, use.start_week)

    def _held(self, name: str) -> Use:
        """The use with its sessions, all of them held. `start_week` is the first of them."""
        use = replace(self.use, session_weeks=tuple(say.whole_days(float(week)) for week in self.use.session_weeks))
        given = use.session_weeks
        if any(later <= sooner for sooner, later in pairwise(given)):
            raise bad(f"the sessions of {name} are out of order ({say.moments(given)})", "each later than the one before")
        if use.adherence != 1:
            raise bad(f"{name} is given in sessions, which are not taken for a share of the time", "leave out the sessions that are missed")
        held = use.course(say.usual_weeks(type(self.treatment))).sessions()
        if not held:
            raise bad(f"{name} has no session between its beginning and its end", "at least one")
        if isinstance(self.treatment, Transplant) and len(held) > 1:
            raise bad(f"{name} is one operation, not {len(held)} sessions", "one week; a further one is a further item")
        weeks = tuple(say.whole_days(float(week)) for week in held)
        return Use(start_week=weeks[0], session_weeks=weeks)

    @property
    def name(self) -> str:
        """The name of its treatment."""
        return self.treatment.name

    @property
    def first_week(self) -> float:
        """When it begins."""
        return self.use.start_week

    @property
    def last_week(self) -> float:
        """When it ends: the last session, or the end of use (infinity if none is planned)."""
        return self.use.session_weeks[-1] if self.use.session_weeks else self.use.stop_week

    def overlaps(self, other: Step) -> bool:
        """Whether both are in use at the same time; a session is a point in time."""
        if self.use.session_weeks or other.use.session_weeks:
            return self.first_week <= other.last_week and other.first_week <= self.last_week
        return self.first_week < other.last_week and other.first_week < self.last_week

    def until(self, week: float) -> Step:
        """The same, stopped at a week after its beginning: sessions from then on are not held."""
        held = tuple(session for session in self.use.session_weeks if session < week)
        return replace(self, use=replace(self.use, session_weeks=held) if held else replace(self.use, stop_week=week))

    def __str__(self) -> str:
        kind, use = self.treatment, self.use
        text = say.spoken(kind.name)
        if kind.unit and not (kind.dose == 1 and kind.unit.startswith("usual")):
            text += f" {say.number(kind.dose)}{'' if kind.unit.startswith('%') else ' '}{kind.unit}"
        if use.session_weeks:
            return f"{text} {say.course(use.session_weeks)}"
        text += say.beginning(use.start_week) + (f" until {say.moment(use.stop_week)}" if use.stop_week < np.inf else "")
        return text + (f" taken {say.percent(use.adherence)}% of the time" if use.adherence != 1 else "")
