"""Pooling of harms, which are rare: out of so many people so many had it, and none is never read as cannot happen.

Several trials with an event: the logit of the chance differs between trials as a normal variable, and each count is binomial at
its trial's chance; both numbers by maximum likelihood (adaptive Gauss-Hermite quadrature; Stijnen et al. 2010). No event at all, one
trial, or trials that differ no more than chance: Clopper and Pearson's exact interval of the totals. Held to the R packages metafor
and lme4 in `validation/metafor/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter
from anagen.ground.tables import table

NODES = 60
"""Points of the quadrature."""
MOST_TAU = 5.0
"""Trials that differ by so much on the logit scale are all or nothing: their mean is then known to lie between 0 and 1."""


@dataclass(frozen=True)
class Rate:
    """The chance of a harm over `k` trials: `chance` with its interval `low` to `high`, all shares from 0 to 1.

    events, people: totals. chance: in a trial in the middle of such trials; None where there was no event, for then only `high`
    is known. tau: standard deviation between trials on the logit scale. prediction_low, prediction_high: of the chance in another
    trial. The last three are None unless several trials had an event.
    """

    k: int
    events: int
    people: int
    chance: float | None
    low: float
    high: float
    tau: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None

    @property
    def scattered(self) -> bool:
        """Whether the trials differ so much that a middle of them says nothing: the range spans more than `widest()`.

        >>> rate([1, 40], [50, 50]).scattered, rate([3, 9, 5], [154, 140, 120]).scattered
        (True, False)
        """
        return bool(self.tau) and self.high - self.low > widest()


@dataclass(frozen=True)
class Excess:
    """How much likelier a harm is than with placebo, over the `k` trials that had both: a difference of chances with its interval."""

    k: int
    people: int
    difference: float
    low: float
    high: float


@cache
def widest() -> float:
    """The widest range of trials that differ which still tells something: `data/harms/rules.csv`, assumed.

    >>> widest()
    0.5
    """
    return dict(table("harms/rules.csv", lambda cells: (cells["rule"], float(cells["value"]))))["too_far_apart"]


def rate(events: npt.ArrayLike, people: npt.ArrayLike, *, level: float = 0.95) -> Rate:
    """The pooled chance of a harm from counts of k trials, both of shape (k,): so many had it, out of so many.

    Where the trials differ more than chance, the interval is that of t with k - 1 degrees of freedom on the logit scale, so two
    that disagree leave almost everything open; where they do not, it is the exact one of their totals.

    Raises `BadParameter` for no trial, or for counts that are no counts.

    >>> found = rate([0, 0], [22, 24])  # none of 46: up to 77 in 1,000 fit that
    >>> found.chance, round(found.high, 3)
    (None, 0.077)
    >>> found = rate([3, 9, 5], [154, 140, 120])
    >>> round(found.chance, 3), round(found.low, 3), round(found.high, 3)
    (0.04, 0.012, 0.129)
    """
    from scipy.special import stdtrit

    x, n = _counts(events, people)
    k, had, of = len(x), int(x.sum()), int(n.sum())
    if k == 1 or had in (0, of):
        low, high = clopper_pearson(had, of, level)
        return Rate(k, had, of, had / of if had else None, low, high)
    mu, tau, se = _fitted(tuple(x.tolist()), tuple(n.tolist()))
    if tau == 0:
        low, high = clopper_pearson(had, of, level)
        return Rate(k, had, of, had / of, low, high, 0.0, low, high)
    t = -float(stdtrit(k - 1, (1 - level) / 2))
    beyond = float(np.hypot(tau, se))
    ends = [float(_chance(mu + times * t)) for times in (-se, se, -beyond, beyond)]
    return Rate(k, had, of, float(_chance(mu)), ends[0], ends[1], tau, ends[2], ends[3])


@cache
def _fitted(events: tuple[float, ...], people: tuple[float, ...]) -> tuple[float, float, float]:
    """The fit of some counts, made once in a process."""
    return fit(np.array(events), np.array(people))


def excess(events: npt.ArrayLike, people: npt.ArrayLike, with_placebo: npt.ArrayLike, on_placebo: npt.ArrayLike) -> Excess:
    """How much likelier with the treatment than with placebo, within the trials that had both; counts of shape (k,); 95 % interval.

    Several trials: Mantel and Haenszel's difference with Sato's variance, which needs no correction for zeros. One trial, or no event
    at all: Newcombe's interval of the totals (method 10), which has a width where nobody had it.

    >>> found = excess([12], [945], [7], [934])
    >>> round(1000 * found.difference, 1), round(1000 * found.low, 1), round(1000 * found.high, 1)
    (5.2, -4.4, 15.3)
    """
    (x1, n1), (x0, n0) = _counts(events, people), _counts(with_placebo, on_placebo)
    k, of = len(x1), int(n1.sum() + n0.sum())
    if k == 1 or not (x1.sum() + x0.sum()):
        return Excess(k, of, *newcombe(int(x1.sum()), int(n1.sum()), int(x0.sum()), int(n0.sum())))
    whole = n1 + n0
    weight = float((n1 * n0 / whole).sum())
    difference = float(((x1 * n0 - x0 * n1) / whole).sum() / weight)
    uneven = (x0 * (n1 / whole) ** 2 - x1 * (n0 / whole) ** 2 + (n1 * n0 / whole) * (n0 - n1) / whole / 2).sum()
    chance = ((x1 * (n0 - x0) / whole + x0 * (n1 - x1) / whole) / 2).sum()
    half = 1.959963984540054 * float(difference * uneven + chance) ** 0.5 / weight
    return Excess(k, of, difference, difference - half, difference + half)


def fit(events: npt.NDArray[np.float64], people: npt.NDArray[np.float64], nodes: int = NODES) -> tuple[float, float, float]:
    """The binomial-normal model by maximum likelihood: the mean logit, its standard deviation between trials, the mean's standard error.

    The standard error is from the observed information of both numbers, or of the mean alone where the deviation is 0. It is
    endless where trials are all or nothing, so that the deviation runs off to its bound.

    >>> mean, between, se = fit(np.array([3.0, 9.0, 5.0]), np.array([154.0, 140.0, 120.0]))
    >>> round(mean, 2), round(between, 2), round(se, 2)
    (-3.17, 0.24, 0.29)
    """
    from scipy.optimize import minimize

    def worse(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        value, slope = log_likelihood(at[0], at[1], events, people, nodes)
        return -value, -slope

    middle = np.log((events + 0.5) / (people - events + 0.5))
    start, spread = float(np.median(middle)), float(np.std(middle))
    bounds = [(-40.0, 40.0), (0.0, MOST_TAU)]
    tries = [
        minimize(worse, [start, tau], jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-10})
        for tau in (0.1, max(spread, 0.3), 2 * max(spread, 0.3))
    ]
    at = min(tries, key=lambda found: float(found.fun)).x
    if at[1] > 1e-4:
        at, information = _climb(at, events, people, nodes)
        variance = np.linalg.inv(information)[0, 0] if np.linalg.det(information) > 0 else -1.0
        if at[1] > 1e-4:
            return float(at[0]), float(at[1]), float(variance**0.5) if variance > 0 and at[1] < MOST_TAU else float("inf")
    mu = float(np.log(events.sum() / (people.sum() - events.sum())))
    chance = float(_chance(mu))
    return mu, 0.0, float((people.sum() * chance * (1 - chance)) ** -0.5)


def _climb(at: Any, x: npt.NDArray[np.float64], n: npt.NDArray[np.float64], nodes: int) -> tuple[Any, Any]:
    """Newton's steps to the top, and the observed information there (central differences of the exact slope)."""
    information = np.eye(2)
    for _ in range(20):
        slope = log_likelihood(at[0], at[1], x, n, nodes)[1]
        before, after = ([log_likelihood(at[0] + a, at[1] + b, x, n, nodes)[1] for a, b in 1e-5 * side * np.eye(2)] for side in (-1, 1))
        down = (np.array(before) - np.array(after)) / 2e-5
        information = (down + down.T) / 2
        if np.linalg.det(information) <= 0:
            break
        move = np.linalg.solve(information, slope)
        if not 0 < at[1] + move[1] < MOST_TAU:
            break
        at = at + move
        if np.abs(move).max() < 1e-11:
            break
    return at, information


