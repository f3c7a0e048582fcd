"""Of 100 people like this one, how many see a change; and how far that number is open.

Draws of a forecast differ in two ways: in what we do not know of hair growth and of a treatment, which moves all people alike, and in
how people differ. The count averages over both. Its range tells the first alone: let each draw be lived by two people who differ in all
that tells people apart, and the correlation of their changes, on normal scores, is the share `rho` of the spread that all people have in
common. At a common score t, standard normal, the share p of people becomes Phi((Phi^-1(p) + sqrt(rho) t) / sqrt(1 - rho)): the
formula of Vasicek (2002), The distribution of loan portfolio value, Risk 15:160. That draws are few widens it: p is a beta variable
(Jeffreys), and rho one whose Fisher z has the variance 1/(k - 3/2) for k pairs (Fisher 1925, Statistical Methods for Research Workers,
section 40). `validation/chances` holds it against 120 people to each draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from anagen.scalp.tempo import Array

Ints = npt.NDArray[np.int64]
ENDS = (0.025, 0.975)
Kind = Literal["gain", "loss", "fewer"]
RANGED: tuple[Kind, ...] = ("gain", "loss", "fewer")
LEAST, MOST = 1e-6, 0.99
"""What people have in common at the least and at the most."""
PARTS, STEPS = 5, 129
"""Even parts of the correlation and of the share, over which the range is taken; and steps between which it is read."""


@dataclass(frozen=True)
class Chances:
    """Out of `people` like this one: how many see a visible gain, neither, or visible loss; whole numbers that add up.

    `fewer`: how many have fewer hairs than today, visibly or not. `visible`: the share of today's density from which a change
    counts as visible. `ranges`: name -> the 95 % range of what is not known, (low, high); empty where too few draws fit a person.
    """

    people: int
    gain: int
    neither: int
    loss: int
    fewer: int
    week: int
    visible: float
    ranges: dict[Kind, tuple[int, int]]


@dataclass(frozen=True)
class Draws:
    """A number in some draws of a belief: `values` (n,), of the draws `which` (n,), with `weights` (n,) that add up to 1."""

    values: Array
    which: Ints
    weights: Array

    @property
    def worth(self) -> float:
        """How many equally weighted draws these are (Kish)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def chances(mine: Draws, others: Draws | None, visible: float, week: int, people: int = 100) -> Chances:
    """The count of each change (values: the share of today's density gained), and its range where `others` lived the same draws.

    >>> rng = np.random.default_rng(0)
    >>> known, one, two = 0.1 * rng.normal(size=(3, 800))
    >>> which, even = np.arange(800), np.full(800, 1 / 800)
    >>> found = chances(Draws(known + one, which, even), Draws(known + two, which, even), 0.15, 52)
    >>> found.gain, found.ranges["gain"]
    (15, (0, 70))
    """
    held = {
        "gain": mine.values >= visible,
        "neither": np.abs(mine.values) < visible,
        "loss": mine.values <= -visible,
        "fewer": mine.values < 0,
    }
    shares = {name: float(mine.weights[kind].sum()) for name, kind in held.items()}
    told = np.array([shares[name] for name in ("gain", "neither", "loss")])
    whole = np.floor(told * people + 1e-9).astype(int)
    for index in np.argsort(whole - told * people)[: people - whole.sum()]:
        whole[index] += 1
    gain, neither, loss = (int(one) for one in whole)
    found = Chances(people, gain, neither, loss, round(shares["fewer"] * people), week, visible, {})
    if others is None:
        return found
    rho, pairs = in_common(mine, others)
    ends = {name: open_range(shares[name], mine.worth, rho, pairs) for name in RANGED}
    counts = {name: int(getattr(found, name)) for name in RANGED}
    return replace(
        found,
        ranges={
            name: (min(round(low * people), counts[name]), max(round(high * people), counts[name])) for name, (low, high) in ends.items()
        },
    )


def in_common(one: Draws, two: Draws) -> tuple[float, float]:
    """The intraclass correlation of two people to each draw on normal scores, from 0 to `MOST`; and how many even pairs it rests on.

    A pair weighs the harmonic mean of its two: as much as the draw fits both.
    """
    _, mine, theirs = np.intersect1d(one.which, two.which, assume_unique=True, return_indices=True)
    first, second = (weights / weights.sum() for weights in (one.weights[mine], two.weights[theirs]))
    weights = 2 * first * second / (first + second)
    weights = weights / weights.sum()
    scores = _normal_scores(np.concatenate([one.values[mine], two.values[theirs]]), np.tile(weights / 2, 2))
    a, b = scores[: len(mine)], scores[len(mine) :]
    middle = float(weights @ (a + b) / 2)
    spread = float(weights @ ((a - middle) ** 2 + (b - middle) ** 2) / 2)
    rho = float(weights @ ((a - middle) * (b - middle))) / spread if spread > 0 else 0.0
    return float(np.clip(rho, 0.0, MOST)), float(1 / (weights**2).sum())


def open_range(share: float, draws: float, rho: float, pairs: float) -> tuple[float, float]:
    """The central 95 % of the share of people, over what all have in common and what few draws leave open; shares from 0 to 1.

    draws, pairs: how many even ones `share` and `rho` rest on.

    >>> [round(end, 2) for end in open_range(0.3, 1e9, 0.0, 1e9)], [round(end, 2) for end in open_range(0.3, 1e9, 0.4, 1e9)]
    ([0.3, 0.3], [0.01, 0.82])
    """
    from scipy.special import betaincinv, ndtr, ndtri

    parts = (np.arange(PARTS) + 0.5) / PARTS
    p = betaincinv(share * draws + 0.5, (1 - share) * draws + 0.5, parts)
    r = np.clip(np.tanh(np.arctanh(rho) + ndtri(parts) / np.sqrt(max(pairs - 1.5, 0.5))), LEAST, MOST)[:, None]
    middle, spread = (ndtri(p) / np.sqrt(1 - r)).ravel(), np.broadcast_to(np.sqrt(r / (1 - r)), (PARTS, PARTS)).ravel()
    scores = np.linspace((middle - 2 * spread).min(), (middle + 2 * spread).max(), STEPS)  # the 95 % of each lie between
    below = ndtr((scores[:, None] - middle) / spread).mean(axis=1)
    low, high = ndtr(np.interp(ENDS, below, scores))
    return float(low), float(high)


def _normal_scores(values: Array, weights: Array) -> Array:
    """The normal score of each value, by the weight below it and half of its own; values alike have one score. Weights add up to 1."""
    from scipy.special import ndtri

    _, place = np.unique(values, return_inverse=True)
    each = np.bincount(place, weights)
    below = np.cumsum(each) - each / 2
    return np.asarray(ndtri(np.clip(below, 1e-9, 1 - 1e-9)))[place]
