"""The first reading of the law: what is expected of a population of follicles, week by week, for many lanes at once.

A lane is one set of parameters under one tempo: a draw, a plan, a region. Lanes have any shape and never touch each other,
so an answer does not depend on which others are asked with it. The scheme is the two-stage strong-stability-preserving
Runge-Kutta method (Gottlieb, Shu, Tadmor 2001, SIAM Rev 43:89): second order, mass exact, never negative while a sub-step
leaves no stage with a chance over 1; each lane gets the sub-steps that this asks for. This file is the NumPy path;
`expect_fast` (extra `fast`) gives the same numbers, bit for bit, compiled.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter, MissingExtra
from anagen.scalp.law import KENOGEN, SLOTS, Cycle, Rates, Stages, State, aligned, settled, step
from anagen.scalp.outputs import OUTPUTS, SHED, Readouts
from anagen.scalp.tempo import Array, Tempo

CHUNK = 5120
BLOCK = 21
"""Lanes in one chunk, and weeks that are read at once: they keep what is in hand small."""
WORTH_LOADING = 500_000
"""Lanes times sub-steps from which the compiled path is loaded (some 0.3 s): a forecast that asks for so much once asks for it again."""
DEFAULT_OUTPUTS = tuple(OUTPUTS)


@dataclass(frozen=True)
class Course:
    """What `expect` found. `weeks`: (T,), 0 to the horizon. `values`: output -> (*lanes, T). `end`: the last occupancy.

    `occupancy`, where asked for: (*lanes, T, SLOTS, 4), the share of follicles in each calibre slot and phase.
    """

    weeks: npt.NDArray[np.int64]
    values: Mapping[str, Array]
    end: State
    occupancy: Array | None = None

    def __getitem__(self, output: str) -> Array:
        """One output over time: (*lanes, T)."""
        return self.values[output]


def expect(
    cycle: Cycle,
    tempo: Tempo | None = None,
    weeks: int = 104,
    *,
    start: State | None = None,
    outputs: Sequence[str] = DEFAULT_OUTPUTS,
    terminal_um: float | None = None,
    occupancy: bool = False,
    sub_steps: int = 1,
    dtype: npt.DTypeLike = np.float32,
    threads: int | None = None,
    fast: bool | None = None,
) -> Course:
    """Expected outputs at weeks 0 to `weeks` for every lane of the cycle and the tempo together.

    cycle: parameters (lanes broadcast with those of the tempo). tempo: what is done, weekly rows (default: nothing).
    start: occupancies (stages, SLOTS, *lanes), each lane adding up to 1 (default: a healthy scalp, `settled`).
    outputs: names of `OUTPUTS`; terminal_um: cut-off of a terminal hair (default: the shipped one); occupancy: keep every
    (slot, phase) share; sub_steps: at least so many a week (validation/convergence: 1 is enough).
    dtype: float32 agrees with float64 to about 1e-5 of the whole. threads: default all cores. fast: True for the compiled
    path (`MissingExtra` without Numba), False for NumPy, None for the compiled one where it is there and either loaded
    already or worth its loading; the numbers are the same.

    Raises `UnknownName` for an output we do not have, `BadParameter` for a bad horizon, start or dtype.

    >>> from anagen.scalp.law import healthy
    >>> course = expect(healthy(), weeks=52)
    >>> bool(abs(course["visible"][-1] - course["visible"][0]) < 0.01)  # a healthy scalp stays as it is
    True
    """
    tempo = tempo if tempo is not None else Tempo()
    if weeks < 0 or int(weeks) != weeks:
        raise BadParameter("weeks", f"is {weeks}", "a whole number from 0 up")
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise BadParameter("dtype", f"is {np.dtype(dtype)}", "float32 or float64")
    reads = Readouts(cycle, outputs, terminal_um)
    start = settled(cycle) if start is None else aligned(start, cycle)
    lanes = _check_start(cycle, start, np.broadcast_shapes(cycle.lanes, tempo.lanes))
    count = int(np.prod(lanes, dtype=np.int64))
    stages = cycle.stages()
    values = np.empty((len(reads.outputs), count, weeks + 1), dtype=dtype)
    kept = np.zeros((count, weeks + 1, SLOTS, 4), dtype=dtype) if occupancy else None
    spans = _spans(stages)
    end = np.zeros((spans[-1][1] + 1, SLOTS, count), dtype=dtype)
    threads = threads or len(os.sched_getaffinity(0))
    steps, slots = np.maximum(_sub_steps(cycle, tempo, lanes, weeks), sub_steps), _slots_used(cycle, start, lanes)

    def work(index: npt.NDArray[np.int64]) -> None:
        chunk = _Chunk(np.unravel_index(index, lanes) if lanes else (), int(slots[index].max()), dtype)
        loop = _Loop(cycle, tempo, stages, spans, chunk, int(steps[index[0]]), SHED in reads.groups)
        state = np.concatenate([chunk.slots(phase, free=2) for phase in start])
        series = [np.empty((BLOCK, chunk.used, len(index)), dtype=dtype) for _ in reads.groups]
        shed = loop.shedding(state)
        for week in range(weeks + 1):
            if week:
                state, shed = loop.week(state, week - 1)
            classes = [reduce(np.add, state[first : last + 1]) for first, last in loop.spans]
            for row, group in zip(series, reads.gather([*classes, shed]), strict=True):
                row[week % BLOCK] = group
            if kept is not None:
                kept[index, week, : chunk.used] = np.stack(classes, axis=-1).swapaxes(0, 1)
            if week % BLOCK == BLOCK - 1 or week == weeks:
                since = week - week % BLOCK
                for output, value in zip(values, reads.read([row[: week + 1 - since] for row in series], chunk).values(), strict=True):
                    output[index, since : week + 1] = value.T
        end[:, : chunk.used, index] = state

    if _compiled(fast, int(steps.sum()) * weeks):
        from anagen.scalp.expect_fast import run

        run(cycle, tempo, start, reads, lanes, steps, slots, values, kept, end, threads)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, _alike(steps, slots)))
    return Course(
        np.arange(weeks + 1),
        {name: value.reshape(*lanes, weeks + 1) for name, value in zip(reads.outputs, values, strict=True)},
        [end[first : last + 1].reshape(-1, SLOTS, *lanes) for first, last in spans],
        None if kept is None else kept.reshape(*lanes, weeks + 1, SLOTS, 4),
    )


Spans = tuple[tuple[int, int], ...]


def _spans(stages: Sequence[Stages]) -> Spans:
    """First and last stage of each phase, all stages in one stack."""
    ends = np.cumsum([stage.count for stage in stages])
    return tuple((int(end) - stage.count, int(end) - 1) for end, stage in zip(ends, stages, strict=True))


def _compiled(fast: bool | None, work: int) -> bool:
    """Whether to take the compiled path: as asked, else where it is there and pays. work: lanes times sub-steps."""
    here = importlib.util.find_spec("numba") is not None
    if fast and not here:
        raise MissingExtra("numba", "fast")
    return fast if fast is not None else here and (work > WORTH_LOADING or "numba" in sys.modules)


class _Loop:
    """The weekly loop of one chunk of lanes: rates of the week, then the sub-steps."""

    def __init__(self, cycle: Cycle, tempo: Tempo, stages: tuple[Stages, ...], spans: Spans, chunk: _Chunk, steps: int, shed: bool) -> None:
        self.steps, self.sheds, self.spans = steps, shed, spans
        self.base = [chunk.slots(stage.rate_of_mean / mean / steps) for stage, mean in zip(stages, cycle.means_weeks(), strict=True)]
        self.empty = chunk.slots(cycle.kenogen_chances())
        self.shrink, self.room = chunk.lanes(cycle.shrink), chunk.slots(cycle.room())
        self.entry = tuple([(stage, chunk.lanes(share)) for stage, share in phase.entry()] for phase in stages)
        self.tempo = {name: chunk.lanes(array, 1) if array.ndim else array.astype(self.room.dtype) for name, array in tempo.rows().items()}
        self.recruits = bool(np.any(self.tempo["recruit_per_week"] > 0))
        self.same = all(array.ndim == 0 for array in self.tempo.values())
        self.leave = np.empty((spans[-1][1] + 1, *self.room.shape), self.room.dtype)
        self._rates: Rates | None = None

    def rates(self, week: int) -> Rates:
        """The rates of one week, from one sub-step's share of it."""
        if self._rates is not None and self.same:
            return self._rates
        now = {name: array[min(week, len(array) - 1)] if array.ndim else array for name, array in self.tempo.items()}
        speeds = (now["leave_anagen"], now["leave_catagen"], now["leave_telogen"], now["leave_kenogen"])
        for (first, last), base, speed in zip(self.spans, self.base, speeds, strict=True):
            if self._rates is None or speed.ndim:
                np.multiply(base, speed, out=self.leave[first : last + 1])
        down = np.minimum(self.shrink * now["shrink"], 1.0) * self.room
        up = (1 - down) * now["grow"]
        up[0] = 0
        self._rates = Rates(
            self.leave,
            np.minimum(self.empty * now["kenogen"], 1.0),
            down,
            up,
            now["recruit_per_week"] / self.steps if self.recruits else None,
            self.spans,
            self.entry,
        )
        return self._rates

    def week(self, state: Any, week: int) -> tuple[Any, Any]:
        """One week on: the occupancies after it, and the hairs shed in it."""
        rates = self.rates(week)
        shed: Any = 0.0
        half = state.dtype.type(0.5)
        for _ in range(self.steps):
            once, first = step(state, rates, _add)
            twice, second = step(once, rates, _add)
            twice += state
            twice *= half
            state = twice
            if self.sheds:
                shed = shed + (first + second) * half
        return state, shed

    def shedding(self, state: Any) -> Array:
        """Hairs shed per week at the start, before any week has passed."""
        last = self.spans[2][1]
        return np.asarray(self.rates(0).leave[last] * state[last] * self.steps)


