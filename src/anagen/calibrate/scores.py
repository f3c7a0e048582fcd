"""How good predictions were: intervals and how often they held, CRPS and log score, and one predictor beside another.

A prediction is a mixture of normals, one for each draw of what is not known, so its density, its chances and its CRPS are exact.
Nothing here knows where it came from. Rows of one trial stand or fall together, so intervals are from a bootstrap of whole
trials (keyed, so the same each time).

Scores: Gneiting, Raftery 2007, JASA 102:359; the CRPS of a mixture of normals: Grimit and others 2006, QJRMS 132:2925.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri

from anagen.calibrate.facts import Fact
from anagen.ground.chance import key, uniform

Array = npt.NDArray[np.floating[Any]]
SHARES = (0.5, 0.8, 0.9)
"""The central intervals that are judged."""
SIGNIFICANT = 1.959964
RESAMPLES = 2000
PAIRS = 64
"""Other draws that each draw is held against in a CRPS; with fewer draws, all of them."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What is expected of one fact, in its own unit, with all that may make it differ: a mixture of normals over draws.

    `mean`, `sd`, `weight` (S,): of each draw; `se` (S,): the sampling error within `sd`. `observed`: NaN until it is looked at;
    `said`: what was said of a fact without a number. `treatment`: what the arm was given, in one label.
    """

    rows: tuple[str, ...]
    trial: str
    study: str
    arm: str
    control: str | None
    output: str
    week: float
    kind: str
    treatment: str
    mean: Array
    sd: Array
    se: Array
    weight: Array
    observed: float = float("nan")
    said: str = ""

    @classmethod
    def of(
        cls, fact: Fact, trial: str, treatment: str, mean: npt.ArrayLike, sd: npt.ArrayLike, se: npt.ArrayLike, weight: Any = None
    ) -> Prediction:
        """The prediction of a fact from its draws, each (S,) or one number; weight: if draws count unlike. It takes on the value."""
        parts = np.broadcast_arrays(np.atleast_1d(np.asarray(mean, float)), sd, se, 1.0 if weight is None else weight)
        middle, spread, error, share = (np.array(part, dtype=float) for part in parts)
        about = (fact.rows, trial, fact.study, fact.arm, fact.control, fact.output, fact.week, fact.kind, treatment)
        value = float("nan") if fact.said else fact.value
        return cls(*about, middle, spread, error, share / share.sum(), value, fact.said)

    @property
    def name(self) -> str:
        """Its rows, as one word."""
        return "+".join(self.rows)

    def seen(self, fact: Fact) -> Prediction:
        """The same prediction, now that the fact is looked at."""
        return replace(self, observed=float("nan") if fact.said else fact.value, said=fact.said)

    @cached_property
    def samples(self) -> Array:
        """Samples (S,), one a draw, or 1,000 of a single normal; keyed by the rows, so the same each time."""
        size = 1000 if len(self.mean) == 1 else len(self.mean)
        chance = uniform(key("prediction", self.name), np.arange(2 * size)).reshape(2, size)
        pick = np.searchsorted(np.cumsum(self.weight), chance[0] * (1 - 1e-12), side="right").clip(max=len(self.mean) - 1)
        return np.asarray(self.mean[pick] + self.sd[pick] * ndtri(chance[1]))

    def chance_below(self, value: float) -> float:
        """The predicted chance of a lower number."""
        return float((self.weight * ndtr((value - self.mean) / self.sd)).sum())

    def quantiles(self, shares: Sequence[float]) -> Array:
        """Where the predicted chance of a lower number is each of `shares`: by halving, exact to 1e-9 of the range."""
        wanted = np.asarray(shares, float)
        low = np.full(wanted.shape, (self.mean - 9 * self.sd).min())
        high = np.full(wanted.shape, (self.mean + 9 * self.sd).max())
        for _ in range(32):
            middle = (low + high) / 2
            below = (self.weight * ndtr((middle[:, None] - self.mean) / self.sd)).sum(axis=1) < wanted
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)

    @property
    def median(self) -> float:
        """The middle prediction."""
        return float(self.quantiles([0.5])[0])

    def interval(self, share: float) -> tuple[float, float]:
        """The central interval that holds `share` of what is predicted."""
        low, high = self.quantiles([(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)

    def holds(self, share: float) -> bool:
        """Whether the central interval holds what was observed."""
        return abs(self.chance_below(self.observed) - 0.5) <= share / 2

    @property
    def log_score(self) -> float:
        """The log predictive density at what was observed: higher is better."""
        off = (self.observed - self.mean) / self.sd
        return float(logsumexp(-0.5 * off**2 - np.log(self.sd) - 0.5 * np.log(2 * np.pi), b=self.weight))

    @property
    def crps(self) -> float:
        """The continuous ranked probability score, in the fact's own unit: 0 is perfect, and that of a point is how far it is off.

        E|X - y| - E|X - X'| / 2, in closed form for each pair of draws; of many draws, each is held against `PAIRS` others.
        """
        near = (self.weight * _mean_distance(self.observed - self.mean, self.sd)).sum()
        size = len(self.mean)
        turns = np.arange(size) if size <= PAIRS + 1 else np.linspace(1, size - 1, PAIRS).round().astype(int)
        other = (np.arange(size) + turns[:, None]) % size
        apart = _mean_distance(self.mean - self.mean[other], np.hypot(self.sd, self.sd[other]))
        pair = self.weight * self.weight[other]
        return float(near - 0.5 * (pair * apart).sum() / pair.sum())

    @property
    def chance_significant(self) -> float:
        """The predicted chance that the estimate lies 1.96 standard errors or more from no change, on either side."""
        high = ndtr((self.mean - SIGNIFICANT * self.se) / self.sd)
        low = ndtr((-SIGNIFICANT * self.se - self.mean) / self.sd)
        return float((self.weight * (high + low)).sum())

    @property
    def log_chance_said(self) -> float:
        """The log of the chance that was predicted for what was said: `significant`, or not. `said` must be one of the two."""
        if self.said == "significant":
            high = log_ndtr((self.mean - SIGNIFICANT * self.se) / self.sd)
            low = log_ndtr((-SIGNIFICANT * self.se - self.mean) / self.sd)
            return float(logsumexp(np.logaddexp(high, low), b=self.weight))
        return float(np.log1p(-min(self.chance_significant, 1 - 1e-12)))


def _mean_distance(off: Any, sd: Any) -> Any:
    """The mean of |Z| for a normal Z with mean `off`."""
    score = off / sd
    return 2 * sd * np.exp(-0.5 * score**2) / np.sqrt(2 * np.pi) + off * (2 * ndtr(score) - 1)


@dataclass(frozen=True)
class Range:
    """A value with its 95 % interval from the bootstrap of trials."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """How good some predictions were. `coverage`: for each of `SHARES`; `crps`, in percent of the level; `log_score`: means over rows."""

    rows: int
    trials: int
    coverage: dict[float, Range]
    crps: float
    log_score: float


@dataclass(frozen=True)
class Difference:
    """One predictor less another on the same rows: the mean a row, and its standard error from the bootstrap of trials.

    Of `log_score`, above 0 is better than the other; of `crps`, below 0 is.
    """

    log_score: float
    log_score_se: float
    crps: float
    crps_se: float


def scores(predictions: Sequence[Prediction], unit: npt.ArrayLike = 1.0, seed: int = 0) -> Scores:
    """The scores of predictions whose facts were seen. unit: one percent of the level, in each fact's own unit, (n,) or one number.

    Raises ValueError without any.
    """
    if not predictions:
        raise ValueError("there is no prediction to score")
    weights = _resampled([one.trial for one in predictions], seed)
    crps = np.array([one.crps for one in predictions]) / np.asarray(unit, float)
    found = {share: _range(np.array([one.holds(share) for one in predictions], float), weights) for share in SHARES}
    log_score = float(np.mean([one.log_score for one in predictions]))
    return Scores(len(predictions), weights.trials, found, float(crps.mean()), log_score)


def difference(one: Sequence[Prediction], other: Sequence[Prediction], unit: npt.ArrayLike = 1.0, seed: int = 0) -> Difference:
    """How much better one predictor was than another. Raises ValueError if they did not predict the same rows in the same order."""
    if [a.rows for a in one] != [b.rows for b in other] or not one:
        raise ValueError("two predictors can be compared on the same rows only")
    weights = _resampled([a.trial for a in one], seed)
    log_score = np.array([a.log_score - b.log_score for a, b in zip(one, other, strict=True)])
    crps = np.array([a.crps - b.crps for a, b in zip(one, other, strict=True)]) / np.asarray(unit, float)
    return Difference(float(log_score.mean()), weights.se(log_score), float(crps.mean()), weights.se(crps))


def by_treatment(predictions: Sequence[Prediction], unit: npt.ArrayLike = 1.0, seed: int = 0) -> dict[str, Scores]:
    """The scores of each treatment's rows, in the order that the treatments come in."""
    units = np.broadcast_to(np.asarray(unit, float), len(predictions))
    labels = [one.treatment for one in predictions]
    found = {}
    for label in dict.fromkeys(labels):
        own = [index for index, its in enumerate(labels) if its == label]
        found[label] = scores([predictions[index] for index in own], units[own], seed)
    return found


