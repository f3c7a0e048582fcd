"""In which region of the scalp a site lies: where its forecast is read, and how much of each region is treated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.scalp.regions import regions
from anagen.therapy.inject import Site, region_of
from anagen.therapy.polygon import area_cm2, outline, regions_under
from anagen.therapy.unknowns import Unknowns


@dataclass(frozen=True)
class Place:
    """`region`: the one that holds most of the site. `treated`: which share of each region the site covers, the largest part first.

    `outside`: which share of a drawn site lies in no outline.
    """

    region: str
    treated: Mapping[str, float]
    outside: float = 0.0


def lies_in(site: Site, asked: str, unknowns: Unknowns | None = None) -> Place:
    """Where a site lies: by name; for a stage in all of its regions; for points in those whose outlines (`data/outlines.csv`) hold them.

    asked: the region that the person asks about; a circle, which has no place, is taken to lie there, and of two regions that hold
    equally much it is the one. Raises what `region_of` raises.

    >>> drawn = Site(points_cm=((-2, 6), (2, 6), (2, 9), (-2, 9)))
    >>> lies_in(drawn, "vertex")
    Place(region='frontal', treated={'frontal': 0.17142857142857143}, outside=0.0)
    >>> lies_in(Site(scale="norwood", stage="3v"), "vertex").treated
    {'vertex': 1.0, 'temples': 1.0}
    """
    pieces, outside = region_of(site, unknowns), 0.0
    if site.points_cm is not None:
        shares = regions_under(pieces[0])
        held, outside = {name: share * area_cm2(pieces) for name, share in shares.items()}, 1 - sum(shares.values())
    elif site.scale is not None and site.stage is not None:
        whole = region_of(site.model_copy(update={"area_cm2": None}), unknowns)
        ratio, named = area_cm2(pieces) / area_cm2(whole), {piece.name: name for name in regions() for piece in outline(name)}
        held = {named[piece.name]: ratio * regions()[named[piece.name]].area_cm2 for piece in whole}
    else:
        held = {site.region or asked: area_cm2(pieces)}
    order = sorted(held, key=lambda name: (round(held[name], 3), name == asked), reverse=True)
    return Place(order[0], {name: min(held[name] / regions()[name].area_cm2, 1.0) for name in order}, max(outside, 0.0))
