"""A plan as a change of what is taken today: what of it goes on, what is new, what ends, and what a person would call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.plan.plan import Plan
from anagen.plan.steps import Step


@dataclass(frozen=True)
class Change:
    """A plan beside what is taken today: `kept` goes on, `new` is added or put in its place, `gone` is stopped.

    >>> now = Plan.parse("finasteride since 1 year")
    >>> found = change(Plan.parse("finasteride; svf"), now)
    >>> found.kept.names, found.new.names, found.gone.names, found.title
    (('finasteride',), ('svf',), (), 'add stromal vascular fraction of own fat, once')
    """

    kept: Plan
    new: Plan
    gone: Plan
    title: str

    @property
    def own(self) -> Plan:
        """What it brings: what is new; of a plan that adds nothing, all of it."""
        return self.new if self.new.steps else self.kept

    @property
    def beside(self) -> Plan:
        """What is taken already and goes on beside what is new."""
        return self.kept if self.new.steps else Plan()


def change(plan: Plan, taken: Plan) -> Change:
    """What a plan changes of what is taken today; of who takes nothing, all of it is new."""
    now = [step.treatment for step in taken.steps]
    kept = [step for step in plan.steps if step.treatment in now and step.first_week <= 0]
    new = [step for step in plan.steps if step not in kept]
    going = [step.treatment for step in kept]
    gone = [step for step in taken.steps if step.treatment not in going]
    return Change(Plan(tuple(kept)), Plan(tuple(new)), Plan(tuple(gone)), _title(plan, taken.steps, kept, new, gone))


def added(one: Step, taken: Plan) -> Plan:
    """A step added to what is taken: it takes the place of what acts in the same way, and all else goes on.

    >>> now = Plan.parse("finasteride since 1 year")
    >>> [added(Plan.parse(said).steps[0], now).names for said in ("svf", "dutasteride")]
    [('finasteride', 'svf'), ('dutasteride',)]
    """
    return Plan((*(step for step in taken.steps if step.treatment.subject != one.treatment.subject), one))


def goes_on(plan: Plan, taken: Plan) -> bool:
    """Whether a plan is to go on with all that is taken today, and nothing else.

    >>> now = Plan.parse("finasteride since 1 year")
    >>> goes_on(Plan.parse("finasteride"), now), goes_on(Plan.parse("finasteride until week 4"), now), goes_on(Plan(), Plan())
    (True, False, False)
    """
    found = change(plan, taken)
    as_now = {(step.treatment, step.use.stop_week, step.use.adherence) for step in taken.steps}
    return bool(as_now) and not found.new.steps and as_now == {(s.treatment, s.use.stop_week, s.use.adherence) for s in plan.steps}


def _title(plan: Plan, taken: Sequence[Step], kept: Sequence[Step], new: Sequence[Step], gone: Sequence[Step]) -> str:
    """What a person would call it: as a change of what is taken today; word for word where its timing is not the usual."""
    if any(step != Step(step.treatment) for step in new) or any(step not in taken and step != Step(step.treatment) for step in kept):
        return str(plan)
    if not taken or [step.name for step in new] in (["wait"], ["join_trial"]):
        return _and(new) or "nothing"
    if not new:
        return " and ".join([f"go on: {_and(kept)}"] * bool(kept) + [f"stop: {_and(gone)}"] * bool(gone))
    return f"switch to {_and([*new, *kept])}" if gone else f"add {_and(new)}"


def _and(steps: Sequence[Step]) -> str:
    return " and ".join(step.treatment.title for step in steps)
