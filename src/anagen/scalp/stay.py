"""How long a follicle stays: inverse-CDF tables of a stay, and clocks that run at the tempo.

Everything that `sample` looks up lies in one `Script` of plain arrays, so that its two paths (NumPy, compiled) do the same
arithmetic on the same numbers and tell the same histories.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.chance import Bits
from anagen.scalp.law import KENOGEN, SLOTS, Cycle, Stages, State
from anagen.scalp.tempo import Array, Tempo

NODES = 1024
"""Cells of a table; the first and the last cell are tables of as many cells again."""
SPEEDS = ("leave_anagen", "leave_catagen", "leave_telogen", "leave_kenogen", "recruit_per_week")
EXPONENTIAL = 4
NEVER = 1e-100
"""A tempo below this stands still: its inverse would overflow."""
MOVES, EMPTIED, BORN = 6, 4, 5
"""What a walk tallies: leaving each of the four phases, entering kenogen, entering a new anagen."""
FINER = 4
"""Cells a week in the table that guesses the week."""


@lru_cache(maxsize=64)
def quantiles(order: int, fewer: float) -> Array:
    """Quantiles of a mixture of unit-rate Erlang stays, order with chance 1 - fewer, order - 1 with chance fewer.

    (3, NODES + 1): the middle at u = i / NODES, the first cell and the last cell each cut into NODES again. Read between
    nodes by a straight line; the very last node lies where the mean of the last cell is kept (to exp(-2) of its chance).
    """
    from scipy.special import gammainc

    cell = np.arange(NODES + 1) / NODES
    below = np.stack([cell, cell / NODES, 1 - 1 / NODES + cell / NODES])
    above = np.stack([1 - cell, 1 - cell / NODES, (1 - cell) / NODES])
    above[2, -1] = np.exp(-2) / NODES**2
    above[0, -1], below[0, -1] = 1 / NODES, 1 - 1 / NODES  # never read: the last cell has its own table
    if order == 1 or fewer == 0:
        return _erlang(order, below, above)
    low, high = _erlang(order - 1, below, above), _erlang(order, below, above)
    for _ in range(60):  # bisection: the mixture lies between its two parts
        middle = (low + high) / 2
        short = (1 - fewer) * gammainc(order, middle) + fewer * gammainc(order - 1, middle) < below
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2)


def _erlang(order: int, below: Array, above: Array) -> Array:
    from scipy.special import gammainccinv, gammaincinv

    return np.asarray(np.where(below < 0.5, gammaincinv(order, below), gammainccinv(order, above)))


class Script:
    """Every number that a walk of single follicles looks up, for one cycle, one tempo, one horizon and one start.

    `table` (5, kinds, 3 * (NODES + 1)): quantiles in units of the mean stay; kind 0 is a fresh stay, kind 1 + j what is left
    at stage j; row 4 is the unit exponential. `mean` (4, SLOTS) weeks. `clock` (5, weeks + 2): operational time run by each
    week, endless at the end; `speed`, `pace` its slope and the inverse; `guess` where to begin looking, at `per_cell`;
    `calendar` (5,): where the tempo is 1 throughout, so that the clock is the calendar. `empty` (weeks, SLOTS): chance at the
    end of telogen; a new anagen shrinks below `down` and grows above `up`. `fill`: cumulated start.
    """

    def __init__(self, cycle: Cycle, tempo: Tempo, weeks: int, start: State) -> None:
        stages = cycle.stages()
        self.weeks = weeks
        self.mean = np.stack(cycle.means_weeks())
        kinds = 1 + max(stage.count for stage in stages)
        self.table = np.zeros((5, kinds, 3 * (NODES + 1)))
        for phase, stage in enumerate(stages):
            self.table[phase, : 1 + stage.count] = _kinds(stage)
        self.table[EXPONENTIAL, 0] = quantiles(1, 0.0).reshape(-1)
        rows = {name: _weekly(value, weeks) for name, value in tempo.rows().items()}
        self.speed = np.stack([np.where(rows[name] < NEVER, 0.0, rows[name]) for name in SPEEDS])
        self.recruits = bool(self.speed[EXPONENTIAL].any())
        self.calendar = (self.speed == 1).all(axis=1)
        self.clock = np.concatenate([np.zeros((5, 1)), self.speed.cumsum(axis=1), np.full((5, 1), np.inf)], axis=1)
        self.pace = np.divide(1.0, self.speed, out=np.zeros_like(self.speed), where=self.speed > 0)
        run = self.clock[:, weeks]
        self.per_cell = np.divide(FINER * weeks, run, out=np.zeros(5), where=run > 0)
        cell = np.arange(FINER * weeks + 1) / (FINER * weeks) * (1 - 1e-9)
        found = [np.searchsorted(clock[:weeks], cell * clock[weeks], side="right") - 1 for clock in self.clock]
        self.guess = np.stack(found).astype(np.int32)
        self.empty = np.minimum(cycle.kenogen_chances() * rows["kenogen"][:, None], 1.0)
        self.down = np.minimum(cycle.shrink * rows["shrink"], 1.0)[:, None] * cycle.room()
        self.up = 1 - (1 - self.down) * rows["grow"][:, None]
        self.up[:, 0] = 1.0
        self.first_of, self.fill = _fill(start)

    def first(self, u: Array) -> tuple[Any, Any, Any]:
        """The first slot, phase and stage of follicles with uniform numbers u: three arrays like u."""
        slot, phase, stage = self.first_of[:, np.searchsorted(self.fill, u, side="right")]
        return slot, phase, stage

    def leave(self, phase: int, slot: Any, kind: Any, at: Array, words: Bits) -> Array:
        """When (weeks) stays in one phase that began at `at` end; inf: not before the horizon. kind: 0, or an array."""
        left = self._run(phase, at, self._quantile(phase, kind, words >> np.uint64(32)) * self.mean[phase].take(slot))
        if phase == KENOGEN and self.recruits:
            np.minimum(left, self._run(EXPONENTIAL, at, self._quantile(EXPONENTIAL, 0, words & np.uint64(0xFFFFFFFF))), out=left)
        return left

    def _quantile(self, row: int, kind: Any, draw: Bits) -> Array:
        """The quantile at 32 random bits."""
        x = (draw.view(np.int64) + 0.5) * (NODES / 2**32)
        cell = x.astype(np.int64)
        x -= cell
        tail = np.flatnonzero((cell == 0) | (cell == NODES - 1))
        finer = x[tail] * NODES
        inner = finer.astype(np.int64)
        x[tail] = finer - inner
        cell[tail] = np.where(cell[tail] == 0, NODES + 1, 2 * (NODES + 1)) + inner
        cell += kind * (3 * (NODES + 1))
        flat = self.table[row].reshape(-1)
        low = flat.take(cell)
        x *= flat[1:].take(cell) - low
        return np.asarray(x + low)

    def _run(self, row: int, at: Array, needed: Array) -> Array:
        """When the clock of this row, read from `at` on, has run as much as needed."""
        if self.calendar[row]:
            needed += at
            needed[needed >= self.weeks] = np.inf
            return needed
        clock, now = self.clock[row], at.astype(np.int64)
        target = clock.take(now)
        target += (at - now) * self.speed[row].take(now)
        target += needed
        cell = np.minimum(target * self.per_cell[row], FINER * self.weeks).astype(np.int64)
        week = self.guess[row].take(cell)
        late = np.flatnonzero(clock[1:].take(week) <= target)
        while late.size:
            week[late] += 1
            late = late[clock[1:].take(week[late]) <= target[late]]
        ends = np.flatnonzero(week == self.weeks)
        week[ends] = 0
        target -= clock.take(week)
        target *= self.pace[row].take(week)
        target += week
        target[ends] = np.inf
        return np.asarray(target)


def _kinds(stage: Stages) -> Array:
    """Quantiles of a fresh stay and of what is left at each stage, in units of the mean stay: (1 + count, 3 * (NODES + 1))."""
    order, fewer = int(stage.order), float(stage.fewer)
    fresh_and_left = [quantiles(order, fewer), *(quantiles(order - j, 0.0) for j in range(order))]
    return np.stack(fresh_and_left).reshape(1 + order, -1) / float(stage.rate_of_mean)


def _weekly(value: Array, weeks: int) -> Array:
    """One number a week: a constant repeated, rows cut or carried on."""
    flat = value.reshape(-1).astype(np.float64)
    return flat[np.minimum(np.arange(weeks), flat.size - 1)]


def _fill(start: State) -> tuple[npt.NDArray[np.int64], Array]:
    """Every (slot, phase, stage) of a start, and the cumulated chance of all before it: (3, states), (states - 1,)."""
    states, shares = [], []
    for phase, occupancy in enumerate(start):
        for stage in range(occupancy.shape[0]):
            for slot in range(SLOTS):
                if occupancy[stage, slot] > 0:
                    states.append((slot, phase, stage))
                    shares.append(float(occupancy[stage, slot]))
    total = np.cumsum(shares)
    return np.array(states).T.copy(), total[:-1] / total[-1]
