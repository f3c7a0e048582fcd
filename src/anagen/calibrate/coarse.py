"""The law of the hair cycle read by JAX, coarsely: fewer hidden stages and slots, two weeks a step, for thousands of gradients.

It is the same `step`, the same formulas of the cycle and the same treatments that forecasts use; its error against `expect` is
measured in `validation/calibration`. All arms of all trials are lanes of one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr

from anagen.calibrate.arms import Exposure
from anagen.ground.rows import medians
from anagen.scalp.law import Cycle, Rates, step
from anagen.scalp.tempo import Tempo

SLOTS = 6
STEP_WEEKS = 2
STAGES = (2, 1, 2, 2)
"""Hidden stages of each phase. A stay in steps of two weeks varies less than one in continuous time, as more stages would."""
ENDS = np.cumsum(STAGES)
SPANS = tuple((int(end) - count, int(end) - 1) for end, count in zip(ENDS, STAGES, strict=True))
DEPTH = int(ENDS[-1])
CELLS = DEPTH * SLOTS
HALF_YEARS = 60
"""Untreated loss is tabulated so far: 30 years."""


class Scalp(NamedTuple):
    """What can be seen of a scalp, hairs per follicle by slot: growing, and resting (telogen with catagen): (..., SLOTS, lanes)."""

    growing: Any
    resting: Any


def _add(array: Any, index: Any, value: Any) -> Any:
    """The array with a value added at a place along its first axis, as padding, which compiles into one pass."""
    size = array.shape[0]
    start, stop, _ = index.indices(size) if isinstance(index, slice) else (index, index + 1, 1)
    value = jnp.broadcast_to(value, (stop - start, *array.shape[1:]))
    return array + jnp.pad(value, [(start, size - stop), *([(0, 0)] * (array.ndim - 1))])


class _Law(NamedTuple):
    """The parts of the rates that no treatment changes: shapes (SLOTS, lanes) and the like."""

    base: Any  # (DEPTH, SLOTS, lanes): chance of leaving each stage within a step
    empty: Any
    shrink: Any
    room: Any


def _law(cycle: Cycle, shrink: Any) -> _Law:
    """shrink: (lanes,), the chance per new anagen; everything else of the cycle is the same for all lanes."""
    means = [mean[:SLOTS, None] for mean in cycle.means_weeks()]
    leave = [jnp.broadcast_to(stages / mean * STEP_WEEKS, (SLOTS, 1)) for stages, mean in zip(STAGES, means, strict=True)]
    base = jnp.stack([leave[phase] for phase, (first, last) in enumerate(SPANS) for _ in range(first, last + 1)])
    room = cycle.room()[:SLOTS, None] * (jnp.arange(SLOTS)[:, None] < SLOTS - 1)
    return _Law(base, cycle.kenogen_chances()[:SLOTS, None], shrink, room)


def _rates(law: _Law, now: dict[str, Any]) -> Rates:
    """The rates of one step. now: each field of the tempo, (lanes,) or a number."""
    speeds = [now[name] for name in ("leave_anagen", "leave_catagen", "leave_telogen", "leave_kenogen")]
    lanes = law.shrink.shape[0]
    speed = jnp.stack([jnp.broadcast_to(speeds[phase], (lanes,)) for phase, (a, b) in enumerate(SPANS) for _ in range(a, b + 1)])
    leave = jnp.minimum(law.base * speed[:, None, :], 1.0)
    down = jnp.minimum(law.shrink * now["shrink"], 1.0) * law.room
    up = (1 - down) * now["grow"] * (jnp.arange(SLOTS)[:, None] > 0)
    empty = jnp.minimum(law.empty * now["kenogen"], 1.0)
    return Rates(leave, empty, down, up, now["recruit_per_week"] * STEP_WEEKS, SPANS, tuple([(0, 1.0)] for _ in SPANS))


def _ahead(state: Any, rates: Rates) -> Any:
    """One step: mean stays are exact, since each stage is left with the chance step / mean."""
    return step(state, rates, _add)[0]


def untreated(cycle: Cycle, shrink: Any) -> Any:
    """Occupancies every half year of untreated loss from a full scalp on: (HALF_YEARS + 1, DEPTH, SLOTS, kinds).

    shrink: (kinds,), of each kind of person.
    """
    kinds = shrink.shape[0]
    idle = {name: jnp.asarray(value) for name, value in Tempo().rows().items()}
    law = _law(cycle, jnp.repeat(shrink, CELLS))
    alone = jnp.tile(jnp.eye(CELLS).reshape(DEPTH, SLOTS, CELLS), (1, 1, kinds))
    fortnight = _ahead(alone, _rates(law, idle)).reshape(CELLS, kinds, CELLS).transpose(1, 0, 2)  # (kinds, to, from)
    half = fortnight
    for bit in (1, 0, 1):  # the 13th power, by its bits after the first
        half = half @ half
        half = half @ fortnight if bit else half
    means = [mean[0] for mean in cycle.means_weeks()]
    visits = [1.0, 1.0, 1.0, cycle.kenogen_chances()[0]]
    total = sum(v * m for v, m in zip(visits, means, strict=True))
    full = jnp.stack([visits[p] * means[p] / total / (b - a + 1) for p, (a, b) in enumerate(SPANS) for _ in range(a, b + 1)])
    start = jnp.zeros((DEPTH, SLOTS)).at[:, 0].set(full).reshape(CELLS)
    start = jnp.broadcast_to(start, (kinds, CELLS))

    def later(state: Any, _: Any) -> tuple[Any, Any]:
        after = jnp.einsum("kij,kj->ki", half, state)
        return after, after

    _, states = jax.lax.scan(later, start, None, length=HALF_YEARS)
    table = jnp.concatenate([start[None], states])  # (H + 1, kinds, cells)
    return table.transpose(0, 2, 1).reshape(HALF_YEARS + 1, DEPTH, SLOTS, kinds)


def begun(table: Any, years: Any, female: Any) -> Any:
    """Where lanes start: `years` (lanes,) of untreated loss, a mixture of men (kind 0) and women (kind 1): (DEPTH, SLOTS, lanes)."""
    place = jnp.clip(years * 2, 0.0, HALF_YEARS - 1e-6)
    low = jnp.floor(place).astype(int)
    part = place - low
    both = table[low] * (1 - part)[:, None, None, None] + table[low + 1] * part[:, None, None, None]  # (lanes, DEPTH, SLOTS, 2)
    return (both[..., 0] * (1 - female)[:, None, None] + both[..., 1] * female[:, None, None]).transpose(1, 2, 0)


def seen(state: Any) -> Scalp:
    """What can be seen of occupancies (DEPTH, SLOTS, lanes)."""
    return Scalp(state[: ENDS[0]].sum(axis=0), state[ENDS[0] : ENDS[2]].sum(axis=0))


def course(cycle: Cycle, shrink: Any, tempo: dict[str, Any], start: Any, steps: int) -> tuple[Scalp, Any]:
    """The scalp at each step, 0 to `steps`, and the last state. tempo: each field (steps, lanes). shrink: (lanes,)."""
    law = _Law(*(part.astype(jnp.float32) for part in _law(cycle, shrink)))
    start = start.astype(jnp.float32)

    def ahead(state: Any, now: dict[str, Any]) -> tuple[Any, Scalp]:
        after = _ahead(state, _rates(law, now))
        return after, seen(after)

    end, shown = jax.lax.scan(ahead, start, tempo, length=steps)
    first = seen(start)
    return Scalp(*(jnp.concatenate([one[None], rest]) for one, rest in zip(first, shown, strict=True))), end


def tempo(exposures: Sequence[Exposure], lanes: Sequence[int], first: int, last: int) -> dict[str, Any]:
    """What is done to some lanes in steps `first` to `last`: each field (steps, lanes).

    exposures: of `arms.exposures`, weekly; the mean strength of a step's weeks acts during it.
    """
    whole = Tempo()
    for exposure in exposures:
        used = sorted({exposure.way[lane] for lane in lanes if lane in exposure.way})
        if not used:
            continue
        steps = exposure.strength[:, np.array(used)].reshape(-1, STEP_WEEKS, len(used)).mean(axis=1)[first:last]
        with_none = jnp.concatenate([steps, jnp.zeros((last - first, 1))], axis=1)
        own = np.array([used.index(exposure.way[lane]) if lane in exposure.way else len(used) for lane in lanes])
        made = exposure.effect(exposure.values, with_none).rows()
        whole = whole & Tempo(**{name: row[:, own] if row.ndim else row for name, row in made.items()})
    wide = (last - first, len(lanes))
    return {name: jnp.broadcast_to(jnp.asarray(row, dtype=jnp.float32), wide) for name, row in whole.rows().items()}


OUTPUTS = (
    "visible",
    "nonvellus",
    "vellus",
    "anagen",
    "telogen",
    "calibre",
    "thickness",
    "weight",
    "anagen_share",
    "telogen_share",
    "nonvellus_share",
    "anagen_telogen",
)
DENSITIES = ("visible", "nonvellus", "vellus", "anagen", "telogen")
"""Outputs that grow with the density of follicles."""


def levels(cycle: Cycle, scalp: Scalp) -> Any:
    """Every output of `OUTPUTS` per follicle: (12, ...) of slots (SLOTS, ...); um, percent, or per follicle.

    Telogen counts catagen, as a phototrichogram does. Formulas: those of `scalp.outputs`.
    """
    sigma = jnp.sqrt(jnp.log1p(cycle.calibre_cv**2))
    median = cycle.calibres_um()[:SLOTS]
    thick = 1 - ndtr((jnp.log(medians("reading")["vellus_um"] / median)) / sigma)
    width, area = median * jnp.exp(sigma**2 / 2), median**2 * jnp.exp(2 * sigma**2)

    def total(hairs: Any, weight: Any) -> Any:
        return jnp.tensordot(weight, hairs, axes=1)

    ones = jnp.ones(SLOTS)
    anagen, telogen = total(scalp.growing, ones), total(scalp.resting, ones)
    visible, hairs = anagen + telogen, scalp.growing + scalp.resting
    nonvellus, thickness = total(hairs, thick), total(hairs, width)
    weight = total(scalp.growing, area * cycle.growth_speeds_mm_per_day()[:SLOTS])
    shares = [100 * anagen / visible, 100 * telogen / visible, 100 * nonvellus / visible, anagen / telogen]
    return jnp.stack([visible, nonvellus, visible - nonvellus, anagen, telogen, thickness / visible, thickness, weight, *shares])
