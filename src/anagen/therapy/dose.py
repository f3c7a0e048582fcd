"""How far a dose reaches: the dose at each follicle, summed over all injections.

A kernel becomes a table against distance, cut off where all that is left out stays below a stated bound. Near injections are
summed pair by pair. A wide kernel over many places is split at one distance: inside it, its own values less a smooth
continuation of what lies outside; the smooth rest is summed on a coarse grid and read off by cubic splines.
`DoseMap.error` adds up the bounds of cut-off and table and the measured error of the splines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter
from anagen.therapy.kernel import FAR_TOTAL, Kernel
from anagen.therapy.polygon import Floats

NODES = 4096
"""Even steps of a table, read off by straight lines."""
TOLERANCE = 1e-5
"""All left-out injections together add at most this share of the largest dose of one injection."""
PAIRS = 1_000_000
"""Up to twice as many pairs of place and injection are summed one by one, however far."""
TOGETHER = 100_000
"""Pairs looked at together: few enough for the processor's cache."""
MESH = 6.0
"""Nodes of the coarse grid within the distance of the split."""
ORDER = 4
"""Derivatives that the smooth continuation shares with the kernel at the split (in the squared distance)."""
CHECKED = 64
"""Places at which the splines are compared with the sum itself."""


@dataclass(frozen=True, eq=False)
class Table:
    """A function of distance at even steps to `cut_cm`, 0 beyond; values (..., nodes + 1), one row for each of several functions."""

    values: Floats
    cut_cm: float

    def __call__(self, distance_cm: Floats) -> Floats:
        """By a straight line between nodes: distance_cm (p,) gives (..., p)."""
        nodes = self.values.shape[-1] - 1
        place = distance_cm * (nodes / self.cut_cm)
        node = place.astype(np.intp)
        np.minimum(node, nodes, out=node)
        place -= node
        start, slope = self._lines
        found = np.take(slope, node, axis=-1)
        found *= place
        found += np.take(start, node, axis=-1)
        return np.asarray(found)

    @cached_property
    def _lines(self) -> tuple[Floats, Floats]:
        start, slope = self.values.copy(), np.diff(self.values, axis=-1, append=0.0)
        start[..., -1] = slope[..., -1] = 0.0
        return start, slope


@dataclass(frozen=True, eq=False)
class Profile:
    """A kernel against the distance sideways, at one depth. Leading axes are those of the kernel's fields.

    `even` (...): the dose at that depth of one unit a cm2 spread without gaps: the kernel summed over the plane.
    `tail` (...): the kernel at the cut-off. `bend` (...): the largest error of the table.
    """

    read: Callable[[Floats], Floats]
    table: Table
    even: Floats
    tail: Floats
    bend: Floats

    @classmethod
    def of(
        cls,
        kernel: Kernel,
        depth_cm: npt.ArrayLike,
        time_h: float | None,
        points: float,
        farthest_cm: float,
        tolerance: float = TOLERANCE,
        nodes: int | None = None,
    ) -> Profile:
        """The table at one time, or of the total (None), cut off where `points` equal injections add less than `tolerance` of one's peak.

        A kernel falls with distance, so all that lies beyond the cut-off adds at most `points` times the kernel there.
        """

        far = min(5 - float(np.log(tolerance)), FAR_TOTAL)

        def read(distance: Floats) -> Floats:
            return kernel.total(distance, depth_cm, far) if time_h is None else kernel.at(distance, depth_cm, time_h)

        tries = farthest_cm * np.geomspace(0.01, 1.0, 80)
        seen = read(np.append(0.0, tries))
        enough = (seen[..., 1:] * points <= tolerance * seen[..., :1]).reshape(-1, len(tries)).all(axis=0)
        cut = float(tries[enough.argmax() if enough.any() else -1])
        table, bend = _table(read, cut, nodes or (4 * NODES if time_h is None else NODES))  # the total bends sharply at the ball's edge
        ring = table * np.linspace(0, cut, table.shape[-1])
        simpson = (ring[..., :-1:2] + 4 * ring[..., 1::2] + ring[..., 2::2]).sum(axis=-1)
        even = 2 * np.pi * simpson * cut / (3 * (table.shape[-1] - 1))
        tail = np.where(cut < farthest_cm, table[..., -1], 0.0)
        return cls(read, Table(table, cut), even, tail, bend)

    def split(self, at_cm: float) -> tuple[Table, Table, float]:
        """The part nearer than a distance, and the smooth rest (their sum is the kernel); and the error of both tables.

        Nearer than that the rest goes on as the Taylor polynomial of the kernel in the squared distance.
        """
        middle = at_cm**2
        angle = np.pi * (np.arange(24) + 0.5) / 24
        squared = middle * (1 + 0.3 * np.cos(angle))
        fit = np.polynomial.Chebyshev.fit(squared, self.read(np.sqrt(squared)), 14, domain=[0.7 * middle, 1.3 * middle])
        terms = [float(fit.deriv(k)(middle)) / factorial(k) if k else float(fit(middle)) for k in range(ORDER + 1)]
        smooth = np.polynomial.Polynomial(terms)

        near, bend = _table(lambda distance: self.read(distance) - smooth(distance**2 - middle), at_cm, self.table.values.size - 1)
        distance = np.linspace(0, self.table.cut_cm, self.table.values.size)
        rest = np.where(distance < at_cm, smooth(distance**2 - middle), self.table.values)
        return Table(near, at_cm), Table(rest, self.table.cut_cm), float(bend + self.bend)


