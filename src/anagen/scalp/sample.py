"""The second reading of the law: follicle by follicle, event by event.

A stay is drawn once, as operational time, and ends when the tempo has run that much of it (time change of a semi-Markov
process): nothing is stepped from day to day. Every draw is keyed by (seed, person, follicle, visit), so the answer is the
same whatever the chunks, threads or order, and a treatment added changes nothing but what it acts on. This file is the NumPy
path; `sample_fast` (extra `fast`) walks the same histories, number for number, compiled.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground import chance
from anagen.ground.errors import BadParameter, MissingExtra
from anagen.scalp.law import ANAGEN, CATAGEN, KENOGEN, SLOTS, TELOGEN, Cycle, State, aligned, settled
from anagen.scalp.stay import BORN, EMPTIED, MOVES, Script
from anagen.scalp.tempo import Array, Tempo

CHUNK = 65536
Ints = npt.NDArray[np.int64]
Group = tuple[Ints, Ints, Array]
"""Follicles that enter a phase: which, their slots, and when."""


@dataclass(frozen=True)
class Looks:
    """Single follicles at some moments: `weeks` (M,), `slot` and `phase` (M, n) as uint8, `calibre_um` (M, n) of each hair.

    A follicle keeps its number, and its place in the spread of calibres, from look to look and from plan to plan.
    """

    weeks: Array
    slot: npt.NDArray[np.uint8]
    phase: npt.NDArray[np.uint8]
    calibre_um: Array


@dataclass(frozen=True)
class Sampled:
    """What `sample` followed. `weeks`: (T,) the grid. `counts`: (T, SLOTS, 4) follicles. `shed`: (T, SLOTS) hairs since the last.

    `looks`: the follicles themselves at the weeks asked for, or None. `events`: how many changes of phase were followed.
    """

    weeks: Array
    counts: Ints
    shed: Ints
    looks: Looks | None
    events: int

    @property
    def follicles(self) -> int:
        """How many follicles were followed."""
        return int(self.counts[0].sum())


def sample(
    cycle: Cycle,
    tempo: Tempo | None = None,
    weeks: int = 104,
    *,
    follicles: int = 1000,
    start: State | None = None,
    seed: int = 0,
    person: int | str = 0,
    every_days: int = 7,
    look_weeks: Sequence[float] = (),
    fast: bool | None = None,
    threads: int | None = None,
) -> Sampled:
    """Follow `follicles` single follicles for `weeks` under one cycle and one tempo (no lanes).

    start: occupancy to draw the first state from, (stages, SLOTS) for each phase (default: a healthy scalp). every_days:
    spacing of the grid of counts. look_weeks: moments at which to keep each follicle. fast: True for the compiled path
    (`MissingExtra` without Numba), False for NumPy, None for whichever is there; the histories are the same.

    Raises `BadParameter` for lanes, a horizon or number below 0, or a look outside the horizon.

    >>> from anagen.scalp.law import healthy
    >>> run = sample(healthy(), weeks=52, follicles=500, seed=1)
    >>> run.counts.shape, run.follicles
    ((53, 8, 4), 500)
    """
    tempo = tempo if tempo is not None else Tempo()
    if cycle.lanes or tempo.lanes not in ((), (1,)):
        raise BadParameter("cycle", f"has lanes {cycle.lanes or tempo.lanes}", "one set of parameters; loop over people or draws")
    for name, value, least in (("weeks", weeks, 1), ("follicles", follicles, 1), ("every_days", every_days, 1)):
        if value < least or int(value) != value:
            raise BadParameter(name, f"is {value}", f"a whole number from {least} up")
    looks = np.asarray(sorted(look_weeks), dtype=np.float64)
    if looks.size and (looks[0] < 0 or looks[-1] > weeks):
        raise BadParameter("look_weeks", f"has {looks[0]:g} to {looks[-1]:g}", f"moments from 0 to {weeks}")
    start = [phase.reshape(*phase.shape[:2]) for phase in (settled(cycle) if start is None else aligned(start, cycle))]
    script = Script(cycle, tempo, weeks, start)
    walk = _walker(fast)
    grid = int(weeks * 7 // every_days)
    key = chance.key(seed, person, "follicle")

    threads = threads or len(os.sched_getaffinity(0))
    chunk = min(CHUNK, -(-follicles // threads))

    def work(first: int) -> tuple[Ints, Ints, Any]:
        size = min(chunk, follicles - first)
        begin, moves = np.zeros((SLOTS, 4), np.int64), np.zeros((grid + 2, SLOTS, MOVES), np.int64)
        seen = np.zeros((len(looks), size), np.uint8)
        walk(script, key, first, size, 7.0 / every_days, looks, begin, moves, seen)
        return begin, moves, seen

    begin, moves = np.zeros((SLOTS, 4), np.int64), np.zeros((grid + 2, SLOTS, MOVES), np.int64)
    seen = np.empty((len(looks), follicles), np.uint8)
    firsts = range(0, follicles, chunk)
    with ThreadPoolExecutor(threads) as pool:
        for first, (there, more, look) in zip(firsts, pool.map(work, firsts), strict=True):
            begin += there
            moves += more
            seen[:, first : first + look.shape[1]] = look
    left, entered = moves[:-1, :, :4], moves[:-1][:, :, [BORN, ANAGEN, CATAGEN, EMPTIED]]
    counts, shed = begin + (entered - left).cumsum(axis=0), left[..., TELOGEN].copy()
    found = None
    if looks.size:
        slot, phase = seen // 4, seen % 4
        found = Looks(looks, slot, phase, cycle.calibres_um()[slot] * _thickness(cycle, key, follicles))
    return Sampled(np.arange(grid + 1) * every_days / 7.0, counts, shed, found, int(moves[..., :4].sum()))


def _thickness(cycle: Cycle, key: int, follicles: int) -> Array:
    """Each follicle's own place in the lognormal spread of its slot, kept for life: (n,)."""
    from scipy.special import ndtri

    score = ndtri(chance.uniform(key ^ chance.key("calibre"), np.arange(follicles)))
    return np.asarray(np.exp(score * np.sqrt(np.log1p(float(cycle.calibre_cv) ** 2))))


