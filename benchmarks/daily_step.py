"""A peer: the same law as a vectorised automaton in NumPy, all follicles one day further at a time."""

from __future__ import annotations

import numpy as np
from world import WEEKS, DailyChances


def follow(follicles: int, weeks: int = WEEKS, seed: int = 0) -> np.ndarray:
    """Counts (days + 1, slots x phases) of follicles."""
    rng, law = np.random.default_rng(seed), DailyChances()
    slot, phase, stage = law.draw_start(follicles, rng)
    last, entry = law.stages - 1, law.first.cumsum(axis=1)
    counts = np.empty((7 * weeks + 1, 32), np.int64)
    counts[0] = np.bincount(slot * 4 + phase, minlength=32)
    for day in range(7 * weeks):
        week = day // 7
        if day % 7 == 0:
            chance = law.leave * law.speed[:, week, None, None]
        moves = np.flatnonzero(rng.random(follicles) < chance[phase, stage, slot])
        stage[moves] += 1
        ends = moves[stage[moves] > last[phase[moves]]]
        was, where = phase[ends], slot[ends]
        toss = rng.random(ends.size)
        now = np.where(was == 2, np.where(toss < law.empty[week, where], 3, 0), (was + 1) % 4)
        born = now == 0
        toss = rng.random(ends.size)
        down, up = law.down[week, where], law.up[week, where]
        where += born & (toss < down)
        where -= born & (toss >= down) & (toss < down + up)
        phase[ends], slot[ends] = now, where
        stage[ends] = (rng.random(ends.size)[:, None] >= entry[now]).sum(axis=1)
        counts[day + 1] = np.bincount(slot * 4 + phase, minlength=32)
    return counts