@dataclass(frozen=True, eq=False)
class DoseMap:
    """The dose at each place. `dose` (times, m): amount/cm3 at each of `times_h`; one row of amount h/cm3 over all time where None.

    `even` (times,): what every place would have if the amount of an average cm2 were spread without gaps.
    `error` (times,): how far a dose may be off by cut-off, table and splines.
    """

    dose: Floats
    even: Floats
    error: Floats
    times_h: tuple[float, ...] | None

    @property
    def relative(self) -> Floats:
        """The dose as a multiple of the even one, (times, m)."""
        return np.asarray(self.dose / self.even[:, None])

    def within_reach(self, level: float) -> Floats:
        """The share of places whose dose is at least `level` times the even one, (times,). Raises `BadParameter` unless level > 0."""
        if not level > 0:
            raise BadParameter("level", f"is {level:g}", "more than 0 times the even dose")
        return np.asarray((self.relative >= level).mean(axis=1))


def dose_map(
    kernel: Kernel,
    points_cm: npt.ArrayLike,
    places_cm: npt.ArrayLike,
    depth_cm: float,
    area_cm2: float,
    times_h: Sequence[float] | None = None,
    amounts: npt.ArrayLike = 1.0,
    tolerance: float = TOLERANCE,
) -> DoseMap:
    """The dose at places (m, 2), all `depth_cm` deep, from injections at points (n, 2), each of `amounts` (one, or (n,)).

    times_h: hours after an instant release; None for the total over all time. area_cm2: what the even dose is spread over.
    The kernel's fields are numbers. Raises `BadParameter` without a point or a place, for negative amounts and for bad times.

    >>> kernel = Kernel(radius_cm=0.25, depth_cm=0.3, diffusion_cm2_per_h=1e-3, decay_per_h=0.04, floor_cm=0.55)
    >>> grid = np.stack(np.meshgrid(np.arange(0.5, 6), np.arange(0.5, 6)), axis=-1).reshape(-1, 2)
    >>> dose_map(kernel, grid, [[2.5, 2.5], [3.0, 3.0]], depth_cm=0.35, area_cm2=36).relative.round(2).tolist()
    [[3.63, 0.19]]
    """
    points, places = (np.asarray(given, dtype=float).reshape(-1, 2) for given in (points_cm, places_cm))
    if not (points.size and places.size):
        raise BadParameter("points_cm" if places.size else "places_cm", "are none", "one or more")
    amount = np.broadcast_to(np.asarray(amounts, dtype=float), (len(points),))
    if not (np.isfinite(amount).all() and (amount >= 0).all() and amount.any()):
        raise BadParameter("amounts", f"reach down to {amount.min():g}", "0 or more at each point, and not all 0")
    farthest = float(np.hypot(*np.ptp(np.concatenate([points, places]), axis=0))) + 1e-9
    equal = float(amount.sum() / amount.max())
    profiles = [Profile.of(kernel, depth_cm, time, equal, farthest, tolerance) for time in ((None,) if times_h is None else times_h)]
    bound = _split_at(points, places, max(profile.table.cut_cm for profile in profiles))
    dose, near = np.zeros((len(profiles), len(places))), np.zeros(len(places))
    error, tables = np.array([float(profile.tail) * amount.sum() for profile in profiles]), []
    bends = []
    for row, profile in enumerate(profiles):
        if profile.table.cut_cm <= bound:
            tables.append(profile.table)
            bends.append(float(profile.bend))
        else:
            inner, rest, bend = profile.split(bound)
            dose[row], spline = _smooth(rest, points, amount, places, bound / MESH)
            tables.append(inner)
            bends.append(bend)
            error[row] += spline + bend * amount.sum()
    same = amount.min() == amount.max()
    for place, point, distance in neighbours(points, places, max(table.cut_cm for table in tables)):
        given = amount[:1] if same else amount[point]
        near += np.bincount(place, None if same else given, len(places)) * (amount[0] if same else 1.0)
        for row, table in enumerate(tables):
            dose[row] += np.bincount(place, table(distance) * given, len(places))
    return DoseMap(
        dose=dose,
        even=np.array([float(profile.even) for profile in profiles]) * amount.sum() / area_cm2,
        error=error + np.array(bends) * near.max(),
        times_h=None if times_h is None else tuple(float(time) for time in times_h),
    )


