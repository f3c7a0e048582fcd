"""What the model would have said of each trial had it not seen it: importance sampling, and a refit where that cannot be trusted.

Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao, Gabry 2024, JMLR 25:72): draws of the whole posterior are
weighed by 1 / likelihood of the trial, its own unknowns integrated out; the largest weights are smoothed by a generalised
Pareto distribution whose shape k says whether the weights may be used (below 0.7).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.scipy.special import logsumexp

from anagen.calibrate.model import Data, Model

Array = npt.NDArray[np.floating[Any]]
USABLE = 0.7
INSIDE = 32
"""Draws of a trial's own unknowns over which its likelihood is averaged."""


class Smoothed(NamedTuple):
    """Weights (n,) that add up to 1, and the shape `k` of the tail."""

    weights: Array
    k: float


def smoothed(log_ratios: Array) -> Smoothed:
    """Pareto-smoothed weights of importance ratios (n,) given as logarithms; those that are alike give equal weights and k -inf.

    >>> smoothed(np.zeros(100)).k
    -inf
    """
    log_weights = log_ratios - log_ratios.max()
    n = len(log_weights)
    tail = int(min(0.2 * n, 3 * n**0.5))
    order = np.argsort(log_weights)
    cut = log_weights[order[-tail - 1]]
    largest = order[-tail:]
    excess = np.exp(log_weights[largest]) - np.exp(cut)
    k = -np.inf
    if tail >= 5 and excess[-1] > 1e-12 and np.ptp(excess) > 1e-12:
        k, scale = pareto(np.maximum(excess, 1e-300))
        p = (np.arange(tail) + 0.5) / tail
        quantiles = scale * np.expm1(-k * np.log1p(-p)) / k if abs(k) > 1e-9 else -scale * np.log1p(-p)
        log_weights[largest] = np.minimum(np.log(np.exp(cut) + quantiles), 0.0)
    weights = np.exp(log_weights - log_weights.max())
    return Smoothed(weights / weights.sum(), float(k))


def pareto(excess: Array) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto distribution of sorted excesses (n,): Zhang, Stephens 2009, Technometrics 51:316,
    with the weak prior of Vehtari and others on the shape.

    >>> k, scale = pareto(np.sort(-np.log1p(-(np.arange(1000) + 0.5) / 1000)))  # exponential: shape 0, scale 1
    >>> abs(k) < 0.05, abs(scale - 1) < 0.05
    (True, True)
    """
    n = len(excess)
    points = 30 + int(n**0.5)
    guess = 1 - (points / (np.arange(1, points + 1) - 0.5)) ** 0.5
    guess = guess / (3 * excess[int(n / 4 + 0.5) - 1]) + 1 / excess[-1]
    shape = np.log1p(-guess[:, None] * excess).mean(axis=1)
    likely = n * (np.log(-guess / shape) - shape - 1)
    weight = np.exp(likely - likely.max())
    best = (guess * weight / weight.sum()).sum()
    k = np.log1p(-best * excess).mean()
    scale = -k / best
    return float((n * k + 5) / (n + 10)), float(scale)


def integrated(model: Model, rows: Array, data: Data, seed: int = 0) -> Array:
    """The log likelihood of each trial for each draw, its own unknowns integrated out: (draws, trials). rows: scores (draws, R)."""
    latent = jax.random.normal(jax.random.PRNGKey(seed), (INSIDE, 3, len(model.trials)))

    def one(row: Any) -> Any:
        def of(own: Any) -> Any:
            scores = {"rows": row, "years": own[0], "density": own[1], "spread": own[2]}
            return model.log_likelihood(scores, data)

        return logsumexp(jax.lax.map(of, latent, batch_size=8), axis=0) - np.log(INSIDE)

    return np.asarray(jax.jit(lambda rows: jax.lax.map(one, rows))(jnp.asarray(rows)))
