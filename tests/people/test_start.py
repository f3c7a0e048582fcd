"""Where a person starts from: what is known narrows what can be true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.ground.errors import BadInput
from anagen.people.history import history, lanes_of
from anagen.people.person import Person
from anagen.people.start import Start, start
from anagen.scalp.expect import expect
from anagen.scalp.law import aligned
from anagen.scalp.tempo import Tempo
from anagen.treatments import treatment

BELIEF = Belief.prior(n=300)


def _man(**fields: Any) -> Person:
    return Person(**{"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "3v", **fields})


def _shown(begun: Start) -> np.ndarray:
    """Visible density today: (n, R)."""
    seen = sum(phase.sum(axis=(0, 1)) for phase in begun.state[:3])
    return np.asarray(seen * begun.cycle.follicles_per_cm2[:, None])


def _sd(values: np.ndarray, weights: np.ndarray) -> float:
    middle = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - middle) ** 2, weights=weights)))


def test_the_table_is_the_law() -> None:
    """The quarterly table agrees with the weekly reading, and so does a state between two quarters."""
    table = history(BELIEF, 12, "man")
    course = expect(table.cycle, weeks=13 * 30, outputs=("visible", "terminal", "calibre"), dtype=np.float64)
    for output, quarterly in table.course.items():
        np.testing.assert_allclose(quarterly[:, :31], course[output][:, ::13], rtol=2e-4, atol=2e-3)
    weeks = np.arange(300) % 300
    state = table.at(weeks, np.arange(300))
    seen = sum(phase.sum(axis=(0, 1)) for phase in state[:3]) * table.cycle.follicles_per_cm2
    np.testing.assert_allclose(seen, course["visible"][np.arange(300), weeks], rtol=2e-4)
    few = table.at(weeks[7:9], np.arange(7, 9))  # these draws need fewer stages than all of them together
    for phase, other in zip(aligned([phase[:, :, 7:9] for phase in state], lanes_of(table.cycle, np.arange(7, 9))), few, strict=True):
        np.testing.assert_allclose(phase, other, atol=1e-6)


def test_a_measured_density_is_what_the_start_shows_and_it_narrows_the_forecast() -> None:
    blind, seen = start(_man(), BELIEF), start(_man(measured=[{"region": "vertex", "density_per_cm2": 165}]), BELIEF)
    vertex = seen.regions.index("vertex")
    shown = _shown(seen)[:, vertex]
    assert np.average(shown, weights=seen.weights) == pytest.approx(165, rel=0.03)
    assert _sd(shown, seen.weights) < 0.5 * _sd(_shown(blind)[:, vertex], blind.weights)
    later = [
        _sd(expect(b.cycle, weeks=104, start=[p[..., vertex] for p in b.state], outputs=("visible",))["visible"][:, -1], b.weights)
        for b in (blind, seen)
    ]
    assert later[1] < 0.6 * later[0]


def test_a_later_stage_means_less_hair_everywhere() -> None:
    shown = [np.average(_shown(begun), axis=0, weights=begun.weights) for begun in (start(_man(stage=s), BELIEF) for s in ("2", "4", "6"))]
    assert (shown[0] > shown[1]).all()
    assert (shown[1] > shown[2]).all()


def test_much_lost_while_young_means_fast_loss() -> None:
    young, old = start(_man(stage="4", age_years=28), BELIEF), start(_man(stage="4", age_years=60), BELIEF)
    assert np.average(young.cycle.shrink, weights=young.weights) > np.average(old.cycle.shrink, weights=old.weights)


def test_a_remembered_onset_favours_the_speeds_that_fit_it() -> None:
    fast, slow = start(_man(years_since_onset=1), BELIEF), start(_man(years_since_onset=14), BELIEF)
    assert np.average(fast.cycle.shrink, weights=fast.weights) > np.average(slow.cycle.shrink, weights=slow.weights)


def test_a_thin_measured_calibre_favours_thin_hair() -> None:
    thin, thick = (start(_man(measured=[{"region": "vertex", "density_per_cm2": 165, "calibre_um": um}]), BELIEF) for um in (42, 58))
    assert np.average(thin.cycle.calibre_um, weights=thin.weights) < np.average(thick.cycle.calibre_um, weights=thick.weights)


def test_hair_groups_differ_in_density() -> None:
    some = [start(_man(hair_group=group, stage="2"), BELIEF) for group in ("asian", "caucasian")]
    assert np.average(some[0].cycle.follicles_per_cm2) < np.average(some[1].cycle.follicles_per_cm2)


def test_past_treatment_is_replayed() -> None:
    """With two years of finasteride behind, the same count means a longer loss; and today's count is still what was counted."""
    man = _man(measured=[{"region": "vertex", "density_per_cm2": 165}])
    taken = treatment("finasteride").tempo(104, BELIEF.values("five_ari"))
    plain, treated = start(man, BELIEF), start(man, BELIEF, taken)
    vertex = plain.regions.index("vertex")
    assert np.average(_shown(treated)[:, vertex], weights=treated.weights) == pytest.approx(165, rel=0.03)
    weeks = [np.average(begun.onset_weeks[:, vertex], weights=begun.weights) for begun in (plain, treated)]
    assert weeks[1] > weeks[0] + 26
    nothing = start(man, BELIEF, Tempo(shrink=np.ones(104)))
    _, here, there = np.intersect1d(plain.which, nothing.which, return_indices=True)
    begun = plain.onset_weeks[here, vertex] >= 104  # loss came before the treatment
    here, there = here[begun], there[begun]
    assert len(here) > 100
    np.testing.assert_allclose(_shown(nothing)[there, vertex], _shown(plain)[here, vertex], rtol=0.03)


def test_weights_add_up_and_states_are_whole() -> None:
    begun = start(_man(measured=[{"region": "frontal", "density_per_cm2": 190, "terminal_density_per_cm2": 150}]), BELIEF)
    assert begun.weights.sum() == pytest.approx(1)
    assert 1 <= begun.effective_draws <= len(begun.weights)
    np.testing.assert_allclose(sum(phase.sum(axis=(0, 1)) for phase in begun.state), 1.0, atol=1e-4)


def test_an_unusual_person_is_answered_with_a_caution() -> None:
    usual = start(_man(), BELIEF)
    odd = start(
        _man(
            measured=[{"region": "vertex", "density_per_cm2": 172, "terminal_density_per_cm2": 118, "calibre_um": 44}], years_since_onset=14
        ),
        BELIEF,
    )
    assert usual.caution == ()
    assert odd.effective_draws < 50
    assert "the ranges are rough" in odd.caution[0]


def test_what_hardly_can_be_is_said() -> None:
    with pytest.raises(
        BadInput, match=r"hardly possible in what we believe: it leaves \d+ of 300 draws; check the numbers and their units"
    ):
        start(_man(age_years=19, measured=[{"region": "vertex", "density_per_cm2": 30}]), BELIEF)
