"""What a plan costs one person, beside what it gains: for someone who takes something, of what it adds, over going on as now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.costs.gain import GOING_ON, NOTHING, STOPPING, worth
from anagen.ground.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from anagen.compare import Comparison, Option
    from anagen.costs import Costs, Worth
    from anagen.plan import Plan


@dataclass(frozen=True)
class Outlay:
    """One plan: what it is called, its costs at each horizon, and for a person what each bill buys (a tuple a horizon).

    For a person who takes something, `costs` are of what the plan brings, `kept` of what goes on beside it, `whole` of both. `against`:
    what the gains are read against; `saved`: whether what is stopped for it was taken off its costs. `early`: months at which its gain
    is known to be told too high, so that nothing is divided by it.
    """

    title: str
    plan: Plan
    costs: tuple[Costs, ...]
    gains: tuple[tuple[Worth, ...], ...] = ()
    against: str = NOTHING
    kept: tuple[Costs, ...] = ()
    whole: tuple[Costs, ...] = ()
    saved: bool = False
    early: tuple[float, ...] = ()


def outlay(answer: Comparison, option: Option, priced: Callable[[Plan], tuple[Costs, ...]]) -> Outlay:
    """What an option costs, beside what it gains over going on as now; to go on itself, over stopping.

    priced: the costs of a plan at each horizon, all within that of the forecast.

    >>> from anagen import Belief, Person, compare
    >>> from anagen.costs import costs
    >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    >>> answer = compare(me, Belief.prior(n=100), years=1, options=["finasteride"])
    >>> found = outlay(answer, answer.option("finasteride"), lambda plan: (costs(plan, 12),))
    >>> found.against, len(found.gains[0]) == len(found.costs[0].bills), found.saved
    ('doing nothing', True, False)
    """
    change, against = option.change, answer.nothing if option is answer.base else answer.base
    costs, off = priced(change.own), priced(change.gone)
    gains: list[tuple[Worth, ...]] = []
    saved = False
    early = []
    for one, old in zip(costs, off, strict=True):
        if option.too_high(one.months / 12 * WEEKS_PER_YEAR):
            early.append(one.months)
            gains.append(())
            continue
        was = {bill.currency: bill for bill in old.bills}
        bills = [bill for bill in one.bills if bill.whole] if option.forecast is not None else []
        month, place = one.months, answer.main_region
        gains.append(tuple(worth(option.known(), against.known(), bill, month, place, was.get(bill.currency)) for bill in bills))
        saved = saved or any(bill.currency in was for bill in bills)
    called = NOTHING if answer.base is answer.nothing else STOPPING if option is answer.base else GOING_ON
    kept = priced(change.beside) if change.beside.steps else ()
    return Outlay(option.title, option.plan, costs, tuple(gains), called, kept, priced(option.plan) if kept else (), saved, tuple(early))
