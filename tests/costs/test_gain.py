"""What a gain costs: ratio of totals, ranges that have no end where a plan may not work, and the rule of what is visible."""

from __future__ import annotations

from functools import cache
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.belief import Belief
from anagen.costs import Money, costs, per_gained_hair, per_visible_gain, worth
from anagen.costs.tables import least_share
from anagen.forecast import Forecast, forecast
from anagen.ground.errors import BadInput, BadParameter
from anagen.people.person import Person

ME = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
COST = Money(100, None, 300)
DRAWS = st.lists(st.floats(-50, 50).filter(lambda x: x == 0 or abs(x) > 1e-3), min_size=1, max_size=60)


def test_by_hand() -> None:
    found = per_gained_hair(np.array([2.0, 4.0, -1.0, 5.0]), np.array([1.0, 1.0, 1.0, 1.0]), COST)
    assert (found.no_gain, found.gain) == (0.25, 2.5)
    assert found.ratio == Money(40, None, 120)
    assert (found.low, found.high, found.bounded) == (20, inf, False)
    assert found.if_gain == (20, 150)


def test_the_mean_of_ratios_is_not_what_is_shown() -> None:
    gain = np.array([1.0, 99.0])
    found = per_gained_hair(gain, np.ones(2), Money(100, None, 100))
    assert found.ratio is not None
    assert found.ratio.low == pytest.approx(100 / 50)
    assert found.ratio.low < float((100 / gain).mean()) / 20


def test_a_gain_below_the_least_is_none_and_a_middle_below_it_has_no_price() -> None:
    drift = per_gained_hair(np.array([1e-6, 0.5, 0.999, 30.0]), np.ones(4), COST)
    assert (drift.no_gain, drift.bounded, drift.ratio) == (0.75, False, None)
    assert drift.if_gain == (100 / 30, 10), "no price of a millionth of a hair"
    assert per_gained_hair(np.array([1.0, 1.0]), np.ones(2), COST).no_gain == 0
    lost = per_gained_hair(np.array([-50.0, 1.0, 2.0]), np.ones(3), COST)
    assert (lost.middle, lost.ratio) == (1.0, None), "those who lose take away what the others gain"


def test_weights_count() -> None:
    heavy = per_gained_hair(np.array([2.0, -1.0]), np.array([99.0, 1.0]), COST)
    assert heavy.no_gain == pytest.approx(0.01)
    assert heavy.bounded, "1 of 100 without gain leaves the 95 % range an end"
    again = per_gained_hair(np.array([2.0] * 99 + [-1.0]), np.ones(100), COST)
    assert (again.low, again.high) == (heavy.low, heavy.high)


def test_a_plan_that_gains_nothing_has_no_price_of_a_hair() -> None:
    found = per_gained_hair(np.array([0.0, -2.0]), np.ones(2), COST)
    assert (found.no_gain, found.ratio, found.low, found.high, found.if_gain) == (1.0, None, inf, inf, None)


@given(gain=DRAWS)
def test_more_than_a_fortieth_without_gain_has_no_upper_end(gain: list[float]) -> None:
    draws = np.array(gain)
    found = per_gained_hair(draws, np.ones(len(draws)), COST)
    none = float((draws < 1).mean())
    assert found.no_gain == pytest.approx(none)
    if abs(none - 0.025) > 1e-9:
        assert found.bounded == (none < 0.025)
    assert found.low <= found.high
    assert (found.ratio is not None) == (min(found.gain, found.middle) >= 1)
    assert (found.if_gain is not None) == bool((draws >= 1).any())


@given(gain=DRAWS, factor=st.floats(1.5, 10))
def test_twice_the_price_is_twice_the_cost_of_a_hair(gain: list[float], factor: float) -> None:
    one, two = (per_gained_hair(np.array(gain), np.ones(len(gain)), cost) for cost in (COST, COST.times(factor)))
    assert two.low == pytest.approx(one.low * factor)
    assert two.no_gain == one.no_gain


