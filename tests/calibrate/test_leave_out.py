"""Importance weights that leave a trial out: known tails, a case with an exact answer, and a case that they must refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from false_alarm import assert_cells_agree, share
from scipy.integrate import trapezoid
from scipy.special import logsumexp, ndtri
from scipy.stats import norm

from anagen.calibrate.fact import Facts
from anagen.calibrate.leave_out import INSIDE, USABLE, integrated, pareto, smoothed
from anagen.calibrate.model import Model, unknown


def even(count: int) -> Any:
    """The middles of equal shares of 0 to 1: quantiles at them are a sample without chance."""
    return (np.arange(count) + 0.5) / count


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.3, 0.7, 1.2])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_shape_and_scale_of_a_known_tail_are_found(shape: float, scale: float) -> None:
    n = 4000
    unit = np.expm1(-shape * np.log1p(-even(n))) / shape if shape else -np.log1p(-even(n))
    found, size = pareto(scale * unit)
    leaning = (n * shape + 5) / (n + 10)  # the weak prior: ten points at one half
    assert found == pytest.approx(leaning, abs=0.02)  # the highest of these quantiles is lower than a sample's would be
    assert size == pytest.approx(scale, rel=0.03)


def test_a_short_tail_leans_on_a_shape_of_one_half() -> None:
    unit = -np.log1p(-even(10))
    assert 0.15 < pareto(unit)[0] < 0.5
    assert abs(pareto(-np.log1p(-even(10_000)))[0]) < 0.01


def test_weights_add_up_and_keep_the_order_and_the_bulk_of_the_ratios() -> None:
    ratios = np.random.default_rng(0).gumbel(size=1000)
    given = ratios.copy()
    found = smoothed(ratios)
    np.testing.assert_array_equal(ratios, given)
    assert found.weights.sum() == pytest.approx(1)
    order = np.argsort(ratios)
    assert (np.diff(found.weights[order]) >= 0).all()
    bulk = order[: -int(3 * 1000**0.5) - 1]
    np.testing.assert_allclose(np.diff(np.log(found.weights[bulk])), np.diff(ratios[bulk]))
    shifted = smoothed(ratios + 700)
    np.testing.assert_allclose(shifted.weights, found.weights)


def test_weights_that_are_alike_stay_alike() -> None:
    found = smoothed(np.full(50, -3.0))
    np.testing.assert_allclose(found.weights, 1 / 50)
    assert found.k == -np.inf


@pytest.mark.parametrize(("seen", "shape"), [(1, 1.0), (2, 0.5), (4, 0.25), (20, 0.05)])
def test_the_shape_says_how_much_one_observation_counts(seen: int, shape: float) -> None:
    """Leaving out one of n observations of a mean with a flat prior: the weights are exp(x^2 / 2) of x with variance 1 / n, whose
    tail has the shape 1 / n, but for a logarithm that makes it look lighter within a sample.
    """
    x = ndtri(even(4000)) / seen**0.5
    found = smoothed(0.5 * x**2)
    assert shape - 0.3 < found.k < shape + 0.1
    assert (found.k > USABLE) == (seen == 1)


SEEN = np.array([-1.8, -0.6, -0.2, 0.3, 0.4, 0.9, 1.1, 2.6])
"""Numbers with error 1 about a mean that is standard normal."""
DRAWS = 4000


def left_out(rng: np.random.Generator, weigh: bool) -> tuple[Any, Any, Any]:
    """For each number: the density that draws of the whole posterior give it without itself, the exact one, and the sampling error.

    The error is that of plain importance weights, sqrt(E[w^2 (p - m)^2] / n) / E[w] under the posterior, by quadrature.
    """
    precision, grid = 1 + len(SEEN), np.linspace(-6, 6, 4001)
    middle = SEEN.sum() / precision
    found, exact, error = [], [], []
    for one in SEEN:
        draws = rng.normal(middle, precision**-0.5, DRAWS)
        likely = norm.pdf(one, draws)
        weights = smoothed(-np.log(likely)).weights if weigh else np.full(DRAWS, 1 / DRAWS)
        found.append(weights @ likely)
        exact.append(norm.pdf(one, (SEEN.sum() - one) / (precision - 1), (1 + 1 / (precision - 1)) ** 0.5))
        posterior, p = norm.pdf(grid, middle, precision**-0.5), norm.pdf(one, grid)
        spread = trapezoid(posterior * ((p - exact[-1]) / p) ** 2, grid) ** 0.5
        error.append(spread / trapezoid(posterior / p, grid) / DRAWS**0.5)
    return np.array(found), np.array(exact), np.array(error)


@pytest.mark.stochastic
def test_weighted_draws_leave_one_number_out() -> None:
    found, exact, error = left_out(np.random.default_rng(1), weigh=True)
    assert_cells_agree(found, exact, error, share("test_weighted_draws_leave_one_number_out"))


def test_weighted_draws_leave_one_number_out_catches_draws_without_weights() -> None:
    found, exact, error = left_out(np.random.default_rng(1), weigh=False)
    with pytest.raises(AssertionError, match="cells disagree"):
        assert_cells_agree(found, exact, error, share("test_weighted_draws_leave_one_number_out"))


@pytest.mark.usefixtures("quick")
def test_a_trials_own_unknowns_are_averaged_over(two: Facts, likely: Callable[..., Any]) -> None:
    model = Model.of(two)
    rows = 0.3 * np.random.default_rng(2).normal(size=(2, len(unknown())))
    found = integrated(model, rows, model.data(), seed=5)
    own = jax.random.normal(jax.random.PRNGKey(5), (INSIDE, 3, 2))
    for draw, row in zip(found, rows, strict=True):
        each = [likely({"rows": jnp.asarray(row), "years": years, "density": density, "spread": spread}) for years, density, spread in own]
        np.testing.assert_allclose(draw, logsumexp(np.array(each), axis=0) - np.log(INSIDE), rtol=1e-4)  # lanes in single precision
        assert np.ptp(np.array(each), axis=0).min() > 0.5
