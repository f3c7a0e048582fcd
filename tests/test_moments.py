"""When options are read side by side, and what a follicle is called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.compare import KINDS, compare, kinds
from anagen.people.person import read_person
from anagen.scalp.sample import Looks

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "man-norwood-3v.toml"


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (5, [("3 months", 13), ("6 months", 26), ("12 months", 52), ("24 months", 104), ("5 years", 261)]),
        (2.5, [("3 months", 13), ("6 months", 26), ("12 months", 52), ("24 months", 104), ("30 months", 130)]),
        (3, [("3 months", 13), ("6 months", 26), ("12 months", 52), ("24 months", 104), ("3 years", 156)]),
        (2, [("3 months", 13), ("6 months", 26), ("12 months", 52), ("24 months", 104)]),
        (1, [("3 months", 13), ("6 months", 26), ("12 months", 52)]),
        (0.25, [("3 months", 13)]),
        (0.1, [("5 weeks", 5)]),
        (0.001, [("1 week", 1)]),
    ],
)
def test_moments_stay_within_the_horizon_and_reach_its_end(years: float, expected: list[tuple[str, int]]) -> None:
    answer = compare(read_person(EXAMPLE), Belief.prior(n=100), years=years, options=[])
    assert [(moment.label, moment.week) for moment in answer.moments] == expected
    assert answer.weeks[-1] == expected[-1][1]
    assert answer.read_weeks == (0, *(week for _, week in expected))


def test_kinds_follow_the_cut_offs() -> None:
    calibre = np.array([[20.0, 29.9, 30.0, 40.0, 40.1, 80.0, 80.0]])
    phase = np.array([[0, 0, 1, 2, 0, 0, 3]], np.uint8)
    looks = Looks(np.array([0.0]), np.zeros_like(phase), phase, calibre)
    assert [KINDS[code] for code in kinds(looks)[0]] == [
        "vellus",
        "vellus",
        "intermediate",
        "intermediate",
        "terminal",
        "terminal",
        "empty",
    ]


def test_every_seed_gives_a_belief_that_the_law_allows() -> None:
    highest = [float(Belief.prior(seed=seed).cycle("man").anagen_cv.max()) for seed in range(30)]
    assert max(highest) == 1.0, "some draw reaches the end, and none goes beyond"
