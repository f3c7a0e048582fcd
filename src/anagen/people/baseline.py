"""The scalp that a person starts from: how fast and how long they have been losing hair, as far as a count can tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.ground import chance
from anagen.ground.errors import BadInput
from anagen.people.person import Person
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle, State
from anagen.scalp.tempo import Tempo

YEARS_BEFORE_LOSS = 15.0
WEEKS_PER_YEAR = 52.14
FEWEST = 50


@dataclass(frozen=True)
class Baseline:
    """Possible starts of one person. `cycle`: (n,) lanes; `start`: their occupancies today; `onset_weeks`: (n,) ago.

    `which`: the draws of the belief that can explain the count. All others are ruled out by it.
    """

    cycle: Cycle
    start: State
    onset_weeks: npt.NDArray[np.int64]
    which: npt.NDArray[np.int64]


def baseline(person: Person, belief: Belief) -> Baseline:
    """Every draw of the belief is aged from a full scalp until its vertex shows the measured density.

    Draws that never come down to it within the person's years since puberty, or that never had so many hairs, are ruled
    out. The count itself carries the camera's error (`reading.repeat_cv`), drawn once per draw.
    Raises `BadInput` when fewer than 50 draws of the belief can explain the count.
    """
    from scipy.special import ndtri

    cycle = belief.cycle("vertex_man")
    error = ndtri(chance.uniform(chance.key(belief.seed, "count"), np.arange(belief.size)))
    target = person.vertex_density_per_cm2 * np.exp(error * belief.values("reading")["repeat_cv"])
    horizon = int((person.age_years - YEARS_BEFORE_LOSS) * WEEKS_PER_YEAR)
    seen = expect(cycle, weeks=horizon, outputs=("visible",))["visible"]
    below = seen <= target[:, None]
    which = np.flatnonzero(below.any(axis=1) & ~below[:, 0])
    if which.size < min(FEWEST, belief.size):
        raise BadInput(
            f"a vertex density of {person.vertex_density_per_cm2:g} hairs/cm2 at age {person.age_years:g} is hardly possible "
            f"in what we believe: only {which.size} of {belief.size} draws reach it; check the count and its unit (hairs per cm2)."
        )
    onset = below[which].argmax(axis=1)
    possible = Cycle(**{name: value[which] if value.ndim else value for name, value in vars(cycle).items()})
    going = (np.arange(onset.max())[:, None] < onset).astype(np.float32)
    still = Tempo(leave_anagen=going, leave_catagen=going, leave_telogen=going, leave_kenogen=going)
    start = expect(possible, still, int(onset.max()), outputs=(), dtype=np.float64).end
    return Baseline(possible, start, onset, which)