def neighbours(points_cm: Floats, places_cm: Floats, cut_cm: float) -> Iterator[tuple[Any, Any, Floats]]:
    """Every pair of place and point no farther apart than the cut-off, and some just beyond: (place, point, distance), in parts.

    Places are sorted into strips a quarter of a cut-off high, and by x within; each point reads one run of each strip it reaches.
    """
    low, strip = places_cm.min(axis=0), cut_cm / 4
    row = np.floor((places_cm[:, 1] - low[1]) / strip).astype(np.int64)
    wide = float(np.ptp(places_cm[:, 0])) + 2 * cut_cm + 1.0
    key = row * wide + (places_cm[:, 0] - low[0])
    order = np.argsort(key)
    key, place_x, place_y = key[order], places_cm[order, 0], places_cm[order, 1]
    x, y = (points_cm - low).T
    rows = np.floor((y[:, None] - cut_cm) / strip).astype(np.int64) + np.arange(10)
    away = np.maximum(np.maximum(rows * strip - y[:, None], y[:, None] - (rows + 1) * strip), 0.0)
    half = np.sqrt(np.maximum(cut_cm**2 - away**2, 0.0))
    left, right = np.maximum(x[:, None] - half, -cut_cm), np.minimum(x[:, None] + half, wide - cut_cm - 0.5)
    start, end = np.searchsorted(key, rows * wide + left), np.searchsorted(key, rows * wide + right, side="right")
    count = np.where((away <= cut_cm) & (rows >= 0) & (rows <= row.max()), np.maximum(end - start, 0), 0)
    parts = int(min(max(np.ceil(count.sum() / TOGETHER), 1), len(points_cm)))
    for some in np.array_split(np.arange(len(points_cm)), parts):
        runs, begin = count[some].ravel(), start[some].ravel()
        which = np.arange(runs.sum()) + np.repeat(begin - (np.cumsum(runs) - runs), runs)
        each = count[some].sum(axis=1)
        across = place_x[which] - np.repeat(points_cm[some, 0], each)
        up = place_y[which] - np.repeat(points_cm[some, 1], each)
        across *= across
        up *= up
        across += up
        yield order[which], np.repeat(some, each), np.sqrt(across, out=across)


def _split_at(points: Floats, places: Floats, cut: float) -> float:
    """Where to split a kernel, so that the pairs inside and the nodes outside cost alike; infinite where pairs are few."""
    if len(points) * len(places) <= 2 * PAIRS:
        return np.inf
    area = float(np.prod(np.ptp(places, axis=0))) + 1e-12
    reached = min(float(len(points)), len(points) / area * np.pi * cut**2)
    return float((MESH**2 * area * reached / (len(places) * np.pi * len(points) / area)) ** 0.25)


def _smooth(rest: Table, points: Floats, amount: Floats, places: Floats, step: float) -> tuple[Floats, float]:
    """The smooth part at each place, (m,), summed on a grid of that step and read by cubic splines; and its largest error seen."""
    from scipy.interpolate import RectBivariateSpline

    low = places.min(axis=0) - 3 * step
    x, y = (start + step * np.arange(np.ceil((end - start) / step) + 4) for start, end in zip(low, places.max(axis=0), strict=True))
    field, cut = np.zeros((len(x), len(y))), rest.cut_cm
    for (px, py), given in zip(points, amount, strict=True):
        i, j = (slice(*np.searchsorted(axis, (at - cut, at + cut))) for axis, at in ((x, px), (y, py)))
        squared = (x[i, None] - px) ** 2 + (y[None, j] - py) ** 2
        field[i, j] += given * rest(np.sqrt(squared).ravel()).reshape(squared.shape)
    spline = RectBivariateSpline(x, y, field)
    some = places[:: max(len(places) // CHECKED, 1)]
    gaps = np.hypot(some[:, None, 0] - points[:, 0], some[:, None, 1] - points[:, 1])
    exact = rest(gaps.ravel()).reshape(gaps.shape) @ amount
    return np.asarray(spline.ev(*places.T)), float(np.abs(spline.ev(*some.T) - exact).max())


def _table(read: Callable[[Floats], Floats], cut: float, nodes: int) -> tuple[Floats, Floats]:
    """A function at even steps to `cut`; and the error of straight lines between them, an eighth of the largest second difference."""
    table = read(np.linspace(0, cut, nodes + 1))
    return table, np.asarray(np.abs(np.diff(table, 2, axis=-1)).max(axis=-1) / 8)
