"""The treated skin follicle by follicle, at some moments: the region as dots from above, and a square centimetre of it close by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.ground import chance
from anagen.ground.units import MM_PER_CM
from anagen.report import words
from anagen.report.scalp import RADIUS_MM, Picture, Places, picture, places

if TYPE_CHECKING:
    from anagen.procedure import Frame, Procedure

MOST_DOTS = 5000
"""Follicles drawn of a region at most; of more, as many evenly chosen ones."""
WIDTHS = {3: 0.062, 2: 0.042, 1: 0.026, 0: 0.022}
"""How wide a follicle's dot is, cm, by kind: thick, in between, thin, empty."""


@dataclass(frozen=True)
class RegionFrame:
    """The region at one moment, ready to be set: `box` of the drawing, `edge`, dots by kind, and its words.

    `missed`: rings of the follicles that the dose does not reach, drawn below the dots; empty where it reaches all.
    """

    title: str
    box: str
    edge: str
    dots: tuple[tuple[str, float, str], ...]
    density: str
    calibre: str
    described: str
    missed: str


def regions(one: Procedure) -> tuple[RegionFrame, ...]:
    """The region at each moment with the protocol, and at the last without it: as now."""
    *frames, last = _looked(one)
    return (*(_region(one, frame, _title(frame)) for frame in frames), _region(one, last, _without(one, last)))


def close(one: Procedure) -> tuple[Picture, ...]:
    """The square centimetre in the middle of the largest piece of the region: the same follicles at each moment, and without it."""
    *frames, last = _looked(one)
    return (*(_close(one, frame, _title(frame)) for frame in frames), _close(one, last, _without(one, last)))


def _looked(one: Procedure) -> tuple[Frame, ...]:
    return (*one.frames(), one.frames(one.answer.base)[-1])


def _without(one: Procedure, last: Frame) -> str:
    return f"{_title(last)}, {words.against(one.answer)}"


def _title(frame: Frame) -> str:
    return "Today" if frame.week == 0 else f"After {frame.label}"


def _region(one: Procedure, frame: Frame, title: str) -> RegionFrame:
    corners = np.concatenate([piece.points_cm for piece in one.injected.region])
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide, tall = high - low
    order = np.argsort(chance.uniform(chance.key("drawn"), np.arange(len(frame.kind))))[:MOST_DOTS]
    x, y = frame.places_cm[order, 0] - low[0], high[1] - frame.places_cm[order, 1]
    kind = frame.kind[order]
    edge = "".join(
        "M" + " ".join(f"{px - low[0]:.2f},{high[1] - py:.2f}" for px, py in piece.points_cm) + "Z" for piece in one.injected.region
    )

    def path(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
        return "".join(f"M{a:.2f},{b:.2f}h0" for a, b in zip(x[which], y[which], strict=True))

    names = ("empty", "vellus", "intermediate", "terminal")
    dots = tuple((names[code], WIDTHS[code], path(kind == code)) for code in (0, 1, 2, 3))
    density, calibre = f"{frame.density_per_cm2:.0f}", f"{frame.mean_um:.0f}"
    said = f"{title}: {density} hairs per cm² in the treated skin, {calibre} μm wide on average."
    if not frame.reached.all():
        said += f" The dose reaches {frame.reached.mean():.0%} of the follicles.".replace("%", " %")
    return RegionFrame(
        missed=path(~frame.reached[order]),
        title=title,
        box=f"-.15 -.15 {wide + 0.3:.2f} {tall + 0.3:.2f}",
        edge=edge,
        dots=dots,
        density=density,
        calibre=calibre,
        described=said,
    )


def _close(one: Procedure, frame: Frame, title: str) -> Picture:
    """Follicles within a circle of 1 cm2; which way a hair leans, bends and how long it is come from the house's own picture."""
    piece = max(one.injected.region, key=lambda each: each.area_cm2)
    away = (frame.places_cm - piece.centre_cm) * MM_PER_CM
    near = np.flatnonzero(np.hypot(*away.T) < RADIUS_MM - 0.2)
    style = places(max(len(near), 1))
    at = Places(away[near, 0], -away[near, 1], style.lean[: len(near)], style.bend[: len(near)], style.reach[: len(near)])
    return picture(title, title, at, frame.kind[near], frame.calibre_um[near])