def _add(array: Array, index: Any, value: Any) -> Array:
    array[index] += value
    return array


class _Chunk:
    """Some lanes, and the slots that they use: cuts what one thread needs out of the whole, contiguous."""

    def __init__(self, at: tuple[Any, ...], used: int, dtype: npt.DTypeLike) -> None:
        self.at, self.used, self.dtype = at, used, dtype

    def lanes(self, array: Array, free: int = 0) -> Array:
        """(*free axes, chunk) of an array (*free axes, *lanes); lanes of size 1 broadcast."""
        own = self.at[len(self.at) - (array.ndim - free) :]
        index = tuple(where if length > 1 else np.zeros_like(where) for where, length in zip(own, array.shape[free:], strict=True))
        size = len(self.at[0]) if self.at else 1
        cut = array[(*([slice(None)] * free), *index)] if index else np.broadcast_to(array[..., None], (*array.shape, size))
        return cut.astype(self.dtype, order="C")

    def slots(self, array: Array, free: int = 1) -> Array:
        """The used slots and the lanes of an array whose last free axis is the slot: (SLOTS, *lanes), (stages, SLOTS, *lanes)."""
        return self.lanes(array[(*([slice(None)] * (free - 1)), slice(self.used))], free)


def _sub_steps(cycle: Cycle, tempo: Tempo, lanes: tuple[int, ...], weeks: int) -> npt.NDArray[np.int64]:
    """How many sub-steps a week each lane needs for no chance to pass 1: (lanes,)."""
    rows = tempo.rows()

    def most(name: str) -> Array:
        array = rows[name]
        return array[: max(weeks, 1)].max(axis=0) if array.ndim else array

    fastest: Any = np.zeros(())
    names = ("leave_anagen", "leave_catagen", "leave_telogen", "leave_kenogen")
    for phase, (name, stage, mean) in enumerate(zip(names, cycle.stages(), cycle.means_weeks(), strict=True)):
        leave = np.max(stage.rate_of_mean / mean, axis=0) * most(name)
        fastest = np.maximum(fastest, leave + most("recruit_per_week") if phase == KENOGEN else leave)
    return np.maximum(np.ceil(np.broadcast_to(fastest, lanes).reshape(-1) - 1e-6), 1).astype(np.int64)


