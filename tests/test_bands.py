"""Bands, today, and what a plan moves: what every door reads off a forecast."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.compare import compare
from anagen.forecast import BANDS, Band, forecast_all
from anagen.people.person import Person, Taken
from anagen.plan import Plan

MAN = Person(sex="male", age_years=44, condition="pattern hair loss", scale="norwood", stage="4")


def test_a_band_is_the_weighted_quantile_of_another_implementation() -> None:
    random = np.random.default_rng(4)
    draws = random.normal(size=(311, 7))
    draws[:, 3] = 2.0
    weights = random.random(311)
    weights /= weights.sum()
    cuts = [0.5, *((1 - band) / 2 for band in BANDS), *((1 + band) / 2 for band in BANDS)]
    spread = np.broadcast_to(weights[:, None], draws.shape)
    expected = np.quantile(draws, cuts, axis=0, weights=spread, method="inverted_cdf")
    found = Band.of(draws, weights)
    np.testing.assert_array_equal([found.median, *found.low.values(), *found.high.values()], expected)


def test_a_band_at_some_weeks_is_the_band_there() -> None:
    option = compare(MAN, Belief.prior(n=100), 0.5, ["finasteride"]).options[1]
    whole, some = option.band("calibre"), option.band("calibre", weeks=(0, 13, 26))
    np.testing.assert_array_equal(some.median, whole.median[[0, 13, 26]])
    np.testing.assert_array_equal(some.high[0.95], whole.high[0.95][[0, 13, 26]])


@pytest.mark.parametrize("plan", ["transplant 2000 grafts", "svf", "finasteride; fut 1500 grafts"])
def test_today_is_the_same_under_every_plan(plan: str) -> None:
    answer = compare(MAN, Belief.prior(n=100), 0.5, [plan])
    for output in ("visible", "terminal", "calibre"):
        today = [option.known().course(output, "vertex", (0,)) for option in answer.options]
        np.testing.assert_allclose(today[0], today[1], rtol=1e-6)
    assert answer.options[1].gain(answer.nothing, region="vertex").median[26] > 0


def test_plans_that_do_the_same_are_the_same_and_others_are_not() -> None:
    answer = compare(MAN, Belief.prior(n=100), 0.5, ["wait", "finasteride", "minoxidil 5%"])
    ends = [option.known().course("terminal", "vertex", (26,)) for option in answer.options]
    np.testing.assert_array_equal(ends[0], ends[1])
    assert len({end.tobytes() for end in ends}) == 3
    alone = forecast_all(MAN, [Plan.parse("minoxidil 5%")], Belief.prior(n=100), answer.start, 0.5)[0]
    np.testing.assert_allclose(alone.course("terminal", "vertex", (26,)), ends[3], rtol=1e-5)


def test_hair_that_was_moved_before_today_is_part_of_today() -> None:
    had = MAN.model_copy(update={"treatments": (Taken(what="transplant 2000 grafts", since_years=2),)})
    answer = compare(had, Belief.prior(n=100), 0.5, ["finasteride"])
    never = compare(MAN, Belief.prior(n=100), 0.5, ["finasteride"])
    np.testing.assert_allclose(answer.options[1].band().median, never.options[1].band().median, rtol=1e-5)
