"""A square centimetre of scalp as one sees it through a dermatoscope: every follicle in its place, every hair as wide as it is.

Places, groups and lean are drawn by chance, keyed by follicle number: the same follicle stands in the same place in every picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anagen.compare import KINDS, Comparison, Option, kinds
from anagen.ground import chance
from anagen.report import words
from anagen.treatments import Transplant

Floats = npt.NDArray[np.float64]
AREA_CM2 = 1.0
RADIUS_MM = float(np.sqrt(100 * AREA_CM2 / np.pi))
UNIT_SIZES = (0.25, 0.5, 0.25)
"""How the picture groups follicles: the share of units of one, two and three."""
IN_UNIT_MM = 0.14
WHORL_MM = (1.3, -0.9)
FULL_UM, FULL_LENGTH_MM = 70.0, 2.7
WIDTH_STEP_UM = 5
PICTURED = ("nothing", "go on", "finasteride", "minoxidil_topical_5", "spironolactone", "svf")
"""What is drawn before all others: what a person would think of first, and one of cells."""
MOST_PICTURED = 4


@dataclass(frozen=True)
class Places:
    """Where follicles stand in the picture (mm from its middle), which way each leans (rad), how much it bends, how long it is."""

    x: Floats
    y: Floats
    lean: Floats
    bend: Floats
    reach: Floats


@dataclass(frozen=True)
class Picture:
    """One picture, ready to be set. `hairs`: kind -> ((width in mm, path), ...); `roots`, `empty`: dots; and its words."""

    name: str
    title: str
    hairs: tuple[tuple[str, tuple[tuple[float, str], ...]], ...]
    roots: str
    empty: str
    counts: dict[str, int]
    described: str


def places(follicles: int, seed: int = 0) -> Places:
    """A place for each follicle number: units of one to three on a jittered hexagonal lattice, filling a circle of 1 cm².

    >>> bool(np.hypot(places(200).x, places(200).y).max() < RADIUS_MM)
    True
    """
    units = np.arange(follicles)
    sizes = 1 + np.searchsorted(np.cumsum(UNIT_SIZES)[:-1], chance.uniform(chance.key(seed, "unit size"), units))
    unit = np.repeat(units, sizes)[:follicles]
    within = np.arange(follicles) - np.searchsorted(unit, unit)
    count = int(unit[-1]) + 1
    cx, cy, gap = _lattice(count, seed)
    turn = 2 * np.pi * (chance.uniform(chance.key(seed, "unit turn"), unit) + within / sizes[unit])
    away = np.where(sizes[unit] > 1, min(IN_UNIT_MM, 0.16 * gap), 0.0)
    x, y = cx[unit] + away * np.cos(turn), cy[unit] + away * np.sin(turn)
    of_unit, of_hair = (chance.uniform(chance.key(seed, what), which) - 0.5 for what, which in (("lean", unit), ("own lean", units)))
    lean = np.arctan2(y - WHORL_MM[1], x - WHORL_MM[0]) + 1.0 + 0.5 * of_unit + 0.35 * of_hair
    bend = 0.35 + 0.5 * (chance.uniform(chance.key(seed, "bend"), units) - 0.5)
    reach = 0.75 + 0.5 * chance.uniform(chance.key(seed, "reach"), units)
    return Places(x, y, lean, bend, reach)


def _lattice(count: int, seed: int) -> tuple[Floats, Floats, float]:
    """The `count` places of a hexagonal lattice nearest to the middle, jittered; and its spacing (mm)."""
    inside = RADIUS_MM - 2 * IN_UNIT_MM
    gap = float(np.sqrt(np.pi * inside**2 / count / (np.sqrt(3) / 2)))
    span = int(np.ceil(RADIUS_MM / gap * 1.3)) + 2
    row, column = np.mgrid[-span : span + 1, -span : span + 1]
    x, y = ((column + 0.5 * (row % 2)) * gap).ravel(), (row * gap * np.sqrt(3) / 2).ravel()
    order = np.lexsort((y, x, np.round(np.hypot(x, y), 6)))[:count]
    number = np.arange(count)
    jitter = [(chance.uniform(chance.key(seed, f"jitter {axis}"), number) - 0.5) * 0.5 * gap for axis in "xy"]
    x, y = x[order] + jitter[0], y[order] + jitter[1]
    shrunk = np.minimum(1.0, inside / np.maximum(np.hypot(x, y), 1e-9))
    return x * shrunk, y * shrunk, gap


def pictured(answer: Comparison) -> tuple[Option, ...]:
    """The options that are drawn. Moved follicles are not followed one by one, so no transplant is among them."""
    drawn = [option for option in answer.forecasts if not any(isinstance(step.treatment, Transplant) for step in option.plan.steps)]
    first = [option for name in PICTURED for option in drawn if option.name == name]
    others = [option for option in drawn if option.name not in (*PICTURED, "wait")]
    return tuple((first if len(first) >= MOST_PICTURED else [*first, *others])[:MOST_PICTURED])


def pictures(answer: Comparison) -> tuple[Picture, ...]:
    """The same follicles today, and at the end of the look ahead under some options."""
    end = answer.moments[-1]
    made: list[Picture] = []
    for option in pictured(answer):
        looks = answer.field(option, AREA_CM2, look_weeks=(0, end.week))
        kind, at = kinds(looks), places(looks.slot.shape[1])
        if not made:
            made.append(picture("today", "Today", at, kind[0], looks.calibre_um[0]))
        made.append(picture(option.name, f"{words.capital(option.title)}, after {end.label}", at, kind[1], looks.calibre_um[1]))
    return tuple(made)


def picture(name: str, title: str, at: Places, kind: npt.NDArray[np.uint8], calibre_um: Floats) -> Picture:
    """One look at the follicles: kind and hair width of each."""
    counts = dict(zip(KINDS, np.bincount(kind, minlength=len(KINDS)).tolist(), strict=True))
    hairs = []
    for code, called in enumerate(KINDS[1:], start=1):
        width = np.maximum(np.round(calibre_um / WIDTH_STEP_UM), 1) * WIDTH_STEP_UM
        own = kind == code
        hairs.append((called, tuple((float(w) / 1000, _hairs(at, calibre_um, own & (width == w))) for w in np.unique(width[own]))))
    said = (
        f"Of {kind.size} follicles, {counts['terminal']} bear a thick hair, {counts['intermediate']} a middling one, "
        f"{counts['vellus']} a thin pale one, and {counts['empty']} are empty."
    )
    return Picture(name, title, tuple(hairs), dots(at, kind > 0), dots(at, kind == 0), counts, said)


def _hairs(at: Places, calibre_um: Floats, which: npt.NDArray[np.bool_]) -> str:
    """The hairs as curves: each starts at its follicle, and is longer the thicker it is."""
    length = FULL_LENGTH_MM * at.reach * np.clip(calibre_um / FULL_UM, 0.25, 1.2)
    half, whole = at.lean, at.lean + at.bend
    parts = []
    for i in np.flatnonzero(which):
        bx, by = 0.5 * length[i] * np.cos(half[i]), 0.5 * length[i] * np.sin(half[i])
        ex, ey = bx + 0.5 * length[i] * np.cos(whole[i]), by + 0.5 * length[i] * np.sin(whole[i])
        parts.append(f"M{_short(at.x[i], at.y[i])}q{_short(bx, by, ex, ey)}")
    return "".join(parts)


def dots(at: Places, which: npt.NDArray[np.bool_]) -> str:
    """A dot for each follicle: strokes of no length, drawn round."""
    return "".join(f"M{_short(at.x[i], at.y[i])}h0" for i in np.flatnonzero(which))


def _short(*values: float) -> str:
    return ",".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)
