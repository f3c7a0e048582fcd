"""Which unknown drives an answer: Sobol indices of every row, and the swing of an answer as each row moves alone.

The first-order index of a row is the share of an output's variance that would go, on average, if that row alone were known exactly;
the total index adds all that the row does together with others (Sobol 1993; estimators of Saltelli et al. 2010, Computer Physics
Communications 181, 259, as `scipy.stats.sobol_indices` computes them). Rows are drawn independently, each from its own distribution.

Two sets A and B of scores come from one Sobol sequence, digitally shifted (each coordinate's bits XOR those of one number) by a key of
the seed and the row's name. Each further run moves one row of A to where it stands in B; a row that an output does not use changes
nothing, so that its indices are 0 exactly. The ranges of the indices are a bootstrap of the points (percentiles). The points lie more
evenly than chance would have it, so for smooth outputs the ranges are wider than need be. Where an output stands still in most draws and
falls in a few (a dose that the tissue seldom fails to give), the first-order index hangs on those few, and its bootstrap can not see the
ones that did not come: of a sum of three normal rows held below a cap, the 95 % range held the true index in 84 % of 100 seeds where
10 % of draws fell short, 66 % where 5 % did, 25 % where 2 % did (the worst row, n = 512; 97 % from 20 % on, and with 4,096 points at
5 %). The range of the total held it in 98 % or more down to 2 % short, and in 93 % at 1 %. So with fewer than `FEWEST_APART` runs
apart the range is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.ground.rows import Row
from anagen.therapy.unknowns import Array, Name, Unknowns

if TYPE_CHECKING:
    from anagen.therapy.protocol import Protocol
    from anagen.therapy.steps import Steps

END = 1.959964
"""The score at the ends of a row's central 95 %."""
TOGETHER = 512
"""Draws in one call of the model, so that memory stays small."""
RESAMPLES = 1000
FLAT = 1e-12
"""An output that varies by no more than this share of itself does not vary: that is rounding."""
FEWEST_APART = 200
"""Of 2 n runs, so many must leave the answer's most frequent value for the first-order index to be told: see the head of this file."""
STRAY = 0.05
"""Two runs at the same middle may differ by this share of an output's standard deviation: 0.25 % of its variance."""

Run = Callable[[Unknowns], Mapping[str, Array]]
"""A model: from draws (n,) to outputs by name, each (n,). Draw i alone decides number i."""


@dataclass(frozen=True)
class Driver:
    """What one row does to one output.

    `first`, `total`: the Sobol indices, each with its bootstrap 95 % range. `at_low`, `at_high`: the output with this row at the ends of
    its own central 95 % and all others at their medians.
    """

    row: Row
    first: float
    first_range: tuple[float, float]
    total: float
    total_range: tuple[float, float]
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """How far the output moves as this row alone goes from end to end."""
        return abs(self.at_high - self.at_low)

    @property
    def variance_share(self) -> float:
        """At most this share of the variance goes, on average, if the row is measured: the first-order index, held within 0 and 1."""
        return min(max(self.first, 0.0), 1.0)

    @property
    def narrower(self) -> float:
        """By what share the answer's spread (its standard deviation) shrinks with that variance: 1 - sqrt(1 - first-order index)."""
        return float(1 - np.sqrt(1 - self.variance_share))


@dataclass(frozen=True)
class Driven:
    """One output and its drivers, the row most worth measuring first.

    `middle`: with all rows at their medians; `low`, `high`: the central 95 % as all rows vary. `logged`: the variance is that of the
    logarithm. `rare`: it stands still in all but a few runs, so that the ranges of first-order indices do not hold, and are not told.
    Ties of the first-order index go by total, then by swing, then by name.
    """

    name: str
    middle: float
    low: float
    high: float
    logged: bool
    drivers: tuple[Driver, ...]
    rare: bool = False

    def total_of(self, *subjects: str) -> float:
        """The total indices of all rows of these subjects, added: at most 1."""
        return min(1.0, sum(max(one.total, 0.0) for one in self.drivers if one.row.of in subjects))

    @property
    def together(self) -> float:
        """The share of variance that no row brings alone, only rows together; 0 where nothing varies."""
        return max(0.0, 1 - sum(one.first for one in self.drivers)) if self.low < self.high else 0.0


