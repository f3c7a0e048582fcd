"""What n of a thing come to, where some rows price one of it, some a course of several, and some each one after a course."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from anagen.costs.bill import Money
from anagen.costs.tables import Price


def pooled(found: Sequence[Price]) -> Money | None:
    """The price of one unit over some rows: lowest, highest; None without rows.

    A row that says only from where prices start counts for the low end alone. Typical only if the rows that state one agree.

    >>> from anagen.costs.tables import of_option
    >>> print(pooled([one for one in of_option("exosomes", 1.0) if one.cost.currency == "USD"]))
    1,500 to 10,000
    """
    if not found:
        return None
    highs = [one.high / one.units_from for one in found if isfinite(one.high)]
    usual = {one.typical / one.units_from for one in found if one.typical is not None}
    return Money(min(one.low / one.units_to for one in found), usual.pop() if len(usual) == 1 else None, max(highs, default=inf))


def just(count: int, courses: Sequence[Price]) -> Money | None:
    """The price of a course of just so many sessions, over the rows that price it; None where none does.

    >>> from anagen.costs.tables import of_option
    >>> rows = [one for one in of_option("prp", 0.1) if one.part == "course"]
    >>> print(just(3, rows), just(2, rows))
    1,500 to 3,500 None
    """
    found = [one for one in courses if one.units_from <= count <= one.units_to]
    if not found:
        return None
    usual = {one.typical for one in found if one.typical is not None}
    return Money(min(one.low for one in found), usual.pop() if len(usual) == 1 else None, max(one.high for one in found))


def ladder(count: int, single: Money | None, courses: Sequence[Price] = (), extra: Money | None = None) -> list[Money]:
    """What 1, 2, ... `count` sessions come to; empty where neither a session nor a course has a price.

    Low: the least that buys at least so many, by single sessions, by courses, or by both. High: the most that any of these
    ways asks. An `extra` is a session that only who bought a course can have at that price. Both rise, or stay, with each session.

    >>> [str(one) for one in ladder(2, Money(5, None, 20))]
    ['5 to 20', '10 to 40']
    """
    if single is None and not courses:
        return []
    least, most, after_least, after_most = [0.0], [0.0], [inf], [-inf]
    for n in range(1, count + 1):
        add_low = min((one.low for one in (single, extra) if one is not None), default=inf)
        add_high = max((one.high for one in (single, extra) if one is not None), default=-inf)
        with_low = min([after_least[n - 1] + add_low, *(least[max(0, n - one.units_to)] + one.low for one in courses)])
        full = [most[n - one.units_from] + one.high for one in courses if n >= one.units_from]
        with_high = max([after_most[n - 1] + add_high, *full])
        if single is None and not full:  # a course is all that can be bought
            most.append(max(one.high for one in courses))
        else:
            most.append(with_high if single is None else max(with_high, n * single.high))
        after_least.append(with_low)
        after_most.append(with_high)
        least.append(with_low if single is None else min(with_low, n * single.low))
    return [Money(least[n], _usual(n, single, courses, least[n], most[n]), most[n]) for n in range(1, count + 1)]


def _usual(n: int, single: Money | None, courses: Sequence[Price], low: float, high: float) -> float | None:
    """The usual price of n sessions, where all rows that state one for so many agree."""
    said = {one.typical for one in courses if one.typical is not None and one.units_from <= n <= one.units_to}
    if single is not None and single.typical is not None:
        said.add(n * single.typical)
    return min(max(said.pop(), low), high) if len(said) == 1 else None
