"""How a scalp comes to be as it is: the untreated loss of every draw of a belief, tabulated once, and read backwards.

A starting state is a point on a draw's own untreated course. The table is made once per belief and kind of person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.scalp.expect import expect
from anagen.scalp.law import SLOTS, Cycle, State, aligned, settled
from anagen.scalp.outputs import Readouts
from anagen.scalp.tempo import Array, Tempo

QUARTER = 13
READ = ("visible", "terminal", "calibre")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """Untreated courses from a full scalp on. `cycle`: (n,) lanes. `states`: (Q, n, cells), every 13 weeks.

    `course`: output -> (n, Q). Cells are (stage, slot) of each phase in turn; `shapes` says how they unfold.
    """

    cycle: Cycle
    states: Array
    course: dict[str, Array]
    shapes: tuple[tuple[int, int], ...]

    def at(self, weeks: Ints, draws: Ints) -> State:
        """The occupancies of some draws after their own number of weeks: (stages, SLOTS, len(draws))."""
        quarter = np.minimum(weeks // QUARTER, len(self.states) - 1)
        rest = np.minimum(weeks - quarter * QUARTER, QUARTER)
        cycle = lanes_of(self.cycle, draws)
        state = aligned(unfold(self.states[quarter, draws].T, self.shapes), cycle)
        going = (np.arange(QUARTER)[:, None] < rest).astype(np.float32)
        frozen = Tempo(leave_anagen=going, leave_catagen=going, leave_telogen=going, leave_kenogen=going)
        return expect(cycle, frozen, int(rest.max(initial=0)), start=state, outputs=()).end

    def crossing(self, output: str, target: Array) -> Array:
        """Weeks until a course first falls to each target: (n,); 0 if it starts there, endless if it never does."""
        course = self.course[output]
        below = course <= target[:, None]
        first = below.argmax(axis=1)
        rows = np.arange(len(course))
        high, low = course[rows, np.maximum(first - 1, 0)], course[rows, first]
        part = np.divide(high - target, high - low, out=np.zeros_like(target), where=high > low)
        weeks = np.where(first > 0, (first - 1 + part) * QUARTER, 0.0)
        return np.where(below.any(axis=1), weeks, np.inf)

    def value(self, output: str, weeks: Array) -> Array:
        """An output of each draw at its own time, between quarters by a straight line: (n,)."""
        course = self.course[output]
        last = course.shape[1] - 1
        place = np.clip(weeks / QUARTER, 0, last)
        quarter = np.minimum(place.astype(np.int64), last - 1)
        rows = np.arange(len(course))
        low, high = course[rows, quarter], course[rows, quarter + 1]
        return np.asarray(low + (place - quarter) * (high - low))


def history(belief: Belief, years: float, *subjects: str, between: bool = False) -> History:
    """The untreated courses of a belief over at least `years`, kept for the next question about the same kind of person.

    between: let each draw be one person, faster or slower than the middle one (`Belief.cycle`).
    """
    return _history(_Same(belief), max(int(np.ceil(years / 10)) * 10, 10) * 4, subjects, between)


class _Same:
    """A belief as a key: the same object, or another with the same label, seed and size."""

    def __init__(self, belief: Belief) -> None:
        self.belief = belief

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.belief is self.belief

    def __hash__(self) -> int:
        return id(self.belief)


@lru_cache(maxsize=4)
def _history(same: _Same, quarters: int, subjects: tuple[str, ...], between: bool) -> History:
    """Every cell is run for one quarter on its own; from then on a quarter is one matrix product."""
    cycle = same.belief.cycle(*subjects, between=between)
    start = settled(cycle, np.float32)
    shapes = tuple((phase.shape[0], SLOTS) for phase in start)
    cells = sum(stages * slots for stages, slots in shapes)
    n = cycle.lanes[0]
    alone = unfold(np.broadcast_to(np.eye(cells, dtype=np.float32)[:, None, :], (cells, n, cells)), shapes)
    wide = Cycle(**{name: value[:, None] if value.ndim else value for name, value in vars(cycle).items()})
    quarter = fold(expect(wide, weeks=QUARTER, start=alone, outputs=()).end).transpose(1, 2, 0)  # (n, from, to)
    quarter = np.ascontiguousarray(quarter)
    states = np.empty((quarters + 1, n, cells), dtype=np.float32)
    states[0] = fold(start).T
    for index in range(quarters):
        np.matmul(states[index][:, None, :], quarter, out=states[index + 1][:, None, :])
    reads = Readouts(cycle, READ)
    classes = [phase.sum(axis=0) for phase in unfold(np.moveaxis(states, 2, 0), shapes)]  # (SLOTS, Q, n)
    groups = [group.transpose(1, 0, 2) for group in reads.gather([*classes, classes[0]])]
    course = {name: np.ascontiguousarray(value.T) for name, value in reads.read(groups, _All()).items()}
    return History(cycle, states, course, shapes)


class _All:
    """Every lane and every slot, uncut."""

    def lanes(self, array: Array) -> Array:
        """(*lanes) as it is."""
        return array.astype(np.float32)

    def slots(self, array: Array) -> Array:
        """(SLOTS, *lanes) as it is."""
        return array.astype(np.float32)


def fold(state: State) -> Array:
    """Occupancies as one array: (cells, *lanes)."""
    return np.concatenate([phase.reshape(-1, *phase.shape[2:]) for phase in state])


def unfold(cells: Array, shapes: tuple[tuple[int, int], ...]) -> State:
    """The four occupancies of (cells, *lanes)."""
    cuts = np.cumsum([stages * slots for stages, slots in shapes])[:-1]
    return [part.reshape(*shape, *cells.shape[1:]) for part, shape in zip(np.split(cells, cuts), shapes, strict=True)]


def lanes_of(cycle: Cycle, which: Ints) -> Cycle:
    """Some lanes of a cycle."""
    return Cycle(**{name: value[which] if value.ndim else value for name, value in vars(cycle).items()})
