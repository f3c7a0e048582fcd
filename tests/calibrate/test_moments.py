"""The moments that are looked at: each once, idle lanes apart, the others followed no further than they are counted."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.calibrate.coarse import STEP_WEEKS
from anagen.calibrate.moments import BREAKS_WEEKS, Moments

GIVEN = [True, False, True, True]
LOOKS = [(0, 24.0), (0, 0.0), (0, 24.0), (1, 24.0), (1, 100.0), (2, 28.0), (2, 59.0), (3, 26.1), (3, 200.0)]
FOUND = Moments.of(GIVEN, LOOKS)


def test_every_moment_stands_once_and_every_start_first() -> None:
    assert FOUND.place(range(4), [0.0] * 4).tolist() == [0, 1, 2, 3]
    assert sorted(FOUND.where.values()) == list(range(4 + len({look for look in LOOKS if look[1] > 0})))
    assert FOUND.place(*zip(*LOOKS, strict=True)).tolist()[0] == FOUND.place([0], [24.0])[0]
    with pytest.raises(KeyError):
        FOUND.place([2], [24.0])


def test_idle_lanes_are_not_followed() -> None:
    assert (FOUND.idle.tolist(), FOUND.idle_weeks.tolist()) == ([1, 1], [24.0, 100.0])
    assert all(1 not in leg.lanes for leg in FOUND.legs)


def test_a_lane_is_followed_as_far_as_it_is_counted_and_goes_on_from_where_it_was() -> None:
    assert [leg.lanes.tolist() for leg in FOUND.legs] == [[0, 2, 3], [2, 3], [3]]
    for leg, after in zip(FOUND.legs, FOUND.legs[1:], strict=False):
        assert leg.lanes[leg.on].tolist() == after.lanes.tolist()
        assert leg.last == after.first
    assert FOUND.legs[0].first == 0
    assert FOUND.legs[-1].last * STEP_WEEKS >= 200
    assert not len(FOUND.legs[-1].on)


def test_a_moment_lies_within_its_leg_at_its_week() -> None:
    moment = 4 + len(FOUND.idle)
    names = {place: look for look, place in FOUND.where.items()}
    for leg in FOUND.legs:
        for place, step, part in zip(leg.place, leg.step, leg.part, strict=True):
            lane, week = names[moment]
            assert leg.lanes[place] == lane
            assert (leg.first + step + part) * STEP_WEEKS == pytest.approx(week)
            assert 0 <= step < leg.last - leg.first
            assert 0 <= part <= 1
            moment += 1
    assert moment == len(names)


def test_every_break_but_the_last_is_a_whole_step() -> None:
    assert all(week % STEP_WEEKS == 0 for week in BREAKS_WEEKS[:-1])
    assert list(BREAKS_WEEKS) == sorted(BREAKS_WEEKS)
    assert np.isinf(BREAKS_WEEKS[-1])


def test_nobody_who_is_treated_needs_no_leg() -> None:
    assert Moments.of([False, False], [(0, 24.0), (1, 0.0)]).legs == ()
    assert Moments.of([True], [(0, 0.0)]).legs == ()