def _walker(fast: bool | None) -> Any:
    if fast is None:
        fast = importlib.util.find_spec("numba") is not None
    if not fast:
        return walk
    if importlib.util.find_spec("numba") is None:
        raise MissingExtra("numba", "fast")
    from anagen.scalp.sample_fast import walk as compiled

    return compiled


def walk(script: Script, key: int, first: int, size: int, per_week: float, looks: Array, begin: Ints, moves: Any, seen: Any) -> None:
    """Follow follicles `first` to `first + size` to the horizon, turn by turn: all that are in one phase move on together.

    Adds the start to `begin`, every move to `moves` (differences over the grid), and the state at each look to `seen`.
    """
    streams = chance.streams(key, np.arange(first, first + size))
    slots, phases, stages = script.first(chance.halves(chance.bits(streams, 0))[0])
    np.add.at(begin, (slots, phases), 1)
    tally = moves.reshape(-1)
    waiting: list[list[Group]] = [[], [], [], []]

    def cell(slot: Ints, at: Array) -> Ints:
        return np.asarray((np.ceil(at * per_week).astype(np.int64) * SLOTS + slot) * MOVES)

    def stay(phase: int, cycle: int, group: Group, kind: Any = 0) -> None:
        """Each of a group stays in a phase and, if that ends before the horizon, waits for its turn in the next."""
        who, slot, at = group
        words = chance.bits(streams.take(who), 1 + cycle * 4 + phase)
        if phase == ANAGEN and cycle:
            slot = resize(slot, at, words)
        left = script.leave(phase, slot, kind, at, words)
        for index, look in enumerate(looks):
            here = (at <= look) & ((look < left) | (left >= script.weeks))
            seen[index, who[here]] = slot[here] * 4 + phase
        goes = np.flatnonzero(left < script.weeks)
        who, slot, at = who.take(goes), slot.take(goes), left.take(goes)
        where = cell(slot, at)
        np.add.at(tally, where + phase, 1)
        if phase != TELOGEN:
            waiting[(phase + 1) % 4].append((who, slot, at))
            return
        empties = chance.halves(words.take(goes))[1] < script.empty.reshape(-1).take(at.astype(np.int64) * SLOTS + slot)
        np.add.at(tally, where[empties] + EMPTIED, 1)
        for follows, those in ((KENOGEN, empties), (ANAGEN, ~empties)):
            waiting[follows].append((who[those], slot[those], at[those]))

    def resize(slot: Ints, at: Array, words: Any) -> Ints:
        """The slots of new anagens: one step down, one up, or as before."""
        toss, now = chance.halves(words)[1], at.astype(np.int64) * SLOTS + slot
        slot = slot + (toss < script.down.reshape(-1).take(now)) - (toss > script.up.reshape(-1).take(now))
        np.add.at(tally, cell(slot, at) + BORN, 1)
        return slot

    for phase in range(4):
        here = np.flatnonzero(phases == phase)
        stay(phase, 0, (here, slots[here], np.zeros(here.size)), 1 + stages[here])
    cycle = 0
    while any(waiting):
        for phase in (CATAGEN, TELOGEN, KENOGEN, ANAGEN):
            groups, waiting[phase] = [group for group in waiting[phase] if group[0].size], []
            if groups:
                who, slot, at = (np.concatenate(parts) if len(parts) > 1 else parts[0] for parts in zip(*groups, strict=True))
                stay(phase, cycle + (phase == ANAGEN), (who, slot, at))
        cycle += 1
