"""What is injected, in one sentence: the same on the terminal, the page and the map."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from anagen.report.procedure_words import digits
from anagen.report.words import several
from anagen.scalp.regions import regions
from anagen.therapy.protocol import Course

if TYPE_CHECKING:
    from anagen.procedure import Procedure
    from anagen.therapy.grid import Grid
    from anagen.therapy.inject import Injected

MOST_PLACES = 6
"""Decimals of a volume at most."""


def ml(volume: float) -> str:
    """A volume in all: to a tenth, and to two digits where it is small.

    >>> ml(34.4), ml(1234.56), ml(0.042), ml(0.4)
    ('34.4', '1,234.6', '0.042', '0.4')
    """
    if volume >= 1:
        return f"{volume:,.1f}"
    return f"{volume:.{1 - floor(log10(volume))}f}".rstrip("0").rstrip(".")


def each_ml(volume: float, points: int) -> str:
    """The volume at one point, with as many digits as it takes for all points together to give the volume in all that is told.

    >>> each_ml(4 / 26, 26), each_ml(0.1, 344)
    ('0.154', '0.1')
    """
    for places in range(1, MOST_PLACES):
        rounded = round(volume, places)
        if rounded > 0 and abs(rounded - volume) < 0.005 * volume and ml(rounded * points) == ml(volume * points):
            return f"{rounded:g}"
    return f"{volume:.{MOST_PLACES}f}"


def given(done: Injected) -> str:
    """Points, distance, area, volume and depth, syringes; of several sessions what each has and what all have.

    >>> from anagen.therapy.inject import Injection, inject
    >>> from anagen.therapy.polygon import circle
    >>> from anagen.therapy.unknowns import Unknowns
    >>> print(given(inject(circle(12), Injection(sessions=3, share_points=True), unknowns=Unknowns.middle())))
    16 points 1 cm apart over 12 cm², 0.1 mL and 4 mm deep at each. 3 sessions share the points: 4 to 7 points and 0.4 to 0.7 mL in ...
    """
    plan, counts, volume = done.plan, done.points_of_session, done.volume_ml_per_point
    said = (
        f"{several(done.needles, 'point')} {digits(done.grid.spacing_cm)} cm apart over {digits(done.area_cm2)} cm², "
        f"{each_ml(volume, done.needles)} mL and {digits(done.depth_mm)} mm deep at each"
    )
    syringes = several(done.syringes, "syringe")
    if plan.sessions == 1:
        return f"{said}: {ml(done.volume_ml)} mL from {syringes}, in one session."
    days = plan.interval_days if isinstance(plan, Course) else None
    apart = f", {days:g} day{'s' * (days != 1)} apart" if days else ""
    whole = f"{several(done.needles_in_all, 'point')} and {ml(done.volume_ml_in_all)} mL"
    if not plan.share_points:
        return f"{said}: {ml(done.volume_ml)} mL from {syringes} in each of {plan.sessions} sessions{apart}; {whole} in all."
    low, high = int(counts.min()), int(counts.max())
    own = f"{low} to {high} points and {ml(low * volume)} to {ml(high * volume)} mL"
    own = own if low < high else f"{high} points and {ml(high * volume)} mL"
    return f"{said}. {plan.sessions} sessions{apart} share the points: {own} in a session, {whole} from {syringes} in all."


def numbered(grid: Grid) -> str:
    """How the points are numbered."""
    ways = set(grid.across)
    if len(ways) == 2:
        said = "Numbered along the thin lines: rows from the left, columns from the forehead"
    elif ways == {True}:
        said = "Numbered in rows from the forehead back, each row from left to right"
    else:
        said = "Numbered in columns from the left, each from the forehead back"
    return f"{said}{', one part after the other' if len(grid.across) > 1 else ''}."


def where(one: Procedure) -> str:
    """In which regions the injections lie, in words; of a circle that it has no place."""
    site = one.protocol.site
    if site.points_cm is None and site.region is None and site.stage is None:
        return "a round area, whose place the protocol does not give"
    return ", ".join(regions()[name].title for name in one.place.treated)


def minutes(done: Injected) -> str:
    """The middle time in the chair, of the longest session."""
    return f"about {np.median(done.minutes):,.0f} minutes a session"