def log_likelihood(
    mu: float, tau: float, events: npt.NDArray[np.float64], people: npt.NDArray[np.float64], nodes: int = NODES
) -> tuple[float, npt.NDArray[np.float64]]:
    """The log-likelihood of the binomial-normal model (without binomial coefficients), and its slope in mu and tau.

    Each trial's integral is taken around its own highest point (adaptive quadrature), so large trials need no more nodes.

    >>> value, slope = log_likelihood(0.0, 0.0, np.array([1.0]), np.array([2.0]))
    >>> round(value, 4), slope.round(4).tolist()
    (-1.3863, [0.0, 0.0])
    """
    points, weights = _hermite(nodes)
    z = _highest(mu, tau, events, people)
    chance = _chance(mu + tau * z)
    width = (1 + tau**2 * people * chance * (1 - chance)) ** -0.5
    at = z[:, None] + 2**0.5 * width[:, None] * points
    logit = mu + tau * at
    inside = events[:, None] * logit - people[:, None] * np.logaddexp(0.0, logit) - at**2 / 2 + points**2 + np.log(weights)
    highest = inside.max(axis=1, keepdims=True)
    share = np.exp(inside - highest)
    whole = share.sum(axis=1)
    left = (events[:, None] - people[:, None] * _chance(logit)) * share / whole[:, None]
    value = float((np.log(whole) + highest[:, 0] + np.log(width) - np.log(np.pi) / 2).sum())
    return value, np.array([left.sum(), (left * at).sum()])


