"""The law: mass, signs, steady state, smoothness, and bad parameters named in one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scalp.worlds import cycles, losing, tempos

from anagen.ground.errors import BadParameter
from anagen.scalp.expect import expect
from anagen.scalp.law import SLOTS, Cycle, Stages, healthy, settled
from anagen.scalp.tempo import Tempo

PATHS = pytest.mark.parametrize("fast", [False, True])


@PATHS
@settings(max_examples=60, deadline=None)
@given(cycle=cycles(), tempo=tempos())
def test_no_occupancy_turns_negative_and_mass_is_conserved(fast: bool, cycle: Cycle, tempo: Tempo) -> None:
    course = expect(cycle, tempo, weeks=26, occupancy=True, dtype=np.float64, threads=1, fast=fast)
    assert course.occupancy is not None
    assert course.occupancy.min() >= 0
    assert all(phase.min() >= 0 for phase in course.end)
    np.testing.assert_allclose(course.occupancy.sum(axis=(-1, -2)), 1.0, atol=1e-11)


@PATHS
def test_float32_conserves_mass_to_its_own_precision(fast: bool) -> None:
    course = expect(losing(), Tempo(grow=0.2), weeks=520, occupancy=True, fast=fast)
    assert course.occupancy is not None
    assert np.abs(course.occupancy.sum(axis=(-1, -2)) - 1).max() < 520 * np.finfo(np.float32).eps


@PATHS
@settings(max_examples=30, deadline=None)
@given(cycle=cycles())
def test_a_settled_scalp_stays_as_it_is(fast: bool, cycle: Cycle) -> None:
    still = cycle.but(shrink=0.0)
    course = expect(still, weeks=20, occupancy=True, dtype=np.float64, threads=1, fast=fast)
    assert course.occupancy is not None
    np.testing.assert_allclose(course.occupancy, np.broadcast_to(course.occupancy[0], course.occupancy.shape), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(cycles())
def test_stages_have_the_mean_and_the_spread_they_were_asked_for(cycle: Cycle) -> None:
    for cv, stages in zip((cycle.anagen_cv, cycle.catagen_cv, cycle.telogen_cv, cycle.kenogen_cv), cycle.stages(), strict=True):
        shares = dict(stages.entry())
        orders = {stages.count - stage: share for stage, share in shares.items()}
        rate = stages.rate_of_mean
        mean = sum(share * order for order, share in orders.items()) / rate
        square = sum(share * order * (order + 1) for order, share in orders.items()) / rate**2
        assert sum(shares.values()) == pytest.approx(1)
        assert mean == pytest.approx(1)
        assert np.sqrt(square - 1) == pytest.approx(float(cv), rel=1e-6)


def test_stages_of_draws_that_differ_share_one_chain() -> None:
    stages = Stages.of([0.5, 0.66, 1.0])
    assert stages.count == 4
    assert np.sum([share for _, share in stages.entry()], axis=0) == pytest.approx([1, 1, 1])
    alone = expect(healthy(anagen_cv=0.66, shrink=0.4), weeks=100, dtype=np.float64)
    among = expect(healthy(anagen_cv=[0.5, 0.66, 1.0], shrink=0.4), weeks=100, dtype=np.float64)
    np.testing.assert_allclose(among["visible"][1], alone["visible"], rtol=1e-12)


def test_outputs_move_smoothly_where_the_number_of_steps_down_changes() -> None:
    """q is crossed where the smallest calibre moves from one slot to the next: no jump, in level or far from linear."""
    crossing = (15 / 68) ** (1 / 4)
    q = crossing + np.linspace(-2e-3, 2e-3, 41)
    course = expect(healthy(shrink=0.4, step_ratio=q, calibre_um=68, calibre_min_um=15), weeks=520, dtype=np.float64)
    for output in ("visible", "terminal", "calibre"):
        steps = np.diff(course[output][:, -1])
        assert np.abs(steps).max() < 3 * np.abs(steps).min() + 1e-9


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("anagen_mean_weeks", -3, "Cycle.anagen_mean_weeks is -3; allowed: a number above 0."),
        ("telogen_cv", 0, "Cycle.telogen_cv is 0; allowed: a coefficient of variation from 0.25 to 1."),
        ("telogen_cv", 1.5, "Cycle.telogen_cv is 1.5; allowed: a coefficient of variation from 0.25 to 1."),
        ("kenogen_chance", 1.2, "Cycle.kenogen_chance is 1.2; allowed: a share from 0 to 1."),
        ("shrink", [0.2, -0.1], "Cycle.shrink has -0.1; allowed: a share from 0 to 1."),
        ("calibre_um", float("nan"), "Cycle.calibre_um holds a missing number (NaN); allowed: numbers only."),
        ("calibre_um", "wide", "Cycle.calibre_um is 'wide'; allowed: a number or an array of numbers."),
        ("step_ratio", 1, "Cycle.step_ratio is 1; allowed: a ratio above 0 and below 1."),
        ("calibre_min_um", 90, "Cycle.calibre_min_um is above calibre_um; allowed: at most the full calibre."),
        ("anagen_floor_weeks", 900, "Cycle.anagen_floor_weeks is above anagen_mean_weeks; allowed: at most the full-size mean."),
    ],
)
def test_a_bad_parameter_is_named_in_one_sentence(field: str, value: object, sentence: str) -> None:
    with pytest.raises(BadParameter) as caught:
        healthy(**{field: value})  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(BadParameter, match=r"Cycle has fields that do not fit each other .*shrink \(3,\).*broadcast"):
        healthy(shrink=[0.1, 0.2, 0.3], calibre_um=[60.0, 70.0])


def test_a_bad_start_or_horizon_is_named() -> None:
    start = settled(healthy())
    with pytest.raises(BadParameter, match="start is not a share of follicles"):
        expect(healthy(), start=[phase * 2 for phase in start])
    with pytest.raises(BadParameter, match="start has shapes"):
        expect(healthy(), start=[phase[:, : SLOTS - 1] for phase in start])
    with pytest.raises(BadParameter, match="weeks is -1"):
        expect(healthy(), weeks=-1)


@PATHS
def test_a_lane_does_not_depend_on_its_neighbours(fast: bool) -> None:
    """One lane needs many sub-steps, another has few slots: each gives what it gives alone, to the last bit."""
    floors, ratios = np.array([0.2, 4.0, 8.0]), np.array([0.5, 0.7, 0.78])
    among = expect(healthy(shrink=0.4, anagen_floor_weeks=floors, step_ratio=ratios), weeks=300, fast=fast)
    for lane in range(3):
        alone = expect(healthy(shrink=0.4, anagen_floor_weeks=floors[lane], step_ratio=ratios[lane]), weeks=300, fast=fast)
        for output in among.values:
            np.testing.assert_array_equal(among[output][lane], alone[output])


@PATHS
def test_lanes_of_cycle_and_tempo_broadcast(fast: bool) -> None:
    cycle = healthy(shrink=np.full((5, 1, 1), 0.4), follicles_per_cm2=[200.0, 250.0])
    tempo = Tempo(shrink=np.ones((52, 5, 3, 1)) * np.array([1.0, 0.5, 0.1])[:, None])
    course = expect(cycle, tempo, weeks=52, fast=fast)
    assert course["visible"].shape == (5, 3, 2, 53)
    np.testing.assert_allclose(course["visible"][..., 1, :] / course["visible"][..., 0, :], 1.25, rtol=1e-5)
    assert course["terminal"][0, 2, 0, -1] > course["terminal"][0, 0, 0, -1]
