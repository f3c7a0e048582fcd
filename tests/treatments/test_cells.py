"""Cell products: one class, a deviation each, an unknown dose curve, and priors that reach no effect."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from anagen.belief import Belief
from anagen.ground.rows import rows
from anagen.people.person import Measured, Person
from anagen.people.start import start
from anagen.scalp.expect import expect
from anagen.treatments import TREATMENTS, Use, treatment
from anagen.treatments.cells import Cells
from anagen.treatments.dermal_sheath_cup import DermalSheathCup
from anagen.treatments.sessions import wake

PRODUCTS = [name for name, kind in TREATMENTS.items() if issubclass(kind, Cells)]


def test_every_product_has_its_own_deviation_around_one_class() -> None:
    names = [TREATMENTS[name].deviation_row for name in PRODUCTS]  # type: ignore[attr-defined]
    assert sorted(names) == sorted(name for name in rows("cells") if name.endswith("_deviation"))
    assert all(rows("cells")[name].value == 0 for name in names)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_product_may_do_nothing(name: str) -> None:
    strength = treatment(name).strength(Belief.prior(n=2000).values("cells"))  # type: ignore[attr-defined]
    low, high = np.quantile(strength, [0.025, 0.975])
    assert low <= 0
    assert high > 1.5


def test_the_dose_curve_is_centred_on_none() -> None:
    medians = {name: row.value for name, row in rows("cells").items()}
    assert [DermalSheathCup(dose).strength(medians) for dose in (3e5, 1.5e6, 7.5e6)] == [medians["strength"]] * 3
    falling = medians | {"beta": -0.3}
    low, middle, high = (DermalSheathCup(dose).strength(falling) for dose in (3e5, 1.5e6, 7.5e6))
    assert low > middle == medians["strength"] > high


def test_harm_wakes_nobody_and_is_a_tempo() -> None:
    medians = {name: row.value for name, row in rows("cells").items()}
    harm = wake(medians, -0.5)
    assert harm.recruit_per_week == 0
    assert harm.leave_telogen < 1


def test_the_prior_gain_of_conditioned_medium_lies_where_others_pooled_it() -> None:
    """Three controlled trials pooled by others: +9.2 hairs/cm2 (1.8 to 16.7). An external check, wide on purpose."""
    belief = Belief.prior(n=200)
    counted = (Measured(region="vertex", density_per_cm2=171.8),)
    man = Person(sex="male", age_years=33, condition="male pattern hair loss", scale="norwood", stage="3v", measured=counted)
    begin = start(man, belief)
    vertex = [phase[..., begin.regions.index("vertex")] for phase in begin.state]
    tempo = treatment("conditioned_medium").tempo(104, belief.values("cells", begin.which), Use())
    runs = [expect(begin.cycle, what, 104, start=vertex, outputs=("visible",))["visible"] for what in (tempo, None)]
    gain = runs[0] - runs[1]

    def quantiles(week: int) -> npt.NDArray[np.float64]:
        return np.quantile(gain[:, week], [0.025, 0.5, 0.975], weights=begin.weights, method="inverted_cdf")

    low, middle, high = quantiles(26)
    assert low <= 0
    assert 1.8 < middle < 16.7 < high
    assert abs(quantiles(104)[1]) < 1
