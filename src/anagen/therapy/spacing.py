"""How far apart the needles may stand: the fewest needles for a wanted coverage, and what closer ones would bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.ground.rows import Row
from anagen.therapy.dose import dose_map
from anagen.therapy.grid import Ints, cell_area_cm2, follicles, hexagonal
from anagen.therapy.inject import Injection, chair, depth_of, kernels, medians, single, too_much, volume_at_point
from anagen.therapy.polygon import Floats, Region, area_cm2, pieces
from anagen.therapy.unknowns import Unknowns, Used, limit

TRIED, REFINED, ON = 28, 13, 3
"""Spacings looked at, evenly in the logarithm; then between the widest that does and the third after it.

How a grid falls on the edge of the region makes its reach jump, so a wider one may do where a closer one does not.
"""
FOLLICLES = 3000
"""Follicles read: a share of them is known to 0.9 percentage points (one standard error) or better."""


@dataclass(frozen=True, eq=False)
class Tradeoff:
    """What each spacing would need and reach, at the medians of all unknowns; arrays (k,), spacings rising. `best`: the index chosen."""

    spacing_cm: Floats
    needles: Ints
    coverage: Floats
    volume_ml: Floats
    minutes: Floats
    wanted: float
    best: int
    rows: tuple[Row, ...]


def fewest_needles(
    region: Region,
    coverage: float,
    plan: Injection | None = None,
    unknowns: Unknowns | None = None,
    follicles_per_cm2: float | None = None,
    seed: int = 0,
) -> Tradeoff:
    """Of the grids tried, that of fewest needles that brings the dose within reach of a share of follicles. coverage: above 0, at most 1.

    The plan's own spacing is not used; a volume a point stays as it is, one a cm2 is shared by fewer points as they stand wider.
    Grids that `too_much` speaks against are left out. Raises `BadParameter` for a coverage that no grid reaches, with the best one
    that does, and for a plan of which no grid can be given.

    >>> from anagen.therapy.polygon import outline
    >>> found = fewest_needles(outline("vertex"), coverage=0.9)
    >>> bool(found.coverage[found.best] >= 0.9), bool(found.needles[found.best] < found.needles[0])
    (True, True)
    """
    if not 0 < coverage <= 1:
        raise BadParameter("coverage", f"is {coverage:g}", "a share of follicles above 0 and at most 1")
    plan, where, area = plan or Injection(), pieces(region), area_cm2(region)
    used = Used(medians(Unknowns.middle() if unknowns is None else unknowns))
    standing = follicles(where, used.limit("scalp", "follicles_per_cm2") if follicles_per_cm2 is None else follicles_per_cm2, seed)
    if len(standing) > FOLLICLES:
        standing = standing[np.argsort(chance.uniform(chance.key(seed, "searched"), np.arange(len(standing))))[:FOLLICLES]]
    depth = depth_of(plan, used)

    wrong: list[BadParameter] = []

    def at(spacing: float) -> tuple[float, int, float, float, float] | None:
        grid = hexagonal(where, spacing, plan.sessions if plan.share_points else 1)
        volume = volume_at_point(plan, used, area, len(grid))
        if error := too_much(plan, used, area, grid, volume):
            wrong.append(error)
            return None
        kernel, below, level = kernels(used, volume, depth)
        dose = dose_map(single(kernel), grid.points_cm, standing, float(below[0, 0]), area, tolerance=1e-4)
        share = float(dose.within_reach(float(level[0]))[0])
        return spacing, len(grid), share, volume * len(grid), float(chair(used, grid, volume)[1][0])

    most = min(used.limit("inject", "spacing_most_cm"), *(piece.extent_cm for piece in where))
    crowded = np.sqrt(area / limit("inject", "points_limit") / cell_area_cm2(1.0)) * (1 + 1e-9)
    least = min(max(used.limit("inject", "spacing_least_cm"), crowded), most)
    seen = [found for spacing in np.geomspace(least, most, TRIED) if (found := at(float(spacing)))]
    if not seen:
        raise wrong[-1]
    enough = [one for one in seen if one[2] >= coverage]
    if not enough:
        top = max(seen, key=lambda one: one[2])
        raise BadParameter("coverage", f"of {coverage:.0%} is out of reach", f"at most {top[2]:.1%}, with needles {top[0]:.2g} cm apart")
    widest = max(seen.index(one) for one in enough)
    if widest + 1 < len(seen):
        between = np.geomspace(seen[widest][0], seen[min(widest + ON, len(seen) - 1)][0], REFINED + 2)[1:-1]
        seen += [found for spacing in between if (found := at(float(spacing)))]
    seen.sort()
    best = min((i for i, one in enumerate(seen) if one[2] >= coverage), key=lambda i: (seen[i][1], -seen[i][2]))
    spacing, needles, share, volume, minutes = (np.array(column) for column in zip(*seen, strict=True))
    return Tradeoff(spacing, needles, share, volume, minutes, coverage, best, used.rows)
