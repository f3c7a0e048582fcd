"""The same law by another road: the dense generator of the whole chain, and its matrix exponential week by week, in float64.

Written from the description of the law, sharing no formula with `anagen.scalp.law.step`: states are enumerated one by one, the
stay of a given CV is found by a root finder, the healthy state as a null vector, the share of a slot above a cut by scipy.stats.
The number of calibre slots and of stages is free here, which it is not in the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import expm, null_space
from scipy.optimize import brentq
from scipy.stats import lognorm

from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Tempo

PHASES = ("anagen", "catagen", "telogen", "kenogen")


def mixture(cv: float) -> tuple[int, float]:
    """Most stages n of a stay with this CV, and the chance p that it has n - 1: solves n (n + 1 - 2p) / (n - p)**2 = 1 + cv**2."""
    square = cv**2
    n = int(np.ceil(1 / square - 1e-9))
    if n == 1 or abs(1 / n - square) < 1e-9:
        return n, 0.0
    return n, float(brentq(lambda p: n * (n + 1 - 2 * p) / (n - p) ** 2 - 1 - square, 0.0, 1.0, xtol=1e-15))


@dataclass(frozen=True)
class Path:
    """`classes`: (weeks + 1, slots, 4), share of follicles by slot and phase. `shed`: (weeks + 1,), per follicle and week."""

    classes: Any
    shed: Any
    end: Any


class Exact:
    """The chain of one cycle. `stages`: phase name -> a whole number of stages, or a CV below 1 given as a float."""

    def __init__(self, cycle: Cycle, slots: int = 8, stages: Mapping[str, float] | None = None) -> None:
        self.c = {name: float(value) for name, value in vars(cycle).items()}
        c, self.slots = self.c, slots
        chosen = {phase: c[f"{phase}_cv"] for phase in PHASES} | dict(stages or {})
        self.kinds = [(int(x), 0.0) if isinstance(x, int) else mixture(x) for x in (chosen[phase] for phase in PHASES)]
        self.deepest = min(np.log(c["calibre_min_um"] / c["calibre_um"]) / np.log(c["step_ratio"]), slots - 1)
        self.calibre = [c["calibre_um"] * c["step_ratio"] ** min(k, self.deepest) for k in range(slots)]
        self.states = [(phase, j, k) for phase in range(4) for j in range(self.kinds[phase][0]) for k in range(slots)]
        self.at = {state: i for i, state in enumerate(self.states)}

    def mean(self, phase: int, slot: int) -> float:
        """Mean stay in weeks."""
        c, s = self.c, self.calibre[slot] / self.c["calibre_um"]
        if phase == 0:
            return float(c["anagen_floor_weeks"] + (c["anagen_mean_weeks"] - c["anagen_floor_weeks"]) * s ** c["size_exponent"])
        if phase == 3:
            return float(c["kenogen_mean_weeks"] * s + c["kenogen_mean_weeks_small"] * (1 - s))
        return c["catagen_mean_weeks"] if phase == 1 else c["telogen_mean_weeks"]

    def into(self, phase: int, slot: int) -> list[tuple[int, float]]:
        """The states in which a follicle enters a phase."""
        fewer = self.kinds[phase][1]
        return [(self.at[phase, 0, slot], 1 - fewer)] + ([(self.at[phase, 1, slot], fewer)] if fewer else [])

    def reborn(self, slot: int, shrink: float, grow: float) -> list[tuple[int, float]]:
        """The states in which a new anagen of a follicle of this slot begins."""
        down = min(shrink, 1.0) * min(max(self.deepest - slot, 0.0), 1.0)
        up = grow * (1 - down) if slot else 0.0
        to = [(k, chance) for k, chance in ((slot + 1, down), (slot - 1, up), (slot, 1 - down - up)) if chance > 0]
        return [(state, chance * share) for k, chance in to for state, share in self.into(0, k)]

    def generator(self, tempo: Mapping[str, float]) -> Any:
        """Q with dp/dt = Q p; a last row counts the hairs shed."""
        c, q = self.c, np.zeros((len(self.states) + 1, len(self.states) + 1))
        for here, (phase, stage, slot) in enumerate(self.states):
            count, fewer = self.kinds[phase]
            rate = tempo[f"leave_{PHASES[phase]}"] * (count - fewer) / self.mean(phase, slot)
            reborn = self.reborn(slot, c["shrink"] * tempo["shrink"], tempo["grow"])
            if stage < count - 1:
                goes = [(self.at[phase, stage + 1, slot], 1.0)]
            elif phase < 2:
                goes = self.into(phase + 1, slot)
            elif phase == 2:
                s = self.calibre[slot] / c["calibre_um"]
                empty = min((c["kenogen_chance"] * s + c["kenogen_chance_small"] * (1 - s)) * tempo["kenogen"], 1.0)
                goes = [(to, empty * share) for to, share in self.into(3, slot)] + [(to, (1 - empty) * share) for to, share in reborn]
                q[-1, here] += rate
            else:
                goes = reborn
            wakes = [(to, tempo["recruit_per_week"] * share) for to, share in reborn] if phase == 3 else []
            for to, flow in [(to, rate * share) for to, share in goes] + wakes:
                q[to, here] += flow
                q[here, here] -= flow
        return q

    def healthy(self) -> Any:
        """The steady state if nothing shrinks and every follicle is full size: a null vector."""
        unshrunk = {**STILL, "shrink": 0.0}
        first = [i for i, state in enumerate(self.states) if state[2] == 0]
        vector = null_space(self.generator(unshrunk)[np.ix_(first, first)])[:, 0]
        whole = np.zeros(len(self.states))
        whole[first] = vector / vector.sum()
        return whole

    def run(self, tempo: Tempo | None, weeks: int, start: Any) -> Path:
        """Week by week from `start`, a vector over `states`."""
        rows = (tempo or Tempo()).rows()
        steps: dict[tuple[float, ...], Any] = {}
        now, seen, shed = np.append(start, 0.0), [start], [0.0]
        for week in range(weeks):
            here = {name: float(row[min(week, len(row) - 1)] if row.ndim else row) for name, row in rows.items()}
            key = tuple(here.values())
            if key not in steps:
                steps[key] = expm(self.generator(here))
            now = steps[key] @ np.append(now[:-1], 0.0)
            seen.append(now[:-1])
            shed.append(now[-1])
        member = np.zeros((len(self.states), self.slots, 4))
        for i, (phase, _, slot) in enumerate(self.states):
            member[i, slot, phase] = 1.0
        return Path(np.einsum("ti,ikp->tkp", np.array(seen), member), np.array(shed), now[:-1])

    def as_start(self, vector: Any) -> list[Any]:
        """A vector over `states` as `expect` takes it: four arrays (stages, slots)."""
        out = [np.zeros((count, self.slots)) for count, _ in self.kinds]
        for value, (phase, stage, slot) in zip(vector, self.states, strict=True):
            out[phase][stage, slot] = value
        return out

    def read(self, path: Path, terminal_um: float) -> dict[str, Any]:
        """Visible, terminal and anagen hairs per cm2, and hairs shed per cm2 and day, by week (the shed of week 0 is not known)."""
        c = self.c
        sigma = np.sqrt(np.log(1 + c["calibre_cv"] ** 2))
        above = np.array([lognorm(s=sigma, scale=d).sf(terminal_um) for d in self.calibre])
        per_cm2, hairs = c["follicles_per_cm2"], path.classes[:, :, :3].sum(axis=2)
        return {
            "visible": per_cm2 * hairs.sum(axis=1),
            "terminal": per_cm2 * hairs @ above,
            "anagen": per_cm2 * path.classes[:, :, 0].sum(axis=1),
            "shed": per_cm2 * path.shed / 7,
        }


STILL = {name: float(value) for name, value in Tempo().rows().items()}
