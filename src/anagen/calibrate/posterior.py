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


def peak(model: Model, data: Data, both: Slopes | None = None, step: float = 1e-3) -> Peak:
    """The highest point of the joint density and the covariance of the normal that fits it best there (Laplace).

    Curvature by central differences of the gradient, made positive where it is flat. both: of `slopes`, if it is there already.
    """
    from scipy.optimize import minimize

    both = both or slopes(model)

    def fall(flat: Array) -> tuple[float, Array]:
        value, slope = both(jnp.asarray(flat), data)
        return float(value), np.asarray(slope)

    start = np.asarray(ravel_pytree(model.zeros())[0])
    found = minimize(fall, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 4000})
    rows = []
    for shift in step * np.eye(len(start)):
        rows.append((fall(found.x + shift)[1] - fall(found.x - shift)[1]) / (2 * step))
    curve = (np.array(rows) + np.array(rows).T) / 2
    size, way = np.linalg.eigh(curve)
    return Peak(found.x, (way / np.maximum(size, 0.5)) @ way.T)


def joint(model: Model, data: Data, centre: Any, root: Any) -> None:
    """`log_joint` as NumPyro reads it, seen from its peak: scores = centre + root @ white, so that `white` is about standard normal.

    The scores are kept in the order of `ravel_pytree(model.zeros())`.
    """
    import numpyro
    from numpyro.distributions import ImproperUniform, constraints

    white = numpyro.sample("white", ImproperUniform(constraints.real_vector, (), (len(centre),)))
    scores = numpyro.deterministic("scores", centre + root @ white)
    numpyro.factor("density", log_joint(model, model.unflat(scores), data))
