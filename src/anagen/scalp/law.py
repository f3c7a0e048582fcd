"""The law of the hair cycle, written once: the parameters of a follicle, its rates, and one small step.

A follicle is in one phase (anagen, catagen, telogen, kenogen), at one calibre (slot k: diameter `d_ref * q**k` down to a
smallest one), at one hidden stage of the phase. Stages make the stay Erlang: a mean and a spread, no memory of dates.

- telogen ends in kenogen (an empty follicle) with a chance that rises as the calibre falls, else in a new anagen;
- each new anagen may shrink one step, else may grow one step (Whiting 2001: miniaturisation is abrupt, at re-entry);
- size drives tempo: anagen shortens and kenogen lengthens as the calibre falls (Courtois 1994).

`expect` reads this law as occupancies, `sample` as single follicles. Time is in weeks. No number of biology stands here:
values are rows of `data/priors.csv`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.ground.arrays import foreign, library
from anagen.ground.errors import BadParameter
from anagen.ground.rows import medians
from anagen.scalp.tempo import Array, as_numbers

PHASES = ("anagen", "catagen", "telogen", "kenogen")
ANAGEN, CATAGEN, TELOGEN, KENOGEN = range(4)
SLOTS = 8
MOST_STAGES = 16

_SHARES = {"kenogen_chance", "kenogen_chance_small", "shrink"}


@dataclass(frozen=True)
class Cycle:
    """The parameters of a follicle's cycle. Each is a number or an array over lanes (draws, plans, regions); all broadcast.

    `*_mean_weeks`, `*_cv`: the stay in a phase at full size and its coefficient of variation (0.25 to 1).
    `anagen_floor_weeks`, `size_exponent`: mean anagen is `floor + (mean - floor) * s**exponent`, s = calibre / full calibre.
    `kenogen_chance`, `kenogen_chance_small`: chance that telogen ends in kenogen at s = 1 and as s -> 0, linear between;
    `kenogen_mean_weeks_small` likewise. `shrink`: chance per new anagen of one calibre step down; `step_ratio`: q, one step.
    `calibre_um` at full size, `calibre_min_um` the smallest, `calibre_cv` the lognormal spread between follicles of a slot.
    `growth_mm_per_day` of a full-size hair, falling linearly to half of it as s -> 0. `follicles_per_cm2`: visible or empty.

    Raises `BadParameter` naming the first bad field: negative mean, CV outside 0.25 to 1, share over 1, NaN, wrong shape.

    >>> healthy(anagen_mean_weeks=-3)
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: Cycle.anagen_mean_weeks is -3; allowed: a number above 0.
    >>> [round(float(d), 1) for d in healthy(step_ratio=0.66, calibre_um=70, calibre_min_um=15).calibres_um()[:5]]
    [70.0, 46.2, 30.5, 20.1, 15.0]
    """

    follicles_per_cm2: Any
    anagen_mean_weeks: Any
    anagen_cv: Any
    anagen_floor_weeks: Any
    size_exponent: Any
    catagen_mean_weeks: Any
    catagen_cv: Any
    telogen_mean_weeks: Any
    telogen_cv: Any
    kenogen_mean_weeks: Any
    kenogen_mean_weeks_small: Any
    kenogen_cv: Any
    kenogen_chance: Any
    kenogen_chance_small: Any
    shrink: Any
    step_ratio: Any
    calibre_um: Any
    calibre_min_um: Any
    calibre_cv: Any
    growth_mm_per_day: Any

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            array = as_numbers(f"Cycle.{name}", value)
            if foreign(array):
                continue
            allowed, low, high = _allowed(name)
            if array.size and not (array.min() >= low and array.max() <= high):
                worst = array.min() if array.min() < low else array.max()
                raise BadParameter(f"Cycle.{name}", f"{'has' if array.ndim else 'is'} {worst:g}", allowed)
            object.__setattr__(self, name, array)
        if any(foreign(value) for value in vars(self).values()):
            return
        try:
            np.broadcast_shapes(*(value.shape for value in vars(self).values()))
        except ValueError:
            shapes = ", ".join(f"{name} {value.shape}" for name, value in vars(self).items() if value.ndim)
            raise BadParameter("Cycle", f"has fields that do not fit each other ({shapes})", "shapes that broadcast") from None
        if np.any(self.calibre_min_um > self.calibre_um):
            raise BadParameter("Cycle.calibre_min_um", "is above calibre_um", "at most the full calibre")
        if np.any(self.anagen_floor_weeks > self.anagen_mean_weeks):
            raise BadParameter("Cycle.anagen_floor_weeks", "is above anagen_mean_weeks", "at most the full-size mean")

    @property
    def lanes(self) -> tuple[int, ...]:
        """The shape over which the parameters differ; () for a single set."""
        return np.broadcast_shapes(*(value.shape for value in vars(self).values()))

    def but(self, **changes: npt.ArrayLike) -> Cycle:
        """The same cycle with some fields changed."""
        return replace(self, **changes)

    def deepest(self) -> Array:
        """How many steps down the smallest calibre lies: a real number, so that nothing jumps as q changes; shape lanes.

        At most SLOTS - 1: with steps so small that the last slot is wider than `calibre_min_um`, hairs stop there.
        """
        xp = library(*vars(self).values())
        return xp.asarray(xp.minimum(xp.log(self.calibre_min_um / self.calibre_um) / xp.log(self.step_ratio), SLOTS - 1))  # type: ignore[no-any-return]

    def calibres_um(self) -> Array:
        """Median hair diameter of each slot, in um: (SLOTS, *lanes)."""
        slot = np.arange(SLOTS).reshape(-1, *([1] * len(self.lanes)))
        xp = library(*vars(self).values())
        return xp.asarray(self.calibre_um * self.step_ratio ** xp.minimum(slot, self.deepest()))  # type: ignore[no-any-return]

    def sizes(self) -> Array:
        """s, the calibre relative to full size: (SLOTS, *lanes)."""
        return self.calibres_um() / self.calibre_um  # type: ignore[no-any-return]

    def room(self) -> Array:
        """The share of the shrink chance left in each slot (0 at the smallest calibre): (SLOTS, *lanes)."""
        slot = np.arange(SLOTS).reshape(-1, *([1] * len(self.lanes)))
        xp = library(*vars(self).values())
        return xp.clip(self.deepest() - slot, 0.0, 1.0)  # type: ignore[no-any-return]

    def means_weeks(self) -> tuple[Array, Array, Array, Array]:
        """Mean stay in each phase for each slot, in weeks: four arrays (SLOTS, *lanes)."""
        s = self.sizes()
        anagen = self.anagen_floor_weeks + (self.anagen_mean_weeks - self.anagen_floor_weeks) * s**self.size_exponent
        kenogen = self.kenogen_mean_weeks + (self.kenogen_mean_weeks_small - self.kenogen_mean_weeks) * (1 - s)
        same = s * 0 + 1
        return anagen, self.catagen_mean_weeks * same, self.telogen_mean_weeks * same, kenogen

    def kenogen_chances(self) -> Array:
        """Chance that telogen ends in an empty follicle, for each slot: (SLOTS, *lanes)."""
        return self.kenogen_chance + (self.kenogen_chance_small - self.kenogen_chance) * (1 - self.sizes())  # type: ignore[no-any-return]

    def growth_speeds_mm_per_day(self) -> Array:
        """Linear growth of an anagen hair, for each slot: (SLOTS, *lanes)."""
        return self.growth_mm_per_day * (0.5 + 0.5 * self.sizes())  # type: ignore[no-any-return]

    def stages(self) -> tuple[Stages, Stages, Stages, Stages]:
        """The hidden stages of each phase."""
        return (
            Stages.of(self.anagen_cv),
            Stages.of(self.catagen_cv),
            Stages.of(self.telogen_cv),
            Stages.of(self.kenogen_cv),
        )


def _allowed(name: str) -> tuple[str, float, float]:
    tiny, huge = np.finfo(float).tiny, np.finfo(float).max
    if name in _SHARES:
        return "a share from 0 to 1", 0.0, 1.0
    if name == "calibre_cv":
        return "a coefficient of variation above 0, at most 1", tiny, 1.0
    if name.endswith("_cv"):
        return f"a coefficient of variation from {MOST_STAGES**-0.5:g} to 1", MOST_STAGES**-0.5, 1.0
    if name == "step_ratio":
        return "a ratio above 0 and below 1", tiny, 1 - 1e-9
    if name == "size_exponent":
        return "a number from 0 up", 0.0, huge
    return "a number above 0", tiny, huge


def healthy(**changes: npt.ArrayLike) -> Cycle:
    """The cycle of a healthy scalp at the medians of the shipped rows, with any field changed.

    Raises `BadParameter` for a bad value and `TypeError` for a field that a `Cycle` does not have.

    >>> float(healthy().shrink)
    0.0
    """
    known = {field.name for field in fields(Cycle)}
    values = {name: value for name, value in medians("scalp").items() if name in known}
    return Cycle(**{"shrink": 0.0, **values, **changes})


@dataclass(frozen=True)
class Stages:
    """The hidden stages of one phase: a stay with a given mean and CV as a mixture of Erlang orders n and n - 1.

    With share `fewer` one stage is skipped; every stage is left at `rate_of_mean / mean` (Tijms 1994, Stochastic Models,
    section 4.2: matches two moments for 1/n <= cv**2 <= 1/(n-1)). `order`, `fewer`, `rate_of_mean` have the lanes of the CV;
    `count` is the largest order.

    >>> three = Stages.of(0.66)
    >>> int(three.count), round(float(three.fewer), 3), round(float(three.rate_of_mean), 3)
    (3, 0.477, 2.523)
    """

    order: npt.NDArray[np.int64]
    fewer: Array
    rate_of_mean: Array

    @classmethod
    def of(cls, cv: npt.ArrayLike) -> Stages:
        """The stages of a phase with this coefficient of variation (0.25 to 1)."""
        square = np.asarray(cv, dtype=np.float64) ** 2
        order = np.ceil(1 / square - 1e-9).astype(np.int64)
        root = np.sqrt(np.maximum(order * (1 + square) - order**2 * square, 0.0))
        fewer = np.clip((order * square - root) / (1 + square), 0.0, 1.0)
        fewer = np.where(fewer < 1e-9, 0.0, fewer)  # a whole order, up to rounding
        return cls(order, fewer, order - fewer)

    @property
    def count(self) -> int:
        """How many stages the phase has."""
        return int(self.order.max())

    def entry(self) -> list[tuple[int, Array]]:
        """Where a follicle enters: (stage, share) pairs, the shares over lanes adding up to 1."""
        shares: dict[int, Array] = {}
        for order in np.unique(self.order):
            here = self.order == order
            for stage, share in ((self.count - order, 1 - self.fewer), (self.count - order + 1, self.fewer)):
                shares[int(stage)] = shares.get(int(stage), np.zeros(here.shape)) + np.where(here, share, 0.0)
        return [(stage, share) for stage, share in sorted(shares.items()) if np.any(share > 0)]


State = list[Any]
"""Occupancy by phase: four arrays (stages, SLOTS, lanes), anagen to kenogen; all together add up to 1 in each lane."""


class Rates(NamedTuple):
    """What one step needs, the phases stacked: arrays broadcast to (SLOTS, lanes); entries are (stage, share) pairs."""

    leave: Any
    """Chance of leaving each stage within the step, (all stages, SLOTS, lanes); at most 1."""
    empty: Any
    """Chance that telogen ends in kenogen."""
    down: Any
    up: Any
    """Chances at a new anagen: one step down; one step up (0 at full size)."""
    recruit: Any
    """Chance within the step that a kenogen follicle is woken, or None."""
    spans: tuple[tuple[int, int], ...]
    """First and last stage of each phase in the stack."""
    entry: tuple[list[tuple[int, Any]], ...]


def step(state: Any, rates: Rates, add: Callable[[Any, Any, Any], Any]) -> tuple[Any, Any]:
    """One short step of the law for occupancies (all stages, SLOTS, lanes); also the hairs shed in it (telogen left).

    `add(array, index, value)` gives the array with `value` added at `index`: in place for NumPy, `.at[].add` for JAX. Mass
    is conserved exactly; no occupancy turns negative while each chance of leaving (with recruitment) is at most 1.
    """
    flow = rates.leave * state
    grown, regressed, shed, refilled = (flow[last] for _, last in rates.spans)
    emptied = rates.empty * shed
    reborn = shed - emptied + refilled
    after = state - flow
    if rates.recruit is not None:
        kenogen = slice(rates.spans[KENOGEN][0], None)
        woken = rates.recruit * state[kenogen]
        after = add(after, kenogen, -woken)
        reborn = reborn + sum(woken)  # one after the other, so that a lane alone is what it is among many
    down, up = rates.down * reborn, rates.up * reborn
    born = reborn - down - up
    born = add(born, slice(1, None), down[:-1])
    born = add(born, slice(None, -1), up[1:])
    for (first, last), inflow, entry in zip(rates.spans, (born, grown, regressed, emptied), rates.entry, strict=True):
        if last > first:
            after = add(after, slice(first + 1, last + 1), flow[first:last])
        for stage, share in entry:
            after = add(after, first + stage, share * inflow)
    return after, shed


def settled(cycle: Cycle, dtype: npt.DTypeLike = np.float64) -> State:
    """The steady state of a scalp where every follicle is full size and nothing shrinks: closed form, (stages, SLOTS, *lanes).

    Occupancy of a stage is visits times mean stay (renewal theorem); slots below full size are empty.
    """
    visits = (1.0, 1.0, 1.0, cycle.kenogen_chances()[0])
    means = [mean[0] for mean in cycle.means_weeks()]
    total = sum(v * m for v, m in zip(visits, means, strict=True))
    state = []
    for stages, visit, mean in zip(cycle.stages(), visits, means, strict=True):
        passing, phase = np.zeros(cycle.lanes), np.zeros((stages.count, SLOTS, *cycle.lanes), dtype=dtype)
        entry = dict(stages.entry())
        for stage in range(stages.count):
            passing = passing + entry.get(stage, 0.0)
            phase[stage, 0] = passing * visit * mean / stages.rate_of_mean / total
        state.append(phase)
    return state


def aligned(state: State, cycle: Cycle) -> State:
    """The same occupancies with the stages of another cycle: some lanes of the first may need fewer stages, or more.

    Stages count back from the end of a phase, so it is the first ones that are dropped, empty, or added, empty. Raises
    `BadParameter` if a stage that would be dropped is not empty, or the shapes are not (stages, SLOTS, *lanes).
    """
    shapes = [(stage.count, SLOTS) for stage in cycle.stages()]
    found = []
    for phase, (count, slots) in zip(state, shapes, strict=False):
        extra = max(np.shape(phase)[0] - count, 0) if np.ndim(phase) >= 2 else 0
        missing = max(count - np.shape(phase)[0], 0) if np.ndim(phase) >= 2 else 0
        if np.ndim(phase) < 2 or np.shape(phase)[1] != slots or np.any(phase[:extra]):
            break
        found.append(np.concatenate([np.zeros((missing, *phase.shape[1:]), phase.dtype), phase[extra:]]) if missing else phase[extra:])
    if len(state) != 4 or len(found) != 4:
        raise BadParameter("start", f"has shapes {[np.shape(phase) for phase in state]}", f"{shapes}, each followed by the lanes")
    return found
