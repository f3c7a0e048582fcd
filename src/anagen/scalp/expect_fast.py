"""The compiled twin of the weekly loop of `expect` (extra `fast`): the same scheme, operation for operation.

`law.step` is the formula to read; this is what it does to a block of lanes, and a test holds the two together. Lanes lie
innermost, a block of them side by side (`blocks`), so that every loop is one of vector instructions over lanes that never mix;
the lanes of a block need the same sub-steps, and it is only as deep as their slots reach. Nothing is reordered or contracted:
each number is the one that NumPy gives, to the last bit, whatever the block, the chunk or the thread.

The compiled loop is kept in a cache that is renewed when this file changes: what other files may change is handed in.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit

from anagen.scalp.blocks import Ints, Table, blocks_of, job_of
from anagen.scalp.law import ANAGEN, CATAGEN, KENOGEN, TELOGEN, Cycle, State
from anagen.scalp.outputs import Readouts
from anagen.scalp.tempo import Array, Tempo

BORN, GROWN, REGRESSED, EMPTIED, REBORN, MOVED, SPARE, SHED_NOW, SHED_FIRST = np.arange(9)
SHRINKS, FULL, ROOM, EMPTY, DOWN, UP, WOKEN, CLASSES, SHED_ALL, SLOW, LEAVE, NOW, FIXED = np.array([*range(9, 17), 20, 21, 25, 29, 37])
"""Rows of the workspace of a block, (slots, lanes) each; the first four are what enters the four phases. From row FIXED on stand the
states and what the caller's numbers of stages, entries and outputs ask for."""
F_EMPTY, F_SHRINK, F_GROW, F_RECRUIT = range(4, 8)
"""Places in `blocks.FIELDS`; before them the speeds of leaving the four phases."""
within: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Any = njit(**within)


