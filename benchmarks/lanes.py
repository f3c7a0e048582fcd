"""Thirty thousand lanes for `expect`: 500 draws x 12 plans x 5 regions over two years. Run: `lanes.py N_OUTPUTS PATH`, prints JSON.

PATH is `numpy` or `compiled`.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from world import memory_mb

from anagen.scalp.expect import DEFAULT_OUTPUTS, expect
from anagen.scalp.law import Cycle, State, healthy
from anagen.scalp.tempo import Tempo

DRAWS, PLANS, REGIONS, WEEKS = 500, 12, 5, 104


def world() -> tuple[Cycle, Tempo, State]:
    """Parameters that differ by draw, densities by region, five tempo fields by week, draw and plan."""
    rng = np.random.default_rng(1)

    def draws(middle: float, spread: float) -> np.ndarray:
        return middle * np.exp(spread * rng.standard_normal((DRAWS, 1, 1)))

    cycle = healthy(
        shrink=np.clip(draws(0.35, 0.2), 0, 0.9),
        anagen_mean_weeks=draws(150, 0.1),
        telogen_mean_weeks=draws(15.7, 0.1),
        kenogen_mean_weeks=draws(9, 0.1),
        step_ratio=np.clip(draws(0.66, 0.05), 0.55, 0.75),
        follicles_per_cm2=np.array([200.0, 190.0, 180.0, 210.0, 170.0]),
    )
    start = expect(cycle.but(follicles_per_cm2=190.0), weeks=52 * 5).end
    week, plan = np.arange(WEEKS).reshape(-1, 1, 1, 1), np.arange(PLANS).reshape(-1, 1) / PLANS
    on = np.minimum(week / 26, 1) * plan * rng.random((1, DRAWS, 1, 1))
    return (
        cycle,
        Tempo(leave_anagen=1 - 0.2 * on, leave_telogen=1 + 0.3 * on, leave_kenogen=1 + 0.6 * on, shrink=1 - 0.5 * on, grow=0.15 * on),
        start,
    )


def main() -> None:
    """Seconds with one thread and with all, what the first call takes on top (loading the compiled path), and the peak of memory."""
    count, path = sys.argv[1:]
    outputs = DEFAULT_OUTPUTS[: int(count)] if count != "3" else ("visible", "terminal", "calibre")
    cycle, tempo, start = world()
    began = time.perf_counter()
    expect(cycle, tempo, 1, start=start, outputs=outputs, fast=path == "compiled")
    first = time.perf_counter() - began
    seconds: dict[str, list[float]] = {"one": [], "all": []}
    for _ in range(7):
        for name, threads in (("one", 1), ("all", None)):
            began = time.perf_counter()
            expect(cycle, tempo, WEEKS, start=start, outputs=outputs, threads=threads, fast=path == "compiled")
            seconds[name].append(time.perf_counter() - began)
    found = {name: float(np.median(all_)) for name, all_ in seconds.items()}
    print(json.dumps({"outputs": len(outputs), "path": path, **found, "first": first, "peak_mb": memory_mb()}))


if __name__ == "__main__":
    main()
