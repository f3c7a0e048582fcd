"""Random-effects pooling: one mean over trials that differ by more than chance, and how much they differ.

The variance between trials is found by restricted maximum likelihood, the interval of the mean after Hartung & Knapp (2001) and
Sidik & Jonkman (2002). Every number is held to the R package metafor in `validation/metafor/`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter

FEWEST_TO_CHECK = 10
"""The fewest trials for which a small-study check means anything (Sterne et al. 2011)."""

_STEPS = 200


@dataclass(frozen=True)
class Pooled:
    """The mean over `k` trials, in the unit of the estimates; all intervals hold 95 % unless another level was asked for.

    low, high: of the mean. prediction_low, prediction_high: of the true effect in another trial like these. tau2: variance
    between trials, with its Q-profile interval. q, q_p: Cochran's test. i2_percent: how much of the spread is not chance.
    p: that the mean is 0. weights: each trial's share. With one trial it is that trial and what needs two is None.
    """

    k: int
    estimate: float
    se: float
    low: float
    high: float
    p: float
    weights: tuple[float, ...]
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    q: float | None = None
    q_p: float | None = None
    i2_percent: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None


@dataclass(frozen=True)
class SmallStudies:
    """Whether small trials tell a better story than large ones: Egger's regression of the estimate on its standard error.

    slope: change of the estimate per unit of its standard error, with t and p on k - 2 degrees of freedom. None of them where
    there are fewer than ten trials, or all are of one size: `said` is then the answer.
    """

    k: int
    slope: float | None = None
    t: float | None = None
    p: float | None = None

    @property
    def said(self) -> str:
        """The answer in words.

        >>> SmallStudies(4).said
        'too few to check: 4, and 10 are needed'
        """
        if self.k < FEWEST_TO_CHECK:
            return f"too few to check: {self.k}, and {FEWEST_TO_CHECK} are needed"
        if self.p is None:
            return "cannot be checked: all trials are of one size"
        found = "small trials differ from large ones" if self.p < 0.1 else "small trials do not differ from large ones more than chance"
        return f"{found} (p = {self.p:.2g})"


def pool(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike, *, level: float = 0.95, floor: bool = True) -> Pooled:
    """The random-effects mean of independent estimates with their standard errors, both of shape (k,), k >= 1.

    floor: whether the interval may not be narrower than the plain one, which Knapp and Hartung's is where a few trials agree
    by luck (the "ad hoc" variant; Jackson et al. 2017). Quantiles are those of t with k - 1 degrees of freedom, for the mean
    and for the prediction interval. One trial is itself, with a normal interval. The trials' standard errors are taken as known.

    Raises `BadParameter` for no trial, or for numbers that are not finite or a standard error that is not positive.

    >>> found = pool([10.0, 14.0, 19.0], [2.0, 2.0, 2.0])
    >>> round(found.estimate, 1), round(found.low, 1), round(found.high, 1), round(found.tau2, 1)
    (14.3, 3.1, 25.5, 16.3)
    """
    from scipy import special

    y, v = _checked(estimates, standard_errors)
    k = len(y)
    if k == 1:
        se = float(v[0] ** 0.5)
        half, p = -special.ndtri((1 - level) / 2) * se, 2 * special.ndtr(-abs(y[0]) / se)
        return Pooled(1, float(y[0]), se, float(y[0] - half), float(y[0] + half), float(p), (1.0,))
    tau2 = reml(y, v)
    weight = 1 / (v + tau2)
    mean = float(weight @ y / weight.sum())
    factor = float(weight @ (y - mean) ** 2 / (k - 1))
    se = float(((max(1.0, factor) if floor else factor) / weight.sum()) ** 0.5)
    t = -float(special.stdtrit(k - 1, (1 - level) / 2))
    beyond = t * (tau2 + se**2) ** 0.5
    fixed = 1 / v
    typical = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    q = cochran(y, v, 0.0)
    low, high = q_profile(y, v, level)
    return Pooled(
        k=k,
        estimate=mean,
        se=se,
        low=mean - t * se,
        high=mean + t * se,
        p=float(2 * special.stdtr(k - 1, -abs(mean) / se)) if se else 0.0,
        weights=tuple(float(w) for w in weight / weight.sum()),
        tau2=tau2,
        tau2_low=low,
        tau2_high=high,
        q=q,
        q_p=float(special.chdtrc(k - 1, q)),
        i2_percent=float(100 * tau2 / (tau2 + typical)),
        prediction_low=mean - beyond,
        prediction_high=mean + beyond,
    )


def reml(y: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> float:
    """The variance between trials by restricted maximum likelihood; y: estimates, v: their variances, both (k,), k >= 2.

    The likelihood may have several peaks: the highest of a grid is followed to where its slope is 0 (Viechtbauer 2005, eq. 14).

    >>> reml(np.array([10.0, 14.0, 19.0]), np.array([4.0, 4.0, 4.0])).__round__(3)
    16.333
    """

    def slope(tau2: float) -> float:
        weight = 1 / (v + tau2)
        mean = weight @ y / weight.sum()
        return float((weight**2) @ (y - mean) ** 2 - weight.sum() + (weight**2).sum() / weight.sum())

    top = float(np.ptp(y) ** 2 + v.max())
    grid = np.concatenate([[0.0], top * np.geomspace(1e-9, 1.0, _STEPS)])
    weight = 1 / (v + grid[:, None])
    whole = weight.sum(axis=1)
    mean = weight @ y / whole
    worth = np.log(weight).sum(axis=1) - np.log(whole) - (weight * (y - mean[:, None]) ** 2).sum(axis=1)
    best = int(np.argmax(worth))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, _STEPS)])
    if slope(low) <= 0:
        return low
    return _halve(slope, low, high) if slope(high) < 0 else float(grid[best])


def cochran(y: npt.NDArray[np.float64], v: npt.NDArray[np.float64], tau2: float) -> float:
    """Cochran's Q with the weights of a variance between trials: it falls as `tau2` rises.

    >>> cochran(np.array([10.0, 14.0]), np.array([4.0, 4.0]), 0.0)
    2.0
    """
    weight = 1 / (v + tau2)
    return float(weight @ (y - weight @ y / weight.sum()) ** 2)


def q_profile(y: npt.NDArray[np.float64], v: npt.NDArray[np.float64], level: float = 0.95) -> tuple[float, float]:
    """The interval of the variance between trials: where Q, as a function of it, meets the quantiles of chi2 (Viechtbauer 2007).

    >>> low, high = q_profile(np.array([10.0, 14.0, 19.0]), np.array([4.0, 4.0, 4.0]))
    >>> round(low, 2), round(high)
    (1.51, 799)
    """
    from scipy.special import chdtri

    tail = (1 - level) / 2
    low, high = (_meets(lambda tau2: cochran(y, v, tau2), float(chdtri(len(y) - 1, p)), float(v.max())) for p in (tail, 1 - tail))
    return low, high


def _meets(falls: Callable[[float], float], at: float, step: float) -> float:
    """Where a falling function meets a level; 0 where it begins below it."""
    if falls(0.0) <= at:
        return 0.0
    while falls(step) > at:
        step *= 2
    return _halve(lambda x: falls(x) - at, 0.0, step)


def _halve(falls: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is positive at `low` and negative at `high` is 0, to the last digit."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return middle


def leave_one_out(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike, *, floor: bool = True) -> tuple[Pooled, ...]:
    """The mean without each trial in turn, in the order of the trials; with fewer than two there is nothing to leave out.

    >>> [round(one.estimate, 1) for one in leave_one_out([10.0, 14.0, 19.0], [2.0, 2.0, 2.0])]
    [16.5, 14.5, 12.0]
    """
    y, se = np.asarray(estimates, float), np.asarray(standard_errors, float)
    if len(y) < 2:
        return ()
    return tuple(pool(np.delete(y, i), np.delete(se, i), floor=floor) for i in range(len(y)))


def by_group(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike, groups: Sequence[Hashable]) -> dict[Any, Pooled]:
    """The mean of each group of trials, each with its own variance between trials; groups in the order of their first trial.

    >>> by_group([10.0, 14.0, 19.0], [2.0, 2.0, 2.0], ["low", "low", "high"])["high"].estimate
    19.0
    """
    y, se = np.asarray(estimates, float), np.asarray(standard_errors, float)
    members = {group: [i for i, other in enumerate(groups) if other == group] for group in dict.fromkeys(groups)}
    return {group: pool(y[places], se[places]) for group, places in members.items()}


def small_studies(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike) -> SmallStudies:
    """Egger's regression: estimates on their standard errors, weighted by 1 / variance, with a residual factor (Egger et al. 1997).

    With fewer than ten trials the answer is that there are too few to check.

    >>> small_studies([10.0, 14.0], [2.0, 1.0]).said
    'too few to check: 2, and 10 are needed'
    """
    from scipy.special import stdtr

    y, v = _checked(estimates, standard_errors)
    k = len(y)
    if k < FEWEST_TO_CHECK or np.ptp(v) == 0:
        return SmallStudies(k)
    scaled = np.column_stack([np.ones(k), v**0.5]) / v[:, None] ** 0.5
    inverse = np.linalg.inv(scaled.T @ scaled)
    found = inverse @ scaled.T @ (y / v**0.5)
    left = y / v**0.5 - scaled @ found
    t = float(found[1] / (inverse[1, 1] * (left @ left) / (k - 2)) ** 0.5)
    return SmallStudies(k, float(found[1]), t, float(2 * stdtr(k - 2, -abs(t))))


def _checked(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Estimates and variances as arrays of one length."""
    y, se = np.atleast_1d(np.asarray(estimates, float)), np.atleast_1d(np.asarray(standard_errors, float))
    if y.shape != se.shape or y.ndim != 1 or not len(y):
        raise BadParameter("pool", f"has {y.shape} estimates and {se.shape} standard errors", "one of each for every trial, one or more")
    if not (np.isfinite(y).all() and np.isfinite(se).all() and (se > 0).all()):
        raise BadParameter("pool", "has an estimate or a standard error that is no number", "finite numbers, standard errors above 0")
    return y, se**2
