"""The joint density: prior and likelihood, its slope, trials that are left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from anagen.calibrate.fact import Facts
from anagen.calibrate.model import Model
from anagen.calibrate.posterior import covariance, curvature

pytestmark = pytest.mark.usefixtures("quick")

Compiled = Callable[..., Any]


@pytest.fixture(scope="module")
def model(two: Facts) -> Model:
    return Model.of(two)


def flat_of(model: Model, seed: int = 3) -> Any:
    start = ravel_pytree(model.zeros())[0]
    return jnp.asarray(0.3 * np.random.default_rng(seed).normal(size=start.shape))


def test_a_gradient_is_the_slope_of_the_density(both: Compiled, model: Model) -> None:
    """Five-point differences. The lanes are followed in single precision: a density of some ten is known to about 1e-5 of its
    parts, so over a step of 0.02 a slope to about 1e-3; a part of the gradient that is missing is off by a tenth and more.
    """
    flat, data, step = flat_of(model), model.data(), 0.02
    slope = np.asarray(both(flat, data)[1])
    for way in np.random.default_rng(4).normal(size=(12, len(flat))):
        way = way / np.linalg.norm(way)
        rise = [float(both(flat + far * step * way, data)[0]) for far in (-2, -1, 1, 2)]
        measured = (rise[0] - 8 * rise[1] + 8 * rise[2] - rise[3]) / (12 * step)
        assert measured == pytest.approx(slope @ way, abs=6e-3)
    assert np.abs(slope).max() > 1


def test_a_trial_of_weight_zero_is_not_there(both: Compiled, model: Model) -> None:
    flat, data = flat_of(model), model.data()
    out = data._replace(weight=np.array([0.0, 1.0]))
    other = out._replace(value=np.where(model.trial == 0, 1e3, data.value), before=10 * data.before, spread=10 * data.spread)
    value, slope = both(flat, out)
    again, same = both(flat, other)
    assert float(value) == float(again)
    np.testing.assert_array_equal(slope, same)
    assert float(both(flat, data._replace(value=other.value))[0]) > float(both(flat, data)[0]) + 100  # with its weight it counts
    own, score = model.unflat(slope), model.unflat(flat)
    for name in ("years", "density", "spread"):
        assert float(own[name][0]) == pytest.approx(float(score[name][0]), abs=1e-6)  # its prior alone
        assert abs(float(own[name][1] - score[name][1])) > 1e-3 or name == "density"
    none = both(flat, data._replace(weight=np.zeros(2)))
    assert float(none[0]) == pytest.approx(0.5 * float((flat**2).sum()))
    np.testing.assert_allclose(none[1], flat, atol=1e-6)


def test_wider_priors_are_wider_for_the_rows_alone(both: Compiled, model: Model) -> None:
    flat, data = flat_of(model), model.data()
    rows = model.unflat(flat)["rows"]
    narrow, wide = both(flat, data)[0], both(flat, data._replace(width=2.0))[0]
    assert float(narrow - wide) == pytest.approx(0.5 * float((rows**2).sum()) * (1 - 1 / 4), rel=1e-9)


def test_the_density_is_prior_and_likelihood(both: Compiled, likely: Compiled, model: Model) -> None:
    flat, data = flat_of(model), model.data()
    each = np.asarray(likely(model.unflat(flat)))
    assert each.shape == (2,)
    assert float(both(flat, data)[0]) == pytest.approx(-each.sum() + 0.5 * float((flat**2).sum()), rel=1e-9)


def test_a_curvature_is_the_slope_of_the_slope_and_its_inverse_is_never_wider_than_the_root_of_two() -> None:
    at = np.array([1.0, -2.0])

    def both(flat: Any, _: Any) -> tuple[Any, Any]:
        x, y = flat
        return x**3 + x * y - y**2, np.array([3 * x**2 + y, x - 2 * y])

    found = curvature(both, None, at)  # type: ignore[arg-type]
    np.testing.assert_allclose(found, [[6.0, 1.0], [1.0, -2.0]], atol=1e-6)  # by hand, rounded by the difference
    sizes = np.linalg.eigvalsh(covariance(found))
    np.testing.assert_allclose(sizes, [1 / np.linalg.eigvalsh(found)[1], 2.0])  # a valley, and a ridge held to 1 / 0.5
