"""The two paths of `expect` give the same numbers, and a lane's depend on nothing but its own law, tempo and start."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scalp.worlds import busy_tempo, cycles, losing, tempos

from anagen.ground.errors import BadParameter, MissingExtra
from anagen.scalp import blocks
from anagen.scalp import expect as module
from anagen.scalp.expect import Course, expect
from anagen.scalp.law import Cycle, healthy, settled
from anagen.scalp.tempo import Tempo

PATHS = pytest.mark.parametrize("fast", [True, False])
KINDS = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def assert_same(one: Course, two: Course) -> None:
    """Every number of both is the same, to the last bit."""
    assert list(one.values) == list(two.values)
    np.testing.assert_array_equal(one.weeks, two.weeks)
    for name in one.values:
        assert one[name].dtype == two[name].dtype
        np.testing.assert_array_equal(one[name], two[name])
    for phase, other in zip(one.end, two.end, strict=True):
        assert phase.dtype == other.dtype
        np.testing.assert_array_equal(phase, other)
    assert (one.occupancy is None) == (two.occupancy is None)
    if one.occupancy is not None and two.occupancy is not None:
        np.testing.assert_array_equal(one.occupancy, two.occupancy)


def mixed(lanes: int = 150) -> Cycle:
    """Draws that differ in everything that shapes the work: stages, sub-steps, slots."""
    rng = np.random.default_rng(3)
    return healthy(
        shrink=np.r_[0.0, rng.uniform(0, 0.9, lanes - 1)],
        anagen_mean_weeks=rng.uniform(20, 200, lanes),
        anagen_floor_weeks=rng.choice([0.3, 2.0, 8.0], lanes),
        anagen_cv=rng.uniform(0.4, 1.0, lanes),
        telogen_cv=rng.uniform(0.3, 1.0, lanes),
        step_ratio=rng.uniform(0.5, 0.85, lanes),
        follicles_per_cm2=rng.uniform(100, 300, lanes),
    )


def wide_tempo(weeks: int = 40) -> Tempo:
    """Weekly rows for three plans, on lanes of their own; every field, some constant."""
    week, plan = np.arange(weeks).reshape(-1, 1, 1), np.arange(3).reshape(-1, 1)
    on = np.minimum(week / 12, 1) * plan / 2
    return Tempo(
        leave_anagen=1 - 0.3 * on,
        leave_catagen=1.2,
        leave_telogen=1 + on,
        leave_kenogen=1 + on[:20],
        kenogen=1.3 - 0.2 * on,
        shrink=1 + 0.5 * on,
        grow=0.3 * on,
        recruit_per_week=0.2 * on,
    )


@KINDS
@settings(max_examples=40, deadline=None)
@given(cycle=cycles(), tempo=tempos(), more=st.integers(1, 3))
def test_paths_agree_for_any_law_and_tempo(dtype: npt.DTypeLike, cycle: Cycle, tempo: Tempo, more: int) -> None:
    """The compiled path does the same operations in the same order, and IEEE 754 says what each gives: no tolerance."""
    one, two = (expect(cycle, tempo, 30, occupancy=True, sub_steps=more, dtype=dtype, threads=1, fast=fast) for fast in (True, False))
    assert_same(one, two)


@KINDS
@pytest.mark.parametrize("tempo", [None, Tempo(leave_telogen=1.5), wide_tempo()])
def test_paths_agree_over_lanes_of_every_kind(dtype: npt.DTypeLike, tempo: Tempo | None) -> None:
    one, two = (expect(mixed(), tempo, 60, occupancy=True, dtype=dtype, fast=fast) for fast in (True, False))
    assert one["visible"].shape == ((3, 150, 61) if tempo is not None and tempo.weeks else (150, 61))
    assert_same(one, two)


@pytest.mark.parametrize("outputs", [(), ("shed",), ("vellus_share", "anagen_telogen"), ("visible", "visible")])
@pytest.mark.parametrize("weeks", [0, 1, 30])
def test_paths_agree_in_any_outputs_and_horizon(outputs: tuple[str, ...], weeks: int) -> None:
    start = expect(losing(), weeks=200, dtype=np.float64).end
    one, two = (expect(losing(), busy_tempo(), weeks, start=start, outputs=outputs, terminal_um=50, fast=fast) for fast in (True, False))
    assert_same(one, two)


def test_paths_agree_from_starts_on_lanes_of_their_own() -> None:
    start = [np.stack([a, b], axis=-1) for a, b in zip(expect(losing(), weeks=200).end, settled(losing()), strict=True)]
    cycle = losing(shrink=np.array([0.2, 0.5, 0.6])[:, None])
    one, two = (expect(cycle, busy_tempo(), 40, start=start, fast=fast) for fast in (True, False))
    assert one["visible"].shape == (3, 2, 41)
    assert_same(one, two)


def test_these_comparisons_can_fail() -> None:
    one = expect(losing(), busy_tempo(), 30, dtype=np.float64, fast=True)
    with pytest.raises(AssertionError):
        assert_same(one, expect(losing(), busy_tempo(), 30, dtype=np.float64, sub_steps=2, fast=False))
    with pytest.raises(AssertionError):
        assert_same(one, expect(losing(shrink=0.5 * (1 + 1e-14)), busy_tempo(), 30, dtype=np.float64, fast=False))


@PATHS
def test_chunks_blocks_and_threads_change_nothing(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(threads: int) -> Course:
        return expect(mixed(), wide_tempo(), 40, occupancy=True, threads=threads, fast=fast)

    whole = run(1)
    assert_same(whole, run(3))
    monkeypatch.setattr(module, "CHUNK", 7)
    monkeypatch.setattr(blocks, "BLOCK", 13)
    monkeypatch.setattr(blocks, "TASK", 2)
    assert_same(whole, run(2))


@PATHS
@KINDS
def test_a_lane_alone_is_the_lane_among_many(fast: bool, dtype: npt.DTypeLike) -> None:
    """Its neighbours may need other sub-steps and other slots; stages are made alike, since a lane's chain is the widest one's."""
    cycle = mixed().but(anagen_cv=0.66, telogen_cv=0.5)
    among = expect(cycle, wide_tempo(), 60, occupancy=True, dtype=dtype, fast=fast)
    assert among.occupancy is not None
    for lane in range(0, 150, 17):
        own = Cycle(**{name: value[lane] if value.ndim else value for name, value in vars(cycle).items()})
        alone = expect(own, wide_tempo(), 60, occupancy=True, dtype=dtype, fast=fast)
        assert alone.occupancy is not None
        np.testing.assert_array_equal(among.occupancy[:, lane], alone.occupancy[:, 0])
        for output in among.values:
            np.testing.assert_array_equal(among[output][:, lane], alone[output][:, 0])


@PATHS
def test_results_may_be_written_to(fast: bool) -> None:
    course = expect(losing(), weeks=3, occupancy=True, fast=fast)
    for array in (*course.values.values(), *course.end, course.occupancy):
        assert array is not None
        array += 1


def test_the_compiled_path_is_taken_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once Numba is loaded always, before that from so much work on that loading it is the smaller price."""
    compiled: Any = module._compiled
    monkeypatch.setitem(sys.modules, "numba", sys)
    assert compiled(None, 1)
    assert not compiled(False, 10**9)
    monkeypatch.delitem(sys.modules, "numba")
    assert not compiled(None, module.WORTH_LOADING)
    assert compiled(None, module.WORTH_LOADING + 1)
    assert compiled(True, 1)


def test_without_numba_the_compiled_path_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="fast"):
        expect(healthy(), weeks=4, fast=True)
    assert expect(healthy(), weeks=4)["visible"].shape == (5,)


@PATHS
def test_a_number_format_that_is_too_coarse_is_named(fast: bool) -> None:
    with pytest.raises(BadParameter, match="dtype is float16; allowed: float32 or float64"):
        expect(healthy(), weeks=4, dtype=np.float16, fast=fast)
