"""The pooled mean by what defines it, and by closed forms. That it gives metafor's numbers is held in tests/validation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from anagen.evidence.pool import Pooled, by_group, cochran, leave_one_out, pool, q_profile, reml, small_studies
from anagen.ground.errors import BadParameter

NUMBERS = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 20)), min_size=2, max_size=12)


def restricted(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Twice the restricted log-likelihood of the variance between trials, up to a constant."""
    w = 1 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    return float(np.log(w).sum() - np.log(w.sum()) - (w * (y - mean) ** 2).sum())


@pytest.mark.parametrize("floor", [True, False])
def test_equal_trials_have_a_closed_form(floor: bool) -> None:
    """With one standard error for all, REML is the variance of the estimates less that of sampling, and the mean a plain one."""
    y, se = np.array([3.0, 8.0, 10.0, 21.0]), 2.0
    found = pool(y, np.full(4, se), floor=floor)
    assert found.tau2 == pytest.approx(y.var(ddof=1) - se**2)
    assert found.estimate == pytest.approx(y.mean())
    assert found.se == pytest.approx(y.std(ddof=1) / 2)
    t = stats.t.isf(0.025, 3)
    assert (found.low, found.high) == (pytest.approx(y.mean() - t * found.se), pytest.approx(y.mean() + t * found.se))
    assert found.prediction_high == pytest.approx(y.mean() + t * ((found.tau2 or 0) + found.se**2) ** 0.5)
    assert found.weights == pytest.approx((0.25,) * 4)


def test_trials_that_agree_by_luck_get_no_narrower_range_than_chance_allows() -> None:
    y, se = [10.0, 10.1, 9.9], [4.0, 4.0, 4.0]
    plain, floor = pool(y, se, floor=False), pool(y, se)
    assert plain.se < 0.1 < 4 / 3**0.5 == pytest.approx(floor.se)
    assert plain.tau2 == floor.tau2 == 0


@settings(deadline=None, max_examples=50)
@given(NUMBERS)
def test_no_variance_is_likelier_than_the_one_found(pairs: list[tuple[float, float]]) -> None:
    y, v = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]) ** 2
    found = reml(y, v)
    best = restricted(found, y, v)
    assert all(restricted(tau2, y, v) <= best + 1e-8 for tau2 in np.concatenate([[0], np.geomspace(1e-4, 1e5, 150)]))


@settings(deadline=None, max_examples=50)
@given(NUMBERS, st.floats(-30, 30), st.floats(0.1, 10))
def test_shifting_and_stretching_the_trials_does_the_same_to_the_mean(pairs: list[tuple[float, float]], by: float, times: float) -> None:
    y, se = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    one, other = pool(y, se), pool(by + times * y[::-1], times * se[::-1])
    close = {"rel": 1e-5, "abs": 1e-4}  # tau2 is found to the last digit of its own scale, which a flat likelihood does not pass on
    assert other.estimate == pytest.approx(by + times * one.estimate, **close)
    assert other.high - other.low == pytest.approx(times * (one.high - one.low), **close)


@settings(deadline=None, max_examples=50)
@given(NUMBERS)
def test_the_range_of_the_variance_is_where_q_meets_its_quantiles(pairs: list[tuple[float, float]]) -> None:
    y, v = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]) ** 2
    for end, p in zip(q_profile(y, v), (0.975, 0.025), strict=True):
        level = stats.chi2.ppf(p, len(y) - 1)
        if end > 0:
            assert cochran(y, v, end) == pytest.approx(level, rel=1e-9)
        else:
            assert cochran(y, v, 0.0) <= level * (1 + 1e-12)


def test_one_trial_is_itself_and_none_is_refused() -> None:
    found = pool([5.0], [2.0])
    assert found == Pooled(
        1, 5.0, 2.0, pytest.approx(5 - 1.959964 * 2), pytest.approx(5 + 1.959964 * 2), pytest.approx(2 * stats.norm.sf(2.5)), (1.0,)
    )
    assert found.tau2 is found.prediction_low is None
    for estimates, errors in (([], []), ([1.0], [1.0, 2.0]), ([1.0], [0.0]), ([np.nan], [1.0]), ([1.0], [-1.0])):
        with pytest.raises(BadParameter):
            pool(estimates, errors)


def test_each_left_out_is_the_pooling_of_the_rest() -> None:
    y, se = [3.0, 8.0, 10.0], [2.0, 1.0, 4.0]
    assert leave_one_out(y, se) == (pool(y[1:], se[1:]), pool(y[::2], se[::2]), pool(y[:2], se[:2]))
    assert leave_one_out([1.0], [1.0]) == ()


def test_groups_are_pooled_apart() -> None:
    y, se = [3.0, 8.0, 10.0], [2.0, 1.0, 4.0]
    assert by_group(y, se, ["a", "b", "a"]) == {"a": pool(y[::2], se[::2]), "b": pool([8.0], [1.0])}


def test_small_trials_against_large_ones() -> None:
    rng = np.random.default_rng(1)
    se = np.geomspace(1, 6, 12)
    honest, bent = small_studies(10 + se * rng.normal(size=12), se), small_studies(10 + 3 * se + 0.1 * rng.normal(size=12), se)
    assert bent.slope == pytest.approx(3, abs=0.1)
    assert (bent.p or 1) < 1e-6 < 0.01 < (honest.p or 0)
    fit = np.polyfit(se, 10 + 3 * se, 1, w=1 / se)
    assert small_studies(10 + 3 * se + 1e-9 * rng.normal(size=12), se).slope == pytest.approx(fit[0])
    few = small_studies([1.0] * 9, np.arange(1.0, 10.0))
    assert (few.p, few.said) == (None, "too few to check: 9, and 10 are needed")
    assert small_studies(np.arange(11.0), [1.0] * 11).said == "cannot be checked: all trials are of one size"
