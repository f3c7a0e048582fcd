"""The chance of at least one of six harms over a whole plan: pain, swelling, infection, bleeding or bruising, scarring, allergy.

Each chance is drawn from its posterior: Beta(x + 1/2, n - x + 1/2) of one count or of trials that agree; where trials differ, the
binomial-normal model on a grid, with the same prior of the middle chance and a half-normal one of tau; of a share printed with a
range and no count, a normal logit. In each draw a person has a normal frailty U, and has harm e at session s where
sqrt(r) U + sqrt(1 - r) noise falls below its threshold: a Gaussian copula with one correlation r over events and sessions.
r = 0 is independence, 1 - prod (1 - p)^sessions; r = 1 is full dependence, the largest chance; between them U is integrated out
(Gauss-Hermite), so the answer has no noise but that of the draws. A harm counted over S sessions has the chance a session that
gives its count over S, under the same r; a plan of fewer sessions is given the count as it is, for nobody told at which one it came.

The total holds at least its largest part: at its middle and at both ends it is never below what is shown of one of its harms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from anagen.ground.chance import key, uniform
from anagen.risks.counts import Event
from anagen.risks.tables import PARTS, looked_for, rules

Array = npt.NDArray[np.float64]

NODES = 96
"""Points over the frailty: at the largest correlation below 1 of `BETWEEN`, right to 1 in a million (held by a test)."""
BETWEEN = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Correlations at which the total is computed as well, from independence to full dependence."""


@dataclass(frozen=True)
class Item:
    """One harm in a total: the `event` that stands for a `part` of an option's step, and how many `times` the step is done."""

    option: str
    part: str
    event: Event
    times: int


