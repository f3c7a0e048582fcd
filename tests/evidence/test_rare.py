"""The pooling of rare harms by what defines it. That it gives R's numbers is held in tests/validation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit

from anagen.evidence.rare import clopper_pearson, excess, fit, log_likelihood, newcombe, rate, wilson
from anagen.ground.errors import BadParameter

COUNTS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=2, max_size=8)


def integral(mu: float, tau: float, x: float, n: float) -> float:
    """The likelihood of one trial, by brute force."""

    def inside(z: float) -> float:
        logit = mu + tau * z
        return float(np.exp(x * logit - n * np.logaddexp(0, logit)) * stats.norm.pdf(z))

    return quad(inside, -10, 10, epsabs=0, epsrel=1e-11, limit=500)[0]


@pytest.mark.parametrize(("x", "n"), [(0, 20), (1, 30), (12, 60), (40, 40), (3, 300)])
@pytest.mark.parametrize("tau", [0.0, 0.5, 1.5])
def test_the_likelihood_is_the_integral(x: float, n: float, tau: float) -> None:
    value, _ = log_likelihood(-2.0, tau, np.array([x]), np.array([n]))
    assert value == pytest.approx(np.log(integral(-2.0, tau, x, n)), abs=1e-8)


def test_the_slope_is_that_of_the_likelihood() -> None:
    x, n = np.array([0.0, 3.0, 11.0]), np.array([20.0, 300.0, 100.0])
    _, slope = log_likelihood(-3.0, 0.8, x, n)
    step = 1e-5
    for place, (a, b) in enumerate(((step, 0), (0, step))):
        up, down = log_likelihood(-3.0 + a, 0.8 + b, x, n)[0], log_likelihood(-3.0 - a, 0.8 - b, x, n)[0]
        assert slope[place] == pytest.approx((up - down) / (2 * step), rel=1e-6)


@settings(deadline=None, max_examples=15)
@given(COUNTS)
def test_the_chance_lies_in_its_ranges_and_mirrors(pairs: list[tuple[int, int]]) -> None:
    x, n = np.array([min(p) for p in pairs]), np.array([max(p) for p in pairs])
    found, mirror = rate(x, n), rate(n - x, n)
    ends = [end for end in (found.prediction_low, found.low, found.chance, found.high, found.prediction_high) if end is not None]
    assert ends == sorted(ends)
    assert 0 <= min(ends) <= max(ends) <= 1
    assert (found.events, found.people, found.k) == (x.sum(), n.sum(), len(x))
    close = {"abs": 1e-4}  # two searches that start elsewhere
    if found.chance is not None and mirror.chance is not None and (found.tau or 0) < 4:
        assert mirror.chance == pytest.approx(1 - found.chance, **close)
        assert mirror.low == pytest.approx(1 - found.high, **close)


def test_the_top_is_found() -> None:
    x, n = np.array([12.0, 9.0, 0.0, 4.0]), np.array([945.0, 40.0, 60.0, 300.0])
    mu, tau, _ = fit(x, n)
    best = log_likelihood(mu, tau, x, n)[0]
    around = [(mu + a, tau + b) for a in (-0.05, 0, 0.05) for b in (-0.05, 0, 0.05) if a or b]
    assert all(log_likelihood(*at, x, n)[0] < best for at in around)
    assert np.abs(log_likelihood(mu, tau, x, n)[1]).max() < 1e-8


def test_no_event_has_an_upper_limit_and_is_never_just_zero() -> None:
    found = rate([0, 0, 0], [22, 24, 100])
    assert (found.chance, found.low, found.tau) == (None, 0.0, None)
    assert (1 - found.high) ** 146 == pytest.approx(0.025)
    assert rate([0], [30]).high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert rate([5, 6], [5, 6]).low == pytest.approx(0.025 ** (1 / 11))


def test_trials_that_agree_get_the_exact_range_of_their_totals() -> None:
    found = rate([1, 1, 2], [100, 110, 190])
    assert (found.tau, found.chance) == (0.0, 4 / 400)
    assert (found.low, found.high) == clopper_pearson(4, 400)


def test_trials_that_disagree_leave_more_open_than_their_totals() -> None:
    found = rate([12, 9], [945, 40])
    low, high = clopper_pearson(21, 985)
    assert found.low < low < high < found.high
    assert (found.tau or 0) > 0.5
    all_or_nothing = rate([0, 7, 0], [9, 7, 8])
    assert (all_or_nothing.low, all_or_nothing.high) == (0.0, 1.0)


@pytest.mark.parametrize(("x", "n"), [(0, 10), (1, 10), (7, 300), (10, 10)])
def test_the_exact_interval_is_where_the_tails_are_a_fortieth(x: int, n: int) -> None:
    low, high = clopper_pearson(x, n)
    assert low == 0 if x == 0 else stats.binom.sf(x - 1, n, low) == pytest.approx(0.025)
    assert high == 1 if x == n else stats.binom.cdf(x, n, high) == pytest.approx(0.025)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_a_difference_turned_round_is_the_same_interval(x1: int, x0: int, more1: int, more0: int) -> None:
    n1, n0 = x1 + more1, x0 + more0
    d, low, high = newcombe(x1, n1, x0, n0)
    back = newcombe(x0, n0, x1, n1)
    assert back == pytest.approx((-d, -high, -low), abs=1e-12)
    assert -1 <= low < d < high <= 1
    p, below, above = wilson(x1, n1)
    for end in (below, above):  # where the score test is just significant
        assert (p - end) ** 2 == pytest.approx(1.959963984540054**2 * end * (1 - end) / n1, abs=1e-12)


def test_the_excess_is_within_trials() -> None:
    """Each trial has no excess at all; their totals would show one, because the treated are many where the harm is common."""
    found = excess([30, 1], [100, 100], [3, 10], [10, 1000])
    assert found.difference == pytest.approx(0, abs=1e-12)
    assert found.low < 0 < found.high
    assert 31 / 200 - 13 / 1010 > 0.1
    one = excess([9], [58], [5], [59])
    assert (one.difference, one.low, one.high) == newcombe(9, 58, 5, 59)
    none = excess([0, 0], [22, 24], [0, 0], [19, 18])
    assert none.low < 0 == none.difference < none.high
    assert (none.k, none.people) == (2, 83)


def test_what_is_no_count_is_refused() -> None:
    for events, people in (([], []), ([1], [0]), ([2], [1]), ([-1], [5]), ([0.5], [5]), ([1, 2], [5])):
        with pytest.raises(BadParameter):
            rate(events, people)


def test_a_middle_trial_is_not_the_mean_of_trials() -> None:
    """What is called the chance is that of a trial in the middle; the mean over trials lies higher where chances are small."""
    found = rate([1, 2, 40], [500, 600, 300])
    assert found.chance is not None
    assert found.tau is not None
    mean = quad(lambda z: expit(np.log(found.chance / (1 - found.chance)) + found.tau * z) * stats.norm.pdf(z), -8, 8)[0]  # type: ignore[operator]
    assert mean > 1.2 * found.chance
