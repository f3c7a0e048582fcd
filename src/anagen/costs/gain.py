"""A cost beside what it gains, from the draws of a forecast: a plan that may not work shows it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from anagen.costs.bill import Bill, Money
from anagen.costs.tables import least_gain_per_cm2, least_share
from anagen.ground.errors import BadInput, BadParameter
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.scalp.tempo import Array

if TYPE_CHECKING:
    from anagen.forecast import Forecast

NOTHING, STOPPING, GOING_ON = "doing nothing", "stopping what you take", "going on as now"
"""What gains are read against; the last two for a person who takes something."""
TAIL = 0.025
"""What lies outside a central 95 % range, on each side."""


@dataclass(frozen=True)
class PerGain:
    """Cost per hair/cm2 gained. `no_gain`: the share of draws that gain less than `least_gain_per_cm2()`, or lose.

    `gain`, `middle`: the mean and the middle gain, hairs/cm2. `ratio`: cost over mean gain; None where the middle or the mean is
    below the least. `low`, `high`: the central 95 % of cost over gain in all draws, infinite where a draw does not gain so much.
    `if_gain`: the same in the draws that do; None where none does.
    """

    no_gain: float
    gain: float
    middle: float
    ratio: Money | None
    low: float
    high: float
    if_gain: tuple[float, float] | None

    @property
    def bounded(self) -> bool:
        """Whether the range has an upper end."""
        return isfinite(self.high)


@dataclass(frozen=True)
class PerVisible:
    """Cost per person with a visible gain. `share`: of draws with one, `share_without`: with what the plan is read against.

    `each`: cost over `share`; `more`: cost over what `share` is above `share_without`; None where there is none to divide by.
    `each_at_least`, `more_at_least`: the lowest price over the highest such share, or over `tables.least_share()` where that is larger.
    `share_range`: the 95 % range of `share` as a chance; None where the forecast gives none (the error of a number of draws is none).
    """

    share: float
    share_without: float
    each: Money | None
    more: Money | None
    each_at_least: float
    more_at_least: float
    share_range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Worth:
    """A bill beside the gain at the same time: by `months`, in one `currency`, at one region."""

    months: float
    currency: str
    region: str
    per_gain: PerGain
    per_visible: PerVisible


def per_gained_hair(gain: Array, weights: Array, cost: Money) -> PerGain:
    """Cost per hair/cm2 gained; gain: (draws,), hairs/cm2; weights: (draws,), which need not add up to 1.

    The single number is a ratio of totals, E[cost] / E[gain]: what a hair costs over many people who all do it, those who gain
    nothing counted. The mean of cost/gain would be no number: near a gain of 0 it has no bounds, and a loss would count as
    cheap. Its range is that of percentiles, as for any ratio whose lower part may be 0 (Fieller 1954): a draw without gain is
    beyond every price, so with more than 2.5 % of such draws the range has no upper end. Low is at the lowest price, high at
    the highest; a gain is small or large by chance and by what is not known. Raises `BadParameter` for arrays that do not fit.

    >>> found = per_gained_hair(np.array([0.5, 2.5, 12.5]), np.ones(3), Money(100, None, 200))
    >>> round(found.no_gain, 2), str(found.ratio), found.bounded, found.if_gain
    (0.33, '19.35 to 38.71', False, (8.0, 80.0))
    """
    gain, weights = _draws(gain, weights)
    mean, middle = float(weights @ gain), _quantile(gain, weights, 0.5)
    least = least_gain_per_cm2()
    some = gain >= least
    none = float(weights[~some].sum())
    at = [np.where(some, price / np.where(some, gain, 1.0), inf) for price in (cost.low, cost.high)]
    ratio = cost.times(1 / mean) if min(mean, middle) >= least else None
    inside = (_quantile(at[0][some], weights[some], TAIL), _quantile(at[1][some], weights[some], 1 - TAIL)) if some.any() else None
    return PerGain(none, mean, middle, ratio, _quantile(at[0], weights, TAIL), _quantile(at[1], weights, 1 - TAIL), inside)


def per_visible_gain(
    change: Array,
    weights: Array,
    cost: Money,
    change_without: Array | None = None,
    share_range: tuple[float, float] | None = None,
) -> PerVisible:
    """Cost per person with a visible gain; change: (draws,), share of today's density gained; change_without: the same with what it
    is read against.

    A gain is visible from the row `person.visible_gain` on, as in a forecast's chances. Everyone pays, some gain: cost over
    the share of draws with a visible gain. Raises `BadParameter` for arrays that do not fit.

    >>> print(per_visible_gain(np.array([0.2, 0.0, 0.1, 0.3]), np.ones(4), Money(100, None, 200)).each)
    200 to 400
    """
    change, scaled = _draws(change, weights)
    without = np.zeros_like(change) if change_without is None else _draws(change_without, weights)[0]
    seen = medians("person")["visible_gain"]
    share, idle = (float(scaled[drawn >= seen].sum()) for drawn in (change, without))
    each, more = (cost.times(1 / part) if part > 0 and isfinite(1 / part) else None for part in (share, share - idle))
    highest = share_range[1] if share_range else share
    at_least, more_at_least = (cost.low / max(part, least_share()) for part in (highest, share - idle))
    return PerVisible(share, idle, each, more, at_least, more_at_least, share_range)


def worth(plan: Forecast, against: Forecast, bill: Bill, months: float, region: str = "whole", saved: Bill | None = None) -> Worth:
    """A bill over `months` beside what the plan gains over another in one region by then, and over today.

    saved: what the other plan costs and this one does not; it is taken off.
    Raises `BadParameter` for months beyond the forecasts, `BadInput` for a bill that lacks an option of the plan: what it gains is
    not free.
    """
    week, cost = round(months / 12 * WEEKS_PER_YEAR), bill.total if saved is None else bill.total.less(saved.total)
    if not bill.whole:
        raise BadInput(f"the bill in {bill.currency} lacks a price of {' and '.join(bill.unpriced)}: it is no cost of what the plan gains.")
    if week > int(plan.weeks[-1]) or week > int(against.weeks[-1]):
        raise BadParameter("months", f"is {months:g}", f"at most {plan.weeks[-1] / WEEKS_PER_YEAR * 12:.0f}, the length of the forecast")
    mine, other = (one.course("visible", region, (0, week)) for one in (plan, against))
    changes = [course[:, 1] / course[:, 0] - 1 for course in (mine, other)]
    found = plan.chances(week, region)
    shares = (found.ranges["gain"][0] / found.people, found.ranges["gain"][1] / found.people) if "gain" in found.ranges else None
    return Worth(
        months,
        bill.currency,
        region,
        per_gained_hair(mine[:, 1] - other[:, 1], plan.weights, cost),
        per_visible_gain(changes[0], plan.weights, cost, changes[1], shares),
    )


def _draws(values: Array, weights: Array) -> tuple[Array, Array]:
    values, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    if values.ndim != 1 or values.shape != weights.shape or not values.size:
        raise BadParameter("draws", f"have shapes {values.shape} and {weights.shape}", "one weight for each draw")
    if not (np.isfinite(values).all() and np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise BadParameter("draws", "hold what is no number, or weights below 0", "finite draws, weights from 0 up")
    return values, weights / weights.sum()


def _quantile(values: Array, weights: Array, share: float) -> float:
    """The least value at or below which so much weight lies; values may be infinite."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order][min(int(np.searchsorted(below, share * below[-1] * (1 - 1e-9))), len(order) - 1)])
