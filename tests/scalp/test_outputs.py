"""What is read off a scalp: checked against plain counting of many drawn diameters."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import BadParameter, UnknownName
from anagen.scalp.expect import expect
from anagen.scalp.law import healthy
from anagen.scalp.outputs import EVERY, OUTPUTS, Quantity, pair
from anagen.scalp.tempo import Tempo

CYCLE = healthy(shrink=0.4, calibre_cv=0.3)
SCORES = np.linspace(-6, 6, 24001)
WEIGHTS = np.exp(-(SCORES**2) / 2)


def _by_hand(one: Quantity, two: Quantity, j: int, k: int) -> float:
    """The same mean by a fine sum over the scores of the lognormal spread."""
    sigma = np.sqrt(np.log1p(0.3**2))
    found = WEIGHTS.copy()
    for quantity, slot in ((one, j), (two, k)):
        wide = CYCLE.calibres_um()[slot] * np.exp(sigma * SCORES)
        found *= wide**quantity.power * (wide > quantity.above_um) * (wide < quantity.below_um)
        found *= CYCLE.growth_speeds_mm_per_day()[slot] if quantity.growing else 1.0
    return float(found.sum() / WEIGHTS.sum())


@pytest.mark.parametrize("one", [EVERY, Quantity((0,), 1), Quantity((0,), above_um=40), Quantity((0,), 2, below_um=30, growing=True)])
@pytest.mark.parametrize("two", [EVERY, Quantity((0,), 2, above_um=30), Quantity((1,), below_um=45)])
def test_products_of_two_quantities_have_the_closed_form(one: Quantity, two: Quantity) -> None:
    table = pair(CYCLE, one, two)
    for j, k in ((0, 0), (0, 2), (3, 1)):
        assert table[j, k] == pytest.approx(_by_hand(one, two, j, k), rel=2e-3, abs=1e-6)


def test_outputs_fit_each_other() -> None:
    course = expect(CYCLE, weeks=300, dtype=np.float64)
    np.testing.assert_allclose(course["vellus_share"], course["vellus"] / course["visible"])
    np.testing.assert_allclose(course["anagen_share"], course["anagen"] / course["visible"])
    np.testing.assert_allclose(course["thickness"] * 1e3, course["calibre"] * course["visible"])
    assert (course["terminal"] + course["vellus"] < course["visible"]).all()


def test_weight_of_one_calibre_is_a_cylinder() -> None:
    cycle = healthy(calibre_cv=1e-6, calibre_um=70, growth_mm_per_day=0.4)
    course = expect(cycle, weeks=0, dtype=np.float64)
    cylinder = np.pi / 4 * 0.07**2 * 0.4 * 30 * 1.3
    assert course["weight"][0] == pytest.approx(course["anagen"][0] * cylinder)


def test_the_terminal_cut_off_can_be_chosen() -> None:
    found = [float(expect(CYCLE, weeks=200, outputs=("terminal",), terminal_um=cut)["terminal"][-1]) for cut in (30, 40, 60)]
    assert found[0] > found[1] > found[2]


def test_shed_hairs_are_the_hairs_that_leave() -> None:
    """With no new growth at all, the hairs shed are the hairs lost."""
    stop = Tempo(leave_kenogen=0.0, kenogen=100.0)
    course = expect(healthy(kenogen_chance=1.0, kenogen_chance_small=1.0), stop, weeks=60, dtype=np.float64)
    np.testing.assert_allclose(7 * course["shed"][1:], -np.diff(course["visible"]), atol=1e-10)


def test_unknown_names_and_bad_cut_offs_are_said() -> None:
    with pytest.raises(UnknownName, match="there is no output 'terminl'; did you mean 'terminal'"):
        expect(CYCLE, outputs=("terminl",))
    with pytest.raises(BadParameter, match="terminal_um is -1"):
        expect(CYCLE, terminal_um=-1)
    assert all(output.unit and output.title for output in OUTPUTS.values())
