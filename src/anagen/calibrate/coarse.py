"""The law of the hair cycle read by JAX, coarsely: fewer hidden stages, two weeks a step, for thousands of gradients.

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
from anagen.scalp.law import SLOTS, Cycle, Rates, step
from anagen.scalp.tempo import Tempo

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]  # the sampler needs it; the lanes themselves are followed in float32

STEP_WEEKS = 2
STAGES = (2, 1, 2, 2)
"""Hidden stages of each phase. A stay in steps of two weeks varies less than one in continuous time, as more stages would."""
ENDS = np.cumsum(STAGES)
SPANS = tuple((int(end) - count, int(end) - 1) for end, count in zip(ENDS, STAGES, strict=True))
DEPTH = int(ENDS[-1])
PHASE_OF_STAGE = np.repeat(np.arange(4), STAGES)
CELLS = DEPTH * SLOTS
FIELDS = tuple(Tempo().rows())
ROUND = 0.1
HALF_YEARS = 60
"""Untreated loss is tabulated so far: 30 years."""


class Smooth(Cycle):
    """A cycle without the corners at which the deepest step of calibre becomes a further one: a sampler needs slopes."""

    def calibres_um(self) -> Any:
        """Median hair diameter of each slot: the smaller of its step and the deepest, rounded where they meet."""
        slot = jnp.arange(SLOTS)
        return self.calibre_um * self.step_ratio ** (-ROUND * jnp.logaddexp(-slot / ROUND, -self.deepest() / ROUND))

    def room(self) -> Any:
        """The share of the shrink chance left in each slot, without corners."""
        part = jnp.clip(self.deepest() - jnp.arange(SLOTS), 0.0, 1.0)
        return part**2 * (3 - 2 * part)


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
    means = [mean[:, None] for mean in cycle.means_weeks()]
    leave = [jnp.broadcast_to(stages / mean * STEP_WEEKS, (SLOTS, 1)) for stages, mean in zip(STAGES, means, strict=True)]
    base = jnp.stack([leave[phase] for phase, (first, last) in enumerate(SPANS) for _ in range(first, last + 1)])
    return _Law(base, cycle.kenogen_chances()[:, None], shrink, cycle.room()[:, None])


def _rates(law: _Law, tempo: Any) -> Rates:
    """The rates of one step. tempo: (fields of a `Tempo`, lanes)."""
    now = dict(zip(FIELDS, tempo, strict=True))
    wanted = law.base * tempo[PHASE_OF_STAGE][:, None, :]
    leave = wanted * (1 + wanted**8) ** -0.125  # at most 1, without a corner
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
    idle = jnp.broadcast_to(jnp.stack([jnp.asarray(value) for value in Tempo().rows().values()])[:, None], (len(FIELDS), kinds * CELLS))
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


def course(cycle: Cycle, shrink: Any, tempo: Any, start: Any) -> tuple[Scalp, Any]:
    """The scalp at each step from 0 on, and the last state. tempo: (fields, steps, lanes). shrink: (lanes,)."""
    law = _Law(*(part.astype(jnp.float32) for part in _law(cycle, shrink)))
    start = start.astype(jnp.float32)

    def ahead(state: Any, now: Any) -> tuple[Any, Scalp]:
        after = _ahead(state, _rates(law, now))
        return after, seen(after)

    end, shown = jax.lax.scan(ahead, start, tempo.swapaxes(0, 1))
    first = seen(start)
    return Scalp(*(jnp.concatenate([one[None], rest]) for one, rest in zip(first, shown, strict=True))), end


def tempo(exposures: Sequence[Exposure], lanes: Sequence[int], first: int, last: int) -> Any:
    """What is done to some lanes in steps `first` to `last`: (fields of a `Tempo`, steps, lanes).

    exposures: of `arms.exposures`, weekly; the mean strength of a step's weeks acts during it. Each way of use is worked out
    once. A lane joins the ways that it is given as `Tempo.__and__` does: on lines where joining is adding.
    """
    size = last - first
    pieces: dict[str, list[Any]] = {name: [] for name in FIELDS}
    given = []
    for exposure in exposures:
        count = exposure.strength.shape[1]
        steps = exposure.strength.reshape(-1, STEP_WEEKS, count).mean(axis=1)[first:last]
        for name, row in exposure.effect(exposure.values, steps).rows().items():
            pieces[name].append(jnp.broadcast_to(_line(name, jnp.asarray(row)), (size, count)))
        given.append(np.array([[exposure.way.get(lane) == way for lane in lanes] for way in range(count)]))
    if not given:
        return jnp.broadcast_to(
            jnp.stack([jnp.asarray(row) for row in Tempo().rows().values()])[:, None, None], (len(FIELDS), size, len(lanes))
        )
    lines = jnp.stack([jnp.concatenate(piece, axis=1) for piece in pieces.values()])  # (fields, steps, ways)
    joined = (lines @ np.concatenate(given).astype(float)).astype(jnp.float32)
    added, turned = (np.array([name == field for name in FIELDS])[:, None, None] for field in ("recruit_per_week", "grow"))
    return jnp.where(added, joined, jnp.where(turned, 1 - jnp.exp(joined), jnp.exp(joined)))


def _line(name: str, row: Any) -> Any:
    """A field of a tempo on the line where joining two treatments is adding."""
    return row if name == "recruit_per_week" else jnp.log1p(-row) if name == "grow" else jnp.log(row)


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
    median = cycle.calibres_um()
    thick = 1 - ndtr((jnp.log(medians("reading")["vellus_um"] / median)) / sigma)
    width, area = median * jnp.exp(sigma**2 / 2), median**2 * jnp.exp(2 * sigma**2)

    def total(hairs: Any, weight: Any) -> Any:
        return jnp.tensordot(weight, hairs, axes=1)

    ones = jnp.ones(SLOTS)
    anagen, telogen = total(scalp.growing, ones), total(scalp.resting, ones)
    visible, hairs = anagen + telogen, scalp.growing + scalp.resting
    nonvellus, thickness = total(hairs, thick), total(hairs, width)
    weight = total(scalp.growing, area * cycle.growth_speeds_mm_per_day())
    shares = [100 * anagen / visible, 100 * telogen / visible, 100 * nonvellus / visible, anagen / telogen]
    return jnp.stack([visible, nonvellus, visible - nonvellus, anagen, telogen, thickness / visible, thickness, weight, *shares])
