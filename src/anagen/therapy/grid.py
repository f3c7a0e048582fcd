"""Where the needle goes: a hexagonal grid of injection points that fits a region best; and where the follicles stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.therapy.polygon import Floats, Polygon, Region, area_cm2, on_a_head, pieces, probes, signed_area, turn
from anagen.therapy.unknowns import limit

Ints = npt.NDArray[np.int64]

TURNS_RAD = (0.0, np.pi / 6)
"""The grid lies along the longest edge of a polygon, or across it."""
SHIFTS = 4
"""Places tried for the grid within one cell, each way."""
PROBES = 500
"""About how many places of a polygon the fit looks at."""
EDGE = 1e-9
"""A place on the edge itself, to this share of the polygon's size, is not inside, so that rounding decides nothing."""
MOST_FOLLICLES = 2_000_000
"""Follicles of a region that are placed: ten times those of a scalp."""
JITTER = 0.5
"""How far a follicle may stand from its place in the lattice, each way, in spacings."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Injection points, polygon by polygon, in rows from the forehead back, each from the left, or in columns from the left, each back.

    Of the lattice's three directions the rows are those nearest to one of the two (within 15 degrees). `points_cm` (n, 2); `session`
    (n,) from 1: in which the needle goes there; `piece` and `row` (n,) from 0: in which polygon and row it lies; `across`, of each
    polygon: whether its rows run from left to right.
    """

    points_cm: Floats
    session: Ints
    piece: Ints
    row: Ints
    across: tuple[bool, ...]
    spacing_cm: float
    sessions: int

    def __len__(self) -> int:
        return len(self.points_cm)

    @property
    def per_session(self) -> Ints:
        """How many points each session has, (sessions,)."""
        return np.bincount(self.session, minlength=self.sessions + 1)[1:]


def cell_area_cm2(spacing_cm: float) -> float:
    """The area of one hexagon of a hexagonal grid: spacing^2 sqrt(3) / 2.

    >>> round(cell_area_cm2(1.0), 4)
    0.866
    """
    return float(spacing_cm**2 * np.sqrt(3) / 2)


def hexagonal(region: Region, spacing_cm: float, sessions: int = 1) -> Grid:
    """A hexagonal grid in each polygon of a region, laid where its points reach furthest.

    For each polygon two directions and 16 shifts are tried; that with the smallest mean squared distance from the
    polygon's places to the nearest point is taken. With `sessions` above 1 the points are dealt out so that each session is
    itself an even grid over the region. The grid turns and moves with the region.

    Raises `BadParameter` for a region that no head has room for, a spacing below that of any needles or larger than a polygon, more
    points than anyone would give (before any is made), and sessions below 1.

    >>> grid = hexagonal(Polygon.of([(0, 0), (8, 0), (8, 5), (0, 5)]), spacing_cm=1.0)
    >>> from anagen.therapy.polygon import circle
    >>> len(grid), np.bincount(hexagonal(circle(40), 1.0, sessions=3).session).tolist()
    (48, [0, 14, 17, 17])
    """
    _refuse_crowd(region, spacing_cm)
    if sessions < 1 or int(sessions) != sessions:
        raise BadParameter("sessions", f"is {sessions}", "a whole number from 1 up")
    found = [_fitted(piece, spacing_cm) for piece in pieces(region)]
    index = np.concatenate([one.index for one in found])
    before = np.cumsum([0, *(one.row[-1] + 1 for one in found)])
    return Grid(
        points_cm=np.concatenate([one.points_cm for one in found]),
        session=1 + (index[:, 0] + (2 if sessions > 2 else 1) * index[:, 1]) % sessions,
        piece=np.repeat(np.arange(len(found)), [len(one.row) for one in found]),
        row=np.concatenate([first + one.row for first, one in zip(before, found, strict=False)]),
        across=tuple(one.across for one in found),
        spacing_cm=float(spacing_cm),
        sessions=int(sessions),
    )


