"""Tempo: how treatments combine, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scalp.worlds import tempos

from anagen.ground.errors import BadParameter
from anagen.scalp.tempo import Tempo, Transfer, combine


@settings(max_examples=40, deadline=None)
@given(tempos(weeks=6), tempos(weeks=9), tempos(weeks=3))
def test_combining_does_not_depend_on_order_or_grouping(one: Tempo, two: Tempo, three: Tempo) -> None:
    first, second = (one & two) & three, one & (three & two)
    for name, row in first.rows().items():
        np.testing.assert_allclose(row, second.rows()[name], rtol=1e-12, atol=1e-300)
    for name, row in combine(one, Tempo()).rows().items():
        np.testing.assert_array_equal(row, one.rows()[name])


def test_multipliers_multiply_chances_join_and_rates_add() -> None:
    both = Tempo(leave_anagen=0.5, shrink=0.5, grow=0.2, recruit_per_week=0.1) & Tempo(
        leave_anagen=3, shrink=0.5, grow=0.5, recruit_per_week=0.3
    )
    assert [float(both.rows()[name]) for name in ("leave_anagen", "shrink", "grow", "recruit_per_week")] == pytest.approx(
        [1.5, 0.25, 0.6, 0.4]
    )


def test_weeks_after_the_last_row_keep_the_last_row() -> None:
    both = Tempo(shrink=[0.5, 0.25]) & Tempo(shrink=[1.0, 1.0, 1.0, 0.5])
    assert both.shrink.tolist() == [0.5, 0.25, 0.25, 0.125]  # type: ignore[union-attr]


def test_lanes_align_from_the_right() -> None:
    both = Tempo(shrink=np.ones((4, 3, 1))) & Tempo(shrink=np.full((4, 2), 0.5))
    assert both.lanes == (3, 2)
    assert (Tempo() & Tempo()).weeks == 0


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"shrink": -1}, "Tempo.shrink has -1 to -1; allowed: finite numbers from 0 up."),
        ({"leave_telogen": [1.0, np.inf]}, "Tempo.leave_telogen has 1 to inf; allowed: finite numbers from 0 up."),
        ({"grow": 1.5}, "Tempo.grow is 1.5; allowed: a chance from 0 to 1."),
        ({"kenogen": [np.nan]}, "Tempo.kenogen holds a missing number (NaN); allowed: numbers only."),
    ],
)
def test_a_bad_tempo_is_named_in_one_sentence(rows: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadParameter) as caught:
        Tempo(**rows)  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_rows_that_do_not_fit_are_named() -> None:
    with pytest.raises(BadParameter, match=r"Tempo has rows that do not fit each other \(.*grow \(4, 2\).*\)"):
        Tempo(shrink=np.ones((4, 3)), grow=np.zeros((4, 2)))


def test_a_transfer_creates_no_follicle() -> None:
    moved = Transfer(follicles_per_cm2=15, survival=0.9, donor_area_cm2=80, recipient_area_cm2=60, week=0)
    taken = (100 - moved.take(100)) * moved.donor_area_cm2
    assert moved.gained_per_cm2 * moved.recipient_area_cm2 == pytest.approx(0.9 * taken)
    with pytest.raises(BadParameter, match="at most the 10 of the donor area"):
        moved.take(10)
    with pytest.raises(BadParameter, match=r"Transfer.survival is 1\.2"):
        Transfer(follicles_per_cm2=15, survival=1.2, donor_area_cm2=80, recipient_area_cm2=60)
