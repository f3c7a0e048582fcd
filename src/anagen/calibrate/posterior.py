"""The joint density of the unknowns and the facts: standard normal scores, and the model's likelihood; and where it peaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

from anagen.calibrate.model import Data, Model

Array = npt.NDArray[np.floating[Any]]


def log_joint(model: Model, scores: Any, data: Data) -> Any:
    """The log density of all scores and facts, up to a constant: every row of `unknown()` and three scores a trial are standard
    normal (the rows: `width` times as wide); the facts are as `Model` has them, each trial with its weight.
    """
    prior = sum((one**2).sum() for name, one in scores.items() if name != "rows") + ((scores["rows"] / data.width) ** 2).sum()
    return (data.weight * model.log_likelihood(scores, data)).sum() - 0.5 * prior


class Peak(NamedTuple):
    """Where the joint density is highest: the scores, flat (P,), and the inverse of its curvature there (P, P)."""

    scores: Array
    covariance: Array


Slopes = Callable[[Any, Data], tuple[Any, Any]]


def slopes(model: Model) -> Slopes:
    """The negative log joint density and its gradient at flat scores, compiled once for all data of the model's shape."""
    return jax.jit(jax.value_and_grad(lambda flat, data: -log_joint(model, model.unflat(flat), data)))


def peak(model: Model, data: Data, both: Slopes | None = None) -> Peak:
    """The highest point of the joint density and the covariance of the normal that fits it best there (Laplace).

    both: of `slopes`, if it is there already.
    """
    from scipy.optimize import minimize

    both = both or slopes(model)

    def fall(flat: Array) -> tuple[float, Array]:
        value, slope = both(jnp.asarray(flat), data)
        return float(value), np.asarray(slope)

    start = np.asarray(ravel_pytree(model.zeros())[0])
    found = minimize(fall, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 4000})
    return Peak(found.x, covariance(curvature(both, data, found.x)))


def curvature(both: Slopes, data: Data, at: Array, step: float = 1e-3) -> Array:
    """The second derivatives of the negative log joint density at flat scores, by central differences of its slope: (P, P)."""
    rows = [
        (np.asarray(both(at + shift, data)[1]) - np.asarray(both(at - shift, data)[1])) / (2 * step) for shift in step * np.eye(len(at))
    ]
    curve = np.array(rows)
    return np.asarray((curve + curve.T) / 2)


def covariance(curve: Array) -> Array:
    """The inverse of a curvature, made positive where it is flat: no direction is wider than the root of two times its prior."""
    size, way = np.linalg.eigh(curve)
    return (way / np.maximum(size, 0.5)) @ way.T  # type: ignore[no-any-return]