def _refuse_crowd(region: Region, spacing: float) -> None:
    """Raise `BadParameter` for a region, a spacing or a number of points beyond the rows `inject`, from its area alone."""
    area, least, most = area_cm2(on_a_head(region)), limit("inject", "spacing_limit_cm"), limit("inject", "points_limit")
    if not (np.isfinite(spacing) and spacing >= least):
        raise BadParameter("spacing_cm", f"is {spacing:g}", f"at least {least:g} cm between needles")
    if area / cell_area_cm2(spacing) > most:
        wide = np.ceil(100 * np.sqrt(area / most / cell_area_cm2(1.0))) / 100
        raise BadParameter("spacing_cm", f"is {spacing:g}", f"at least {wide:g} cm over {area:,.0f} cm2, for at most {most:,.0f} points")


def served_cm2(region: Region, grid: Grid) -> Floats:
    """The area of the region nearer to each point than to any other point of its polygon, (n,); they sum to the region's area.

    >>> square = Polygon.of([(0, 0), (6, 0), (6, 6), (0, 6)])
    >>> round(float(served_cm2(square, hexagonal(square, 0.9)).sum()), 9)
    36.0
    """
    from scipy.spatial import Voronoi

    area = np.empty(len(grid))
    for number, piece in enumerate(pieces(region)):
        which = np.flatnonzero(grid.piece == number)
        far = piece.centre_cm + 10 * piece.extent_cm * np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])  # so that every cell is closed
        cells = Voronoi(np.concatenate([grid.points_cm[which], far]))
        for i, of in zip(which, cells.point_region, strict=False):
            corners = cells.vertices[cells.regions[of]]
            area[i] = signed_area(piece.within(corners if signed_area(corners) > 0 else corners[::-1]))
    return area


def frame(piece: Polygon) -> tuple[float, Floats]:
    """The polygon's own axes: the direction of its longest edge (rad), and its centre (2,)."""
    edges = np.roll(piece.points_cm, -1, axis=0) - piece.points_cm
    longest = edges[int(np.round(np.hypot(*edges.T), 9).argmax())]
    return float(np.arctan2(longest[1], longest[0])), piece.centre_cm


@dataclass(frozen=True, eq=False)
class _Fitted:
    """The points of one polygon in order, their numbers in the lattice (n, 2), their rows, and whether those run from left to right."""

    points_cm: Floats
    index: Ints
    row: Ints
    across: bool


def _fitted(piece: Polygon, spacing: float) -> _Fitted:
    """The lattice that fits a polygon best."""
    from scipy.spatial import cKDTree

    if piece.extent_cm < (least := limit("inject", "spacing_limit_cm")):
        raise BadParameter("site", f"is too small ({piece.extent_cm:.3g} cm long)", f"at least {least:g} cm, room for a needle")
    if spacing > piece.extent_cm:
        raise BadParameter("spacing_cm", f"is {spacing:g}", f"at most {piece.extent_cm:.3g} cm, the length of {piece.name}")
    angle, centre = frame(piece)
    own = Polygon(turn(piece.points_cm - centre, -angle), piece.name)
    looked = probes(own, PROBES)
    steps = np.indices((SHIFTS, SHIFTS)).reshape(2, -1).T / SHIFTS
    best: tuple[float, Floats, Ints, float] | None = None
    for tilt in TURNS_RAD:
        within, seen = Polygon(turn(own.points_cm, -tilt), own.name), turn(looked, -tilt)
        places, index = _lattice(within, spacing)
        shifted = places + spacing * np.stack([steps[:, 0] + 0.5 * steps[:, 1], np.sqrt(3) / 2 * steps[:, 1]], axis=-1)[:, None]
        inner, outer = (Polygon(within.points_cm * (1 + sign * EDGE)) for sign in (-1, 1))
        held = (inner.holds(shifted) & outer.holds(shifted)).reshape(shifted.shape[:2])
        for points, inside in zip(shifted, held, strict=True):
            if inside.any():
                gap, _ = cKDTree(points[inside]).query(seen)
                fit = round(float(np.mean(gap**2)) / spacing**2, 9)
                if best is None or fit < best[0]:
                    best = fit, points[inside], index[inside], tilt
    if best is None:
        raise BadParameter("spacing_cm", f"is {spacing:g}", f"a spacing that puts a point inside {piece.name}")
    _, points, index, tilt = best
    order, row, across = _in_rows(index, angle + tilt)
    return _Fitted((turn(points, angle + tilt) + centre)[order], index[order], row, across)