@inner
def _set(w: Any, out: Any, one: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = w[one, j]


@inner
def _add(w: Any, out: Any, one: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] += w[one, j]


@inner
def _less_and_more(w: Any, out: Any, one: Any, less: Any, more: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = w[one, j] - w[less, j] + w[more, j]


@inner
def _less_both(w: Any, out: Any, one: Any, less: Any, too: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = w[one, j] - w[less, j] - w[too, j]


@inner
def _times(w: Any, out: Any, one: Any, two: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = w[one, j] * w[two, j]


@inner
def _add_times(w: Any, out: Any, one: Any, two: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] += w[one, j] * w[two, j]


@inner
def _take_times(w: Any, out: Any, one: Any, two: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] -= w[one, j] * w[two, j]


@inner
def _at_most_one(w: Any, out: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = min(w[out, j], w.dtype.type(1))


@inner
def _average(w: Any, out: Any, one: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = (w[one, j] + w[out, j]) * w.dtype.type(0.5)


@inner
def _every_slot(w: Any, out: Any, one: Any, side: Any, width: Any) -> None:
    """The number of each lane in every slot."""
    for k in range(width // side):
        for i in range(side):
            w[out, k * side + i] = w[one, i]


@inner
def _slot_below(w: Any, out: Any, one: Any, side: Any, width: Any) -> None:
    """What one slot has is added to the next smaller calibre."""
    for j in range(width - side):
        w[out, side + j] += w[one, j]


@inner
def _slot_above(w: Any, out: Any, one: Any, side: Any, width: Any) -> None:
    for j in range(width - side):
        w[out, j] += w[one, side + j]


@inner
def _stay(w: Any, out: Any, here: Any, leave: Any, width: Any) -> None:
    for j in range(width):
        w[out, j] = w[here, j] - w[leave, j] * w[here, j]


@inner
def _look_up(w: Any, out: Any, slot: Any, row: Any, flat: Any, first: Any, shape: Any, at: Any, side: Any) -> None:
    since, own, place = first[row], shape[row], np.uint64(slot) * side
    for i in range(side):
        w[out, place + i] = flat[since + at[own, i]]


@inner
def _step(w: Any, state: Any, after: Any, average: Any, recruits: Any, spans: Any, entry: Any, share: Any, side: Any, width: Any) -> None:
    """`law.step` of a block: from rows `state` into rows `after`, or (average) to half-way between what was there and it."""
    _times(w, GROWN, LEAVE + ANAGEN, state + spans[ANAGEN, 1], width)
    _times(w, REGRESSED, LEAVE + CATAGEN, state + spans[CATAGEN, 1], width)
    _times(w, SHED_NOW, LEAVE + TELOGEN, state + spans[TELOGEN, 1], width)
    _times(w, MOVED, LEAVE + KENOGEN, state + spans[KENOGEN, 1], width)
    _times(w, EMPTIED, EMPTY, SHED_NOW, width)
    _less_and_more(w, REBORN, SHED_NOW, EMPTIED, MOVED, width)
    if recruits:
        _times(w, MOVED, WOKEN, state + spans[KENOGEN, 0], width)
        for n in range(spans[KENOGEN, 0] + 1, spans[KENOGEN, 1] + 1):
            _add_times(w, MOVED, WOKEN, state + n, width)
        _add(w, REBORN, MOVED, width)
    _times(w, MOVED, DOWN, REBORN, width)
    _times(w, SPARE, UP, REBORN, width)
    _less_both(w, BORN, REBORN, MOVED, SPARE, width)
    _slot_below(w, BORN, MOVED, side, width)
    _slot_above(w, BORN, SPARE, side, width)
    for phase in range(4):
        for n in range(spans[phase, 0], spans[phase, 1] + 1):
            here, row = state + n, SPARE if average else after + n
            _stay(w, row, here, LEAVE + phase, width)
            if phase == KENOGEN and recruits:
                _take_times(w, row, WOKEN, here, width)
            if n > spans[phase, 0]:
                _add_times(w, row, LEAVE + phase, here - 1, width)
            for e in range(len(entry)):
                if entry[e, 0] == n:
                    _add_times(w, row, share + e, BORN + phase, width)
            if average:
                _average(w, after + n, SPARE, width)


@njit(nogil=True, cache=True, error_model="numpy")
def _run(job: Any, cuts: Any, used: Any, steps: Any) -> None:
    """Every week of some blocks: where they are cut, the slots they use, and their sub-steps."""
    flat, first, shape, maps = job.table
    order, spans, tempo, entry, groups, reads, outs = job.order, job.spans, job.tempo, job.entry, job.groups, job.reads, job.outputs
    begin, base, chance, recruits, values, kept, end = job.start, job.leave, job.chances, job.recruits, job.values, job.kept, job.end
    stages, slots, weeks = end.shape[0], end.shape[1], values.shape[2]
    state, once, share = FIXED, FIXED + stages, FIXED + 2 * stages
    gathered = share + len(entry)
    weight = gathered + len(groups)
    found = weight + len(reads)
    scale = found + len(reads)
    w = np.zeros((scale + len(outs), slots * job.block), flat.dtype)
    series = np.empty((len(outs), weeks, job.block), flat.dtype)
    at, last = np.empty((len(maps), job.block), np.uint64), np.empty(len(tempo), np.int64)
    for b in range(len(used)):
        since, depth, often = cuts[b], used[b], flat.dtype.type(steps[b])
        side = np.uint64(cuts[b + 1] - since)
        width = np.uint64(depth) * side
        for m in range(len(maps)):
            for i in range(side):
                at[m, i] = maps[m, order[since + i]]
        for k in range(depth):
            for phase in range(4):
                _look_up(w, SLOW + phase, k, base[phase] + k, flat, first, shape, at, side)
                for n in range(spans[phase, 0], spans[phase, 1] + 1):
                    _look_up(w, state + n, k, begin[phase] + (n - spans[phase, 0]) * slots + k, flat, first, shape, at, side)
            _look_up(w, FULL, k, chance[0] + k, flat, first, shape, at, side)
            _look_up(w, ROOM, k, chance[1] + k, flat, first, shape, at, side)
            for q in range(len(reads)):
                _look_up(w, weight + q, k, reads[q, 1] + k, flat, first, shape, at, side)
        for e in range(len(entry)):
            _look_up(w, SPARE, 0, entry[e, 1], flat, first, shape, at, side)
            _every_slot(w, share + e, SPARE, side, width)
        _look_up(w, SPARE, 0, chance[2], flat, first, shape, at, side)
        _every_slot(w, SHRINKS, SPARE, side, width)
        for o in range(len(outs)):
            if outs[o, 1] < 0:
                _look_up(w, scale + o, 0, outs[o, 2], flat, first, shape, at, side)
        last[:] = -1
        for week in range(weeks):
            turned = False
            for f in range(len(tempo)):
                row = min(max(week - 1, 0), len(tempo[f]) - 1)
                if row == last[f]:
                    continue
                last[f] = row
                for i in range(side):
                    w[SPARE, i] = tempo[f][row, at[job.tempo_shape[f], i]]
                _every_slot(w, NOW + f, SPARE, side, width)
                if f < F_EMPTY:
                    _times(w, LEAVE + f, SLOW + f, NOW + f, width)
                elif f == F_EMPTY:
                    _times(w, EMPTY, FULL, NOW + f, width)
                    _at_most_one(w, EMPTY, width)
                elif f == F_RECRUIT:
                    for j in range(width):
                        w[WOKEN, j] = w[NOW + F_RECRUIT, j] / often
                else:
                    turned = True
            if turned:
                _times(w, DOWN, SHRINKS, NOW + F_SHRINK, width)
                _at_most_one(w, DOWN, width)
                for j in range(width):
                    w[DOWN, j] *= w[ROOM, j]
                    w[UP, j] = (flat.dtype.type(1) - w[DOWN, j]) * w[NOW + F_GROW, j]
                for i in range(side):
                    w[UP, i] = 0
            if week == 0:
                _times(w, SHED_ALL, LEAVE + TELOGEN, state + spans[TELOGEN, 1], width)
                for j in range(width):
                    w[SHED_ALL, j] *= often
            else:
                for j in range(width):
                    w[SHED_ALL, j] = 0
                for _ in range(steps[b]):
                    for second in range(2):
                        _set(w, SHED_FIRST, SHED_NOW, width)
                        here, then = (once, state) if second else (state, once)
                        _step(w, here, then, second == 1, recruits, spans, entry, share, side, width)
                    _average(w, SHED_NOW, SHED_FIRST, width)
                    _add(w, SHED_ALL, SHED_NOW, width)
            for phase in range(4):
                _set(w, CLASSES + phase, state + spans[phase, 0], width)
                for n in range(spans[phase, 0] + 1, spans[phase, 1] + 1):
                    _add(w, CLASSES + phase, state + n, width)
            if kept.size:
                for k in range(depth):
                    for phase in range(4):
                        for i in range(side):
                            kept[order[since + i], week, k, phase] = w[CLASSES + phase, np.uint64(k) * side + i]
            for g in range(len(groups)):
                _set(w, gathered + g, CLASSES + groups[g, 0], width)
                for c in range(1, groups.shape[1]):
                    if groups[g, c] >= 0:
                        _add(w, gathered + g, CLASSES + groups[g, c], width)
            for q in range(len(reads)):
                _times(w, SPARE, gathered + reads[q, 0], weight + q, width)
                _set(w, found + q, SPARE, side)
                for k in range(side, width, side):
                    for i in range(side):
                        w[found + q, i] += w[SPARE, k + i]
            for o in range(len(outs)):
                top, bottom = found + outs[o, 0], found + outs[o, 1]
                if outs[o, 1] < 0:
                    for i in range(side):
                        series[o, week, i] = w[top, i] * w[scale + o, i]
                else:
                    for i in range(side):
                        series[o, week, i] = w[top, i] / max(w[bottom, i], job.tiny)
        for o in range(len(outs)):
            for i in range(side):
                lane = order[since + i]
                for week in range(weeks):
                    values[o, lane, week] = series[o, week, i]
        for n in range(stages):
            for k in range(depth):
                for i in range(side):
                    end[n, k, order[since + i]] = w[state + n, np.uint64(k) * side + i]


def run(
    cycle: Cycle, tempo: Tempo, start: State, reads: Readouts, lanes: tuple[int, ...], steps: Ints, slots: Ints,
    values: Array, kept: Array | None, end: Array, threads: int,
) -> None:  # fmt: skip
    """Fills `values` (outputs, lanes, weeks + 1), `kept` (lanes, weeks + 1, SLOTS, 4) and `end` (all stages, SLOTS, lanes)."""
    order, cuts, tasks = blocks_of(steps, slots)
    job = job_of(cycle, tempo, start, reads, Table(lanes, values.dtype), steps)._replace(
        order=order, values=values, kept=kept if kept is not None else np.empty((0, 0, 0, 0), values.dtype), end=end
    )
    used, often = np.maximum.reduceat(slots[order], cuts[:-1]), steps[order[cuts[:-1]]]

    def work(task: tuple[int, int]) -> None:
        since, until = task
        _run(job, cuts[since : until + 1], used[since:until], often[since:until])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, tasks))
