"""Of 100 people: the counts, how far they are open, and that the range tells what is not known and not how people differ."""

from __future__ import annotations

import importlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from false_alarm import assert_cells_agree, share
from scipy.stats import norm

from anagen.belief import Belief
from anagen.chances import MOST, Draws, chances, in_common, open_range
from anagen.compare import compare
from anagen.forecast import Forecast, forecast
from anagen.ground.errors import BadInput
from anagen.people.person import Person, read_person
from anagen.procedure import carry_out
from anagen.report.words import people

EXAMPLES = Path(__file__).parents[1] / "examples"
COMMON = (0.1, 0.3, 0.6, 0.9)
PAIRS = 20_000


def even(values: Any, first: int = 0) -> Draws:
    """A change whose draws weigh alike."""
    return Draws(np.asarray(values, dtype=float), np.arange(first, first + len(values)), np.full(len(values), 1 / len(values)))


def pairs_of(rho: float, rng: np.random.Generator, n: int = PAIRS) -> tuple[np.ndarray, np.ndarray]:
    """The changes of two people to each draw, who have `rho` of their spread in common; skewed, as gains are."""
    known, one, two = rng.normal(size=(3, n))
    return tuple(np.expm1(0.2 * (rho**0.5 * known + (1 - rho) ** 0.5 * own)) for own in (one, two))  # type: ignore[return-value]


def man(**fields: Any) -> Person:
    """A man with pattern hair loss."""
    return Person(**{"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "4", **fields})


@pytest.mark.stochastic
def test_what_people_have_in_common_is_found() -> None:
    """The correlation of normal scores has the error of that of normal numbers: (1 - rho^2) / sqrt(n) (asymptotically efficient)."""
    rng = np.random.default_rng(20261130)
    found = [in_common(even(one), even(two)) for one, two in (pairs_of(rho, rng) for rho in COMMON)]
    wanted = np.array(COMMON)
    rates = share("test_what_people_have_in_common_is_found")
    assert_cells_agree([rho for rho, _ in found], wanted, (1 - wanted**2) / PAIRS**0.5, rates, slack=10 / PAIRS)
    assert [pairs for _, pairs in found] == pytest.approx([PAIRS] * len(COMMON))


def test_what_people_have_in_common_is_found_catches_pairs_that_are_none() -> None:
    rng = np.random.default_rng(20261130)
    one, two = pairs_of(0.3, rng)
    rho, _ = in_common(even(one), even(np.roll(two, 1)))
    with pytest.raises(AssertionError):
        assert_cells_agree(rho, 0.3, 0.91 / PAIRS**0.5, share("test_what_people_have_in_common_is_found"), slack=10 / PAIRS)


def test_pairs_are_the_draws_that_both_have() -> None:
    rng = np.random.default_rng(3)
    one, two = pairs_of(0.5, rng, 4000)
    whole = in_common(even(one), even(two))
    late = Draws(two[1000:], np.arange(1000, 4000), np.full(3000, 1 / 3000))
    rho, pairs = in_common(even(one), late)
    assert pairs == pytest.approx(3000)
    assert abs(rho - whole[0]) < 0.05
    assert rho == in_common(late, even(one))[0]


@pytest.mark.parametrize("rho", COMMON)
@pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.95])
def test_the_range_is_that_of_the_formula(rho: float, p: float) -> None:
    """With endless draws: Phi((Phi^-1(p) +- 1.96 sqrt(rho)) / sqrt(1 - rho)); its mean over the common score is p."""
    low, high = open_range(p, 1e9, rho, 1e9)
    ends = norm.cdf((norm.ppf(p) + np.array([-1, 1]) * norm.ppf(0.975) * rho**0.5) / (1 - rho) ** 0.5)
    assert (low, high) == pytest.approx(ends, abs=2e-3)
    score = np.linspace(-8, 8, 4001)
    mean = np.trapezoid(norm.pdf(score) * norm.cdf((norm.ppf(p) + rho**0.5 * score) / (1 - rho) ** 0.5), score)
    assert mean == pytest.approx(p, abs=1e-6)


def test_nothing_in_common_leaves_next_to_nothing_open() -> None:
    low, high = open_range(0.3, 1e9, 0.0, 1e9)
    assert 0.27 < low <= 0.3 <= high < 0.33


def test_fewer_draws_leave_more_open() -> None:
    widths = [np.diff(open_range(0.3, draws, 0.3, draws))[0] for draws in (10, 40, 160, 640, 1e9)]
    assert widths == sorted(widths, reverse=True)
    none = [open_range(0.0, draws, 0.2, 1e9) for draws in (10, 100, 1000)]
    assert all(low < 0.001 for low, _ in none)
    assert none[0][1] > none[1][1] > none[2][1] > 0  # none of few draws is not never


