"""What a person weighs, option by option: what it may give, what can go wrong, cost, effort, and whether it can be undone.

Gains, costs and visits are read over the same time, gains out of the same number of people; each harm is told as it was counted. For a
person who takes something, what an option brings stands by itself, and what goes on beside it apart. `matters` shows what a person said
matters to them, beside every option; it never orders them and never chooses. `questions` are those that this person's own gaps leave
to a specialist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from anagen.chances import Chances
from anagen.compare import Comparison, Option
from anagen.costs import Costs, costs
from anagen.effort import Effort, effort
from anagen.ground.tables import table
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.person import MATTERS, Person
from anagen.risks import OptionRisks, harms_of
from anagen.suitability import NEITHER, OptionVerdict, Suitability, suitable
from anagen.suitability.facts import facts_of
from anagen.suitability.verdict import strictest
from anagen.synthesis import plain

WEAK = ("very low", "not known")
CELLS = "cells"


@dataclass(frozen=True)
class Choice:
    """One option as a person weighs it. `standing`: the verdict on each of its treatments; `chances` at the end (None: no forecast).

    `harms`, `own_costs`, `effort`: of what it brings; `kept_harms`, `kept_costs`, `kept_effort`: of what is taken already and goes on
    beside that; `costs`: of both; `gone_costs`: of what is stopped for it. `chances_now`: of going on as now; None for a person who
    takes nothing.
    """

    option: Option
    standing: tuple[OptionVerdict, ...]
    chances: Chances | None
    chances_now: Chances | None
    harms: tuple[OptionRisks, ...]
    kept_harms: tuple[OptionRisks, ...]
    costs: Costs
    own_costs: Costs
    kept_costs: Costs
    gone_costs: Costs
    effort: tuple[Effort, ...]
    kept_effort: tuple[Effort, ...]

    @property
    def verdict(self) -> str:
        """Whether it is for people like this one: the strictest verdict on its treatments."""
        return strictest(one.verdict for one in self.standing)

    @property
    def certainty(self) -> str:
        """How sure the evidence of its effect is."""
        return self.option.grounds.certainty.level if self.option.grounds else "not known"

    @property
    def visits(self) -> int | None:
        """The visits of its plan that are known; None where the plan of a trial sets them."""
        return self.costs.visits

    @property
    def counted(self) -> bool:
        """Whether any harm of its own was counted, for each of its treatments."""
        return bool(self.harms) and all(one.counted for one in self.harms)

    @property
    def asks_nothing(self) -> bool:
        """Whether it is a way to do nothing, of which no harm comes but that of waiting."""
        return not self.harms and self.option.group != "trial"


@dataclass(frozen=True)
class Question:
    """One question for the specialist: the `gap` it comes from, and the words of the person or the options that it is asked `of`."""

    gap: str
    question: str
    of: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Choices:
    """Every option of a comparison, over the same `months`; `suitability` of the person."""

    answer: Comparison
    suitability: Suitability
    months: int
    rows: tuple[Choice, ...]

    @property
    def matters(self) -> tuple[str, ...]:
        """What the person said matters; all that can, where nothing was said."""
        return self.answer.person.what_matters or MATTERS

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What this person should ask a specialist, from what is not known of them and of the options."""
        person, rows = self.answer.person, self.rows
        gaps = _gaps(person)
        names = {
            "harms": _called(row for row in rows if row.harms and not row.counted),
            "price": _called(row for row in rows if not row.own_costs.free and not row.own_costs.bills and row.option.group != "trial"),
            "unsure": _called(row for row in rows if row.harms and row.certainty in WEAK),
            "told": (*person.conditions, *person.medicines),
        }
        gaps |= {gap for gap, of in names.items() if of}
        if any(row.option.group == CELLS for row in rows):
            gaps.add("cells")
        if any(row.harms for row in rows):
            gaps.add("wait")
        return tuple(Question(gap, text, names.get(gap, ()), source) for gap, text, source in _questions() if gap in gaps)


def choices(answer: Comparison) -> Choices:
    """Every option of a comparison with its harms, costs over the same time, effort, and how it stands for this person.

    >>> from anagen.belief import Belief
    >>> from anagen.compare import compare
    >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    >>> found = choices(compare(me, Belief.prior(n=100), years=1, options=["finasteride"]))
    >>> [row.visits for row in found.rows], found.months, found.rows[0].asks_nothing
    ([0, 0], 12, True)
    """
    end = int(answer.weeks[-1])
    months = round(end / WEEKS_PER_YEAR * 12)
    suits = suitable(answer.person)
    return Choices(answer, suits, months, tuple(_choice(option, answer, suits, months, end) for option in answer.options))


def _choice(option: Option, answer: Comparison, suits: Suitability, months: int, end: int) -> Choice:
    own, kept = option.change.own, option.change.beside
    names = [name for name in dict.fromkeys(option.plan.names) if name not in NEITHER] or ["nothing"]
    if option.group == "trial":
        names = ["join_trial"]
    return Choice(
        option,
        tuple(suits.of(name) for name in names),
        option.chances(end, answer.main_region) if option.forecast else None,
        None if answer.base is answer.nothing else answer.base.chances(end, answer.main_region),
        harms_of(own, answer.person),
        harms_of(kept, answer.person),
        costs(option.plan, months),
        costs(own, months),
        costs(kept, months),
        costs(option.change.gone, months),
        effort(own),
        effort(kept) if kept.steps else (),
    )


def _gaps(person: Person) -> set[str]:
    """What is not known of the person, or what they told that must be asked about."""
    asked: dict[str, Callable[[], bool]] = {
        "not_counted": lambda: not person.measured,
        "signs_not_asked": lambda: person.signs is None,
        "signs_asked": lambda: person.signs is not None,
        "pregnancy": lambda: "may_become_pregnant" in facts_of(person) and not person.pregnant,
        "nothing_told": lambda: not (person.conditions or person.medicines),
        "taking": lambda: any(not one.until_years for one in person.treatments),
    }
    return {gap for gap, holds in asked.items() if holds()}


@cache
def _questions() -> tuple[tuple[str, str, str], ...]:
    return table("questions.csv", lambda row: (row["gap"], row["question"], row["source"]))


def _called(rows: Iterable[Choice]) -> tuple[str, ...]:
    """What some options are called, without dose and course, each once."""
    return tuple(dict.fromkeys(plain(step.treatment) for row in rows for step in row.option.change.own.steps))


__all__ = ["Choice", "Choices", "Question", "choices"]
