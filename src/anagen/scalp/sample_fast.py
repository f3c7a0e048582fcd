"""The compiled walk of single follicles (extra `fast`): the same arithmetic as `sample.walk`, one follicle after another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from anagen.ground import chance
from anagen.scalp.law import ANAGEN, KENOGEN
from anagen.scalp.stay import BORN, EMPTIED, EXPONENTIAL, NODES, Script

GOLDEN, MIX1, MIX2 = np.uint64(chance.GOLDEN), np.uint64(chance.MIX1), np.uint64(chance.MIX2)
S1, S30, S27, S31, S32, LOW = (np.uint64(n) for n in (1, 30, 27, 31, 32, 0xFFFFFFFF))
TO_UNIT = chance.TO_UNIT


@njit(inline="always")
def _mix(word: Any) -> Any:
    word = (word ^ (word >> S30)) * MIX1
    word = (word ^ (word >> S27)) * MIX2
    return word ^ (word >> S31)


@njit(inline="always")
def _bits(stream: Any, visit: Any) -> Any:
    return _mix(stream + GOLDEN * (np.uint64(visit) + S1))


@njit(inline="always")
def _unit(draw: Any) -> Any:
    return (np.float64(draw) + 0.5) * TO_UNIT


@njit(inline="always")
def _quantile(table: Any, row: Any, kind: Any, draw: Any) -> Any:
    x = (np.float64(draw) + 0.5) * (NODES * TO_UNIT)
    cell = np.int64(x)
    x -= cell
    if cell == 0 or cell == NODES - 1:
        finer = x * NODES
        inner = np.int64(finer)
        x, cell = finer - inner, inner + (NODES + 1 if cell == 0 else 2 * (NODES + 1))
    low = table[row, kind, cell]
    return low + x * (table[row, kind, cell + 1] - low)


@njit(nogil=True, cache=True, boundscheck=False)
def _walk(
    key: Any, first: Any, size: Any, weeks: Any, per_week: Any, recruits: Any, calendar: Any, table: Any, mean: Any, clock: Any,
    speed: Any, pace: Any, guess: Any, per_cell: Any, empty: Any, down: Any, up: Any, first_of: Any, fill: Any, looks: Any,
    begin: Any, moves: Any, seen: Any,
) -> None:  # fmt: skip
    for i in range(size):
        stream = _mix(key + GOLDEN * (np.uint64(first + i) + S1))
        state = np.searchsorted(fill, _unit(np.int64(_bits(stream, 0) >> S32)), side="right")
        slot, phase, kind = first_of[0, state], first_of[1, state], 1 + first_of[2, state]
        begin[slot, phase] += 1
        at, visit, look = 0.0, 1 + phase, 0
        word = _bits(stream, visit)
        while True:
            upper, lower = np.int64(word >> S32), np.int64(word & LOW)
            row, needed, left = phase, _quantile(table, phase, kind, upper) * mean[phase, slot], np.inf
            now = np.int64(at)
            while True:
                if calendar[row]:
                    left = min(left, at + needed)
                else:
                    target = clock[row, now] + (at - now) * speed[row, now] + needed
                    if target < clock[row, weeks]:
                        week = np.int64(guess[row, np.int64(target * per_cell[row])])
                        while clock[row, week + 1] <= target:
                            week += 1
                        left = min(left, week + (target - clock[row, week]) * pace[row, week])
                if row != KENOGEN or not recruits:
                    break
                row, needed = EXPONENTIAL, _quantile(table, EXPONENTIAL, 0, lower)
            while look < looks.size and (looks[look] < left or left >= weeks):
                seen[look, i] = slot * 4 + phase
                look += 1
            if left >= weeks:
                break
            at, kind = left, 0
            week, grid = np.int64(at), np.int64(np.ceil(at * per_week))
            moves[grid, slot, phase] += 1
            visit += 1
            phase = (phase + 1) % 4
            if phase == KENOGEN:
                if _unit(lower) < empty[week, slot]:
                    moves[grid, slot, EMPTIED] += 1
                else:
                    visit += 1
                    phase = ANAGEN
            word = _bits(stream, visit)
            if phase == ANAGEN:
                toss = _unit(np.int64(word & LOW))
                if toss < down[week, slot]:
                    slot += 1
                elif toss > up[week, slot]:
                    slot -= 1
                moves[grid, slot, BORN] += 1


def walk(script: Script, key: int, first: int, size: int, per_week: float, looks: Any, begin: Any, moves: Any, seen: Any) -> None:
    """As `sample.walk`, compiled."""
    s = script
    _walk(
        np.uint64(key), first, size, s.weeks, per_week, s.recruits, s.calendar, s.table, s.mean, s.clock, s.speed, s.pace, s.guess,
        s.per_cell, s.empty, s.down, s.up, s.first_of, s.fill, looks, begin, moves, seen,
    )  # fmt: skip
