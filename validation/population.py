"""The men of a trial of whom only the count at the start is known: every draw of a belief, aged untreated to that count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from anagen.belief import Belief
from anagen.ground import chance
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.history import history, lanes_of
from anagen.scalp.law import Cycle, State
from anagen.scalp.tempo import Array


@dataclass(frozen=True)
class Men:
    """`cycle`: (n,) lanes; `start`: their occupancies on the first day; `onset_weeks`: (n,) of loss before it; `which`: their draws.

    `counted`: (n,) the count to which each was aged, hairs/cm2.
    """

    cycle: Cycle
    start: State
    onset_weeks: Array
    which: npt.NDArray[np.int64]
    counted: Array


def aged_to(count_per_cm2: float, age_years: float, belief: Belief) -> Men:
    """The draws that come down to this count after the start and within the years since puberty, all with the same weight.

    Each is the middle person of its draw: a trial's mean says nothing of how people differ. The count carries the camera's error,
    drawn once for each draw. A start between two weeks is a mixture of the two, so that it moves no further than the rounding that
    moves it.
    """
    limit = age_years - medians("person")["puberty_years"]
    past = history(belief, limit, "man")
    score = ndtri(chance.uniform(chance.key(belief.seed, "count"), np.arange(belief.size)))
    counted = count_per_cm2 * np.exp(score * belief.values("reading")["repeat_cv"])
    onset = past.crossing("visible", counted)
    which = np.flatnonzero((onset > 0) & (onset <= limit * WEEKS_PER_YEAR))
    onset = onset[which]
    week = onset.astype(np.int64)
    part = onset - week
    start = [(1 - part) * now + part * then for now, then in zip(past.at(week, which), past.at(week + 1, which), strict=True)]
    return Men(lanes_of(past.cycle, which), start, onset, which, counted[which])
