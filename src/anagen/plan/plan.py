"""Steps on a calendar, and what all of them together do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic_core import core_schema

from anagen.belief import Belief
from anagen.plan import words as say
from anagen.plan.sentence import read
from anagen.plan.steps import Step, bad
from anagen.scalp.tempo import Tempo, Transfer, combine
from anagen.treatments import Transplant, Treatment
from anagen.treatments.use import BOTH


@dataclass(frozen=True)
class Plan:
    """What a person will do: steps, kept in order of time. No step at all is doing nothing.

    `&` joins two plans; `then` goes on from one with a sentence. A pydantic field of type `Plan` takes a sentence.
    Raises `BadInput` if two steps cannot be had at the same time.

    >>> from anagen.treatments import Use, treatment
    >>> plan = Plan((Step(treatment("finasteride"), Use(start_week=12)),)) & Plan.parse("minoxidil 5%")
    >>> plan.names, plan.sexes, plan.tempo(104).weeks
    (('minoxidil_topical', 'finasteride'), ('male',), 104)
    >>> print(Plan())
    nothing
    """

    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        steps = sorted((s for s in self.steps if s.name != "nothing"), key=lambda s: (s.first_week, s.name))
        object.__setattr__(self, "steps", tuple(steps))
        for i, one in enumerate(steps):
            for two in steps[i + 1 :]:
                _may_meet(one, two)

    @classmethod
    def parse(cls, sentence: str) -> Plan:
        """The plan that a sentence tells; `anagen.plan` has the grammar. Raises `BadInput`: what is wrong, what is allowed.

        >>> Plan.parse("finastride 1 mg daily")
        Traceback (most recent call last):
        anagen.ground.errors.UnknownName: there is no treatment 'finastride'; did you mean 'finasteride'? (...)
        """
        return cls().then(sentence)

    def then(self, sentence: str) -> Plan:
        """This plan, gone on with by a sentence, which may stop or switch what the plan has.

        >>> print(Plan.parse("minoxidil 5% since 1 year").then("stop minoxidil week 4"))
        minoxidil topical 5% twice a day since 52.14 weeks until week 4
        """
        return Plan(read(sentence, self.steps))

    def __and__(self, other: Plan) -> Plan:
        """Both plans at once."""
        return Plan(self.steps + other.steps)

    def __str__(self) -> str:
        return "; ".join(map(str, self.steps)) or "nothing"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its treatments, each once, in order of time."""
        return tuple(dict.fromkeys(step.name for step in self.steps))

    @property
    def sexes(self) -> tuple[str, ...]:
        """Who may be offered all of it: `male`, `female`, both or none."""
        return tuple(sex for sex in BOTH if all(sex in step.treatment.sexes for step in self.steps))

    def tempo(self, weeks: int, belief: Belief | None = None, which: npt.NDArray[np.int64] | None = None) -> Tempo:
        """What all steps together do in each week from today on. belief, which: the draws; default: the medians.

        A transplant adds nothing here (see `transfers`). Raises `BadInput` if a step has no forecast (a trial).
        """
        return combine(
            *(_answered(step, step.treatment.tempo(weeks, _values(step, belief, which), step.use), belief, which) for step in self.steps)
        ).held()

    def transfers(
        self, donor_area_cm2: float, recipient_area_cm2: float, belief: Belief | None = None, which: npt.NDArray[np.int64] | None = None
    ) -> tuple[Transfer, ...]:
        """The follicles that its transplants move, in order of time.

        >>> [move.week for move in Plan.parse("transplant 2000 grafts at week 26").transfers(200, 80)]
        [26.0]
        """
        moves: Iterable[tuple[Step, Treatment]] = ((step, step.treatment) for step in self.steps)
        return tuple(
            kind.transfer(donor_area_cm2, recipient_area_cm2, _values(step, belief, which), step.use)
            for step, kind in moves
            if isinstance(kind, Transplant)
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        def as_plan(value: Any) -> Plan:
            return value if isinstance(value, Plan) else cls.parse(value)

        return core_schema.no_info_plain_validator_function(as_plan, serialization=core_schema.to_string_ser_schema())


def _values(step: Step, belief: Belief | None, which: npt.NDArray[np.int64] | None) -> dict[str, Any] | None:
    subject = step.treatment.subject
    return belief.values(subject, which) if belief is not None and subject else None


def _answered(step: Step, tempo: Tempo, belief: Belief | None, which: npt.NDArray[np.int64] | None) -> Tempo:
    """The tempo in each draw's person, who may answer the treatment more or less than the middle one."""
    subject = step.treatment.subject
    return tempo if belief is None or not subject else tempo.answered(belief.response(subject, which))


def _may_meet(one: Step, two: Step) -> None:
    """Raise `BadInput` if two steps, of which the first begins first, are in use at the same time and cannot be."""
    if not one.overlaps(two):
        return
    first, second, when = say.spoken(one.name), say.spoken(two.name), say.moment(two.first_week)
    if one.name == two.name:
        raise bad(f"{first} is used twice at the same time ({when})", "one use of a treatment at a time")
    for wait, step in ((one, two), (two, one)):
        begins = step.use.session_weeks or (step.first_week,)
        if wait.name == "wait" and any(wait.first_week <= week < wait.last_week for week in begins):
            raise bad(f"'{step}' falls into the time of waiting", f"nothing new before the wait ends ({say.moment(wait.last_week)})")
    over_time = not (one.use.session_weeks or two.use.session_weeks)
    if over_time and one.treatment.subject == two.treatment.subject != "":
        how = f"'switch {first} to {second} at week N'"
        raise bad(f"{first} and {second} act in the same way and have no forecast together ({when})", f"one of them at a time, or {how}")
