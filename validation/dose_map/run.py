"""Measure the dose map again: writes record.json and the tables of README.md beside this file (half a minute)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from finite import Disc  # noqa: E402
from pages import Row, digits, publish, table  # noqa: E402

from anagen.therapy.dose import dose_map  # noqa: E402
from anagen.therapy.grid import follicles, hexagonal  # noqa: E402
from anagen.therapy.kernel import Kernel  # noqa: E402
from anagen.therapy.polygon import circle  # noqa: E402

CASES = {
    "middle of all unknowns": Kernel(0.363, 0.40, 1.55e-3, 0.042, 0.55),
    "small bolus, slow, fast decay": Kernel(0.20, 0.30, 4.2e-4, 0.42, 0.55),
    "cut by both walls, fast, no decay": Kernel(0.30, 0.20, 5.7e-3, 0.0, 0.40),
}
TIMES_H, MAP_TIMES_H = [1.0, 6.0, 24.0], [1.0, 6.0, 24.0, 72.0]
RIM_CM, CELLS_PER_MM, STEPS_PER_CELL = 3.0, (2, 4, 8, 12), 8
AREA_CM2, SPACING_CM, DEPTH_CM = 500.0, 1.07, 0.35
SPREADS = {"middle": (1.55e-3, 0.042), "widest": (5.7e-3, 0.0042), "narrowest": (4.2e-4, 0.42)}


def free_rows() -> list[Row]:
    """The closed forms against what they must equal: each the largest difference, as a share of the largest level."""
    from scipy.integrate import quad

    rows: list[Row] = []
    radius, diffusion, decay = 0.3, 1.5e-3, 0.05
    free = Kernel(radius, 50.0, diffusion, decay)  # so deep that no wall matters
    places = np.array([1e-3, 0.1, 0.25, 0.3, 0.35, 0.6, 1.0])

    def shells(point: Any) -> Any:
        """A function of distance from a point source, gathered over the ball by shells: the mean over a sphere is an integral over r."""

        def at(r: float) -> float:
            def shell(s: float) -> float:
                return quad(lambda d: point(d) * d, abs(r - s), r + s, epsabs=0, epsrel=1e-11)[0] * s / (2 * r)

            breaks = [r] if r < radius else None
            return quad(shell, 0, radius, points=breaks, epsabs=0, epsrel=1e-10, limit=200)[0] * 3 / radius**3

        return np.array([at(float(r)) for r in places])

    def differs(what: str, ours: Any, theirs: Any) -> None:
        rows.append({"what": what, "difference": digits(np.abs(ours - theirs).max() / np.abs(theirs).max())})

    for time in (0.5, 5.0, 50.0):
        spread = 4 * diffusion * time
        gathered = shells(lambda d, s=spread: (np.pi * s) ** -1.5 * np.exp(-(d**2) / s))
        differs(f"point sources gathered over the ball, {time:g} h", free.at(places, 50.0, time), gathered * np.exp(-decay * time))
    length = np.sqrt(diffusion / decay)
    gathered = shells(lambda d: np.exp(-d / length) / (4 * np.pi * diffusion * d))
    differs("the same for the total (Yukawa)", free.total(places, 50.0), gathered)
    summed = [quad(lambda t, x=x: float(free.at(x, 50.0, t)), 0, np.inf, limit=500, epsrel=1e-9)[0] for x in places]
    differs("the total against the integral over time", free.total(places, 50.0), np.array(summed))
    walled, flat = Kernel(radius, 0.4, diffusion, 0.0, 0.55), np.linspace(0, 4, 41)
    wide = 4 * diffusion * 4000
    disc = np.exp(-(flat**2) / wide) / (np.pi * wide * 0.55)
    differs("long after, in a slab: an even disc that spreads in the plane, 4000 h", walled.at(flat, 0.3, 4000.0), disc)
    tiny = Kernel(1e-3, 0.4, diffusion, 0.0)
    spread = 4 * diffusion * 5.0
    image = [np.exp(-(flat**2 + (0.3 - z) ** 2) / spread) for z in (0.4, -0.4)]
    differs("a tiny ball under the skin: a point and its image, 5 h", tiny.at(flat, 0.3, 5.0), sum(image) / (np.pi * spread) ** 1.5)
    return rows


def finite_rows(cells: tuple[int, ...] = CELLS_PER_MM) -> list[Row]:
    """The kernel against finite volumes: largest difference anywhere in the disc, as a share of the largest level."""
    rows = []
    for name, kernel in CASES.items():
        for per_mm in cells:
            disc = Disc(RIM_CM, float(kernel.floor_cm), per_mm)
            start, (r, z) = disc.ball(kernel.radius_cm, kernel.depth_cm), disc.middles
            row: Row = {"case": name, "cells per mm": per_mm}
            found = disc.at(start, kernel.diffusion_cm2_per_h, kernel.decay_per_h, TIMES_H, STEPS_PER_CELL * per_mm)
            for time, level in zip(TIMES_H, found, strict=True):
                ours = kernel.at(r[:, None], z, time)
                row[f"{time:g} h"] = digits(np.abs(ours - level).max() / ours.max())
            row["mass"] = digits(
                max(abs(float((kernel.at(r[:, None], z, t) * disc.volumes).sum()) / np.exp(-kernel.decay_per_h * t) - 1) for t in TIMES_H)
            )
            row["total"] = None
            if kernel.decay_per_h:
                ours = kernel.total(r[:, None], z)
                row["total"] = digits(np.abs(ours - disc.total(start, kernel.diffusion_cm2_per_h, kernel.decay_per_h)).max() / ours.max())
            rows.append(row)
    return rows


def sum_rows() -> list[Row]:
    """The map of 100,000 follicles and 500 points against the plain sum at 250 of them, in even doses; and the stated error."""
    region, rows = circle(AREA_CM2), []
    places, grid = follicles(region, 200.0), hexagonal(region, SPACING_CM)
    some = places[::400]
    gaps = np.hypot(*(some[:, None] - grid.points_cm).transpose(2, 0, 1))
    for name, (diffusion, decay) in SPREADS.items():
        kernel = Kernel(0.363, 0.40, diffusion, decay, 0.55)
        for times in (MAP_TIMES_H, None):
            made = dose_map(kernel, grid.points_cm, places, DEPTH_CM, AREA_CM2, times)
            for i, time in enumerate(times or [None]):
                plain = kernel.total(gaps, DEPTH_CM) if time is None else kernel.at(gaps, DEPTH_CM, time)
                off = float(np.abs(made.dose[i, ::400] - plain.sum(axis=1)).max() / made.even[i])
                stated = float(made.error[i] / made.even[i])
                when = "total" if time is None else f"{time:g} h"
                rows.append({"spread": name, "dose": when, "stated": digits(stated), "seen": digits(off)})
    return rows


def measure() -> dict[str, Any]:
    """The whole record."""
    return {"free": free_rows(), "finite": finite_rows(), "sum": sum_rows()}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    finest = [[*row.values()] for row in record["finite"]]
    return {
        "free": table("what it must equal | largest difference", [[*row.values()] for row in record["free"]]),
        "finite": table(f"case | cells per mm | {' | '.join(f'{t:g} h' for t in TIMES_H)} | mass | total", finest),
        "sum": table("spread | dose | stated error | largest error seen", [[*row.values()] for row in record["sum"]]),
    }


def said(record: dict[str, Any]) -> list[str]:
    """The sentences of README.md that hold numbers."""
    finest = [row for row in record["finite"] if row["cells per mm"] == CELLS_PER_MM[-1]]
    worst = max(row[f"{t:g} h"] for row in finest for t in TIMES_H)
    total = max(row["total"] for row in finest if row["total"] is not None)
    exact = max(row["difference"] for row in record["free"][:5])
    stated, seen = (max(row[name] for row in record["sum"]) for name in ("stated", "seen"))
    return [
        f"differs from the finest run by at most {100 * worst:.2g} % of the largest level at any time",
        f"by at most {100 * total:.2g} % in the total",
        f"to {exact:.0e}",
        f"the largest error seen in a map is {seen:.1e} of the even dose; the largest stated one is {stated:.1e}",
    ]


def main() -> None:
    """Measure, and write both files."""
    found = measure()
    publish(HERE, found, tables(found), said(found))


if __name__ == "__main__":
    main()
