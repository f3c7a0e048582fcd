"""Lanes laid out for the compiled loop of `expect`: a table of what differs by lane, and blocks of lanes that go side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.scalp.law import Cycle, State
from anagen.scalp.outputs import Readouts
from anagen.scalp.tempo import Array, Tempo

Ints = npt.NDArray[np.int64]
BLOCK = 64
TASK = 16
"""Lanes side by side, and how many blocks (each as often as it has sub-steps) a thread takes at a time."""
FIELDS = ("leave_anagen", "leave_catagen", "leave_telogen", "leave_kenogen", "kenogen", "shrink", "grow", "recruit_per_week")
"""The fields of a tempo in the order in which the loop reads them."""


class Table:
    """Numbers that differ by lane, each row once over its own lanes: what a block needs is looked up, never spread out.

    Row r of a lane is `flat[first[r] + maps[shape[r], lane]]`.
    """

    def __init__(self, lanes: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        self.lanes, self.dtype = lanes, np.dtype(dtype)
        self.parts: list[Array] = []
        self.first: list[int] = []
        self.shape: list[int] = []
        self.shapes: dict[tuple[int, ...], int] = {}
        self.size = 0

    def add(self, array: Array, free: int = 0) -> int:
        """Takes in (*free axes, *lanes) and gives its first row; one row for each place of the free axes, in their order."""
        shape = self.shape_of(array, free)
        rows = array.reshape(int(np.prod(array.shape[:free])), -1)
        first = len(self.first)
        self.parts.append(rows.reshape(-1))
        self.first += [self.size + row * rows.shape[1] for row in range(len(rows))]
        self.shape += [shape] * len(rows)
        self.size += rows.size
        return first

    def shape_of(self, array: Array, free: int = 0) -> int:
        """The number of the map from a lane to a place in the lanes of (*free axes, *lanes)."""
        return self.shapes.setdefault(array.shape[free:], len(self.shapes))

    def packed(self) -> tuple[Array, Ints, Ints, npt.NDArray[np.int32]]:
        """`flat`, `first`, `shape`, `maps`."""
        flat, place = np.empty(self.size, self.dtype), 0
        for part in self.parts:
            flat[place : place + part.size] = part
            place += part.size
        maps = [np.broadcast_to(np.arange(np.prod(own), dtype=np.int32).reshape(own), self.lanes).reshape(-1) for own in self.shapes]
        return flat, np.array(self.first), np.array(self.shape), np.stack(maps)


class Job(NamedTuple):
    """All that the compiled loop is told. A row is one of `Table`; -1 stands for none."""

    order: Any
    """Lanes, block after block."""
    table: Any
    """`Table.packed()`."""
    spans: Any
    """First and last stage of each phase, (4, 2)."""
    start: Any
    leave: Any
    """For each phase the row of its first (stage, slot), and the row of the chance a sub-step of leaving it in the first slot."""
    chances: Any
    """Rows of the chance of kenogen, of the room to shrink (first slots), and of the chance to shrink."""
    entry: Any
    """(Stage, row of the share) of every entry."""
    tempo: Any
    """Each of FIELDS as (weeks, its own lanes)."""
    tempo_shape: Any
    """Its map in the table."""
    groups: Any
    """The classes that each group of hairs adds up."""
    reads: Any
    """(Group, row of the weight in the first slot) of every quantity."""
    outputs: Any
    """(Quantity on top, below, row of the factor) of every output."""
    block: int
    """The most lanes of a block."""
    recruits: bool
    tiny: Any
    """The least bottom of a ratio."""
    values: Any
    kept: Any
    end: Any
    """Where it all goes."""


def job_of(cycle: Cycle, tempo: Tempo, start: State, reads: Readouts, table: Table, steps: Ints) -> Job:
    """What the law, the tempo, the start and the outputs come to; `order`, `values`, `kept` and `end` are still to be filled in."""
    stages, dtype = cycle.stages(), table.dtype
    ends = np.cumsum([stage.count for stage in stages])
    spans = np.array([(end - stage.count, end - 1) for end, stage in zip(ends, stages, strict=True)])
    many: Any = steps[0] if (steps == steps[0]).all() else steps.reshape(table.lanes)
    leave = [stage.rate_of_mean / mean for stage, mean in zip(stages, cycle.means_weeks(), strict=True)]
    fields = [row if row.ndim else row[None] for row in (tempo.rows()[name] for name in FIELDS)]
    places = {quantity: place for place, quantity in enumerate(reads.weights)}
    per_cm2 = reads.per_cm2.astype(dtype)
    outputs = [
        (places[out.top], -1, table.add(np.asarray(per_cm2 * np.asarray(out.scale, dtype))))
        if out.bottom is None
        else (places[out.top], places[out.bottom], -1)
        for out in reads.outputs.values()
    ]
    told = Job(
        order=None,
        table=None,
        spans=spans,
        start=np.array([table.add(phase, 2) for phase in start]),
        leave=np.array([table.add(_wide(chance, 1, table.lanes) / many, 1) for chance in leave]),
        chances=np.array([table.add(cycle.kenogen_chances(), 1), table.add(cycle.room(), 1), table.add(cycle.shrink)]),
        entry=np.array(
            [(since + at, table.add(share)) for (since, _), phase in zip(spans, stages, strict=True) for at, share in phase.entry()]
        ),
        tempo=tuple(np.ascontiguousarray(row.reshape(len(row), -1), dtype=dtype) for row in fields),
        tempo_shape=np.array([table.shape_of(row, 1) for row in fields]),
        groups=_ints([(*group, *[-1] * (5 - len(group))) for group in reads.groups], 5),
        reads=_ints([(reads.groups.index(quantity.phases), table.add(weight, 1)) for quantity, weight in reads.weights.items()], 2),
        outputs=_ints(outputs, 3),
        block=BLOCK,
        recruits=bool(np.any(tempo.rows()["recruit_per_week"] > 0)),
        tiny=np.finfo(dtype).tiny,
        values=None,
        kept=None,
        end=None,
    )
    return told._replace(table=table.packed())


def _ints(rows: Sequence[Sequence[int]], width: int) -> Ints:
    """Rows of whole numbers, (rows, width) even if there is none."""
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def _wide(array: Array, free: int, lanes: tuple[int, ...]) -> Array:
    """With an axis for each of the lanes, those it does not have of length 1."""
    return array.reshape(*array.shape[:free], *[1] * (len(lanes) + free - array.ndim), *array.shape[free:])


def blocks_of(steps: Ints, slots: Ints) -> tuple[Ints, Ints, list[tuple[int, int]]]:
    """The lanes in an order, where it is cut into blocks, and the blocks that a thread takes at a time, the slow ones first.

    The lanes of a block need the same sub-steps, and about the same slots.
    """
    order = np.lexsort((slots, -steps))
    groups = np.flatnonzero(np.diff(steps[order], prepend=-1, append=-1))
    cuts = np.concatenate([*(np.arange(a, b, BLOCK) for a, b in pairwise(groups)), groups[-1:]])
    work = np.cumsum(steps[order[cuts[:-1]]]) // TASK
    ends = [0, *(np.flatnonzero(np.diff(work)) + 1).tolist(), len(work)]
    return order, cuts, list(pairwise(ends))
