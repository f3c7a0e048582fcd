"""The two readings of the law agree in every cell, and the exact chain agrees with both."""

from __future__ import annotations

import numpy as np
import pytest
from false_alarm import assert_cells_agree, assert_counts_agree, share
from scalp.worlds import busy_tempo, losing

from anagen.scalp.expect import Course, expect
from anagen.scalp.law import Cycle
from anagen.scalp.sample import Sampled, sample
from anagen.scalp.spread import spread

WEEKS, FOLLICLES = 104, 1_000_000


@pytest.fixture(scope="module")
def followed() -> Sampled:
    return sample(losing(), busy_tempo(), WEEKS, follicles=FOLLICLES, start=expect(losing(), weeks=200, dtype=np.float64).end, seed=11)


def _expected(cycle: Cycle) -> Course:
    start = expect(losing(), weeks=200, dtype=np.float64).end
    return expect(cycle, busy_tempo(), WEEKS, start=start, occupancy=True, dtype=np.float64, sub_steps=8, outputs=("shed",))


@pytest.mark.stochastic
def test_expect_and_sample_agree_in_every_cell(followed: Sampled) -> None:
    rate = share("test_expect_and_sample_agree_in_every_cell")
    course = _expected(losing())
    assert course.occupancy is not None
    assert (course.occupancy > 0.001).sum() > 2000  # the comparison is not about empty cells
    assert_counts_agree(followed.counts, FOLLICLES, course.occupancy.clip(0, 1), rate / 2)
    hairs = course["shed"][1:] * 7 / float(losing().follicles_per_cm2)
    assert_cells_agree(followed.shed.sum(axis=1)[1:], hairs * FOLLICLES, np.sqrt(hairs * FOLLICLES), rate / 2)


def test_expect_and_sample_agree_in_every_cell_catches_a_law_that_is_ten_percent_off(followed: Sampled) -> None:
    rate = share("test_expect_and_sample_agree_in_every_cell")
    for field in ("telogen_mean_weeks", "shrink", "kenogen_chance", "kenogen_mean_weeks_small", "anagen_cv"):
        twin = _expected(losing().but(**{field: getattr(losing(), field) * 0.9}))
        assert twin.occupancy is not None
        with pytest.raises(AssertionError, match="cells disagree"):
            assert_counts_agree(followed.counts, FOLLICLES, twin.occupancy.clip(0, 1), rate / 2)


AREAS, FIRST = 1500, 7000


@pytest.fixture(scope="module")
def areas() -> dict[str, np.ndarray]:
    """Many target areas of one cm2, each followed for a year; name -> (areas, 3 looks)."""
    cycle, start = losing(), expect(losing(), weeks=200, dtype=np.float64).end
    per_area = round(float(cycle.follicles_per_cm2))
    looks = sample(
        cycle, busy_tempo(), 52, follicles=AREAS * per_area, start=start, seed=FIRST, look_weeks=(0, 26, 52), every_days=91
    ).looks
    assert looks is not None
    phase = looks.phase.reshape(3, AREAS, per_area)
    wide = looks.calibre_um.reshape(3, AREAS, per_area)
    hair = phase < 3
    counts = {
        "visible": hair.sum(2),
        "terminal": (hair & (wide > 40)).sum(2),
        "calibre": (wide * hair).sum(2) / hair.sum(2),
        "anagen_share": (phase == 0).sum(2) / hair.sum(2),
    }
    return {name: value.T.astype(float) for name, value in counts.items()}


@pytest.mark.stochastic
def test_spread_of_counts_ratios_and_changes(areas: dict[str, np.ndarray]) -> None:
    from false_alarm import assert_variances_agree

    rate = share("test_spread_of_counts_ratios_and_changes")
    found = spread(losing(), busy_tempo(), 52, start=expect(losing(), weeks=200, dtype=np.float64).end, outputs=tuple(areas))
    for name, drawn in areas.items():
        exact = name in ("visible", "terminal")
        for look, week in enumerate((0, 26, 52)):
            # the delta method leaves out terms of order 1/n: about one percent for some 200 follicles
            wanted = found.sd[name][week] ** 2
            assert_variances_agree(drawn[:, look], wanted if exact else _nearest(drawn[:, look], wanted, 0.02), rate / 24)
            if week:
                change = drawn[:, look] - drawn[:, 0]
                wanted = found.change_sd[name][week] ** 2
                assert_variances_agree(change, wanted if exact else _nearest(change, wanted, 0.02), rate / 24)


def test_spread_of_counts_ratios_and_changes_catches_two_independent_visits(areas: dict[str, np.ndarray]) -> None:
    from false_alarm import assert_variances_agree

    rate = share("test_spread_of_counts_ratios_and_changes")
    found = spread(losing(), busy_tempo(), 52, start=expect(losing(), weeks=200, dtype=np.float64).end, outputs=("terminal",))
    change = areas["terminal"][:, 2] - areas["terminal"][:, 0]
    with pytest.raises(AssertionError, match="cells disagree"):
        assert_variances_agree(change, found.sd["terminal"][52] ** 2 + found.sd["terminal"][0] ** 2, rate / 24)


def _nearest(drawn: np.ndarray, wanted: float, slack: float) -> float:
    """The variance within `slack` of the wanted one that is nearest to what was drawn."""
    return float(np.clip(drawn.var(ddof=1), wanted * (1 - slack), wanted * (1 + slack)))
