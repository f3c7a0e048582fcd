"""The moments at which somebody counts, each once, and how far each lane must be followed for them.

A lane that is given nothing is not followed at all: it is a later point of the untreated loss on which it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.calibrate.coarse import STEP_WEEKS

Places = npt.NDArray[np.int64]
BREAKS_WEEKS = (28, 60, np.inf)
"""Lanes are followed together this far: most trials are counted within half a year, a few within a year."""


class Leg(NamedTuple):
    """Steps `first` to `last`, over which `lanes` are followed; `on`: the places among them of those that go on after it.

    Its moments: the lane's place, the step before, and the part of a step since, each (moments of the leg,).
    """

    first: int
    last: int
    lanes: Places
    on: Places
    place: Places
    step: Places
    part: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Moments in order: every lane's start, then those of `idle` lanes after `idle_weeks`, then those of each leg.

    >>> found = Moments.of([True, False], [(0, 0.0), (0, 24.0), (1, 24.0), (0, 100.0)])
    >>> found.place([0, 1, 0], [0.0, 24.0, 100.0]).tolist(), [(leg.first, leg.last) for leg in found.legs]
    ([0, 2, 4], [(0, 14), (14, 30), (30, 50)])
    """

    where: dict[tuple[int, float], int]
    idle: Places
    idle_weeks: npt.NDArray[np.float64]
    legs: tuple[Leg, ...]

    @classmethod
    def of(cls, given: Sequence[bool], looks: Iterable[tuple[int, float]]) -> Moments:
        """Those of some looks, (lane, week). given: whether each lane is given anything."""
        later = sorted(dict.fromkeys((lane, week) for lane, week in looks if week > 0), key=lambda look: (look[1], look[0]))
        idle = [look for look in later if not given[look[0]]]
        last = np.zeros(len(given))
        for lane, week in later:
            last[lane] = max(last[lane], week) if given[lane] else 0.0
        order = [(lane, 0.0) for lane in range(len(given))] + idle
        legs: list[Leg] = []
        before = 0.0
        for limit in BREAKS_WEEKS:
            here = [look for look in later if given[look[0]] and before < look[1] <= limit]
            lanes = np.flatnonzero(last > before)
            if not len(lanes):
                break
            order += here
            end = min(limit, last.max())
            place = np.searchsorted(lanes, [lane for lane, _ in here])
            along = (np.array([week for _, week in here]) - before) / STEP_WEEKS
            count = int(np.ceil((end - before) / STEP_WEEKS))
            step = np.minimum(np.floor(along).astype(int), count - 1)
            first = int(before / STEP_WEEKS)
            legs.append(Leg(first, first + count, lanes, np.flatnonzero(last[lanes] > end), place, step, along - step))
            before = end
        weeks = np.array([week for _, week in idle])
        return cls({look: at for at, look in enumerate(order)}, np.array([lane for lane, _ in idle], dtype=int), weeks, tuple(legs))

    def place(self, lanes: Iterable[Any], weeks: Iterable[Any]) -> Places:
        """Where the moments of some lanes and weeks stand in the order. Raises `KeyError` for one that was not asked for."""
        return np.array([self.where[int(lane), float(week)] for lane, week in zip(lanes, weeks, strict=True)], dtype=int)