@dataclass(frozen=True)
class SaidScores:
    """How good the predicted chances of statements were: means over statements; `low` and `high` bound the Brier score's 95 %."""

    statements: int
    trials: int
    brier: Range
    log_score: float


def said_scores(predictions: Sequence[Prediction], seed: int = 0) -> SaidScores:
    """The scores of chances of `significant`, of predictions that were said to be so or not. Raises ValueError without any."""
    if not predictions:
        raise ValueError("there is no statement to score")
    weights = _resampled([one.trial for one in predictions], seed)
    off = np.array([one.chance_significant - (one.said == "significant") for one in predictions])
    log_score = float(np.mean([one.log_chance_said for one in predictions]))
    return SaidScores(len(predictions), weights.trials, _range(off**2, weights), log_score)


@dataclass(frozen=True)
class _Resampled:
    """How often each row counts in each resample of whole trials: (RESAMPLES, rows)."""

    times: Array
    trials: int

    def means(self, values: Array) -> Array:
        return np.asarray(self.times @ values / self.times.sum(axis=1))

    def se(self, values: Array) -> float:
        """The standard error of the mean of rows; NaN where there is one trial."""
        return float(self.means(values).std(ddof=1)) if self.trials > 1 else float("nan")


def _resampled(trials: Sequence[str], seed: int) -> _Resampled:
    names = list(dict.fromkeys(trials))
    chance = uniform(key(seed, "bootstrap of trials"), np.arange(RESAMPLES)[:, None], np.arange(len(names)))
    drawn = (chance * len(names)).astype(int)
    times = np.stack([(drawn == place).sum(axis=1) for place in range(len(names))], axis=1)
    return _Resampled(times[:, [names.index(trial) for trial in trials]].astype(float), len(names))


def _range(values: Array, weights: _Resampled) -> Range:
    low, high = np.quantile(weights.means(values), (0.025, 0.975))
    return Range(float(values.mean()), float(low), float(high))