def _highest(mu: float, tau: float, x: npt.NDArray[np.float64], n: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where each trial's integrand is highest: Newton's steps, held between ends that close in (its slope only falls)."""
    low, high = -tau * (n - x), tau * x
    z = np.zeros(len(x))
    for _ in range(200):
        chance = _chance(mu + tau * z)
        slope = tau * (x - n * chance) - z
        low, high = np.where(slope > 0, z, low), np.where(slope < 0, z, high)
        then = z + slope / (1 + tau**2 * n * chance * (1 - chance))
        then = np.where((then > low) & (then < high), then, (low + high) / 2)
        moved, z = np.abs(then - z).max(), then
        if moved < 1e-9:
            break
    return z


def clopper_pearson(events: int, people: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a chance. With no event it runs from 0 up to what would have shown itself one time in forty if higher.

    >>> round(clopper_pearson(0, 300)[1], 4)  # near 3.7 / n: the rule of three, for a two-sided interval
    0.0122
    """
    from scipy.special import betainccinv, betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(events, people - events + 1, tail)) if events else 0.0
    return low, float(betainccinv(events + 1, people - events, tail)) if events < people else 1.0


def newcombe(events: int, people: int, others: int, other_people: int) -> tuple[float, float, float]:
    """The difference of two chances with its 95 % interval, from Wilson's interval of each (Newcombe 1998, method 10).

    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    (p1, low1, high1), (p0, low0, high0) = wilson(events, people), wilson(others, other_people)
    d = p1 - p0
    return d, d - float(np.hypot(p1 - low1, high0 - p0)), d + float(np.hypot(high1 - p1, p0 - low0))


def wilson(events: int, people: int) -> tuple[float, float, float]:
    """A chance with Wilson's 95 % score interval.

    >>> [round(end, 4) for end in wilson(0, 10)]
    [0.0, 0.0, 0.2775]
    """
    z2, p = 1.959963984540054**2, events / people
    middle, half = p + z2 / (2 * people), (z2 * (p * (1 - p) + z2 / (4 * people)) / people) ** 0.5
    return p, (middle - half) / (1 + z2 / people) if events else 0.0, (middle + half) / (1 + z2 / people) if events < people else 1.0


def _chance(logit: Any) -> Any:
    from scipy.special import expit

    return expit(logit)


@cache
def _hermite(nodes: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    return points, weights


def _counts(events: npt.ArrayLike, people: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    x, n = np.atleast_1d(np.asarray(events, float)), np.atleast_1d(np.asarray(people, float))
    if x.shape != n.shape or x.ndim != 1 or not len(x):
        raise BadParameter("counts", f"have the shapes {x.shape} and {n.shape}", "one count and one number of people for every trial")
    if not ((x == x.round()).all() and (n == n.round()).all() and (x >= 0).all() and (n >= 1).all() and (x <= n).all()):
        raise BadParameter("counts", "hold one that is no count", "whole numbers of events, from 0 to the number of people")
    return x, n