@dataclass(frozen=True)
class Drivers:
    """Every output by name, from how many runs of the model, and which rows varied."""

    outputs: Mapping[str, Driven]
    runs: int
    rows: tuple[Row, ...]


def drivers(
    run: Run,
    unknowns: Unknowns | None = None,
    rows: Iterable[Row] | None = None,
    n: int = 512,
    seed: int = 0,
    told: Callable[[float], None] | None = None,
    logged: Collection[str] = (),
) -> Drivers:
    """How much each row drives each output of a model, from n (rows + 2) runs of it.

    rows: which vary, the `rows` of what the model gives, say; default all. Fixed rows, and rows whose draws in `unknowns` are all one
    number, stay there; the others stay at their medians. n: a power of 2. told: is told the share that is done, 0 to 1.
    logged: outputs whose logarithm is read, as numbers of cells are spread over powers of ten; only where all of it lies above 0.
    Raises `BadParameter` for another n, for rows of which none varies, and for a model whose outputs are not finite, have no number
    for each draw, or are not a function of the draws alone; `UnknownName` for a row that `unknowns` lacks.

    >>> def model(unknowns):
    ...     return {"cells": unknowns.of("enzymatic_svf")["yield_per_g"] * unknowns.of("enzymatic_svf")["viable_share"]}
    >>> about = [Unknowns.middle().row("enzymatic_svf", name) for name in ("yield_per_g", "viable_share", "hours")]
    >>> cells = drivers(model, rows=about, logged=["cells"]).outputs["cells"]
    >>> [one.row.name for one in cells.drivers], cells.drivers[-1].first
    (['yield_per_g', 'viable_share', 'hours'], 0.0)
    """
    if n < 2 or int(n) != n or n & (n - 1):
        raise BadParameter("n", f"is {n}", "a power of 2 from 2 up, as 512")
    given = Unknowns.drawn() if unknowns is None else unknowns
    moved = _moved(given, given.rows if rows is None else rows)
    model = _Model(run, given, moved)
    a, b = _scores(moved, n, seed)
    pages = len(moved) + 2
    found = []
    for page in range(pages):
        scores = a if page == 0 else b if page == 1 else _swapped(a, b, page - 2)
        found.append(model.at(scores))
        if told is not None:
            told((page + 1) / (pages + 1))
    ends = model.at(_ends(len(moved)))
    outputs = {name: _driven(name, [page[name] for page in found], ends[name], moved, seed, name in logged) for name in ends}
    if told is not None:
        told(1.0)
    return Drivers(outputs, n * pages + 2 * len(moved) + 2, moved)


LOGGED = ("live_cells", "delivered_per_cm2", "dose", "medium_ml")
"""Outputs of `model_of` that are spread over powers of ten."""


def model_of(protocol: Protocol) -> Run:
    """The steps of a protocol up to the injection, as a model: `outputs_of` them."""
    from anagen.therapy.steps import take_steps

    return lambda unknowns: outputs_of(take_steps(protocol, unknowns))


def outputs_of(steps: Steps) -> dict[str, Array]:
    """`live_cells` of one harvest, `dose` and `delivered_per_cm2` of one session (or `medium_ml`, of a product without cells), and
    `reached_share`, of the follicles: each (n,).
    """
    product, done = steps.product, steps.injected
    if done.cells_per_cm2 is None:
        return {"medium_ml": product.holds["medium_ml"], "reached_share": done.coverage}
    cells = {"live_cells": product.live_cells, "dose": steps.dose.draws, "delivered_per_cm2": done.cells_per_cm2}
    return {**cells, "reached_share": done.coverage}


