"""Transplant: follicles are moved, none is created, and they keep their donor's law."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.ground.errors import BadParameter
from anagen.ground.rows import medians
from anagen.scalp.expect import expect
from anagen.scalp.law import healthy, settled
from anagen.scalp.tempo import Transfer
from anagen.treatments import Use
from anagen.treatments.transplant import Transplant, TransplantFue, TransplantFut

KINDS = [TransplantFue, TransplantFut]


@pytest.mark.parametrize("kind", KINDS)
def test_no_follicle_is_created(kind: type[Transplant]) -> None:
    moved = kind(3000).transfer(donor_area_cm2=200, recipient_area_cm2=90, use=Use(start_week=12))
    row = medians("transplant")
    taken = moved.lost_per_cm2 * 200
    assert taken == pytest.approx(3000 * row["hairs_per_graft"])
    assert moved.gained_per_cm2 * 90 == pytest.approx(taken * row[kind.survival_row])
    assert moved.gained_per_cm2 * 90 < taken
    assert moved.take(150) == pytest.approx(150 - moved.lost_per_cm2)
    assert moved.week == 12


def test_draws_give_lanes_and_all_keep_the_balance() -> None:
    values = Belief.prior(n=50).values("transplant")
    moved = TransplantFue().transfer(200, 90, values)
    assert moved.gained_per_cm2.shape == (50,)
    assert (moved.gained_per_cm2 * 90 <= moved.lost_per_cm2 * 200).all()
    with pytest.raises(BadParameter, match="of the donor area"):
        moved.take(20)
    state = moved.start(healthy(), settled(healthy()))
    np.testing.assert_allclose(sum(phase.sum(axis=(0, 1)) for phase in state), 1)
    assert state[0].shape[2:] == (50,)


def test_moved_follicles_start_in_shock_and_come_back_by_their_donors_law() -> None:
    donor = healthy()
    moved = Transfer(follicles_per_cm2=20, survival=0.9, donor_area_cm2=100, recipient_area_cm2=50, shock=1.0)
    start = moved.start(donor, settled(donor))
    course = expect(donor.but(follicles_per_cm2=moved.gained_per_cm2), weeks=300, start=start, outputs=("visible", "anagen", "calibre"))
    assert course["visible"][0] == pytest.approx(moved.gained_per_cm2, rel=1e-4)
    assert course["anagen"][0] == pytest.approx(0, abs=1e-5)
    assert course["anagen"][52] > 0.8
    assert (course["visible"] <= moved.gained_per_cm2 * 1.0001).all()
    assert course["visible"][40] > 0.8 * moved.gained_per_cm2
    np.testing.assert_allclose(course["calibre"], course["calibre"][0], rtol=1e-3)


def test_only_a_part_may_be_shocked_and_calibres_stay() -> None:
    thinned = expect(healthy(shrink=0.4), weeks=500, outputs=(), dtype=np.float64).end
    moved = Transfer(follicles_per_cm2=20, survival=0.9, donor_area_cm2=100, recipient_area_cm2=50, shock=0.4)
    state = moved.start(healthy(), thinned)
    seen = sum(phase.sum(axis=0) for phase in thinned[:3])
    np.testing.assert_allclose(sum(phase.sum(axis=0) for phase in state), seen / seen.sum(), rtol=1e-9)
    assert state[0].sum() == pytest.approx(0.6 * thinned[0].sum() / seen.sum())
    assert not state[3].any()


def test_an_area_of_nothing_is_refused() -> None:
    with pytest.raises(BadParameter, match="donor_area_cm2 is 0"):
        TransplantFue().transfer(0, 50)
    with pytest.raises(BadParameter, match="recipient_area_cm2 is 0"):
        TransplantFue().transfer(50, 0)
    with pytest.raises(BadParameter, match=r"Transfer.shock is 1\.5"):
        Transfer(20, 0.9, 100, 50, shock=1.5)
