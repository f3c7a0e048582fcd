"""The two paths of `sample` tell the same histories, and a history depends on nothing but its own key, law and tempo."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scalp.worlds import busy_tempo, cycles, losing, tempos

from anagen.ground.errors import BadParameter, MissingExtra
from anagen.scalp import sample as module
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle, healthy
from anagen.scalp.sample import Sampled, sample
from anagen.scalp.tempo import Tempo

LOOKS = (0.0, 17.3, 52.0, 104.0)


def assert_same(one: Sampled, two: Sampled) -> None:
    """Every number of both is the same."""
    np.testing.assert_array_equal(one.counts, two.counts)
    np.testing.assert_array_equal(one.shed, two.shed)
    assert one.events == two.events
    assert (one.looks is None) == (two.looks is None)
    if one.looks is not None and two.looks is not None:
        for name in ("weeks", "slot", "phase", "calibre_um"):
            np.testing.assert_array_equal(getattr(one.looks, name), getattr(two.looks, name))


def run(tempo: Tempo | None = None, **changes: Any) -> Sampled:
    """A busy run of a few thousand follicles."""
    start = expect(losing(), weeks=200, dtype=np.float64).end
    return sample(losing(), tempo, **{"weeks": 104, "follicles": 3000, "start": start, "look_weeks": LOOKS, "every_days": 1, **changes})


@pytest.mark.parametrize("tempo", [None, busy_tempo(), Tempo(recruit_per_week=0.1), Tempo(leave_telogen=np.r_[np.zeros(20), 3.0])])
def test_compiled_and_numpy_paths_tell_the_same_histories(tempo: Tempo | None) -> None:
    assert_same(run(tempo, fast=True), run(tempo, fast=False))


@settings(deadline=None, max_examples=30)
@given(cycles(), tempos(), st.integers(0, 2**32))
def test_paths_agree_for_any_law_and_tempo(cycle: Cycle, tempo: Tempo, seed: int) -> None:
    one, two = (sample(cycle, tempo, 30, follicles=300, seed=seed, look_weeks=(0, 9.5, 30), fast=fast) for fast in (True, False))
    assert_same(one, two)
    assert (one.counts.sum(axis=(1, 2)) == 300).all()
    assert one.counts.min() >= 0
    assert one.shed.min() >= 0


@pytest.mark.parametrize("fast", [True, False])
def test_chunks_and_threads_change_nothing(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(busy_tempo(), fast=fast, threads=1)
    assert_same(whole, run(busy_tempo(), fast=fast, threads=3))
    monkeypatch.setattr(module, "CHUNK", 41)
    assert_same(whole, run(busy_tempo(), fast=fast, threads=2))


@pytest.mark.parametrize("fast", [True, False])
def test_a_follicle_alone_is_the_follicle_among_many(fast: bool) -> None:
    many = run(busy_tempo(), fast=fast, follicles=3000).looks
    few = run(busy_tempo(), fast=fast, follicles=7).looks
    assert many is not None
    assert few is not None
    for name in ("slot", "phase", "calibre_um"):
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:, :7])


@pytest.mark.parametrize("fast", [True, False])
def test_looks_are_the_counts_follicle_by_follicle(fast: bool) -> None:
    found = run(busy_tempo(), fast=fast, look_weeks=(0, 52, 104))
    assert found.looks is not None
    for index, week in enumerate((0, 52, 104)):
        states = found.looks.slot[index].astype(int) * 4 + found.looks.phase[index]
        np.testing.assert_array_equal(np.bincount(states, minlength=32).reshape(8, 4), found.counts[7 * week])


def test_persons_and_seeds_have_histories_of_their_own() -> None:
    first = run(seed=1, person="me")
    assert_same(first, run(seed=1, person="me"))
    for other in (run(seed=2, person="me"), run(seed=1, person="you")):
        assert (first.counts != other.counts).any()


@pytest.mark.parametrize("fast", [True, False])
def test_a_treatment_changes_nothing_before_it_starts(fast: bool) -> None:
    later = {
        name: np.where(np.arange(104) < 40, 1.0, factor)
        for name, factor in (("leave_telogen", 2.0), ("leave_anagen", 0.5), ("shrink", 0.2))
    }
    without, treated = run(fast=fast), run(Tempo(**later), fast=fast)
    same = slice(0, 7 * 40 + 1)
    np.testing.assert_array_equal(without.counts[same], treated.counts[same])
    np.testing.assert_array_equal(without.shed[same], treated.shed[same])
    assert (without.counts[7 * 60] != treated.counts[7 * 60]).any()


@pytest.mark.parametrize("fast", [True, False])
def test_a_treatment_changes_nothing_in_a_follicle_that_it_does_not_touch(fast: bool) -> None:
    """Kenogen runs faster: a follicle that was never seen empty, day by day, and was not seen to gain from it, is as before."""
    days = np.arange(0, 104, 1 / 7)
    without, treated = (run(tempo, fast=fast, look_weeks=days, follicles=400).looks for tempo in (None, Tempo(leave_kenogen=3.0)))
    assert without is not None
    assert treated is not None
    never = (without.phase != 3).all(axis=0)
    np.testing.assert_array_equal(without.phase[:, never], treated.phase[:, never])
    np.testing.assert_array_equal(without.slot[:, never], treated.slot[:, never])
    assert 0 < never.sum() < 400
    assert (without.phase[:, ~never] != treated.phase[:, ~never]).any()


def test_a_change_of_state_is_counted_once_on_any_grid() -> None:
    daily, weekly = run(every_days=1), run(every_days=7)
    np.testing.assert_array_equal(daily.counts[::7], weekly.counts)
    np.testing.assert_array_equal(daily.shed[1:].reshape(104, 7, 8).sum(axis=1), weekly.shed[1:])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weeks": 0}, "weeks is 0; allowed: a whole number from 1 up."),
        ({"weeks": 2.5}, "weeks is 2.5; allowed: a whole number from 1 up."),
        ({"follicles": 0}, "follicles is 0; allowed: a whole number from 1 up."),
        ({"every_days": 0}, "every_days is 0; allowed: a whole number from 1 up."),
        ({"look_weeks": (0, 105)}, "look_weeks has 0 to 105; allowed: moments from 0 to 104."),
        ({"tempo": Tempo(shrink=np.ones((4, 3)))}, "cycle has lanes (3,); allowed: one set of parameters; loop over people or draws."),
    ],
)
def test_a_bad_argument_is_named_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadParameter) as caught:
        sample(healthy(), **{"weeks": 104, **changes})
    assert str(caught.value) == sentence


def test_without_numba_the_compiled_path_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="fast"):
        sample(healthy(), weeks=4, follicles=3, fast=True)
    assert sample(healthy(), weeks=4, follicles=3).follicles == 3