@dataclass(frozen=True)
class Spread:
    """A chance over the draws: its middle and central 95 %, shares from 0 to 1."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Total:
    """At least one of `PARTS` over a plan. `chance`: its middle at the stated `correlation`, its range over all of `BETWEEN`.

    independent, dependent: at the two ends of the correlation; least, most: the smallest and the largest middle over all of them.
    parts: the chance of each part alone, over all its steps and sessions, as `chance`. items: what was counted; missing: the
    (option, step, part) that no trial counted, which are not in the total. draws, seed: how it was computed.
    """

    chance: Spread
    independent: Spread
    dependent: Spread
    least: float
    most: float
    correlation: float
    parts: dict[str, Spread]
    items: tuple[Item, ...]
    missing: tuple[tuple[str, str, str], ...]
    draws: int
    seed: int


def items_of(option: str, events: Iterable[Event], times: dict[str, int]) -> tuple[tuple[Item, ...], tuple[tuple[str, str, str], ...]]:
    """The one event that stands for each part of each step, and the parts that none stands for. times: of each step.

    The option's own count comes before a borrowed one, people before procedures, the whole of a part before a piece of it.
    """
    kept: list[Item] = []
    missing: list[tuple[str, str, str]] = []
    every = list(events)
    for step, count in times.items():
        for part in looked_for().get(step, ()):
            fit = [one for one in every if one.step == step and one.word.part == part]
            if not fit:
                missing.append((option, step, part))
                continue
            best = min(fit, key=lambda one: (one.rank, one.unit == "dose_cases", one.word.rank, one.event))
            kept.append(Item(option, part, best, count if best.each != "course" else 1))
    return tuple(kept), tuple(missing)


def once(items: Iterable[Item], weeks: Mapping[str, frozenset[float]]) -> tuple[Item, ...]:
    """The items, where one count of needles stands for several options: sessions in one week are one session, named for all of them.

    weeks: of the sessions of each option.
    """
    groups: dict[tuple[object, ...], list[Item]] = {}
    for place, item in enumerate(items):
        alone = () if item.event.step == "injection" else (place,)
        groups.setdefault((item.part, item.event.step, item.event.rows, *alone), []).append(item)
    kept = []
    for group in groups.values():
        names = [item.option for item in group]
        held = len(frozenset().union(*(weeks[name] for name in names))) if len(group) > 1 else group[0].times
        kept.append(Item(" and ".join(names), group[0].part, group[0].event, held))
    return tuple(kept)


def total(items: Sequence[Item], missing: Sequence[tuple[str, str, str]], draws: int | None = None, seed: int = 0) -> Total | None:
    """The total of some items; None where nothing was counted."""
    if not items:
        return None
    n, r = draws or int(rules()["draws"].value), rules()["correlation"].value
    chances = np.stack([posterior(one.event, n, seed) for one in items])

    def over(places: Sequence[int]) -> dict[float, Spread]:
        """Of these items, at each correlation."""
        some = [items[place] for place in places]
        counted, times = [one.event.sessions for one in some], [max(one.times, one.event.sessions) for one in some]
        return {end: _holding(spread(at_least_one(chances[places], counted, times, end)), some) for end in (*BETWEEN, r)}

    at = over(range(len(items)))
    middles = [one.middle for one in at.values()]
    of = {part: [place for place, one in enumerate(items) if one.part == part] for part in PARTS}
    alone = {part: _open(over(places), r) for part, places in of.items() if places}
    return Total(_open(at, r), at[0.0], at[1.0], min(middles), max(middles), r, alone, tuple(items), tuple(missing), n, seed)


def _holding(found: Spread, items: Sequence[Item]) -> Spread:
    """A total that is nowhere below one of its harms as it is shown: at least one of them is no rarer than each."""
    shown = [one.event for one in items]
    return Spread(
        max(found.middle, *(one.chance or 0.0 for one in shown)),
        max(found.low, *(one.low for one in shown)),
        max(found.high, *(one.high for one in shown)),
    )


def _open(at: Mapping[float, Spread], r: float) -> Spread:
    """The middle at a correlation, with a range that holds those at every other."""
    return Spread(at[r].middle, min(one.low for one in at.values()), max(one.high for one in at.values()))


def at_least_one(chances: Array, counted: Sequence[int], times: Sequence[int], correlation: float) -> Array:
    """The chance of at least one of k harms, in each draw.

    chances: shape (k, draws), over the sessions that were `counted` (k,); times: sessions of the plan (k,). Returns (draws,).

    >>> at_least_one(np.array([[0.2], [0.5]]), [1, 1], [2, 1], 0.0).round(3).tolist()  # 1 - 0.8 * 0.8 * 0.5
    [0.68]
    >>> at_least_one(np.array([[0.2], [0.5]]), [1, 1], [2, 1], 1.0).tolist()
    [0.5]
    """
    chances = np.asarray(chances, float)
    had, of = np.asarray(counted, float)[:, None], np.asarray(times, float)[:, None]
    if correlation == 1:
        largest: Array = np.where(of > 0, chances, 0.0).max(axis=0)
        return largest
    if correlation == 0:
        return np.asarray(-np.expm1((np.log1p(-chances) * of / had).sum(axis=0)))
    u, weight = _normal()
    spared = np.ones((len(u), chances.shape[1]))
    for p, s, t in zip(chances, had[:, 0], of[:, 0], strict=True):
        spared *= _spared(_threshold(p, s, correlation), correlation, u) ** t
    return np.asarray(np.clip(1 - weight @ spared, 0.0, 1.0))


def _spared(threshold: Array, r: float, u: Array) -> Array:
    """The chance to be spared in one session: thresholds (draws,), frailties (m,); gives (m, draws)."""
    from scipy.special import ndtr

    return np.asarray(ndtr((r**0.5 * u[:, None] - threshold[None, :]) / (1 - r) ** 0.5))


def _threshold(p: Array, sessions: float, r: float) -> Array:
    """Below which a session brings harm, so that the chance over so many sessions is p (the inverse of a fine grid, by a spline)."""
    from scipy.interpolate import CubicSpline
    from scipy.special import ndtri

    if sessions == 1 or p.min() == p.max() == 0:
        return np.asarray(ndtri(p))
    u, weight = _normal()
    grid = np.linspace(ndtri(p.min() / sessions) - 0.1, ndtri(p.max()) + 0.1, 400)
    over = 1 - weight @ _spared(grid, r, u) ** sessions
    return np.asarray(CubicSpline(ndtri(over), grid)(ndtri(p)))


def posterior(event: Event, draws: int, seed: int) -> Array:
    """Draws of the chance of one event, shape (draws,), strictly between 0 and 1; the same for the same event and seed."""
    from scipy.special import betaincinv, expit, logit, ndtri

    u = uniform(key("risks", seed, event.event, *event.rows), np.arange(draws))
    prior = rules()["prior_beta"].value
    if event.tau and event.k > 1:
        found = _grid(event.counts, u)
    elif event.people is not None:
        people = float(event.people)
        x = float(event.events) if event.events is not None else (event.chance or 0.0) * people
        found = betaincinv(x + prior, people - x + prior, u)
    else:
        sd = (logit(event.high) - logit(event.low)) / (2 * 1.959963984540054)
        found = expit(logit(event.chance) + sd * ndtri(u))
    return np.asarray(np.clip(found, 1e-15, 1 - 1e-15))


def _grid(counts: Sequence[tuple[str, int, int]], u: Array) -> Array:
    """The chance in a trial in the middle of trials that differ, at the quantiles u of its posterior (see the module)."""
    from scipy.special import expit

    mu, share = _middle(tuple((x, n) for _, x, n in counts))
    return np.asarray(expit(np.interp(u, share, mu)))


@cache
def _middle(counts: tuple[tuple[int, int], ...]) -> tuple[Array, Array]:
    """The posterior of the middle logit as points and the share below each; tau is summed out."""
    from scipy.special import logit

    from anagen.evidence.rare import log_likelihood

    x, n = np.array([c[0] for c in counts], float), np.array([c[1] for c in counts], float)
    prior, scale = rules()["prior_beta"].value, rules()["prior_tau"].value
    ends = logit((x + 0.5) / (n + 1))
    mu = np.linspace(ends.min() - 5, ends.max() + 5, 61)
    taus = scale * np.linspace(0.05, 3.5, 18)
    value = np.array([[log_likelihood(m, t, x, n, 30)[0] for m in mu] for t in taus])
    value += prior * (mu - 2 * np.logaddexp(0, mu))[None, :] - (taus[:, None] / scale) ** 2 / 2
    density = np.exp(value - value.max()).sum(axis=0)
    below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return mu, below / below[-1]


@cache
def _normal() -> tuple[Array, Array]:
    """Points and weights that integrate over a standard normal."""
    points, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return points, weights / weights.sum()


def spread(drawn: Array) -> Spread:
    """The middle and central 95 % of draws."""
    low, middle, high = (float(value) for value in np.quantile(drawn, (0.025, 0.5, 0.975)))
    return Spread(middle, low, high)