def _in_rows(index: Ints, angle: float) -> tuple[Ints, Ints, bool]:
    """In which order a person reads points of a lattice turned by `angle` (rad); the row of each then; whether rows run from the left.

    Each of the lattice's directions has a number that grows along it, and one that grows to the left of it.
    """
    i, j = index.T
    ways = ((angle, i, j), (angle + np.pi / 3, j, -i), (angle + 2 * np.pi / 3, j, -i - j))

    def near(way: tuple[float, Ints, Ints]) -> tuple[float, bool]:
        c, s = abs(np.cos(way[0])), abs(np.sin(way[0]))
        return round(max(c, s), 6), c >= s

    to, along, left = max(ways, key=near)
    across = near((to, along, left))[1]
    forth = 1 if (np.cos(to) > 0 if across else np.sin(to) < 0) else -1
    row = np.unique(-forth * left if across else forth * left, return_inverse=True)[1].reshape(-1)
    order = np.lexsort((forth * along, row))
    return order, row[order], bool(across)


def _lattice(around: Polygon, spacing: float) -> tuple[Floats, Ints]:
    """The places of a hexagonal lattice around and in a polygon, row by row, and their numbers (i, j): i steps along x, j up."""
    up = spacing * np.sqrt(3) / 2
    low, high = around.points_cm.min(axis=0), around.points_cm.max(axis=0)
    rows, along = [], np.arange(np.ceil((high[0] - low[0]) / spacing) + 3)
    for j in np.arange(np.floor(low[1] / up) - 1, np.ceil(high[1] / up) + 2):
        first = np.floor(low[0] / spacing - 0.5 * j) - 2
        rows.append(np.column_stack([first + along, np.full(len(along), j)]))
    index = np.concatenate(rows)
    places = np.column_stack([spacing * (index[:, 0] + 0.5 * index[:, 1]), up * index[:, 1]])
    return places, index.astype(np.int64)


def follicles(region: Region, density_per_cm2: float, seed: int = 0) -> Floats:
    """Where the follicles stand, (m, 2) cm: a jittered hexagonal lattice, each place keyed by its number in the lattice.

    A follicle stands in the same place whatever the region around it is. density_per_cm2: above 0.
    Raises `BadParameter` for another density, a region that no head has room for, and where no follicle stands inside.

    >>> region = Polygon.of([(0, 0), (5, 0), (5, 4), (0, 4)])
    >>> 3900 < len(follicles(region, 200)) < 4100
    True
    """
    if not (np.isfinite(density_per_cm2) and density_per_cm2 > 0):
        raise BadParameter("density_per_cm2", f"is {density_per_cm2:g}", "more than 0 follicles/cm2")
    if density_per_cm2 * area_cm2(on_a_head(region)) > MOST_FOLLICLES:
        raise BadParameter("density_per_cm2", f"is {density_per_cm2:g}", f"at most {MOST_FOLLICLES:,} follicles in the region")
    spacing = float(np.sqrt(2 / (np.sqrt(3) * density_per_cm2)))
    standing = []
    for piece in pieces(region):
        low, high = piece.points_cm.min(axis=0) - spacing, piece.points_cm.max(axis=0) + spacing
        box = Polygon(np.array([low, (high[0], low[1]), high, (low[0], high[1])]))
        places, index = _lattice(box, spacing)
        number = ((index[:, 0] + 2**20) << 22) + index[:, 1] + 2**20
        shift = [chance.uniform(chance.key(seed, f"follicle {axis}"), number) - 0.5 for axis in "xy"]
        places = places + 2 * JITTER * spacing * np.column_stack(shift)
        standing.append(places[piece.holds(places)])
    found = np.concatenate(standing)
    if not len(found):
        raise BadParameter("region", f"of {area_cm2(region):.3g} cm2 holds no follicle", f"a region with some at {density_per_cm2:g}/cm2")
    return found