def _slots_used(cycle: Cycle, start: State, lanes: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """How many slots each lane can ever reach: (lanes,)."""
    filled = reduce(np.maximum, (phase.max(axis=0) > 0 for phase in start))
    deepest = np.max(filled * np.arange(SLOTS).reshape(-1, *([1] * (filled.ndim - 1))), axis=0)
    reach = np.maximum(deepest, np.where(cycle.shrink > 0, np.ceil(cycle.deepest()), 0))
    return np.broadcast_to(reach, lanes).reshape(-1).astype(np.int64) + 1


def _alike(steps: npt.NDArray[np.int64], slots: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The lanes in chunks that need the same sub-steps, and about the same slots."""
    order = np.lexsort((slots, steps))
    groups = np.split(order, np.flatnonzero(np.diff(steps[order])) + 1)
    return [part for group in groups for part in np.array_split(group, -(-len(group) // CHUNK))]


def _check_start(cycle: Cycle, start: State, lanes: tuple[int, ...]) -> tuple[int, ...]:
    shapes = [(stage.count, SLOTS) for stage in cycle.stages()]
    if len(start) != 4 or any(phase.shape[:2] != shape for phase, shape in zip(start, shapes, strict=True)):
        raise BadParameter("start", f"has shapes {[np.shape(phase) for phase in start]}", f"{shapes}, each followed by the lanes")
    total = sum(phase.sum(axis=(0, 1)) for phase in start)
    if any((phase < 0).any() for phase in start) or not np.allclose(total, 1.0, atol=1e-4):
        raise BadParameter("start", "is not a share of follicles in each lane", "numbers from 0 up that add up to 1")
    return np.broadcast_shapes(lanes, *(phase.shape[2:] for phase in start))
