"""From a dose to the treatment it makes: the range that was studied, the days of the sessions, retention, and the field hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from therapy.test_protocol import GOOD

from anagen.ground.errors import BadParameter
from anagen.therapy.inject import Injection, inject
from anagen.therapy.kernel import Kernel
from anagen.therapy.polygon import circle
from anagen.therapy.process import RecipeName
from anagen.therapy.protocol import Protocol, as_protocol
from anagen.therapy.regenerate import LOOKED_DAYS, TREATMENT_OF, field, retention, sessions_weeks
from anagen.therapy.steps import take_steps
from anagen.therapy.unknowns import Unknowns
from anagen.treatments import TREATMENTS

DRAWN = Unknowns.drawn(200)


def protocol(recipe: dict[str, Any] | None = None, **injection: Any) -> Protocol:
    return as_protocol(GOOD | ({"recipe": recipe} if recipe else {}) | {"injection": injection}, "mine.toml")


def test_every_recipe_makes_a_treatment() -> None:
    from typing import get_args

    assert set(TREATMENT_OF) == set(get_args(RecipeName))
    assert set(TREATMENT_OF.values()) <= set(TREATMENTS)


@pytest.mark.parametrize("dose", [5e5, 7e5, 1e6])
def test_a_dose_that_the_tissue_gives_is_the_dose_wanted(dose: float) -> None:
    found = take_steps(protocol(dose_per_cm2=dose), DRAWN).dose
    assert found.value == dose
    assert found.made is not None
    assert found.made.dose == dose
    assert found.draws.max() == dose


@pytest.mark.parametrize("dose", [4e5, 1.2e6])
def test_a_dose_that_no_trial_gave_has_no_forecast_and_says_so_but_shows_its_steps(dose: float) -> None:
    steps = take_steps(protocol(dose_per_cm2=dose), DRAWN)
    assert steps.dose.made is None
    assert f"{dose:,.0f} cells/cm2" in steps.dose.why_not
    assert "500,000 to 1,000,000" in steps.dose.why_not
    assert steps.injected.needles > 0


def test_the_dose_is_what_is_drawn_up_and_no_more_than_there_is() -> None:
    free = take_steps(protocol(), DRAWN)
    assert free.dose.draws == pytest.approx(free.product.live_cells / free.injected.area_cm2)
    wanted = take_steps(protocol(dose_per_cm2=1e6), DRAWN)
    assert wanted.dose.draws == pytest.approx(np.minimum(free.dose.draws, 1e6))
    assert wanted.dose.met_share == np.mean(free.dose.draws >= 1e6)


def test_one_cultured_product_is_shared_by_its_sessions() -> None:
    recipe = {"name": "culture_adsc", "passage": 2}
    once = take_steps(protocol(recipe), DRAWN).dose.draws
    thrice = take_steps(protocol(recipe, sessions=3, interval_days=30), DRAWN).dose.draws
    kept = DRAWN.of("storage")["kept_share"]
    assert thrice * (1 + 2 / kept) == pytest.approx(once)  # two of three sessions' cells are stored, and some are lost
    sure = take_steps(protocol(recipe, sessions=3, interval_days=30), DRAWN.but({("storage", "kept_share"): 1.0})).dose.draws
    assert sure == pytest.approx(once / 3)
    fresh = take_steps(protocol(sessions=3, interval_days=30), DRAWN).dose.draws
    assert fresh == pytest.approx(take_steps(protocol(), DRAWN).dose.draws)


def test_sessions_that_share_the_points_follow_the_rules_of_sessions() -> None:
    """Fresh cells are taken anew for each part of the points; of cultured ones all parts but the first lose the share of storage."""
    share = {"sessions": 4, "interval_days": 60, "share_points": True}
    fresh = take_steps(protocol(**share), DRAWN)
    assert fresh.dose.draws * 40 == pytest.approx(4 * fresh.product.live_cells)  # each harvest has a quarter of the 40 cm2
    grown = take_steps(protocol({"name": "culture_adsc", "passage": 2}, **share), DRAWN)
    kept = DRAWN.of("storage")["kept_share"]
    a_part = grown.dose.draws * 40 / 4
    assert a_part + 3 * a_part / kept == pytest.approx(grown.product.live_cells)
    assert "kept_share" in [row.name for row in grown.dose.rows]


def test_a_dose_is_what_a_cm2_gets_over_the_sessions_that_share_it_in_cells_and_in_volume() -> None:
    for share in ({}, {"sessions": 2, "interval_days": 30, "share_points": True}):
        assert take_steps(protocol(dose_per_cm2=5e5, **share), DRAWN).dose.value == 5e5
        punched = GOOD | {"source": {"kind": "scalp_biopsy", "number": 6}, "recipe": {"name": "hfsc_micrograft"}}
        plan = as_protocol(punched | {"injection": {"volume_ml_per_cm2": 0.2, **share}}, "mine.toml")
        assert take_steps(plan, DRAWN).dose.value == 0.2
    said = take_steps(protocol(dose_per_cm2=4e5, **share), DRAWN).dose.why_not
    assert said.startswith("No forecast: the 2 sessions that share the points give together 400,000 cells/cm2, and ")


def test_medium_has_no_cells_to_count() -> None:
    with pytest.raises(BadParameter, match="dose_per_cm2 of conditioned_medium counts cells, and it holds none"):
        take_steps(protocol({"name": "conditioned_medium", "passage": 2}, dose_per_cm2=1e6), DRAWN)


def test_cultured_cells_are_waited_for_and_sessions_keep_their_days() -> None:
    plan = protocol(sessions=3, interval_days=45)
    assert sessions_weeks(plan, take_steps(plan, DRAWN).product) == pytest.approx((0, 45 / 7, 90 / 7))
    grown = protocol({"name": "culture_adsc", "passage": 2}, sessions=2, interval_days=45)
    product = take_steps(grown, DRAWN).product
    first, second = sessions_weeks(grown, product)
    assert first == pytest.approx(float(np.median(product.weeks)), abs=0.5 / 7)  # rounded to whole days
    assert second - first == pytest.approx(45 / 7)
    shared = protocol(sessions=3, interval_days=45, share_points=True)
    assert sessions_weeks(shared, product) == pytest.approx((90 / 7,))


def test_cells_only_ever_leave_and_the_range_holds_what_was_read_in_animals() -> None:
    kept = retention(DRAWN)
    assert (np.diff(kept.share, axis=1) <= 0).all()
    low, high = np.quantile(kept.share, (0.025, 0.975), axis=0)
    by_day = dict(zip(LOOKED_DAYS, zip(low, high, strict=True), strict=True))
    assert by_day[70][0] < 0.10 < by_day[70][1]  # p227: 10 % after 10 weeks
    assert by_day[14][0] < 0.02  # p231: 0.035 to 0.235 % after 14 days lies below our range, in a joint


def test_the_usual_injection_has_the_effect_of_the_class_and_a_dense_one_more() -> None:
    usual = field(inject(circle(40), unknowns=DRAWN), DRAWN)
    effect = usual.coverage * usual.strength
    reached = usual.usual >= 0.1
    assert effect[reached] == pytest.approx(1.0)
    assert (effect[~reached] < 1).all()
    dense = field(inject(circle(40), Injection(spacing_cm=0.6), unknowns=DRAWN), DRAWN)
    sparse = field(inject(circle(40), Injection(spacing_cm=1.8), unknowns=DRAWN), DRAWN)
    assert np.mean(dense.coverage * dense.strength) > 1.0 > np.mean(sparse.coverage * sparse.strength)
    assert all(one.rows for one in usual.assumptions)
    assert usual.rows


def test_cells_that_stay_give_more_to_all_and_reach_no_one_more() -> None:
    """A bolus whose cells fade gives off S(s) at every moment s: summed in steps, its dose is that of one instant times one number.

    Steps of 2 h over 40 days (8 half-times of 5 days: 0.4 % is left out, of all places alike), each followed for 10 days, in which all
    but exp(-0.04 x 240) = 7e-5 decays. Ratios of places are those of the instant bolus.
    """
    kernel = Kernel(radius_cm=0.25, depth_cm=0.3, diffusion_cm2_per_h=1e-3, decay_per_h=0.04, floor_cm=0.55)
    places, hours = np.array([0.0, 0.3, 0.6]), np.arange(1.0, 240.0, 2.0)
    of_one = np.array([kernel.at(places, 0.35, hour) for hour in hours])  # (hours, places), after an instant release
    there = retention(DRAWN.but({("retention", "half_days"): 5.0, ("retention", "staying_share"): 0.01}), days=tuple(range(40))).share[0]
    released = np.interp(np.arange(0, 39 * 24, 2.0), 24.0 * np.arange(40), there)
    level = np.array([np.convolve(released, of_one[:, place]) for place in range(len(places))])
    total = level.sum(axis=1)
    assert total / total[0] == pytest.approx(of_one.sum(axis=0) / of_one[:, 0].sum(), rel=1e-9)  # sums of products in either order
    instant = np.array([float(kernel.total(np.array([place]), 0.35)[0]) for place in places])
    assert total / total[0] == pytest.approx(instant / instant[0], rel=0.02)  # steps of 2 h at the sharp start of each bolus
