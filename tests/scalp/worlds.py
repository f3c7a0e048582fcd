"""Worlds that several tests of the engine share: parameters over their whole range, and a tempo that changes everything."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from anagen.scalp.law import Cycle, healthy
from anagen.scalp.tempo import Tempo


def busy_tempo(weeks: int = 104) -> Tempo:
    """Everything that a tempo can change, changing over time."""
    week = np.arange(weeks)
    return Tempo(
        leave_anagen=1 + 0.5 * np.sin(week / 9),
        leave_catagen=np.where(week < 30, 0.6, 1.4),
        leave_telogen=1 + (week > 20) * 1.5,
        leave_kenogen=0.7 + week / 100,
        kenogen=np.where(week % 26 < 13, 0.8, 1.1),
        shrink=np.where(week < 50, 1.6, 0.4),
        grow=0.3 * (week > 40),
        recruit_per_week=0.02 * (week > 60),
    )


def losing(**changes: float) -> Cycle:
    """A scalp that is losing hair fast, so that every slot fills."""
    return healthy(**{"shrink": 0.5, "anagen_mean_weeks": 60.0, "step_ratio": 0.75, **changes})


def _between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


@st.composite
def cycles(draw: st.DrawFn) -> Cycle:
    """Any cycle that the law allows, anagen of a few days included."""
    floor = draw(_between(0.2, 8))
    return Cycle(
        follicles_per_cm2=draw(_between(1, 600)),
        anagen_mean_weeks=draw(_between(floor, 400)),
        anagen_cv=draw(_between(0.25, 1)),
        anagen_floor_weeks=floor,
        size_exponent=draw(_between(0, 6)),
        catagen_mean_weeks=draw(_between(0.2, 8)),
        catagen_cv=draw(_between(0.25, 1)),
        telogen_mean_weeks=draw(_between(0.5, 40)),
        telogen_cv=draw(_between(0.25, 1)),
        kenogen_mean_weeks=draw(_between(0.5, 60)),
        kenogen_mean_weeks_small=draw(_between(0.5, 200)),
        kenogen_cv=draw(_between(0.25, 1)),
        kenogen_chance=draw(_between(0, 1)),
        kenogen_chance_small=draw(_between(0, 1)),
        shrink=draw(_between(0, 1)),
        step_ratio=draw(_between(0.3, 0.95)),
        calibre_um=draw(_between(40, 110)),
        calibre_min_um=draw(_between(5, 40)),
        calibre_cv=draw(_between(0.01, 0.6)),
        growth_mm_per_day=draw(_between(0.1, 0.6)),
    )


@st.composite
def tempos(draw: st.DrawFn, weeks: int = 26) -> Tempo:
    """Any tempo within reason, weekly rows."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    most = draw(_between(0.0, 4.0))
    return Tempo(
        **{f"leave_{phase}": rng.uniform(0, most, weeks) for phase in ("anagen", "catagen", "telogen", "kenogen")},
        kenogen=rng.uniform(0, 2, weeks),
        shrink=rng.uniform(0, 3, weeks),
        grow=rng.uniform(0, 1, weeks),
        recruit_per_week=rng.uniform(0, 1, weeks) * draw(st.booleans()),
    )
