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
ROUND = 0.25
HALF_YEAR_WEEKS = 26
HALF_YEARS = 120
"""Untreated loss is tabulated so far: 60 years, beyond what any draw asks for."""


class Smooth(Cycle):
    """A cycle without the corners at which the deepest step of calibre becomes a further one: a sampler needs slopes."""

    def calibres_um(self) -> Any:
        """Median hair diameter of each slot: the smaller of its step and the deepest, rounded where they meet."""
        slot = jnp.arange(SLOTS)
        return self.calibre_um * self.step_ratio ** (slot - _ramp(slot - self.deepest()))

    def room(self) -> Any:
        """The share of the shrink chance left in each slot, without corners: those of all slots add up to the deepest step."""
        left = self.deepest() - jnp.arange(SLOTS)
        return _ramp(left) - _ramp(left - 1)


def _ramp(x: Any) -> Any:
    """x where it is positive, else 0, rounded over `ROUND` of a step."""
    return ROUND * jnp.logaddexp(0.0, x / ROUND)


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

    base: Any  # (phases, SLOTS, lanes): chance of leaving each stage of a phase within a step
    empty: Any
    shrink: Any
    room: Any


def _law(cycle: Cycle, shrink: Any) -> _Law:
    """shrink: (lanes,), the chance per new anagen; everything else of the cycle is the same for all lanes."""
    means = [mean[:, None] for mean in cycle.means_weeks()]
    base = jnp.stack([jnp.broadcast_to(stages / mean * STEP_WEEKS, (SLOTS, 1)) for stages, mean in zip(STAGES, means, strict=True)])
    return _Law(base, cycle.kenogen_chances()[:, None], shrink, cycle.room()[:, None])


class Flows(NamedTuple):
    """The rates of many steps that differ: `leave` (steps, DEPTH, SLOTS, lanes), the chances (steps, SLOTS, lanes), `recruit`."""

    leave: Any
    empty: Any
    down: Any
    up: Any
    recruit: Any


def _flows(law: _Law, tempo: Any) -> Flows:
    """The rates of some steps. tempo: (fields of a `Tempo`, steps, lanes)."""
    now = dict(zip(FIELDS, tempo[:, :, None, :], strict=True))
    wanted = law.base * tempo[:4].swapaxes(0, 1)[:, :, None, :]  # a tempo begins with what multiplies leaving each phase
    leave = wanted * jax.lax.rsqrt(jnp.sqrt(jnp.sqrt(1 + wanted**8)))  # at most 1, without a corner
    down = jnp.minimum(law.shrink * now["shrink"], 1.0) * law.room
    up = (1 - down) * now["grow"] * (jnp.arange(SLOTS)[:, None] > 0)
    empty = jnp.minimum(law.empty * now["kenogen"], 1.0)
    stages = jnp.concatenate([leave[:, phase : phase + 1] for phase in PHASE_OF_STAGE], axis=1)  # a gather's slope would be dear
    return Flows(stages, empty, down, up, now["recruit_per_week"] * STEP_WEEKS)


def _ahead(state: Any, flows: Flows) -> Any:
    """One step of the law with the rates of one step."""
    return step(state, Rates(*flows, SPANS, tuple([(0, 1.0)] for _ in SPANS)), _add)[0]


@jax.custom_vjp
def _states(flows: Flows, start: Any) -> Any:
    """Occupancies at every step from 0 on: (steps + 1, DEPTH, SLOTS, lanes).

    Each step is linear in the occupancies, so slopes need no more of a step than its transpose: they go back in time once, and
    those by the rates are then worked out for all steps at once.
    """

    def ahead(state: Any, now: Flows) -> tuple[Any, Any]:
        after = _ahead(state, now)
        return after, after

    return jnp.concatenate([start[None], jax.lax.scan(ahead, start, flows)[1]])


def _states_forward(flows: Flows, start: Any) -> tuple[Any, tuple[Flows, Any]]:
    states = _states(flows, start)
    return states, (flows, states)


