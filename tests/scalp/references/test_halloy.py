"""The follicular automaton of Halloy et al. 2002 against its known answers (H1 to H4) and against itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from false_alarm import assert_cells_agree, assert_counts_agree, assert_variances_agree, share, z_bound
from hypothesis import given
from hypothesis import strategies as st

from anagen.ground.errors import BadParameter, UnknownName
from anagen.scalp.references import halloy
from anagen.scalp.references.halloy import (
    PhaseFractions,
    automaton,
    fraction_sd,
    histories,
    mean_field,
    renewal_mean,
    steady_state,
)

MEANS = st.tuples(*[st.floats(0.2, 40.0)] * 3)
FIVE_YEARS = np.linspace(0, 60, 61)
LATE = np.linspace(40, 60, 401)
N = 20_000


def test_h1_steady_state() -> None:
    np.testing.assert_allclose(steady_state(), [0.45, 0.30, 0.25], atol=1e-15)


def test_h2_mean_field() -> None:
    published = [[0.3910, 0.3037, 0.3052], [0.3953, 0.3020, 0.3027], [0.4511, 0.2960, 0.2529]]
    np.testing.assert_allclose(mean_field([0.9, 1.0, 5.0]).fraction, published, atol=5e-5)  # half of the last digit


def test_h3_spread_of_a_fraction() -> None:
    assert fraction_sd(100)[0] == pytest.approx(0.0497, abs=5e-5)


@given(means=MEANS, start=st.tuples(*[st.floats(0.01, 1.0)] * 3), time=st.floats(0, 500))
def test_mean_field_stays_a_set_of_shares_and_ends_in_the_steady_state(
    means: tuple[float, float, float], start: tuple[float, float, float], time: float
) -> None:
    first = np.array(start) / sum(start)
    run = mean_field([0.0, time, 1e4 * max(means)], first, means)
    np.testing.assert_allclose(run.fraction.sum(axis=1), 1, atol=1e-9)
    assert run.fraction.min() > -1e-12
    np.testing.assert_allclose(run.fraction[0], first, atol=1e-12)
    np.testing.assert_allclose(run.fraction[-1], steady_state(means), atol=1e-8)


@given(means=MEANS, cv=st.floats(0.0, 1.5), start=st.sampled_from(["anagen", "stationary"]), seed=st.integers(0, 2**62))
def test_histories_are_phases_and_fractions_are_shares(
    means: tuple[float, float, float], cv: float, start: halloy.Start, seed: int
) -> None:
    times = np.linspace(0, 30, 7)
    phase = histories(50, times, means, cv, start, seed)
    assert set(np.unique(phase)) <= {0, 1, 2}
    run = automaton(50, times, means, cv, start, seed)
    assert run.fraction.min() >= 0
    np.testing.assert_allclose(run.fraction.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_array_equal(run.telogen, (phase == 1).mean(axis=0))


@given(cut=st.integers(1, 99), seed=st.integers(0, 2**62), start=st.sampled_from(["anagen", "stationary"]))
def test_a_life_does_not_depend_on_the_block_it_is_computed_in(cut: int, seed: int, start: halloy.Start) -> None:
    whole = histories(100, FIVE_YEARS, cv=0.5, start=start, seed=seed)
    first = histories(cut, FIVE_YEARS, cv=0.5, start=start, seed=seed)
    rest = histories(100 - cut, FIVE_YEARS, cv=0.5, start=start, seed=seed, first_follicle=cut)
    np.testing.assert_array_equal(np.concatenate([first, rest]), whole)


def test_counting_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = automaton(1000, FIVE_YEARS, seed=4).fraction
    monkeypatch.setattr(halloy, "_FOLLICLES_PER_BLOCK", 37)
    np.testing.assert_array_equal(automaton(1000, FIVE_YEARS, seed=4).fraction, whole)


def test_a_life_does_not_depend_on_when_it_is_looked_at() -> None:
    often = histories(200, FIVE_YEARS, seed=9)
    np.testing.assert_array_equal(histories(200, FIVE_YEARS[::7], seed=9), often[:, ::7])


def test_fixed_durations_walk_through_the_phases() -> None:
    assert histories(1, [0, 3.59, 3.61, 5.99, 6.01, 7.99, 8.01], cv=0, start="anagen").tolist() == [[0, 0, 1, 1, 2, 2, 0]]


def test_seeds_and_follicles_differ() -> None:
    assert (histories(100, FIVE_YEARS, seed=1) != histories(100, FIVE_YEARS, seed=2)).any()
    assert len({row.tobytes() for row in histories(100, FIVE_YEARS, seed=1)}) == 100


@pytest.mark.parametrize("cv", [0.05, 0.2, 0.5, 1.5])
def test_renewal_mean_is_exact_enough(cv: float) -> None:
    """The three columns are computed apart, so their sum shows the error of the grid."""
    run = renewal_mean(FIVE_YEARS, cv)
    np.testing.assert_allclose(run.fraction.sum(axis=1), 1, atol=2e-4)
    np.testing.assert_allclose(run.fraction[0], [1, 0, 0], atol=1e-6)
    if cv > 0.2:
        np.testing.assert_allclose(run.fraction[-1], steady_state(), atol=2e-3)


def test_renewal_mean_of_one_anagen_is_its_survival() -> None:
    """With phases this long, nobody is back within three months, and no more is left of the sum than one lognormal survival."""
    from scipy.stats import lognorm

    sigma = np.sqrt(np.log(1.25))
    times = np.linspace(0, 3, 13)
    wanted = lognorm.sf(times, sigma, scale=3.6 * np.exp(-(sigma**2) / 2))
    np.testing.assert_allclose(renewal_mean(times, 0.5, [3.6, 1e3, 1e3]).anagen, wanted, atol=1e-4)


def check_stationary(alpha: float, run: Callable[..., PhaseFractions], cvs: tuple[float, ...] = (0.0, 0.3, 1.0)) -> None:
    times = [0.0, 0.5, 2.0, 3.6, 5.0, 8.0, 20.0, 60.0]
    count = np.stack([np.rint(N * run(N, times, cv=cv, start="stationary", seed=11).fraction) for cv in cvs])
    assert_counts_agree(count, N, steady_state(), alpha)


@pytest.mark.stochastic
def test_a_stationary_scalp_keeps_the_steady_state() -> None:
    """H1 from the first moment on: the phase and the time left in it are drawn exactly."""
    check_stationary(share("test_a_stationary_scalp_keeps_the_steady_state"), automaton)


def test_a_stationary_scalp_keeps_the_steady_state_catches_a_wrong_mean() -> None:
    def longer_anagen(n: int, times: list[float], **rest: object) -> PhaseFractions:
        return automaton(n, times, [4.0, 2.4, 2.0], **rest)  # type: ignore[arg-type]

    with pytest.raises(AssertionError, match="cells disagree"):
        check_stationary(share("test_a_stationary_scalp_keeps_the_steady_state"), longer_anagen)


def test_a_stationary_scalp_keeps_the_steady_state_catches_a_start_without_length_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    def unbiased(normal: np.ndarray, mean: np.ndarray, sigma: float) -> np.ndarray:
        return mean * np.exp(sigma * (normal - biased.pop()) - sigma**2 / 2) if biased else duration(normal, mean, sigma)

    duration, biased = halloy._duration, []

    def run(n: int, times: list[float], *, cv: float, start: halloy.Start, seed: int) -> PhaseFractions:
        count = np.zeros((len(times), 3))
        for first in range(0, n, 5000):
            biased.append(halloy._sigma(cv))  # only the first duration drawn is the length-biased one
            phase = histories(5000, times, cv=cv, start=start, seed=seed, first_follicle=first)
            count += np.stack([(phase == column).sum(axis=0) for column in range(3)], axis=1)
        return PhaseFractions(np.array(times), count / n)

    monkeypatch.setattr(halloy, "_duration", unbiased)
    with pytest.raises(AssertionError, match="cells disagree"):
        check_stationary(share("test_a_stationary_scalp_keeps_the_steady_state"), run, cvs=(1.0,))


def check_fluctuations(alpha: float, twins: int = 1) -> None:
    """The variance over 2000 scalps of 100 follicles; with `twins` > 1, follicles come in groups that share one life."""
    scalps, follicles = 2000, 100
    fractions = []
    for cv in (0.2, 0.5, 1.0):
        phase = histories(scalps * follicles // twins, [7.3], cv=cv, seed=5).reshape(scalps, follicles // twins)
        fractions.append(np.stack([(phase == column).mean(axis=1) for column in range(3)], axis=1))
    assert_variances_agree(np.stack(fractions, axis=1), fraction_sd(follicles) ** 2, alpha)


@pytest.mark.stochastic
def test_fractions_fluctuate_like_independent_follicles() -> None:
    """H3, whatever the spread of durations. A fraction of 100 follicles is near enough to normal: its kurtosis is off by 0.02."""
    check_fluctuations(share("test_fractions_fluctuate_like_independent_follicles"))


def test_fractions_fluctuate_like_independent_follicles_catches_follicles_that_live_in_pairs() -> None:
    with pytest.raises(AssertionError, match="cells disagree"):
        check_fluctuations(share("test_fractions_fluctuate_like_independent_follicles"), twins=2)


def check_synchronised(alpha: float, other_cv: float = 1.0, means: tuple[float, float, float] = halloy.MEANS_MONTHS) -> None:
    times = np.linspace(0, 60, 121)
    for cv in (0.05, 0.2, 0.5):
        wanted = renewal_mean(times, cv, means).fraction
        count = np.rint(N * automaton(N, times, cv=cv * other_cv, start="anagen", seed=21).fraction)
        near_certain = np.where(wanted < 2e-5, 0.0, np.where(wanted > 1 - 2e-5, 1.0, wanted))
        sure = near_certain != wanted
        assert np.abs(count - N * near_certain)[sure].max(initial=0) <= N * 2e-3
        assert_counts_agree(count[~sure], N, wanted[~sure], alpha / 3)


@pytest.mark.stochastic
def test_a_synchronised_scalp_follows_the_renewal_mean() -> None:
    """H4, sharper than its row: every phase at 121 times against the exact curve. Where the curve is within the error of its
    grid of 0 or 1, the count may only be a few."""
    check_synchronised(share("test_a_synchronised_scalp_follows_the_renewal_mean"))


def test_a_synchronised_scalp_follows_the_renewal_mean_catches_a_wrong_spread() -> None:
    with pytest.raises(AssertionError, match="cells disagree"):
        check_synchronised(share("test_a_synchronised_scalp_follows_the_renewal_mean"), other_cv=1.1)


def test_a_synchronised_scalp_follows_the_renewal_mean_catches_a_wrong_mean() -> None:
    with pytest.raises(AssertionError):
        check_synchronised(share("test_a_synchronised_scalp_follows_the_renewal_mean"), means=(3.6, 2.4, 2.05))


def check_ranges(alpha: float, factor: float = 1.0) -> None:
    """The row gives two digits (half a unit: 0.005) from one run of 20,000 follicles, and we make one like it. Each end of a
    range is an extreme over the window, so it lies within the largest deviation of the curve: `z_bound` over the window, at the
    binomial sd of that end (at most 0.0035), once for our run and once for theirs."""
    rows = {0.05: (0.0, 1.0), 0.2: (0.33, 0.60), 0.5: (0.44, 0.46)}
    for cv, row in rows.items():
        anagen = automaton(N, LATE, cv=cv * factor, start="anagen", seed=31).anagen
        seen = np.array([anagen.min(), anagen.max()])
        exact = renewal_mean(LATE, cv).anagen
        sd = np.sqrt(np.maximum(np.array(row) * (1 - np.array(row)), 1e-3) / N)
        noise = z_bound(alpha / 3, 2 * LATE.size) * sd
        assert_cells_agree(seen, row, 0.0, alpha, slack=2 * noise + 0.005)
        assert_cells_agree(seen, [exact.min(), exact.max()], 0.0, alpha, slack=noise)


@pytest.mark.stochastic
def test_published_ranges_after_a_common_start() -> None:
    """H4 as its row has it: nearly everything, 0.33 to 0.60, and 0.44 to 0.46."""
    check_ranges(share("test_published_ranges_after_a_common_start"))


def test_published_ranges_after_a_common_start_catches_a_wrong_spread() -> None:
    with pytest.raises(AssertionError, match="cells disagree"):
        check_ranges(share("test_published_ranges_after_a_common_start"), factor=1.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steady_state([1, 2]), "means_months"),
        (lambda: steady_state([1, 2, -3]), "means_months"),
        (lambda: steady_state([1, 2, np.nan]), "means_months"),
        (lambda: mean_field([0], [0.5, 0.5, 0.5]), "start"),
        (lambda: mean_field([1, 0]), "times_months"),
        (lambda: mean_field([-1]), "times_months"),
        (lambda: mean_field("soon"), "times_months"),
        (lambda: renewal_mean([1], 0), "cv"),
        (lambda: renewal_mean([1e9], 0.05), "times_months"),
        (lambda: automaton(0, [1]), "n_follicles"),
        (lambda: automaton(10, [1], cv=-1), "cv"),
        (lambda: automaton(10, [1e9], [1e-3, 1e-3, 1e-3]), "times_months"),
        (lambda: automaton(10, [1], seed=-1), "seed"),
        (lambda: fraction_sd(0), "n_follicles"),
    ],
)
def test_bad_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        call()


def test_an_unknown_start_is_named() -> None:
    with pytest.raises(UnknownName, match="did you mean 'anagen'"):
        automaton(10, [1], start="anagne")  # type: ignore[arg-type]