def test_how_people_differ_is_not_in_the_range() -> None:
    """The same spread, all of it between people or all of it unknown: the counts are alike, the ranges are not."""
    rng = np.random.default_rng(1)
    own, other, known = rng.normal(size=(3, PAIRS)) * 0.2
    people, unknown = chances(even(own), even(other), 0.15, 52), chances(even(known), even(known), 0.15, 52)
    assert abs(people.gain - unknown.gain) < 4
    low, high = people.ranges["gain"]
    assert high - low < 12
    assert unknown.ranges["gain"] == (0, 100)
    assert in_common(even(known), even(known))[0] == MOST


def test_without_others_there_is_no_range() -> None:
    found = chances(even([0.2, 0.0, -0.2, 0.3]), None, 0.15, 52)
    assert (found.gain, found.neither, found.loss, found.fewer, found.ranges) == (50, 25, 25, 25, {})


def test_a_range_holds_its_count_for_every_option_and_region() -> None:
    """Before it is widened to hold it: by rounding alone, one person of 100."""
    answer = compare(man(), Belief.shipped(200))
    wide = 0
    for option in answer.forecasts:
        forecast = option.known()
        others = forecast.others()
        assert others is not None
        for region in answer.regions:
            mine, found = forecast.change(104, region), option.chances(104, region)
            rho, pairs = in_common(mine, others.change(104, region))
            low, high = (100 * end for end in open_range(float(mine.weights[mine.values >= found.visible].sum()), mine.worth, rho, pairs))
            assert low - 1 < found.gain < high + 1
            assert found.ranges["gain"] == (min(round(low), found.gain), max(round(high), found.gain))
            wide = max(wide, high - low)
    assert wide > 50


def test_a_forecast_and_its_others_can_be_sent_to_another_process() -> None:
    mine = forecast(man(), "finasteride", Belief.prior(100))
    assert isinstance(mine, Forecast)
    again: Forecast = pickle.loads(pickle.dumps(mine))
    assert again.chances(52) == mine.chances(52)
    assert again.chances(52).ranges


def test_others_differ_in_what_tells_people_apart_alone() -> None:
    mine = forecast(man(), "finasteride", Belief.shipped(200))
    assert isinstance(mine, Forecast)
    others = mine.others()
    assert others is not None
    assert others is mine.others()
    assert set(others.draws) == {"visible"}
    for of, rows in mine.belief.draws.items():
        for name, values in rows.items():
            np.testing.assert_array_equal(others.belief.draws[of][name], values[mine.which])
    assert set(others.which) <= set(mine.which)
    _, own, theirs = np.intersect1d(mine.which, others.which, return_indices=True)
    assert (mine.draws["visible"][own, :, 52] != others.draws["visible"][theirs, :, 52]).mean() > 0.9
    assert others.others() is None


def test_a_transplant_and_the_field_mode_have_others_too() -> None:
    moved = forecast(man(), "transplant_fue", Belief.shipped(200))
    assert isinstance(moved, Forecast)
    low, high = moved.chances(52, "vertex").ranges["gain"]
    assert low < high
    done = carry_out(EXAMPLES / "therapy" / "svf-enzymatic.toml", Belief.shipped(200), "field", draws=60)
    assert done.option is not None
    mixed = done.option.known()
    others = mixed.others()
    assert others is not None
    share_reached = others.draws["visible"] - forecast_without(mixed, others)
    assert np.abs(share_reached).max() > 0
    low, high = done.option.chances(26, done.region).ranges["gain"]
    assert high > low


def forecast_without(mixed: Forecast, others: Forecast) -> np.ndarray:
    """The others of the same person with nothing."""
    found = forecast(mixed.person, "nothing", mixed.belief)
    assert isinstance(found, Forecast)
    plain = found.others()
    assert plain is not None
    np.testing.assert_array_equal(plain.which, others.which)
    return plain.draws["visible"]


def test_where_too_few_draws_fit_there_is_no_range(monkeypatch: pytest.MonkeyPatch) -> None:
    found = forecast(man(), "finasteride", Belief.prior(100))
    assert isinstance(found, Forecast)

    def hardly_possible(person: Person, belief: Belief) -> None:
        raise BadInput("what is known of this person is hardly possible in what we believe")

    monkeypatch.setattr(importlib.import_module("anagen.forecast"), "begin", hardly_possible)
    assert found.others() is None
    assert found.chances(52).ranges == {}
    assert people(found.chances(52)).startswith(f"{found.chances(52).gain} with a visible gain")


def test_the_example_of_the_readme_has_a_range() -> None:
    found = compare(read_person(EXAMPLES / "man-norwood-3v.toml"), Belief.shipped(200), options=["dutasteride"])
    assert found.option("dutasteride").chances(104, "vertex").ranges["gain"][1] > 40
