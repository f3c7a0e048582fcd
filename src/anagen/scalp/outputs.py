"""What can be read off a scalp: each output is one quantity per follicle, or the ratio of two.

A quantity is (hair diameter)**power of a follicle that is in one of some phases and whose diameter lies between two cuts.
Diameter within a slot is lognormal about the slot's median, one score z per follicle for life, so every mean and every
product of two quantities, at one time or at two, has one closed form (truncated lognormal moments).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

import numpy as np

from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import medians
from anagen.ground.units import DAYS_PER_WEEK
from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Array

VISIBLE = (0, 1, 2)
SHED = (4,)


@dataclass(frozen=True)
class Quantity:
    """Per follicle: diameter**power (um) if in one of `phases` (0 to 3; 4: shed in the past week) and between the cuts.

    `growing` multiplies by the growth speed of the slot (mm/day).
    """

    phases: tuple[int, ...]
    power: int = 0
    above_um: float = 0.0
    below_um: float = np.inf
    growing: bool = False

    def per_slot(self, cycle: Cycle) -> Array:
        """The mean of a follicle in each slot, given that its phase counts: (SLOTS, *lanes)."""
        return pair(cycle, self, EVERY)[:, 0]

    def factor(self, cycle: Cycle) -> Array:
        """What multiplies the truncated moment, in each slot: (SLOTS, *lanes)."""
        return cycle.growth_speeds_mm_per_day() if self.growing else np.ones_like(cycle.sizes())


EVERY = Quantity((0, 1, 2, 3))


def pair(cycle: Cycle, one: Quantity, two: Quantity) -> Array:
    """E[one in slot j, two in slot k] of the same follicle, phases aside: (SLOTS j, SLOTS k, *lanes).

    Formula: with d = m exp(sigma z), E[d_j**a d_k**b; lo < z < hi] = m_j**a m_k**b exp((a+b)**2 sigma**2 / 2)
    (Phi(hi - (a+b) sigma) - Phi(lo - (a+b) sigma)); sigma**2 = log(1 + cv**2).
    """
    from scipy.special import ndtr

    median = cycle.calibres_um()
    sigma = np.sqrt(np.log1p(np.asarray(cycle.calibre_cv) ** 2))
    with np.errstate(divide="ignore"):
        low = np.maximum(*(np.log(q.above_um / m) / sigma for q, m in ((one, median[:, None]), (two, median[None]))))
        high = np.minimum(*(np.log(q.below_um / m) / sigma for q, m in ((one, median[:, None]), (two, median[None]))))
    shift = (one.power + two.power) * sigma
    inside = np.maximum(ndtr(high - shift) - ndtr(low - shift), 0.0)
    left = median[:, None] ** one.power * one.factor(cycle)[:, None]
    right = median[None] ** two.power * two.factor(cycle)[None]
    return np.asarray(left * right * np.exp(shift**2 / 2) * inside)


@dataclass(frozen=True)
class Output:
    """One output: its unit, what a person calls it, and how it is read. Without `bottom` it is per cm2 of scalp."""

    name: str
    unit: str
    title: str
    top: Quantity
    bottom: Quantity | None = None
    scale: float = 1.0


def _named(*outputs: Output) -> dict[str, Output]:
    return {output.name: output for output in outputs}


_HAIR = Quantity(VISIBLE)
OUTPUTS = _named(
    Output("visible", "hairs/cm2", "hair density", _HAIR),
    Output("terminal", "hairs/cm2", "terminal hair density", Quantity(VISIBLE, above_um=np.nan)),
    Output("vellus", "hairs/cm2", "vellus hair density", Quantity(VISIBLE, below_um=np.nan)),
    Output("vellus_share", "share", "vellus share of visible hairs", Quantity(VISIBLE, below_um=np.nan), _HAIR),
    Output("calibre", "um", "mean hair calibre", Quantity(VISIBLE, power=1), _HAIR),
    Output("thickness", "mm/cm2", "cumulative hair thickness", Quantity(VISIBLE, power=1), scale=1e-3),
    Output("weight", "mg/cm2", "hair grown in 30 days", Quantity((0,), power=2, growing=True), scale=np.nan),
    Output("anagen", "hairs/cm2", "anagen hair density", Quantity((0,))),
    Output("anagen_share", "share", "anagen share of visible hairs", Quantity((0,)), _HAIR),
    Output("anagen_telogen", "ratio", "anagen to telogen ratio", Quantity((0,)), Quantity((2,))),
    Output("shed", "hairs/cm2/day", "hairs shed per day", Quantity(SHED), scale=1 / DAYS_PER_WEEK),
)
"""Every output by name. Cut-offs and the density of hair that are rows of `priors.csv` are filled in by `output`."""


def output(name: str, terminal_um: float | None = None) -> Output:
    """One output with its cut-offs filled in from the rows; `terminal_um` (um) overrides the terminal cut-off.

    Raises `UnknownName` for an output we do not have, `BadParameter` for a cut-off that is not a positive number.

    >>> output("terminal").top.above_um, output("terminal", 60).top.above_um
    (40.0, 60)
    """
    if name not in OUTPUTS:
        raise UnknownName("output", name, OUTPUTS)
    if terminal_um is not None and not (np.isfinite(terminal_um) and terminal_um > 0):
        raise BadParameter("terminal_um", f"is {terminal_um}", "a diameter above 0 um")
    rows = medians("reading")
    found = OUTPUTS[name]
    top = found.top
    if np.isnan(top.above_um):
        top = replace(top, above_um=terminal_um if terminal_um is not None else rows["terminal_um"])
    if np.isnan(top.below_um):
        top = replace(top, below_um=rows["vellus_um"])
    # a cylinder: pi/4 d**2 (um2 -> mm2) x mm/day x 30 days x mg/mm3
    scale = np.pi / 4 * 1e-6 * 30 * rows["hair_mg_per_mm3"] if np.isnan(found.scale) else found.scale
    return replace(found, top=top, scale=scale)


class Chunk(Protocol):
    """Cuts the lanes (and slots) in hand out of an array over all lanes."""

    def lanes(self, array: Array) -> Array:
        """From (*lanes)."""

    def slots(self, array: Array) -> Array:
        """From (SLOTS, *lanes)."""


class Readouts:
    """Several outputs made ready for one cycle: what each needs is summed once, and each quantity is read once.

    Raises `UnknownName` for an output we do not have.
    """

    def __init__(self, cycle: Cycle, names: Sequence[str], terminal_um: float | None = None) -> None:
        self.outputs = {name: output(name, terminal_um) for name in names}
        wanted = [q for o in self.outputs.values() for q in (o.top, o.bottom) if q is not None]
        self.weights = {quantity: quantity.per_slot(cycle) for quantity in dict.fromkeys(wanted)}
        self.groups = list(dict.fromkeys(quantity.phases for quantity in self.weights))
        self.per_cm2: Array = cycle.follicles_per_cm2

    def gather(self, classes: Sequence[Array]) -> list[Array]:
        """The hairs of each group of phases by slot, from five arrays (SLOTS, lanes): the phases and the hairs just shed."""
        return [reduce(np.add, (classes[phase] for phase in group)) for group in self.groups]

    def read(self, series: Sequence[Array], chunk: Chunk) -> dict[str, Array]:
        """Every output: from series of gathered groups, each (T, SLOTS, lanes)."""
        found: dict[Quantity, Array] = {}
        for quantity, weights in self.weights.items():
            group, weight = series[self.groups.index(quantity.phases)], chunk.slots(weights)
            found[quantity] = group[:, 0] * weight[0]
            for slot in range(1, len(weight)):
                found[quantity] += group[:, slot] * weight[slot]
        values: dict[str, Array] = {}
        for name, out in self.outputs.items():
            if out.bottom is None:
                values[name] = found[out.top] * (chunk.lanes(self.per_cm2) * found[out.top].dtype.type(out.scale))
            else:
                values[name] = found[out.top] / np.maximum(found[out.bottom], np.finfo(found[out.bottom].dtype).tiny)
        return values
