"""An injection on one core: the dose of 500 points at 100,000 follicles, and the search for a spacing. Prints JSON."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from anagen.therapy.dose import dose_map
from anagen.therapy.grid import follicles, hexagonal
from anagen.therapy.inject import inject, kernels
from anagen.therapy.kernel import Kernel
from anagen.therapy.polygon import circle
from anagen.therapy.spacing import fewest_needles
from anagen.therapy.unknowns import Unknowns, Used

AREA_CM2, DENSITY_PER_CM2, SPACING_CM = 500.0, 200.0, 1.07
TIMES_H = (1.0, 6.0, 24.0, 72.0, 240.0)
SPREADS = {"middle": None, "widest": (5.7e-3, 0.0042), "narrowest": (4.2e-4, 0.42)}
SEARCHED_CM2, COVERAGE = 100.0, 0.9


def median(work: Callable[[], Any], repeats: int) -> float:
    """Seconds of CPU time of one call, the median: other work on the machine hardly moves it."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return float(np.median(times))


def main() -> None:
    """Seconds of each, the first call apart (it loads parts of scipy); on the one core that the process is held to."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    middle, _, _ = kernels(Used(Unknowns.middle()), 0.1, 4.0)
    fields = {name: float(np.asarray(getattr(middle, name)).ravel()[0]) for name in middle.__dataclass_fields__}
    region = circle(AREA_CM2)
    points, places = hexagonal(region, SPACING_CM).points_cm, follicles(region, DENSITY_PER_CM2)
    found: dict[str, Any] = {"points": len(points), "follicles": len(places), "times": len(TIMES_H), "load": os.getloadavg()[0], "map": []}
    for name, spread in SPREADS.items():
        kernel = Kernel(**fields if spread is None else {**fields, "diffusion_cm2_per_h": spread[0], "decay_per_h": spread[1]})
        dose_map(kernel, points, places, 0.35, AREA_CM2, TIMES_H)
        row = {
            "spread": name,
            "times": median(lambda k=kernel: dose_map(k, points, places, 0.35, AREA_CM2, TIMES_H), 7),
            "total": median(lambda k=kernel: dose_map(k, points, places, 0.35, AREA_CM2), 7),
        }
        found["map"].append(row)
    small = circle(SEARCHED_CM2)
    found["search"] = median(lambda: fewest_needles(small, COVERAGE), 3)
    found["inject"] = median(lambda: inject(small), 3)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
