"""Inject: from a region and a plan to needles, volumes, cells a cm2, time in the chair, and how many follicles the dose reaches.

- Needles stand on a hexagonal grid (`grid.py`). Sessions either repeat the whole grid, or share its points among them.
- The product is drawn up for all points and for what stays in the syringes; of the cells in it the dead volume and what runs back
  out are lost.
- Dose: the total over all time at the follicles' depth (`kernel.py`, `dose.py`), as a multiple of the even dose. A follicle is
  within reach at `reach_level` times that. What level a follicle answers to is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.ground.forms import Form
from anagen.ground.rows import Row
from anagen.ground.units import MM_PER_CM
from anagen.therapy.dose import DoseMap, Profile, dose_map, neighbours
from anagen.therapy.grid import Grid, Ints, cell_area_cm2, follicles, hexagonal, served_cm2
from anagen.therapy.kernel import Kernel, ball_radius_cm
from anagen.therapy.polygon import (
    Floats,
    Polygon,
    Region,
    area_cm2,
    circle,
    map_box,
    on_a_head,
    outline,
    outline_of_stage,
    pieces,
    regions_under,
)
from anagen.therapy.unknowns import Unknowns, Used, limit

LOOKED_AT = 400
"""Follicles read in every draw: a share of them is known to 2.5 percentage points (one standard error) or better."""
TOGETHER = 50
"""Draws whose kernels are tabulated together, those of like width."""
ROUGH, NODES = 1e-3, 384
"""Cut-off and table of a kernel in one draw of many."""


class Site(Form):
    """Where on the scalp: one of the corners of a polygon (cm), a `region` by name, a stage of loss by `scale` and `stage`, or a circle.

    A polygon lies on the map of `polygon.py`: x to the person's right, y towards the nose, (0, 0) on the midline, 11 cm behind the
    front hairline. `area_cm2`: how large, for all but a polygon of one's own; a circle has nothing else, and no place.
    """

    points_cm: tuple[tuple[float, float], ...] | None = None
    region: str | None = None
    scale: str | None = None
    stage: str | None = None
    area_cm2: float | None = None


class Injection(Form):
    """How to inject. What is left out is the usual one (rows `inject` of `data/therapy.csv`); give one of the volumes at most.

    `sessions` repeat the whole grid; with `share_points` they share its points, and each has its part of the product.
    """

    spacing_cm: float | None = None
    volume_ml_per_point: float | None = None
    volume_ml_per_cm2: float | None = None
    depth_mm: float | None = None
    sessions: int = 1
    share_points: bool = False


@dataclass(frozen=True, eq=False)
class Injected:
    """What one session does, or all of them together where they share the points. Arrays (n,) are over draws.

    `needles`; `volume_ml_per_point`, `volume_ml` (under the skin), `depth_mm`; `syringes`, `dead_volume_ml`, `product_ml` to draw up;
    `cells` delivered, `cells_per_cm2`, or None where no product was given; `minutes` in the chair, of the longest session;
    `kernel` at the medians, `follicles_cm` (m, 2), `dose` there, `reach_level`, and `coverage`, the share of follicles within reach;
    `cover` works that out. `points_of_session`, `needles_in_all` and `volume_ml_in_all` count every session.
    """

    plan: Injection
    region: tuple[Polygon, ...]
    grid: Grid
    area_cm2: float
    needles: int
    volume_ml_per_point: float
    volume_ml: float
    depth_mm: float
    syringes: int
    dead_volume_ml: Floats
    product_ml: Floats
    cells: Floats | None
    cells_per_cm2: Floats | None
    minutes: Floats
    kernel: Kernel
    follicles_cm: Floats
    follicle_depth_cm: float
    reach_level: float
    cover: Callable[[], Floats]
    rows: tuple[Row, ...]

    @cached_property
    def points_of_session(self) -> Ints:
        """How many needles each session has, (sessions,)."""
        return self.grid.per_session if self.plan.share_points else np.full(self.plan.sessions, self.needles)

    @property
    def needles_in_all(self) -> int:
        """Needles of all sessions."""
        return int(self.points_of_session.sum())

    @property
    def volume_ml_in_all(self) -> float:
        """mL under the skin in all sessions."""
        return self.needles_in_all * self.volume_ml_per_point

    @cached_property
    def coverage(self) -> Floats:
        """The share of follicles within reach, (n,); made when first asked for."""
        return self.cover()

    @cached_property
    def dose(self) -> DoseMap:
        """The total dose at every follicle, at the medians of all unknowns; made when first asked for."""
        return dose_map(self.kernel, self.grid.points_cm, self.follicles_cm, self.follicle_depth_cm, self.area_cm2)

    def dose_at(self, *times_h: float) -> DoseMap:
        """The dose at every follicle some hours after an instant release (a conditioned medium, say), at the medians."""
        return dose_map(self.kernel, self.grid.points_cm, self.follicles_cm, self.follicle_depth_cm, self.area_cm2, times_h)

    @cached_property
    def volume_ml_per_cm2(self) -> Floats:
        """The volume under the skin around each point, over the part of the region nearest to it, (points,)."""
        return self.volume_ml_per_point / served_cm2(self.region, self.grid)


def region_of(site: Site, unknowns: Unknowns | None = None) -> tuple[Polygon, ...]:
    """The polygons of a site. Raises `BadParameter` unless it says where in one way, on the scalp and no larger than it, and what
    `Polygon.of` and `outline` raise.

    >>> [piece.name for piece in region_of(Site(region="temples"))]
    ['right temple', 'left temple']
    >>> region_of(Site())
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: site says nothing of where; allowed: points_cm, region, scale and stage, or area_cm2 alone.
    """
    ways = [name for name in ("points_cm", "region", "stage") if getattr(site, name) is not None]
    allowed = "points_cm, region, scale and stage, or area_cm2 alone"
    if len(ways) > 1:
        raise BadParameter("site", f"says where in {len(ways)} ways ({', '.join(ways)})", f"one of {allowed}")
    if (site.scale is None) != (site.stage is None):
        raise BadParameter("site", "has " + ("a stage without its scale" if site.scale is None else "a scale without a stage"), "both")
    if site.points_cm is not None:
        if site.area_cm2 is not None:
            raise BadParameter("site", "has points_cm and area_cm2", "points_cm alone: they have an area")
        return (_on_scalp(Polygon.of(site.points_cm)),)
    if site.region is not None:
        return outline(site.region, site.area_cm2)
    if site.scale is not None and site.stage is not None:
        below = (unknowns or Unknowns.middle()).row("inject", "treat_below_share").value
        return outline_of_stage(site.scale, site.stage, below, site.area_cm2)
    if site.area_cm2 is None:
        raise BadParameter("site", "says nothing of where", allowed)
    return on_a_head(circle(site.area_cm2))


def _on_scalp(drawn: Polygon) -> Polygon:
    """Raise `BadParameter` for a polygon that no head has room for, or of which too little lies within the outlines of the map."""
    on_a_head(drawn)
    if (share := sum(regions_under(drawn).values())) < limit("inject", "on_scalp_share"):
        (left, back), (right, front) = map_box()
        allowed = f"points in cm, x from {left:.3g} (left) to {right:.3g} (right), y from {back:.3g} (neck) to {front:.3g} (front hairline)"
        raise BadParameter("site", f"lies off the scalp ({share:.0%} of it is on it)", allowed)
    return drawn


def inject(
    region: Region,
    plan: Injection | None = None,
    cells: npt.ArrayLike | None = None,
    unknowns: Unknowns | None = None,
    follicles_per_cm2: float | None = None,
    seed: int = 0,
) -> Injected:
    """What a plan does to a region. cells: in the product drawn up for all points once, one number or (n,).

    unknowns: default 1,000 draws. follicles_per_cm2: default the median of a healthy scalp; follicles stay as density falls.
    Raises `BadParameter` for volumes, depths, spacings or cells that cannot be, two volumes, sessions without a point, and what
    `hexagonal` and `follicles` raise.

    >>> plan = Injection(spacing_cm=1.0, volume_ml_per_point=0.1)
    >>> done = inject(Polygon.of([(0, 0), (8, 0), (8, 5), (0, 5)]), plan, cells=2e7, unknowns=Unknowns.middle())
    >>> done.needles, round(done.volume_ml, 1), done.syringes
    (48, 4.8, 5)
    >>> int(done.cells_per_cm2[0].round(-3))
    451000
    """
    used, plan = Used(Unknowns.drawn() if unknowns is None else unknowns), plan or Injection()
    where, area = pieces(region), area_cm2(region)
    spacing = used.limit("inject", "spacing_cm") if plan.spacing_cm is None else plan.spacing_cm
    if plan.sessions < 1:
        raise BadParameter("sessions", f"is {plan.sessions}", "a whole number from 1 up")
    if plan.share_points and plan.sessions == 1:
        raise BadParameter("share_points", "is given for one session", "with sessions = 2 or more")
    grid = hexagonal(where, spacing, plan.sessions if plan.share_points else 1)
    volume, depth = volume_at_point(plan, used, area, len(grid)), depth_of(plan, used)
    if wrong := too_much(plan, used, area, grid, volume):
        raise wrong
    syringes, minutes = chair(used, grid, volume)
    dead = syringes * used("inject", "dead_volume_ml_per_syringe")
    under = len(grid) * volume
    product = under + dead
    given = None if cells is None else _cells(cells, used.unknowns.size)
    lost = used("inject", "lost_share")
    delivered = None if given is None else given * under / product * (1 - lost)
    density = used.limit("scalp", "follicles_per_cm2") if follicles_per_cm2 is None else follicles_per_cm2
    standing = follicles(where, density, seed)
    kernel, below_cm, level = kernels(used, volume, depth)
    middle = Used(medians(used.unknowns))
    one, one_below, one_level = kernels(middle, volume, depth)
    order = np.argsort(chance.uniform(chance.key(seed, "looked at"), np.arange(len(standing))))
    return Injected(
        plan=plan,
        region=where,
        grid=grid,
        area_cm2=area,
        needles=len(grid),
        volume_ml_per_point=volume,
        volume_ml=under,
        depth_mm=depth,
        syringes=syringes,
        dead_volume_ml=dead,
        product_ml=product,
        cells=delivered,
        cells_per_cm2=None if delivered is None else delivered / area,
        minutes=minutes,
        kernel=single(one),
        follicles_cm=standing,
        follicle_depth_cm=float(one_below[0, 0]),
        reach_level=float(one_level[0]),
        cover=lambda: reached(kernel, below_cm, level, grid.points_cm, standing[np.sort(order[:LOOKED_AT])], area),
        rows=used.rows,
    )


def kernels(used: Used, volume_ml: float, depth_mm: float) -> tuple[Kernel, Floats, Floats]:
    """The kernel of each draw (fields (n, 1)), the depth of its follicles (n, 1) cm, and the level that counts as reached (n,).

    Neither needle nor follicle lies deeper than the scalp is thick.
    """
    column = {
        name: used("inject", name)[:, None]
        for name in ("fill_share", "diffusion_cm2_per_h", "decay_per_h", "scalp_mm", "follicle_depth_mm")
    }
    floor = column["scalp_mm"] / MM_PER_CM
    kernel = Kernel(
        radius_cm=ball_radius_cm(volume_ml, column["fill_share"]),
        depth_cm=np.minimum(depth_mm / MM_PER_CM, floor),
        diffusion_cm2_per_h=column["diffusion_cm2_per_h"],
        decay_per_h=column["decay_per_h"],
        floor_cm=floor,
    )
    return kernel, np.clip(column["follicle_depth_mm"] / MM_PER_CM, 0, floor), used("inject", "reach_level")


def reached(kernel: Kernel, below_cm: Floats, level: Floats, points_cm: Floats, places_cm: Floats, area: float) -> Floats:
    """The share of places whose total dose is at least `level` times the even one, in each draw, (n,). Fields of the kernel: (n, 1)."""
    from scipy.sparse import csr_array

    farthest = float(np.hypot(*np.ptp(np.concatenate([points_cm, places_cm]), axis=0))) + 1e-9
    fields = {name: np.broadcast_to(getattr(kernel, name), below_cm.shape) for name in kernel.__dataclass_fields__}
    width = fields["radius_cm"] + np.sqrt(fields["diffusion_cm2_per_h"] / fields["decay_per_h"])
    share, order = np.empty(len(level)), np.argsort(width[:, 0], kind="stable")
    for some in np.array_split(order, -(-len(level) // TOGETHER)):
        part = Kernel(**{name: values[some] for name, values in fields.items()})
        profile = Profile.of(part, below_cm[some], None, len(points_cm), farthest, ROUGH, NODES)
        dose = np.zeros((len(some), len(places_cm)))
        for place, _, distance in neighbours(points_cm, places_cm, profile.table.cut_cm):
            belongs = csr_array((np.ones(place.size), (place, np.arange(place.size))), shape=(len(places_cm), place.size))
            dose += (belongs @ profile.table(distance).T).T
        even = profile.even * len(points_cm) / area
        share[some] = (dose >= (level[some] * even)[:, None]).mean(axis=1)
    return share


def medians(unknowns: Unknowns) -> Unknowns:
    """One draw: the median of each row, or of its draws where they were changed by hand."""

    def middle(row: Row, values: Floats) -> float:
        drawn = len(values) > 1 and np.array_equal(values, row.at(unknowns.scores(row.of, row.name)))
        return row.value if drawn else float(np.median(values))

    found = {(row.of, row.name): np.array([middle(row, unknowns.draws[row.of, row.name])]) for row in unknowns.rows}
    return Unknowns(found, unknowns.rows, unknowns.seed)


def single(kernel: Kernel) -> Kernel:
    """The kernel of the first draw, its fields plain numbers."""
    return Kernel(**{name: float(np.asarray(getattr(kernel, name)).ravel()[0]) for name in kernel.__dataclass_fields__})


def volume_at_point(plan: Injection, used: Used, area: float, points: int) -> float:
    """mL at each of `points` points. Raises `BadParameter` for two volumes, or one that is not above 0."""
    if plan.volume_ml_per_point is not None and plan.volume_ml_per_cm2 is not None:
        raise BadParameter("plan", "has volume_ml_per_point and volume_ml_per_cm2", "one of the two")
    name = "volume_ml_per_point" if plan.volume_ml_per_cm2 is None else "volume_ml_per_cm2"
    value = getattr(plan, name)
    value = used.limit("inject", "volume_ml_per_point") if value is None else value
    if not value > 0:
        raise BadParameter(name, f"is {value:g}", "more than 0 mL")
    return float(value if name == "volume_ml_per_point" else value * area / points)


def too_much(plan: Injection, used: Used, area: float, grid: Grid, volume: float) -> BadParameter | None:
    """What of a plan nobody would do, or None: a session without a point; too much at a point, on a cm2, or in a session.

    On a cm2: of all the skin that the points serve, which is more than the region where it is small.
    """
    needles = grid.per_session
    if without := int((needles == 0).sum()):
        return BadParameter("sessions", f"is {grid.sessions}, and {without} of them get none of the {len(grid)} points", "fewer sessions")
    name = "volume_ml_per_point" if plan.volume_ml_per_cm2 is None else "volume_ml_per_cm2"
    given = getattr(plan, name) or volume
    session = int(needles.max()) * volume
    on_cm2 = session / max(area, len(grid) * cell_area_cm2(grid.spacing_cm))
    for amount, most, where in (
        (volume, used.limit("inject", "syringe_ml"), "at a point, as one syringe holds"),
        (on_cm2, used.limit("inject", "volume_limit_ml_per_cm2"), "on a cm2 in one session"),
        (session, used.limit("inject", "volume_limit_ml"), "in one session"),
    ):
        if amount > most * (1 + 1e-9):
            makes = "" if amount == given else f", which makes {amount:,.3g} mL {where.partition(',')[0]}"
            return BadParameter(name, f"is {given:,.6g}{makes}", f"at most {most:g} mL {where}")
    return None


def depth_of(plan: Injection, used: Used) -> float:
    """How deep the needle goes, mm. Raises `BadParameter` above the skin, and below the thickest scalp."""
    depth, scalp = plan.depth_mm, used.unknowns.row("inject", "scalp_mm")
    depth = used.limit("inject", "depth_mm") if depth is None else depth
    if not 0 < depth <= scalp.high:
        raise BadParameter("depth_mm", f"is {depth:g}", f"more than 0 and at most {scalp.high:g} mm, where the skull begins")
    return float(depth)


def _cells(cells: npt.ArrayLike, size: int) -> Floats:
    given = np.asarray(cells, dtype=float)
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise BadParameter("cells", f"reach down to {np.min(given):g}", "0 cells or more")
    if given.shape not in ((), (1,), (size,)):
        raise BadParameter("cells", f"are {given.size} numbers", f"one number, or one for each of the {size} draws")
    return np.broadcast_to(given, (size,))


def chair(used: Used, grid: Grid, volume: float) -> tuple[int, Floats]:
    """Syringes of the grid, each filled for whole points (a point takes at most one); minutes of the longest session, (n,)."""
    points = grid.per_session
    syringes = np.ceil(points / np.floor(used.limit("inject", "syringe_ml") / volume + 1e-9) - 1e-9)
    around, change, needle = (used("inject", name) for name in ("minutes_around", "minutes_per_syringe", "seconds_per_point"))
    minutes = around[:, None] + change[:, None] * syringes + needle[:, None] * points / 60
    return int(syringes.sum()), minutes.max(axis=1)