def drivers_of(
    protocol: Protocol, unknowns: Unknowns | None = None, n: int = 512, seed: int = 0, told: Callable[[float], None] | None = None
) -> Drivers:
    """What drives the outputs of a protocol (`model_of`): every row that its steps use varies. Raises as `drivers` and the steps do.

    unknowns: those that the protocol was carried out with, so that a laboratory's own batches count.
    """
    from anagen.therapy.steps import take_steps

    given = Unknowns.drawn() if unknowns is None else unknowns
    steps = take_steps(protocol, given)
    return drivers(model_of(protocol), given, (*steps.product.rows, *steps.injected.rows, *steps.dose.rows), n, seed, told, LOGGED)


def _moved(unknowns: Unknowns, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that vary, each once and by name, as `unknowns` has them: in whatever order they come, the answer is the same."""
    named = {name: unknowns.row(*name) for name in sorted({(row.of, row.name) for row in rows})}
    held = unknowns.size > 1
    moved = tuple(row for name, row in named.items() if row.spread != "fixed" and not (held and np.ptp(unknowns.draws[name]) == 0))
    if not moved:
        raise BadParameter("rows", "do not vary", "one row or more that has a range")
    return moved


class _Model:
    """The model as a function of scores (rows, draws)."""

    def __init__(self, run: Run, unknowns: Unknowns, moved: tuple[Row, ...]) -> None:
        from anagen.therapy.inject import medians

        self.run, self.unknowns, self.moved = run, unknowns, moved
        self.held: dict[Name, float] = {name: float(values[0]) for name, values in medians(unknowns).draws.items()}

    def at(self, scores: Array) -> dict[str, Array]:
        """Every output, (draws,)."""
        parts = [self._some(scores[:, start : start + TOGETHER]) for start in range(0, scores.shape[1], TOGETHER)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _some(self, scores: Array) -> dict[str, Array]:
        size = scores.shape[1]
        still = Unknowns({name: np.full(size, value) for name, value in self.held.items()}, self.unknowns.rows, self.unknowns.seed)
        draws = {(row.of, row.name): row.at(score) for row, score in zip(self.moved, scores, strict=True)}
        found = {name: np.asarray(values, dtype=np.float64) for name, values in self.run(still.but(draws)).items()}
        for name, values in found.items():
            if values.shape != (size,):
                raise BadParameter(f"the output {name}", f"has the shape {values.shape}", f"one number for each of {size} draws")
            if not np.isfinite(values).all():
                raise BadParameter(f"the output {name}", "has a number that is not finite", "finite numbers")
        return found


def _scores(moved: tuple[Row, ...], n: int, seed: int) -> tuple[Array, Array]:
    """Standard normal scores of two independent sets, each (rows, n)."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    k = len(moved)
    even = (qmc.Sobol(d=2 * k, scramble=False, bits=53).random(n).T * 2.0**53).astype(np.uint64)
    keys = [chance.key(seed, "sensitivity", half, row.of, row.name) for half in "AB" for row in moved]
    shift = np.array([chance.streams(key, 0) >> np.uint64(11) for key in keys], dtype=np.uint64)
    scores = ndtri(((even ^ shift[:, None]).astype(np.float64) + 0.5) * 2.0**-53)
    return scores[:k], scores[k:]


def _swapped(a: Array, b: Array, row: int) -> Array:
    """The first set with one row as it is in the second."""
    scores = a.copy()
    scores[row] = b[row]
    return scores


def _ends(k: int) -> Array:
    """The middle, each row alone at its low and at its high end, and the middle again: (k, 2 k + 2)."""
    middle = np.zeros((k, 1))
    return np.concatenate([middle, -END * np.eye(k), END * np.eye(k), middle], axis=1)


def _driven(name: str, pages: list[Array], ends: Array, moved: tuple[Row, ...], seed: int, logged: bool) -> Driven:
    varied, k = np.array(pages), len(moved)
    low, high = (float(value) for value in np.quantile(varied[:2], (0.025, 0.975)))
    if abs(ends[0] - ends[-1]) > max(STRAY * varied[:2].std(), FLAT * abs(ends[0])):
        raise BadParameter(f"the output {name}", f"is {ends[0]:g}, then {ends[-1]:g} from the same draws", "a function of the draws alone")
    logged = logged and bool((varied > 0).all() and (ends > 0).all())
    indices = _indices(np.log(varied) if logged else varied, seed)
    found = [Driver(row, *indices.of(i), at_low=float(ends[1 + i]), at_high=float(ends[1 + k + i])) for i, row in enumerate(moved)]
    order = sorted(found, key=lambda one: (-round(one.first, 9), -round(one.total, 9), -one.swing, one.row.of, one.row.name))
    return Driven(name, float(ends[0]), low, high, logged, tuple(order), _rare(varied[:2]))


def _rare(values: Array) -> bool:
    """Whether but a few runs leave the most frequent value, while most stand at it."""
    _, counts = np.unique(values, return_counts=True)
    apart = values.size - int(counts.max())
    return 0 < apart < min(FEWEST_APART, values.size / 2)


@dataclass(frozen=True, eq=False)
class _Indices:
    """First-order and total indices, (2, rows), and the ends of their ranges, (2, 2, rows): low and high first."""

    estimate: Array
    ends: Array

    def of(self, row: int) -> tuple[float, tuple[float, float], float, tuple[float, float]]:
        (first, total), low, high = self.estimate[:, row], self.ends[0, :, row], self.ends[1, :, row]
        return float(first), (float(low[0]), float(high[0])), float(total), (float(low[1]), float(high[1]))


def _indices(pages: Array, seed: int) -> _Indices:
    """The indices of one output. pages: (2 + rows, n), of the sets A and B, then of A with one row of B."""
    from scipy.stats import sobol_indices

    k, n = len(pages) - 2, pages.shape[1]
    if np.ptp(pages) <= FLAT * np.abs(pages).max():
        return _Indices(np.zeros((2, k)), np.zeros((2, 2, k)))
    f_a, f_b, f_ab = pages[0], pages[1], pages[2:]
    more = np.concatenate([f_ab, f_a[None]])  # a row that does nothing: the library drops the axis of a single row
    found = sobol_indices(func={"f_A": f_a[None], "f_B": f_b[None], "f_AB": more[:, None]}, n=n)
    estimate = np.array([found.first_order.reshape(-1)[:k], found.total_order.reshape(-1)[:k]])
    return _Indices(estimate, np.quantile(resampled(f_a, f_b, f_ab, seed), (0.025, 0.975), axis=0))


def resampled(f_a: Array, f_b: Array, f_ab: Array, seed: int) -> Array:
    """The indices of `RESAMPLES` draws of the n points with replacement, (resamples, 2, rows), by the formulas of the library.

    Its own bootstrap cannot be seeded, and has no range for a row whose index is 0.
    """
    weight = _weights(len(f_a), seed)
    centre = (f_a.mean() + f_b.mean()) / 2
    a, b, ab = f_a - centre, f_b - centre, f_ab - centre
    variance = weight @ (a**2 + b**2) / 2 - (weight @ (a + b) / 2) ** 2
    parts = np.stack([weight @ (b * (ab - a)).T, weight @ (0.5 * (a - ab) ** 2).T], axis=1)
    spread = variance[:, None, None]
    return np.asarray(np.divide(parts, spread, out=np.zeros(parts.shape), where=spread > 0))


@lru_cache(maxsize=2)
def _weights(n: int, seed: int) -> Array:
    """How often each of n points is drawn in each resample, over n: (resamples, n)."""
    pick = (chance.uniform(chance.key(seed, "resampled"), np.arange(RESAMPLES)[:, None], np.arange(n)) * n).astype(np.intp)
    weight = np.array([np.bincount(one, minlength=n) for one in pick]) / n
    weight.setflags(write=False)
    return weight
