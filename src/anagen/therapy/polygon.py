"""Where on the scalp: polygons in cm on a flat map seen from above.

x grows to the person's right, y towards the nose; (0, 0) lies on the midline, 11 cm behind the front hairline. A region is one
polygon from the user's points, or the plain outlines of a region or of a stage of loss (`data/outlines.csv`; their shape is
assumed, no source with outlines was read), each scaled to its area.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter, UnknownName
from anagen.scalp.regions import SCALES, regions, stage_shares
from anagen.therapy.unknowns import limit

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TOGETHER = 200_000
"""Pairs of place and edge looked at together."""
MOST_CORNERS = 1000
"""Corners of a polygon of one's own, every edge of which is held against every other."""
PROBES = 20_000
"""About how many places of a polygon are looked at to see in which regions it lies."""


@dataclass(frozen=True, eq=False)
class Polygon:
    """One simple polygon; `points_cm` (n, 2) run counter-clockwise. Made by `Polygon.of`, which checks it."""

    points_cm: Floats
    name: str = "region"

    @classmethod
    def of(cls, points_cm: npt.ArrayLike, name: str = "region") -> Polygon:
        """A polygon from its corners in order, either way round, (n, 2) cm; the first need not be repeated at the end.

        Raises `BadParameter` for fewer than 3 points or more than 1,000, a point that is no number, two equal neighbours, no area,
        or edges that cross or touch (edge i runs from point i to the next; the first is 1).

        >>> Polygon.of([(0, 0), (4, 0), (4, 3), (0, 3)]).area_cm2
        12.0
        >>> Polygon.of([(0, 0), (2, 2), (2, 0), (0, 2)])
        Traceback (most recent call last):
        anagen.ground.errors.BadParameter: region edge 1 (0, 0) to (2, 2) crosses edge 3 (2, 0) to (0, 2); allowed: a polygon ...
        """
        try:
            points = np.asarray(points_cm, dtype=float)
        except (TypeError, ValueError):
            points = np.empty(0)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise BadParameter(name, "has a point that is not two numbers", "points (x, y) in cm")
        if len(points) > 3 and np.array_equal(points[0], points[-1]):
            points = points[:-1]
        if not 3 <= len(points) <= MOST_CORNERS:
            raise BadParameter(name, f"has {len(points):,} points", "3 points or more" if len(points) < 3 else f"at most {MOST_CORNERS:,}")
        _refuse_crossing(points, name)
        area = signed_area(points)
        if abs(area) <= 1e-12 * float(np.ptp(points, axis=0).max()) ** 2:
            raise BadParameter(name, "has no area", "points that are not all on one line")
        return cls(points if area > 0 else points[::-1].copy(), name)

    @property
    def area_cm2(self) -> float:
        """The area."""
        return signed_area(self.points_cm)

    @property
    def perimeter_cm(self) -> float:
        """The length of its edge."""
        return float(np.hypot(*self._edges().T).sum())

    @property
    def centre_cm(self) -> Floats:
        """The centre of its area, (2,)."""
        origin = self.points_cm[0]
        one = self.points_cm - origin
        two = np.roll(one, -1, axis=0)
        cross = one[:, 0] * two[:, 1] - two[:, 0] * one[:, 1]
        return np.asarray(origin + ((one + two) * cross[:, None]).sum(axis=0) / (3 * cross.sum()))

    @property
    def extent_cm(self) -> float:
        """The largest distance between two of its corners."""
        gaps = self.points_cm[:, None] - self.points_cm
        return float(np.hypot(gaps[..., 0], gaps[..., 1]).max())

    def _edges(self) -> Floats:
        return np.roll(self.points_cm, -1, axis=0) - self.points_cm

    def holds(self, places_cm: npt.ArrayLike) -> Bools:
        """Which places lie inside, (m,): the number of edges that a ray to the right crosses is odd. places_cm: (m, 2).

        >>> Polygon.of([(0, 0), (4, 0), (4, 3), (0, 3)]).holds([(1, 1), (5, 1)]).tolist()
        [True, False]
        """
        x, y = np.asarray(places_cm, dtype=float).reshape(-1, 2).T
        inside, (ax, ay), (bx, by) = np.zeros(x.shape, dtype=bool), self.points_cm.T, np.roll(self.points_cm, -1, axis=0).T
        slope = (bx - ax) / np.where(ay == by, 1.0, by - ay)
        for edges in np.array_split(np.flatnonzero(ay != by), max(1, len(ax) * len(x) // TOGETHER)):
            low, high, start, lean = (one[edges, None] for one in (ay, by, ax, slope))
            crossed = ((low > y) != (high > y)) & (x < start + (y - low) * lean)
            inside ^= np.logical_xor.reduce(crossed, axis=0)
        return inside

    def depth_cm(self, places_cm: npt.ArrayLike) -> Floats:
        """How far inside the edge each place lies, (m,) cm; negative outside. places_cm: (m, 2).

        >>> Polygon.of([(0, 0), (4, 0), (4, 3), (0, 3)]).depth_cm([(1, 1.5), (6, 1)]).tolist()
        [1.0, -2.0]
        """
        places = np.asarray(places_cm, dtype=float).reshape(-1, 2)
        nearest = np.full(len(places), np.inf)
        for corner, edge in zip(self.points_cm, self._edges(), strict=True):
            along = np.clip((places - corner) @ edge / (edge @ edge), 0, 1)
            nearest = np.minimum(nearest, np.hypot(*(places - corner - along[:, None] * edge).T))
        return np.where(self.holds(places), nearest, -nearest)

    def within(self, window_cm: npt.ArrayLike) -> Floats:
        """Its part within a convex window, as corners (k, 2), k = 0 where they do not meet (Sutherland and Hodgman 1974).

        window_cm: (m, 2), counter-clockwise. Parts that do not touch are joined along the window's edge, which adds no area.

        >>> signed_area(Polygon.of([(0, 0), (4, 0), (4, 3), (0, 3)]).within([(3, 2), (9, 2), (9, 9), (3, 9)]))
        1.0
        """
        window, part = np.asarray(window_cm, dtype=float), self.points_cm
        for start, end in zip(window, np.roll(window, -1, axis=0), strict=True):
            if not len(part):
                break
            along = end - start
            left = along[0] * (part[:, 1] - start[1]) - along[1] * (part[:, 0] - start[0])
            after, then = np.roll(part, -1, axis=0), np.roll(left, -1)
            cuts = (left > 0) != (then > 0)
            share = np.where(cuts, left / np.where(cuts, left - then, 1.0), 0.0)
            both = np.stack([part, part + share[:, None] * (after - part)], axis=1).reshape(-1, 2)
            part = both[np.stack([left > 0, cuts], axis=1).ravel()]
        return part

    def scaled_to(self, area_cm2: float) -> Polygon:
        """The same shape and centre with another area. Raises `BadParameter` unless that is above 0."""
        if not (np.isfinite(area_cm2) and area_cm2 > 0):
            raise BadParameter(f"area_cm2 of {self.name}", f"is {area_cm2:g}", "more than 0 cm2")
        centre = self.centre_cm
        return Polygon(centre + (self.points_cm - centre) * np.sqrt(area_cm2 / self.area_cm2), self.name)

    def turned(self, angle_rad: float, shift_cm: npt.ArrayLike = (0.0, 0.0)) -> Polygon:
        """The polygon turned about the origin, counter-clockwise, then shifted."""
        return Polygon(turn(self.points_cm, angle_rad) + np.asarray(shift_cm, dtype=float), self.name)


Region = Polygon | Sequence[Polygon]
"""What can be treated: one polygon, or several that do not overlap (two temples; the regions of a stage)."""


def pieces(region: Region) -> tuple[Polygon, ...]:
    """The polygons of a region. Raises `BadParameter` if there is none."""
    found = (region,) if isinstance(region, Polygon) else tuple(region)
    if not found:
        raise BadParameter("region", "has no polygon", "one polygon or more")
    return found


def on_a_head(region: Region) -> tuple[Polygon, ...]:
    """The polygons of a region that a head has room for. Raises `BadParameter` for more than a whole scalp, or longer than one.

    >>> on_a_head(Polygon.of([(0, 0), (80, 0), (80, 50), (0, 50)]))
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: region covers 4,000 cm2; allowed: at most 775 cm2, a whole scalp (its points are in cm).
    """
    found, area = pieces(region), area_cm2(region)
    most, longest = limit("inject", "area_limit_cm2"), limit("inject", "length_limit_cm")
    if not area <= most:
        raise BadParameter("region", f"covers {area:,.0f} cm2", f"at most {most:g} cm2, a whole scalp (its points are in cm)")
    long = max(float(np.ptp(piece.points_cm, axis=0).max()) for piece in found)
    if not long <= longest:
        raise BadParameter("region", f"is {long:,.0f} cm long", f"at most {longest:g} cm, the length of a scalp (its points are in cm)")
    return found


def area_cm2(region: Region) -> float:
    """The area of all its polygons.

    >>> round(area_cm2(outline("temples")), 6)
    40.0
    """
    return sum(piece.area_cm2 for piece in pieces(region))


def holds(region: Region, places_cm: npt.ArrayLike) -> Bools:
    """Which places lie inside any of its polygons, (m,). places_cm: (m, 2)."""
    return np.asarray(np.any([piece.holds(places_cm) for piece in pieces(region)], axis=0))


def signed_area(points_cm: npt.ArrayLike) -> float:
    """The area that corners in order enclose; negative if they run clockwise, 0.0 for fewer than three. points_cm: (n, 2)."""
    points = np.asarray(points_cm, dtype=float).reshape(-1, 2)
    if len(points) < 3:
        return 0.0
    x, y = (points - points[0]).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def turn(places_cm: Floats, angle_rad: float) -> Floats:
    """Places turned about the origin, counter-clockwise. places_cm: (m, 2)."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.asarray(places_cm @ np.array([[c, s], [-s, c]]))


def circle(area: float, corners: int = 48) -> Polygon:
    """A round region of that area (cm2), as a polygon of `corners` corners. Raises `BadParameter` unless the area is above 0.

    >>> round(circle(40).area_cm2, 9)
    40.0
    """
    if corners < 3:
        raise BadParameter("corners", f"is {corners}", "3 or more")
    angle = 2 * np.pi * np.arange(corners) / corners
    return Polygon(np.column_stack([np.cos(angle), np.sin(angle)]), "circle").scaled_to(area)


@functools.cache
def _outlines() -> dict[str, tuple[Polygon, ...]]:
    text = (files("anagen") / "data" / "outlines.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[Polygon, ...]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        points = [[float(number) for number in point.split()] for point in row["points_cm"].split(";")]
        found[row["region"]] = (*found.get(row["region"], ()), Polygon.of(points, row["piece"]))
    return found


def outline(region: str, area: float | None = None) -> tuple[Polygon, ...]:
    """The plain outline of a region in its place on the head: one polygon, or two for the temples, `area` cm2 in all.

    The default area is that of `data/regions.csv`. Raises `UnknownName` for another region, `BadParameter` for no area, or more than
    the largest such region has.

    >>> [piece.name for piece in outline("temples")], round(area_cm2(outline("vertex", 55)), 6)
    (['right temple', 'left temple'], 55.0)
    """
    if region not in _outlines():
        raise UnknownName("region", region, _outlines())
    total, most = regions()[region].area_cm2 if area is None else area, regions()[region].high
    if total > most:
        raise BadParameter(f"area_cm2 of {region}", f"is {total:,.10g}", f"at most {most:g} cm2, the largest there is")
    found = _outlines()[region]
    return tuple(piece.scaled_to(total / len(found)) for piece in found)


def map_box() -> tuple[Floats, Floats]:
    """The lowest and highest x and y of all outlines, each (2,) cm: how far the map of the scalp reaches."""
    corners = np.concatenate([piece.points_cm for outlined in _outlines().values() for piece in outlined])
    return corners.min(axis=0), corners.max(axis=0)


def probes(polygon: Polygon, count: int) -> Floats:
    """Places that fill a polygon evenly, about `count` of them; its corners where none lies inside."""
    step = np.sqrt(polygon.area_cm2 / count)
    low, high = polygon.points_cm.min(axis=0), polygon.points_cm.max(axis=0)
    x, y = (np.arange((end - start) / step) for start, end in zip(low, high, strict=True))
    places = low + step * (np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) + 0.5)
    inside = polygon.holds(places)
    return np.asarray(places[inside]) if inside.any() else polygon.points_cm


def regions_under(polygon: Polygon) -> dict[str, float]:
    """Which share of a polygon lies in the outline of each region, by region; what lies in none is left out. To half a percent.

    >>> regions_under(Polygon.of([(-2, 6), (2, 6), (2, 9), (-2, 9)])), regions_under(circle(4).turned(0, (100, 100)))
    ({'frontal': 1.0}, {})
    """
    places = probes(polygon, PROBES)
    found = {name: float(holds(outlined, places).mean()) for name, outlined in _outlines().items()}
    return {name: share for name, share in found.items() if share > 0}


def outline_of_stage(scale: str, stage: str, below_share: float, area: float | None = None) -> tuple[Polygon, ...]:
    """The outlines of every region in which a stage leaves less than `below_share` of the hair (middle of its range), together.

    `area` cm2 in all, shared as the regions' own areas are; default their sum. Raises `UnknownName` for a scale or stage we do
    not have, `BadParameter` for a stage with no such region.

    >>> [piece.name for piece in outline_of_stage("norwood", "3v", 0.7)]
    ['right temple', 'left temple', 'crown']
    """
    thin = [name for name, share in stage_shares(scale, stage).items() if (share.low + share.high) / 2 < below_share]
    if not thin:
        raise BadParameter(f"{SCALES[scale]} stage {stage}", f"leaves {below_share:.0%} of the hair everywhere", "a stage with loss")
    whole = sum(regions()[name].area_cm2 for name in thin)
    ratio = 1.0 if area is None else area / whole
    most = whole * min(regions()[name].high / regions()[name].area_cm2 for name in thin)
    if ratio * whole > most:
        raise BadParameter(
            f"area_cm2 of {SCALES[scale]} stage {stage}", f"is {area:,.10g}", f"at most {most:,.0f} cm2, the largest there is"
        )
    return tuple(piece for name in thin for piece in outline(name, regions()[name].area_cm2 * ratio))


def _refuse_crossing(points: Floats, name: str) -> None:
    """Raise `BadParameter` for two edges that cross or touch: the first such pair, both named."""
    start, end = points, np.roll(points, -1, axis=0)
    count = len(points)

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        """On which side of the line a-b lies c: +1 left, -1 right, 0 on it (to rounding)."""
        along, to = b - a, c - a
        cross = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
        scale = np.hypot(along[..., 0], along[..., 1]) * np.hypot(to[..., 0], to[..., 1])
        return np.where(np.abs(cross) <= 1e-12 * scale, 0.0, np.sign(cross))

    def said(i: int) -> str:
        return "edge {} ({:g}, {:g}) to ({:g}, {:g})".format(i + 1, *start[i], *end[i])

    same = (start == end).all(axis=1)
    if same.any():
        raise BadParameter(f"{name} {said(int(same.argmax()))}", "has no length", "a point only once in a row")
    for i in range(count):
        following = (i + 1) % count
        back = side(start[i], end[i], end[following]) == 0 and (end[following] - end[i]) @ (start[i] - end[i]) > 0
        rest = np.array([j for j in range(i + 1, count) if j != following and (j + 1) % count != i], dtype=int)
        a, b, c, d = np.broadcast_arrays(start[i], end[i], start[rest], end[rest])
        s1, s2, s3, s4 = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
        apart = (s1 * s2 > 0) | (s3 * s4 > 0)
        boxes = (np.minimum(a, b) <= np.maximum(c, d)).all(axis=1) & (np.minimum(c, d) <= np.maximum(a, b)).all(axis=1)
        bad = rest[~apart & boxes]
        if back or bad.size:
            other = following if back else int(bad[0])
            how = "folds back on" if back else "crosses"
            raise BadParameter(f"{name} {said(i)}", f"{how} {said(other)}", "a polygon whose edges meet only at its corners")