def _states_back(kept: tuple[Flows, Any], slope: Any) -> tuple[Flows, Any]:
    flows, states = kept

    def back(after: Any, now: tuple[Flows, Any]) -> tuple[Any, Any]:
        rates, own = now
        (before,) = jax.linear_transpose(lambda state: _ahead(state, rates), states[0])(after)
        return before + own, after

    start, afters = jax.lax.scan(back, slope[-1], (flows, slope[:-1]), reverse=True)
    return jax.vjp(lambda rates: jax.vmap(_ahead)(states[:-1], rates), flows)[1](afters)[0], start


_states.defvjp(_states_forward, _states_back)


def untreated(cycle: Cycle, shrink: Any) -> Any:
    """Occupancies every half year of untreated loss from a full scalp on: (HALF_YEARS + 1, DEPTH, SLOTS, kinds).

    shrink: (kinds,), of each kind of person.
    """
    kinds = shrink.shape[0]
    idle = jnp.broadcast_to(
        jnp.stack([jnp.asarray(value) for value in Tempo().rows().values()])[:, None, None], (len(FIELDS), 1, kinds * CELLS)
    )
    law = _law(cycle, jnp.repeat(shrink, CELLS))
    alone = jnp.tile(jnp.eye(CELLS).reshape(DEPTH, SLOTS, CELLS), (1, 1, kinds))
    fortnight = (
        _ahead(alone, Flows(*(rate[0] for rate in _flows(law, idle)))).reshape(CELLS, kinds, CELLS).transpose(1, 0, 2)
    )  # (kinds, to, from)
    half = fortnight
    for bit in (1, 0, 1):  # the 13th power, by its bits after the first
        half = half @ half
        half = half @ fortnight if bit else half
    means = [mean[0] for mean in cycle.means_weeks()]
    visits = [1.0, 1.0, 1.0, cycle.kenogen_chances()[0]]
    total = sum(v * m for v, m in zip(visits, means, strict=True))
    full = jnp.stack([visits[p] * means[p] / total / (b - a + 1) for p, (a, b) in enumerate(SPANS) for _ in range(a, b + 1)])
    start = jnp.zeros((DEPTH, SLOTS)).at[:, 0].set(full).reshape(CELLS)
    table = jnp.broadcast_to(start, (kinds, CELLS))[..., None]  # (kinds, cells, half-years so far)
    while table.shape[-1] <= HALF_YEARS:
        table = jnp.concatenate([table, half @ table], axis=-1)  # as many half-years again, at once
        half = half @ half
    return table[..., : HALF_YEARS + 1].transpose(2, 1, 0).reshape(HALF_YEARS + 1, DEPTH, SLOTS, kinds)


def begun(table: Any, years: Any, female: Any) -> Any:
    """Where lanes start: `years` (lanes,) of untreated loss, a mixture of men (kind 0) and women (kind 1): (DEPTH, SLOTS, lanes).

    Between half-years by the cubic of Catmull and Rom (1974): a sampler stumbles over the corners of straight lines.
    """
    place = jnp.clip(years * 2, 0.0, HALF_YEARS - 1e-6)
    low = jnp.floor(place).astype(int)
    x = place - low
    weights = (x * (-0.5 + x * (1 - 0.5 * x)), 1 + x * x * (1.5 * x - 2.5), x * (0.5 + x * (2 - 1.5 * x)), x * x * (0.5 * x - 0.5))
    near = [table[jnp.clip(low + shift, 0, HALF_YEARS)] * w[:, None, None, None] for shift, w in zip((-1, 0, 1, 2), weights, strict=True)]
    both = sum(near[1:], near[0])  # (lanes, DEPTH, SLOTS, 2)
    return (both[..., 0] * (1 - female)[:, None, None] + both[..., 1] * female[:, None, None]).transpose(1, 2, 0)


def seen(state: Any) -> Scalp:
    """What can be seen of occupancies (..., DEPTH, SLOTS, lanes)."""
    return Scalp(state[..., : ENDS[0], :, :].sum(axis=-3), state[..., ENDS[0] : ENDS[2], :, :].sum(axis=-3))


def course(cycle: Cycle, shrink: Any, tempo: Any, start: Any) -> Any:
    """The occupancies at each step from 0 on: (steps + 1, DEPTH, SLOTS, lanes). tempo: (fields, steps, lanes). shrink: (lanes,)."""
    law = _Law(*(part.astype(jnp.float32) for part in _law(cycle, shrink)))
    return _states(_flows(law, tempo), start.astype(jnp.float32))


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
