"""Use: exposure, adherence and sessions over time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.ground.errors import BadParameter
from anagen.treatments import Use, treatment

HALF_TIMES = st.floats(0.5, 50)
SESSIONS = st.lists(st.floats(-20, 60), min_size=1, max_size=6).map(tuple)


@given(SESSIONS, st.floats(-20, 60), HALF_TIMES, HALF_TIMES)
def test_waning_is_a_share_and_a_session_never_takes_away(sessions: tuple[float, ...], one_more: float, on: float, wane: float) -> None:
    fewer = Use(start_week=-20, session_weeks=sessions).waning(80, on, wane)
    more = Use(start_week=-20, session_weeks=(*sessions, one_more)).waning(80, on, wane)
    assert (fewer >= 0).all()
    assert (more <= 1).all()
    assert (more >= fewer - 1e-12).all()
    assert not fewer[: max(int(min(sessions)), 0)].any()


def test_waning_has_the_stated_half_times_and_joins_as_stated() -> None:
    once = Use(session_weeks=(0,)).waning(60, on_weeks=1e-6, wane_weeks=10)
    assert once[20] / once[10] == pytest.approx(0.5)
    slow = Use(session_weeks=(0,)).waning(60, on_weeks=4, wane_weeks=1e9)
    assert 1 - slow[8] == pytest.approx((1 - slow[4]) / 2)
    both = Use(session_weeks=(0, 7)).waning(60, 3, 9)
    parts = [Use(session_weeks=(week,)).waning(60, 3, 9) for week in (0, 7)]
    np.testing.assert_allclose(both, 1 - (1 - parts[0]) * (1 - parts[1]))


def test_the_lanes_of_half_times_are_kept() -> None:
    assert Use(session_weeks=(0, 4)).waning(9, np.ones((3, 1)), np.ones(5)).shape == (9, 3, 5)
    assert Use().waning(9, 1.0, np.ones(5)).tolist() == np.zeros((9, 5)).tolist()


def test_a_usual_course_begins_at_the_start_and_sessions_after_the_stop_are_not_held() -> None:
    assert Use(start_week=3, stop_week=8).course((0, 4, 8)).sessions() == (3, 7)
    assert Use(session_weeks=(9, 1)).course((0, 4, 8)).sessions() == (1, 9)
    late = treatment("prp").tempo(40, use=Use(start_week=10)).leave_telogen
    np.testing.assert_array_equal(late[10:], np.asarray(treatment("prp").tempo(30).leave_telogen))  # type: ignore[index]


def test_adherence_scales_a_daily_use_and_leaves_counted_sessions() -> None:
    whole, half = Use(), Use(adherence=0.5)
    np.testing.assert_allclose(half.exposure(20, 4, 4), whole.exposure(20, 4, 4) / 2)
    assert (np.asarray(treatment("finasteride").tempo(20, use=Use(adherence=0)).shrink) == 1).all()
    np.testing.assert_array_equal(treatment("prp").tempo(20, use=half).leave_telogen, treatment("prp").tempo(20).leave_telogen)
    assert treatment("cell_extract").tempo(20, use=half).leave_telogen[-1] < treatment("cell_extract").tempo(20).leave_telogen[-1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"start_week": 5, "stop_week": 3}, "Use.stop_week is 3"),
        ({"adherence": 1.2}, r"Use.adherence is 1\.2; allowed: a share from 0 to 1"),
        ({"adherence": float("nan")}, "Use.adherence is nan"),
        ({"session_weeks": (1.0, float("inf"))}, "Use.session_weeks has"),
    ],
)
def test_a_bad_use_is_named(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadParameter, match=words):
        Use(**values)  # type: ignore[arg-type]