def test_visible_gain_by_hand() -> None:
    found = per_visible_gain(np.array([0.15, 0.149, 0.5, -0.2]), np.ones(4), COST, np.array([0.0, 0.0, 0.3, 0.0]))
    assert (found.share, found.share_without) == (0.5, 0.25)
    assert found.each == Money(200, None, 600)
    assert found.more == Money(400, None, 1200)
    assert found.more_at_least == 400, "the lowest price over what it is above the other plan"
    assert found.share_range is None, "the error of a few draws is no range of a chance"


def test_none_with_a_visible_gain_has_a_lower_end_of_its_price() -> None:
    found = per_visible_gain(np.zeros(100), np.ones(100), COST)
    assert (found.share, found.each, found.more) == (0, None, None)
    assert found.more_at_least == 100 / least_share()


def test_what_the_other_plan_gives_as_well_is_not_paid_for() -> None:
    change = np.array([0.2, 0.2, 0.0, 0.0])
    both = per_visible_gain(change, np.ones(4), COST, change)
    assert (both.share, both.more) == (0.5, None)
    assert both.more_at_least == 100 / least_share()


@pytest.mark.parametrize(
    ("gain", "weights"),
    [([], []), ([1.0], [1.0, 2.0]), ([np.nan], [1.0]), ([1.0], [-1.0]), ([1.0], [0.0]), ([[1.0]], [[1.0]])],
)
def test_draws_that_do_not_fit_are_said(gain: list[float], weights: list[float]) -> None:
    for ask in (per_gained_hair, per_visible_gain):
        with pytest.raises(BadParameter, match="draws"):
            ask(np.array(gain), np.array(weights), COST)


@cache
def made(plan: str) -> tuple[Forecast, Forecast]:
    """A plan and nothing, over a year, by a small belief."""
    found = forecast(ME, plan, Belief.shipped(n=100), years=1, against="nothing")
    assert isinstance(found, tuple)
    return found


def test_a_forecast_beside_its_bill() -> None:
    mine, nothing = made("svf")
    found = worth(mine, nothing, costs("svf", 12).bill("USD"), 12, "vertex")
    gain = (mine.course("visible", "vertex") - nothing.course("visible", "vertex"))[:, 52]
    assert found.per_gain.gain == pytest.approx(float(mine.weights @ gain))
    assert found.per_gain.no_gain == pytest.approx(float(mine.weights[gain < 1].sum()))
    assert found.per_gain.no_gain > 0.025
    assert not found.per_gain.bounded, "a plan that may not work has no upper end"
    sure = worth(*made("dutasteride"), costs("dutasteride", 12).bill("USD"), 12, "vertex")
    assert sure.per_gain.bounded


def test_visible_is_what_the_forecast_calls_visible() -> None:
    mine, nothing = made("dutasteride")
    found = worth(mine, nothing, costs("dutasteride", 12).bill("USD"), 12, "vertex")
    assert round(found.per_visible.share * 100) == pytest.approx(mine.chances(52, "vertex").gain, abs=1)  # whole numbers that add up


def test_a_bill_that_lacks_an_option_is_no_cost_of_the_gain() -> None:
    mine, nothing = made("finasteride; minoxidil 5%")
    bill = costs("finasteride; minoxidil 5%", 12).bill("CAD")
    with pytest.raises(BadInput, match="lacks a price of minoxidil_topical"):
        worth(mine, nothing, bill, 12)
    saved = worth(mine, nothing, costs("finasteride; minoxidil 5%", 12).bill("USD"), 12, saved=costs("finasteride", 12).bill("USD"))
    assert saved.per_gain.ratio == Money(0, None, 1020).times(1 / saved.per_gain.gain), "300 to 1,140 less 120 to 420: never below 0"
    with pytest.raises(BadParameter, match="at most 12"):
        worth(mine, nothing, costs("finasteride; minoxidil 5%", 24).bill("USD"), 24)
