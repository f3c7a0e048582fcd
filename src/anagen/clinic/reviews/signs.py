"""Three things that the stars, dates and sources of reviews can show, each with the false alarm that it is held to. None is proof.

Few low stars: against the file's own fall from 4 to 3 stars, and each source against the others. Crowded weeks: each week against
the weeks around it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FALSE_ALARM = 0.01
"""Of each of the three, over all that it tests: about so often in files where nothing is wrong (in simulated files 0 to 1.5 %)."""
FEWEST_DATED, FEWEST_WEEKS = 20, 8
AROUND_WEEKS = 6
FEWEST_OF_SOURCE = 10
MOST_SHOWN = 20
PRIOR = 1.0
"""The weight of each of the five stars before any review was read."""
_DRAWS = 20_000


@dataclass(frozen=True)
class LowStars:
    """How many of `n` reviews have 1 or 2 stars: their `share` with the range that holds 95 % (`low`, `high`) of what fits.

    `expected`: how many there would be if reviews went on falling from star to star as they do from 4 to 3; `chance`: of so few
    or fewer then. `few`: that chance is below `FALSE_ALARM`. `sources`: those with fewer than the others have, beyond chance.
    """

    n: int
    n_low: int
    share: float
    low: float
    high: float
    expected: float
    chance: float
    few: bool
    sources: tuple[FewOfSource, ...]


@dataclass(frozen=True)
class FewOfSource:
    """A source with `n_low` of `n` low stars where all others have `others_low` of `others`; `chance`: of so few by the draw alone."""

    source: str
    n_low: int
    n: int
    others_low: int
    others: int
    chance: float


@dataclass(frozen=True)
class Crowd:
    """A week of `n` reviews, from `start` on, where `expected` would come if the weeks around it shared theirs evenly."""

    start: datetime.date
    n: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Crowds:
    """The weeks with too many reviews, the most crowded first. `tested`: False where dates or weeks are too few to tell."""

    dated: int
    weeks: int
    tested: bool
    n_crowds: int
    crowds: tuple[Crowd, ...]


def low_stars(counts: Sequence[int], by_source: dict[str, Sequence[int]] | None = None) -> LowStars:
    """What 1 and 2 stars say by being few. `counts`: reviews of 1, 2, ... 5 stars.

    The fall: with p3, p4 and p5 drawn from Dirichlet(1 + n3, 1 + n4, 1 + n5) and r = min(1, p3 / p4), 2 and 1 stars would have
    p3 * r and p3 * r**2; their number is binomial given its share of all, and `chance` is the mean over the draws. That ratings fall
    so is our assumption. Those of products mostly rise again at 1 star (Hu, Pavlou and Zhang 2009, doi:10.1145/1562764.1562800), so
    that it asks for rather few. Between sources: Fisher's exact test, one-sided, the rate shared by the sources tested.

    >>> low_stars((0, 0, 60, 150, 400)).few, low_stars((12, 14, 60, 150, 400)).few, low_stars((0, 0, 0, 0, 30)).few
    (True, False, False)
    """
    from scipy.stats import beta, binom

    n, n_low = sum(counts), counts[0] + counts[1]
    share = beta(2 * PRIOR + n_low, 3 * PRIOR + n - n_low)
    drawn = np.random.default_rng(0).dirichlet([PRIOR + count for count in counts[2:]], _DRAWS)
    fall = np.minimum(1.0, drawn[:, 0] / np.maximum(drawn[:, 1], 1e-12))
    low = drawn[:, 0] * (fall + fall**2)
    low /= 1 + low
    chance = float(binom.cdf(n_low, n, low).mean())
    return LowStars(
        n,
        n_low,
        n_low / n,
        float(share.ppf(0.025)) if n_low else 0.0,
        float(share.ppf(0.975)),
        float(n * low.mean()),
        chance,
        chance < FALSE_ALARM,
        _few_of_source(by_source or {}),
    )


def crowds(dates: Sequence[datetime.date]) -> Crowds:
    """Weeks, from Monday on, with more reviews than the weeks around them explain.

    Given the number m of a week and the (up to) six on each side of it, w weeks in all, reviews that come evenly there give that
    week a binomial(m, 1/w) of them. Its upper tail is held to `FALSE_ALARM` over the number of weeks, so slow growth is no alarm.

    >>> start = datetime.date(2024, 1, 1)
    >>> even = [start + datetime.timedelta(days=3 * step) for step in range(60)]
    >>> crowds(even).n_crowds, crowds(even + [datetime.date(2024, 4, 10)] * 12).crowds[0].n
    (0, 14)
    """
    from scipy.stats import binom

    if not dates:
        return Crowds(0, 0, False, 0, ())
    days = np.array([day.toordinal() for day in dates])
    first = int(days.min()) - (int(days.min()) - 1) % 7
    counts = np.bincount((days - first) // 7)
    if len(days) < FEWEST_DATED or len(counts) < FEWEST_WEEKS:
        return Crowds(len(days), len(counts), False, 0, ())
    total = np.concatenate([[0], counts.cumsum()])
    at = np.arange(len(counts))
    low, high = np.maximum(at - AROUND_WEEKS, 0), np.minimum(at + AROUND_WEEKS + 1, len(counts))
    around, weeks = total[high] - total[low], high - low
    chance: NDArray[np.float64] = binom.sf(counts - 1, around, 1 / weeks)
    found = [place for place in np.argsort(chance, kind="stable") if chance[place] < FALSE_ALARM / len(counts)]
    shown = tuple(
        Crowd(datetime.date.fromordinal(first + 7 * int(one)), int(counts[one]), float(around[one] / weeks[one]), float(chance[one]))
        for one in found[:MOST_SHOWN]
    )
    return Crowds(len(days), len(counts), True, len(found), shown)


def _few_of_source(by_source: dict[str, Sequence[int]]) -> tuple[FewOfSource, ...]:
    from scipy.stats import hypergeom

    lows = {name: (counts[0] + counts[1], sum(counts)) for name, counts in by_source.items()}
    all_low, every = sum(low for low, _ in lows.values()), sum(n for _, n in lows.values())
    tested = [name for name, (_, n) in lows.items() if n >= FEWEST_OF_SOURCE and every - n >= FEWEST_OF_SOURCE]
    found = []
    for name in tested:
        low, n = lows[name]
        chance = float(hypergeom.cdf(low, every, all_low, n))
        if chance < FALSE_ALARM / len(tested):
            found.append(FewOfSource(name, low, n, all_low - low, every - n, chance))
    return tuple(sorted(found, key=lambda one: one.chance)[:MOST_SHOWN])
