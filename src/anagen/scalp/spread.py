"""How far a reading of one target area strays from what is expected: counts, ratios and changes, done rightly.

Follicles are independent, so the counts at one time are multinomial, exactly. A ratio goes by the delta method. A change from
the start needs how often the *same* follicle counts at both times: the joint occupancy, found by running every starting
class on its own. Two independent variances would call a still scalp restless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter
from anagen.scalp.expect import expect
from anagen.scalp.law import SLOTS, Cycle, State, aligned, settled
from anagen.scalp.outputs import OUTPUTS, SHED, Output, Quantity, output, pair
from anagen.scalp.tempo import Array, Tempo

SPREAD_OUTPUTS = tuple(name for name, found in OUTPUTS.items() if found.top.phases != SHED)


@dataclass(frozen=True)
class Spread:
    """Standard deviations between target areas of `area_cm2`. `weeks`: (T,). `mean`, `sd`, `change_sd`: output -> (T,).

    `change_sd` is that of the change since week 0 in the same area.
    """

    weeks: npt.NDArray[np.int64]
    area_cm2: float
    mean: Mapping[str, Array]
    sd: Mapping[str, Array]
    change_sd: Mapping[str, Array]


def spread(
    cycle: Cycle,
    tempo: Tempo | None = None,
    weeks: int = 104,
    *,
    area_cm2: float = 1.0,
    start: State | None = None,
    outputs: Sequence[str] = SPREAD_OUTPUTS,
    terminal_um: float | None = None,
) -> Spread:
    """The spread of every output, and of its change since the start, in one target area; one cycle, one tempo (no lanes).

    Formula: with n follicles in the area and influence psi of one of them (f for a count, (f - R h) / E h for a ratio R),
    Var = Var(psi) / n and Var(change) = (Var psi_0 + Var psi_t - 2 Cov(psi_0, psi_t)) / n.
    Raises `BadParameter` for lanes, an area that is not positive, or the output `shed`, which has no moment.

    >>> from anagen.scalp.law import healthy
    >>> still = spread(healthy(), weeks=1, outputs=["visible"])
    >>> bool(still.change_sd["visible"][1] < still.sd["visible"][1])  # the same hairs, a week later
    True
    """
    tempo = tempo if tempo is not None else Tempo()
    if cycle.lanes or tempo.lanes not in ((), (1,)):
        raise BadParameter("cycle", f"has lanes {cycle.lanes or tempo.lanes}", "one set of parameters; loop over draws")
    if not area_cm2 > 0:
        raise BadParameter("area_cm2", f"is {area_cm2}", "an area above 0")
    if wrong := [name for name in outputs if name in OUTPUTS and name not in SPREAD_OUTPUTS]:
        raise BadParameter("outputs", f"has {wrong[0]!r}, which is counted over a week, not at a moment", ", ".join(SPREAD_OUTPUTS))
    joint = joint_occupancy(cycle, tempo, weeks, start)
    moments = _Moments(cycle, joint)
    follicles = float(cycle.follicles_per_cm2) * area_cm2
    mean, sd, change = {}, {}, {}
    for name in outputs:
        found = output(name, terminal_um)
        mean[name], parts = _influence(found, float(cycle.follicles_per_cm2), moments)
        now = sum(a * b * moments.covariance(p, q) for p, a in parts for q, b in parts)
        then = sum(a[0] * b[0] * moments.covariance(p, q)[0] for p, a in parts for q, b in parts)
        both = sum(a[0] * b * moments.over_time(p, q) for p, a in parts for q, b in parts)
        sd[name] = np.sqrt(np.maximum(now, 0.0) / follicles)
        change[name] = np.sqrt(np.maximum(now + then - 2 * both, 0.0) / follicles)
    return Spread(np.arange(weeks + 1), area_cm2, mean, sd, change)


def joint_occupancy(cycle: Cycle, tempo: Tempo, weeks: int, start: State | None = None) -> Array:
    """Share of follicles in one class at the start and another at each week: (SLOTS, 4, T, SLOTS, 4), adding up to 1 each week.

    Exact for the scheme of `expect`: the law is linear, so each starting class is run on its own.
    """
    start = [phase.reshape(*phase.shape[:2]) for phase in (settled(cycle) if start is None else aligned(start, cycle))]
    share = np.stack([phase.sum(axis=0) for phase in start], axis=-1)
    classes = np.argwhere(share > 0)
    alone: State = [np.zeros((*phase.shape, len(classes))) for phase in start]
    for lane, (slot, phase) in enumerate(classes):
        alone[phase][:, slot, lane] = start[phase][:, slot] / share[slot, phase]
    course = expect(cycle, tempo, weeks, start=alone, outputs=(), occupancy=True, dtype=np.float64)
    joint = np.zeros((SLOTS, 4, weeks + 1, SLOTS, 4))
    assert course.occupancy is not None
    joint[classes[:, 0], classes[:, 1]] = course.occupancy * share[classes[:, 0], classes[:, 1], None, None, None]
    return joint


class _Moments:
    """Means and covariances of quantities of one follicle, at one week and between week 0 and a week."""

    def __init__(self, cycle: Cycle, joint: Array) -> None:
        self.cycle, self.joint = cycle, joint
        self.now = joint.sum(axis=(0, 1))
        self._pairs: dict[Any, Array] = {}

    def pair(self, one: Quantity, two: Quantity) -> Array:
        """E[one in slot j, two in slot k]."""
        if (one, two) not in self._pairs:
            self._pairs[one, two] = pair(self.cycle, one, two)
        return self._pairs[one, two]

    def mean(self, one: Quantity) -> Array:
        """(T,)."""
        return np.asarray(self.now[..., list(one.phases)].sum(-1) @ one.per_slot(self.cycle))

    def covariance(self, one: Quantity, two: Quantity) -> Array:
        """Of two quantities at the same week: (T,)."""
        shared = [phase for phase in one.phases if phase in two.phases]
        both = self.now[..., shared].sum(-1) @ np.diagonal(self.pair(one, two))
        return np.asarray(both - self.mean(one) * self.mean(two))

    def over_time(self, one: Quantity, two: Quantity) -> Array:
        """Of one quantity at week 0 and another at each week: (T,)."""
        joint = self.joint[:, list(one.phases)].sum(1)[..., list(two.phases)].sum(-1)
        return np.asarray(np.einsum("jtk,jk->t", joint, self.pair(one, two)) - self.mean(one)[0] * self.mean(two))


def _influence(found: Output, per_cm2: float, moments: _Moments) -> tuple[Array, list[tuple[Quantity, Array]]]:
    """The mean of an output, and the influence of one follicle on it as (quantity, coefficient (T,)) pairs."""
    top = moments.mean(found.top)
    if found.bottom is None:
        scale = found.scale * per_cm2
        return top * scale, [(found.top, np.full_like(top, scale))]
    bottom = np.maximum(moments.mean(found.bottom), np.finfo(float).tiny)
    return top / bottom, [(found.top, 1 / bottom), (found.bottom, -top / bottom**2)]
