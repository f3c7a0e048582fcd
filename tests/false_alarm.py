"""One false-alarm rate for every test of randomness in the suite.

A test that compares random counts with what they should be fails now and then although nothing is wrong. The whole suite may do
so once in a million choices of its seeds: `FALSE_ALARM`. It is divided equally among the tests in `STOCHASTIC` (Bonferroni), and
each test divides its share again among its comparisons. So a failure means a fault.

A stochastic test
- carries `@pytest.mark.stochastic` and has a line in `STOCHASTIC`,
- takes its rate from `share("its own name")`,
- has a broken twin beside it, `its_own_name_catches_...`, which shows that the same comparison sees a real fault.

`test_false_alarm.py` holds all three. The bounds below are two-sided and hold for any dependence between the comparisons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FALSE_ALARM = 1e-6

STOCHASTIC = {
    "test_a_stationary_scalp_keeps_the_steady_state": "Halloy 2002, H1: the three fractions, at every time, for three spreads of durations",
    "test_fractions_fluctuate_like_independent_follicles": "Halloy 2002, H3: the variance of a fraction over many small scalps",
    "test_a_synchronised_scalp_follows_the_renewal_mean": "Halloy 2002, H4: the fractions, at every time, after a common start in anagen",
    "test_published_ranges_after_a_common_start": "Halloy 2002, H4: the range of the anagen fraction from 40 to 60 months",
    "test_expect_and_sample_agree_in_every_cell": "the engine: every (week, slot, phase) cell, and the hairs shed, under a busy tempo",
    "test_spread_of_counts_ratios_and_changes": "the engine: the spread between target areas at three looks, and of the changes",
    "test_numbers_are_even": "keyed chance: both halves of several visits, in 64 bins",
    "test_numbers_are_uncorrelated": "keyed chance: between halves, visits and neighbouring members",
    "test_samples_follow_the_prediction": "scores: samples of a mixture of normals below five of its quantiles",
    "test_weighted_draws_leave_one_number_out": "calibration: densities of eight numbers, each left out, by smoothed weights",
    "test_chains_find_a_known_posterior": "calibration: mean and spread of every unknown of a model whose posterior is normal",
    "test_simulated_data_are_the_models": "calibration: means and spreads along many directions of simulated numbers",
    "test_indices_of_known_functions": "sensitivity: Sobol indices of three functions known by hand, over many shifts of the points",
    "test_live_cells_are_driven_as_a_product_is": "sensitivity: the share of each factor of live cells in the variance of their logarithm",
    "test_the_frames_agree_with_the_forecast_of_their_draw": "a therapy: hairs seen of the treated skin at five looks",
    "test_ranges_hold_the_true_index": "sensitivity: how often the 95 % range of an index holds the true one",
    "test_what_people_have_in_common_is_found": "chances: the correlation of two people to each draw, for four that are known",
    "test_falling_stars_are_seldom_few": "reviews: how many honest files have too few low stars",
    "test_even_reviews_seldom_crowd_a_week": "reviews: how many files of even reviews have a crowded week",
}


def share(name: str) -> float:
    """The false-alarm rate of one registered test.

    Raises KeyError, with what to do, for a test that is not registered.

    >>> share("test_a_stationary_scalp_keeps_the_steady_state") == FALSE_ALARM / len(STOCHASTIC)
    True
    """
    if name not in STOCHASTIC:
        raise KeyError(
            f"{name} is not in STOCHASTIC of tests/false_alarm.py: add it, so that the suite's false-alarm rate stays what it says"
        )
    return FALSE_ALARM / len(STOCHASTIC)


def z_bound(alpha: float, n_comparisons: int = 1) -> float:
    """How many standard deviations a normal comparison may be off, two-sided, when `n_comparisons` share the rate `alpha`.

    >>> round(z_bound(0.05), 2), round(z_bound(0.05, 10), 2)
    (1.96, 2.81)
    """
    from scipy.special import ndtri

    if not 0 < alpha < 1 or n_comparisons < 1:
        raise ValueError(f"alpha {alpha!r} must lie between 0 and 1, and n_comparisons {n_comparisons!r} must be 1 or more")
    return float(-ndtri(alpha / (2 * n_comparisons)))


def assert_cells_agree(observed: ArrayLike, expected: ArrayLike, sd: ArrayLike, alpha: float, slack: ArrayLike = 0.0) -> None:
    """Every observed cell lies within `z_bound(alpha, cells) * sd + slack` of the expected one. All broadcast.

    For normal, or nearly normal, observations: `sd` is that of the observation, `slack` a known error of `expected`. A cell
    with an sd of 0 must agree to within its slack. Use `assert_counts_agree` where the chance is near 0 or 1.
    """
    seen, wanted, spread, spare = np.broadcast_arrays(*(np.asarray(given, dtype=float) for given in (observed, expected, sd, slack)))
    _finite(seen, wanted, spread, spare)
    bound = z_bound(alpha, max(seen.size, 1))
    off = np.abs(seen - wanted)
    bad = off > bound * spread + spare
    if bad.any():
        _fail(bad, off / np.where(spread > 0, spread, np.nan), seen, wanted, f"more than {bound:.2f} standard deviations")


def assert_counts_agree(count: ArrayLike, n: ArrayLike, chance: ArrayLike, alpha: float) -> None:
    """Every count fits a binomial(n, chance): exact two-sided tails, so it holds near 0 and 1 too. All broadcast."""
    from scipy.stats import binom

    seen, trials, p = np.broadcast_arrays(*(np.asarray(given, dtype=float) for given in (count, n, chance)))
    _finite(seen, trials, p)
    tail = np.minimum(binom.cdf(seen, trials, p), binom.sf(seen - 1, trials, p))
    bad = tail < alpha / (2 * max(seen.size, 1))
    if bad.any():
        sd = np.sqrt(trials * p * (1 - p))
        _fail(bad, np.abs(seen - trials * p) / np.where(sd > 0, sd, np.nan), seen, trials * p, "a binomial tail beyond the bound")


def assert_variances_agree(sample: ArrayLike, variance: ArrayLike, alpha: float) -> None:
    """The sample variance over the first axis fits the known one: exact chi-squared tails for normal samples.

    sample: shape (replicates, cells...); variance: broadcasts to (cells...). Sums of many small parts are near enough to normal.
    """
    from scipy.stats import chi2

    drawn = np.asarray(sample, dtype=float)
    free = drawn.shape[0] - 1
    seen, wanted = np.broadcast_arrays(drawn.var(axis=0, ddof=1), np.asarray(variance, dtype=float))
    _finite(seen, wanted)
    scaled = free * seen / wanted
    bad = np.minimum(chi2.cdf(scaled, free), chi2.sf(scaled, free)) < alpha / (2 * max(seen.size, 1))
    if bad.any():
        _fail(bad, np.abs(seen / wanted - 1) / np.sqrt(2 / free), seen, wanted, "a chi-squared tail beyond the bound")


def _finite(*arrays: NDArray[np.float64]) -> None:
    assert all(bool(np.isfinite(array).all()) for array in arrays), "a number in the comparison is not finite"


def _fail(bad: NDArray[np.bool_], off: NDArray[np.float64], seen: NDArray[np.float64], wanted: NDArray[np.float64], how: str) -> None:
    ranked = np.where(bad, np.nan_to_num(off, nan=np.inf), -np.inf)
    worst = np.unravel_index(int(ranked.argmax()), bad.shape)
    where = tuple(int(index) for index in worst)
    raise AssertionError(
        f"{int(bad.sum())} of {bad.size} cells disagree by {how}; the worst, {where}, is {seen[worst]:.6g} "
        f"where {wanted[worst]:.6g} was expected ({off[worst]:.1f} standard deviations)"
    )
