"""What drives hairs gained: the groups of the forecast, agreement with the forecast itself, and the part of the steps in either mode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fitted import fitted

from anagen.belief import Belief
from anagen.procedure import Procedure, carry_out
from anagen.procedure import drivers as module
from anagen.procedure.drivers import GROUPS, HAIRS, drivers_of_procedure, group_rows
from anagen.therapy.protocol import read_protocol
from anagen.therapy.sensitivity import Driven
from anagen.therapy.unknowns import Array, Unknowns

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"
N = 64


@pytest.fixture(scope="module")
def belief() -> Belief:
    return fitted()


def done(name: str, belief: Belief, mode: str = "class") -> Procedure:
    read = read_protocol(EXAMPLES / f"{name}.toml").model_copy(update={"against": (), "years": 0.5})
    return carry_out(read, belief, mode, draws=N)


@pytest.fixture(scope="module")
def svf(belief: Belief) -> Procedure:
    return done("svf-enzymatic", belief)


def with_scores(one: Procedure, **scores: float | Array) -> Unknowns:
    """The unknowns of a protocol, with the groups at these scores (0 where not given)."""
    size = one.unknowns.size
    draws = {("forecast", name): np.broadcast_to(np.asarray(scores.get(name, 0.0), dtype=float), (size,)) for name in GROUPS}
    return Unknowns({**one.unknowns.draws, **draws}, (*one.unknowns.rows, *group_rows(one)), one.unknowns.seed)


def moves(driven: Driven) -> set[str]:
    return {f"{one.row.of}.{one.row.name}" for one in driven.drivers if one.total > 0}


def test_hairs_are_driven_by_the_forecast_and_by_cells_alone_where_every_follicle_answers_alike(svf: Procedure) -> None:
    """In the class mode the dose enters through its own curve; whom the needle reaches does not."""
    told: list[float] = []
    found = drivers_of_procedure(svf, n=N, told=told.append)
    moved = moves(found.outputs[HAIRS])
    assert {f"forecast.{name}" for name in GROUPS} <= moved
    assert "enzymatic_svf.yield_per_g" in moved
    assert not {one for one in moved if one.startswith("inject.")}
    assert told[-1] == 1.0
    assert found.outputs[HAIRS].low < found.outputs[HAIRS].middle < found.outputs[HAIRS].high
    assert not {one for name, driven in found.outputs.items() if name != HAIRS for one in moves(driven) if one.startswith("forecast.")}


def test_in_the_field_mode_hairs_hang_on_whom_the_dose_reaches(belief: Belief) -> None:
    found = drivers_of_procedure(done("svf-enzymatic", belief, "field"), n=N)
    assert {"inject.reach_level", "inject.decay_per_h", "inject.diffusion_cm2_per_h"} <= moves(found.outputs[HAIRS])


def test_without_a_forecast_there_are_no_hairs(belief: Belief) -> None:
    found = drivers_of_procedure(done("svf-mechanical", belief), n=16)
    assert set(found.outputs) == {"live_cells", "dose", "delivered_per_cm2", "reached_share"}


def test_more_in_a_group_gains_more(svf: Procedure) -> None:
    """Each group is in the order of what it gains, the others at their middle."""
    scores = np.linspace(-2.5, 2.5, svf.unknowns.size)
    gain, same = module._Gain(svf), np.ones(svf.unknowns.size)
    for name in ("treatment", "person"):
        held = {group: scores if group == name else 0 * scores for group in GROUPS}
        gained = gain(gain.kind.reference * same, same, same, held)
        assert gained[-1] - gained[0] > 1
        if name == "treatment":  # persons are put in order by another middle treatment, so that theirs is nearly so
            assert (np.diff(gained) >= -0.01).all()  # rounding of a single-precision run


def test_a_dose_beyond_what_trials_gave_counts_as_the_nearest_that_they_gave(svf: Procedure) -> None:
    gain = module._Gain(svf)
    scores = {name: np.zeros(3) for name in GROUPS}
    one = np.ones(3)
    least, low, most = gain(np.array([1e3, 5e5, 1e9]), one, one, scores)
    assert least == low
    assert most == gain(np.array([1e6] * 3), one, one, scores)[0]
    assert gain(np.array([1e6] * 3), 0 * one, one, scores).tolist() == [0.0] * 3  # no follicle is reached


def test_a_stay_cut_at_a_hundredth_changes_no_hair(svf: Procedure, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cut spares steps without end: within 0.05 hairs/cm2, a hundredth of what is gained and far below what is shown."""
    scores = {name: np.linspace(-2, 2, 60) for name in GROUPS}
    force = np.geomspace(0.5, 10, 60)[::-1]

    def gained() -> Array:
        return module._Gain(svf)(np.full(60, 1e6), np.ones(60), force, scores)

    cut = gained()
    monkeypatch.setattr("anagen.scalp.tempo.FASTEST", 1e4)
    assert np.abs(cut - gained()).max() < 0.05
    monkeypatch.setattr("anagen.scalp.tempo.FASTEST", 2.0)
    assert np.abs(cut - gained()).max() > 0.5
