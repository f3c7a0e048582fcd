"""The money of a plan: amounts with their range, lines that trace to rows, and a bill in one currency alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

from anagen.costs.rates import Rate
from anagen.ground.errors import BadInput
from anagen.ground.units import WEEKS_PER_YEAR


def amount(value: float) -> str:
    """An amount as a reader writes it: whole from 100 up, and no more decimals than it has.

    >>> amount(1234.5), amount(2.5), amount(40)
    ('1,234', '2.50', '40')
    """
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.2f}"


@dataclass(frozen=True)
class Money:
    """From `low` to `high`, in one currency; `typical` only where a source states it. `high` is infinite where none is shown.

    >>> print(Money(3000, None, inf), "|", Money(5, 7, 10), "|", Money(32, 32, 32))
    from 3,000; no highest price is shown | 5 to 10 (about 7) | about 32
    """

    low: float
    typical: float | None
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high or not isfinite(self.low):
            raise BadInput(f"an amount from {self.low:g} to {self.high:g} cannot be; allowed: from 0 up, the lower end first.")

    def __add__(self, other: Money) -> Money:
        typical = None if self.typical is None or other.typical is None else self.typical + other.typical
        return Money(self.low + other.low, typical, self.high + other.high)

    def times(self, factor: float) -> Money:
        """So many times as much."""
        return Money(self.low * factor, None if self.typical is None else self.typical * factor, self.high * factor)

    def less(self, other: Money) -> Money:
        """What it is more than another amount, from the least to the most; never below 0.

        >>> print(Money(360, None, 2400).less(Money(240, 600, 840)))
        0 to 2,160
        """
        return Money(max(self.low - other.high, 0.0), None, max(self.high - other.low, 0.0))

    def __str__(self) -> str:
        if not isfinite(self.high):
            return f"from {amount(self.low)}; no highest price is shown"
        if self.low == self.high:
            return f"about {amount(self.low)}" if self.low else "0"
        about = "" if self.typical is None else f" (about {amount(self.typical)})"
        return f"{amount(self.low)} to {amount(self.high)}{about}"


ZERO = Money(0.0, 0.0, 0.0)


def paid(course: Sequence[Money], weeks: Sequence[float], discount: float = 0.0) -> Money:
    """What is paid over time: `course[i]` is all that i + 1 payments come to, `weeks[i]` the week of payment i.

    With a yearly rate r, money of week w counts (1 + r)**(-w / 52.14): the present value of each increment. A usual amount
    is spread evenly, within what the lowest and the highest course leave. Undiscounted, it is the last of the course.

    >>> print(paid([Money(100, 100, 100), Money(200, 200, 200)], [0, 52.14], 0.03))
    about 197
    """
    if not course:
        return ZERO
    end = course[-1]
    if not discount:
        return end
    typical = end.typical
    worth, count, before = [0.0, 0.0, 0.0], len(course), (0.0, 0.0, 0.0)
    for i, (sum_, week) in enumerate(zip(course, weeks, strict=True)):
        usual = 0.0 if typical is None else min(max(typical * (i + 1) / count, sum_.low), sum_.high)
        now, factor = (sum_.low, usual, sum_.high), (1 + discount) ** (-week / WEEKS_PER_YEAR)
        for k in range(3):
            worth[k] += inf if now[k] == inf else (now[k] - before[k]) * factor
        before = now
    return Money(worth[0], None if typical is None else worth[1], max(worth[2], worth[0]))


@dataclass(frozen=True)
class Line:
    """One part of a plan: `what` it is, how many (`count` of `unit`), what that comes to, and the `rows` that say so.

    `course`: what a course of just so many sessions costs, where that was read. `years`: of the prices, None where none is shown.
    `mark`: `read`, or `given` by the user. `notes`: what the rows hang on.
    Of a converted line, `rate` is the rate and `before` the amount in the currency of the rows.
    """

    option: str
    part: str
    what: str
    count: float
    unit: str
    currency: str
    money: Money
    rows: tuple[str, ...] = ()
    years: tuple[int | None, ...] = ()
    countries: tuple[str, ...] = ()
    mark: str = "read"
    notes: tuple[str, ...] = ()
    boosters: int = 0
    rate: Rate | None = None
    before: Money | None = None
    course: Money | None = None

    def converted(self, rate: Rate) -> Line:
        """The same line in another currency. Raises `BadInput` where the rate is from another one."""
        if rate.source_currency != self.currency:
            raise BadInput(f"a rate from {rate.source_currency} cannot convert {self.currency}.")
        course = None if self.course is None else self.course.times(rate.rate)
        return replace(self, currency=rate.to, money=self.money.times(rate.rate), rate=rate, before=self.money, course=course)

    @property
    def year_said(self) -> str:
        """The years of its prices in words.

        >>> Line("prp", "session", "", 1, "session", "USD", ZERO, years=(None, 2026)).year_said
        'prices of 2026 and of pages without a year'
        """
        shown = sorted(year for year in self.years if year is not None)
        said = "" if not shown else f"{shown[0]}" if shown[0] == shown[-1] else f"{shown[0]} to {shown[-1]}"
        if not said:
            return "year not shown" if self.years else "as given"
        return f"prices of {said}" + (" and of pages without a year" if None in self.years else "")


@dataclass(frozen=True)
class Bill:
    """The lines of a plan in one `currency`, and what is `missing` from them, in words. Raises `BadInput` for a foreign line.

    `unpriced`: the options of the plan that have no price at all in it; what the rest costs is no price of the plan.
    """

    currency: str
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    unpriced: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if foreign := next((one.currency for one in self.lines if one.currency != self.currency), None):
            raise BadInput(f"a bill in {self.currency} cannot hold a line in {foreign}.")

    @property
    def total(self) -> Money:
        """The sum of its lines: all that was priced."""
        found = ZERO
        for one in self.lines:
            found = found + one.money
        return found

    @property
    def course(self) -> Money | None:
        """The same with each course of sessions at the price that was read of just that course; None where none was."""
        if all(one.course is None for one in self.lines):
            return None
        found = ZERO
        for one in self.lines:
            found = found + (one.course or one.money)
        return found

    @property
    def whole(self) -> bool:
        """Whether every option of the plan has a price, so that the total may stand beside what the plan gains."""
        return bool(self.lines) and not self.unpriced

    @property
    def at_least(self) -> bool:
        """Whether something is missing, so that the total may be more."""
        return bool(self.missing)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates that its lines were converted with."""
        return tuple(dict.fromkeys(one.rate for one in self.lines if one.rate is not None))
