"""An injection: what is counted adds up, what is given arrives but for what is lost, and closer needles reach more."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import AnagenError, BadParameter
from anagen.ground.forms import read_form
from anagen.therapy.inject import Injection, Site, inject, region_of
from anagen.therapy.polygon import Polygon, area_cm2, circle, outline
from anagen.therapy.spacing import fewest_needles
from anagen.therapy.unknowns import Unknowns

SQUARE = Polygon.of([(0, 0), (7, 0), (7, 6), (0, 6)])
MIDDLE, MANY = Unknowns.middle(), Unknowns.drawn(60, seed=3)


def test_volumes_cells_and_minutes_add_up() -> None:
    done = inject(SQUARE, Injection(spacing_cm=1.0, volume_ml_per_point=0.08), cells=3e7, unknowns=MANY)
    of = MANY.of("inject")
    assert done.needles == len(done.grid)
    assert done.volume_ml == pytest.approx(0.08 * done.needles)
    assert done.syringes == -(-done.needles // 12)  # 12 whole points of 0.08 mL in 1 mL
    assert done.product_ml == pytest.approx(done.volume_ml + done.syringes * of["dead_volume_ml_per_syringe"])
    assert done.cells == pytest.approx(3e7 * done.volume_ml / done.product_ml * (1 - of["lost_share"]))
    assert done.cells_per_cm2 * 42.0 == pytest.approx(done.cells)
    assert (done.cells < 3e7).all()
    told = of["minutes_around"] + done.syringes * of["minutes_per_syringe"] + done.needles * of["seconds_per_point"] / 60
    assert done.minutes == pytest.approx(told)
    assert done.coverage.shape == (60,)
    assert (done.volume_ml_per_point / done.volume_ml_per_cm2).sum() == pytest.approx(42.0)


def test_a_volume_a_cm2_is_shared_by_the_points() -> None:
    done = inject(SQUARE, Injection(volume_ml_per_cm2=0.1), unknowns=MIDDLE)
    assert done.volume_ml == pytest.approx(4.2)
    assert done.cells is None
    assert done.cells_per_cm2 is None
    large = inject(SQUARE, Injection(volume_ml_per_point=0.7, spacing_cm=3.0), unknowns=MIDDLE)
    assert large.syringes == large.needles  # two points do not fit in 1 mL


def test_sessions_repeat_the_grid_or_share_it() -> None:
    again, shared = (inject(SQUARE, Injection(sessions=3, share_points=share), unknowns=MIDDLE) for share in (False, True))
    assert again.needles == shared.needles
    assert set(again.grid.session) == {1}
    assert set(shared.grid.session) == {1, 2, 3}
    assert shared.minutes < again.minutes
    assert shared.dose.dose == pytest.approx(again.dose.dose)


def test_the_reach_in_many_draws_is_the_reach_of_the_map() -> None:
    """At the medians both paths look at the same dose: 400 of 9,660 follicles, so to 4 standard errors of 2.5 points."""
    for spacing in (0.7, 1.2, 1.8):
        done = inject(SQUARE, Injection(spacing_cm=spacing), unknowns=MIDDLE)
        whole = done.dose.within_reach(done.reach_level)[0]
        assert done.coverage[0] == pytest.approx(whole, abs=4 * np.sqrt(whole * (1 - whole) / 400) + 1e-3)


def test_draws_changed_by_hand_are_seen() -> None:
    plan = Injection(spacing_cm=1.3)
    near, far = (inject(SQUARE, plan, unknowns=MANY.but({("inject", "decay_per_h"): decay})) for decay in (1.0, 0.004))
    assert np.median(near.coverage) < np.median(far.coverage)
    assert near.kernel.decay_per_h == 1.0
    assert near.reach_level == MIDDLE.row("inject", "reach_level").value  # not the median of 60 draws
    assert {row.name for row in near.rows} > {"decay_per_h", "fill_share", "seconds_per_point", "follicles_per_cm2"}


def test_turning_the_head_changes_no_number() -> None:
    """Follicles stand elsewhere in the turned region, so reach is the same to its standard error; all else exactly."""
    one, two = (inject(shape, cells=1e7, unknowns=MIDDLE) for shape in (SQUARE, SQUARE.turned(0.8, (5, 5))))
    assert one.needles == two.needles
    assert one.cells_per_cm2 == pytest.approx(two.cells_per_cm2)
    assert one.dose.within_reach(0.5) == pytest.approx(two.dose.within_reach(0.5), abs=0.02)


def test_closer_needles_reach_more_and_the_fewest_that_do_are_found() -> None:
    found = fewest_needles(SQUARE, 0.85, follicles_per_cm2=60)
    assert found.coverage[found.best] >= 0.85
    assert (found.needles[found.coverage >= 0.85] >= found.needles[found.best]).all()
    assert np.polyfit(found.spacing_cm, found.coverage, 1)[0] < 0
    assert found.needles[0] > found.needles[-1]
    assert (np.diff(found.spacing_cm) > 0).all()
    more = fewest_needles(SQUARE, 0.6, follicles_per_cm2=60)
    assert more.needles[more.best] < found.needles[found.best]
    done = inject(SQUARE, Injection(spacing_cm=float(found.spacing_cm[found.best])), unknowns=MIDDLE, follicles_per_cm2=60)
    assert done.needles == found.needles[found.best]
    assert done.dose.within_reach(done.reach_level)[0] == pytest.approx(found.coverage[found.best], abs=0.005)


def test_a_wider_grid_is_found_where_a_closer_one_does_not_do() -> None:
    """On this crown the reach jumps with the grid's place at the edge: what is found for 80 % must not beat what is found for 90 %."""
    crown = outline("vertex", 40)
    less, more = (fewest_needles(crown, wanted) for wanted in (0.8, 0.9))
    does = less.coverage >= 0.9
    assert more.needles[more.best] <= less.needles[does].min()


def test_a_coverage_out_of_reach_says_how_far_it_goes() -> None:
    narrow = MIDDLE.but({("inject", "reach_level"): 3.0})
    with pytest.raises(BadParameter, match=r"coverage of 99% is out of reach; allowed: at most [\d.]+%, with needles [\d.]+ cm apart"):
        fewest_needles(SQUARE, 0.99, unknowns=narrow, follicles_per_cm2=30)
    with pytest.raises(BadParameter, match=r"coverage is 1\.5"):
        fewest_needles(SQUARE, 1.5)


def test_a_site_says_where_in_one_way() -> None:
    assert area_cm2(region_of(Site(region="vertex"))) == pytest.approx(90.0)
    assert area_cm2(region_of(Site(scale="norwood", stage="3v", area_cm2=50))) == pytest.approx(50.0)
    assert area_cm2(region_of(Site(area_cm2=40))) == pytest.approx(40.0)
    assert area_cm2(region_of(read_form(Site, {"points_cm": [[0, 0], [4, 0], [0, 4]]}, "plan.toml"))) == 8.0


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ({}, "site says nothing of where"),
        ({"region": "vertex", "points_cm": ((0, 0), (1, 0), (0, 1))}, "says where in 2 ways"),
        ({"stage": "3"}, "a stage without its scale"),
        ({"points_cm": ((0, 0), (1, 0), (0, 1)), "area_cm2": 3}, "points_cm alone"),
        ({"points_cm": ((0, 0), (2, 2), (2, 0), (0, 2))}, "crosses edge 3"),
        ({"region": "crown"}, "there is no region 'crown'"),
        ({"area_cm2": -4}, "area_cm2 of circle is -4"),
        ({"area_cm2": 5000}, "region covers 5,000 cm2; allowed: at most 775 cm2, a whole scalp"),
        ({"region": "vertex", "area_cm2": 5000}, "area_cm2 of vertex is 5,000; allowed: at most 130 cm2"),
        ({"scale": "norwood", "stage": "5", "area_cm2": 5000}, "area_cm2 of Norwood-Hamilton stage 5 is 5,000; allowed: at most 387 cm2"),
        ({"points_cm": ((-300, -600), (300, -600), (300, 0), (-300, 0))}, "region covers 360,000 cm2"),
        ({"points_cm": ((98, 98), (102, 98), (102, 102), (98, 102))}, "site lies off the scalp (0% of it is on it)"),
    ],
)
def test_a_bad_site_is_one_sentence(site: dict[str, object], said: str) -> None:
    with pytest.raises(AnagenError, match=r"^[^\n]*$") as error:
        region_of(Site.model_validate(site))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"spacing_cm": 30}, "spacing_cm is 30; allowed: at most 9.22 cm"),
        ({"volume_ml_per_point": -0.1}, "volume_ml_per_point is -0.1; allowed: more than 0 mL."),
        ({"volume_ml_per_cm2": 0}, "volume_ml_per_cm2 is 0"),
        ({"volume_ml_per_cm2": 0.1, "volume_ml_per_point": 0.1}, "one of the two"),
        ({"depth_mm": -2}, "depth_mm is -2"),
        ({"depth_mm": 40}, "at most 7.5 mm, where the skull begins"),
        ({"sessions": 0}, "sessions is 0"),
        ({"spacing_cm": 0.001}, "spacing_cm is 0.001; allowed: at least 0.3 cm between needles"),
        ({"volume_ml_per_point": 20}, "volume_ml_per_point is 20; allowed: at most 1 mL at a point, as one syringe holds"),
        ({"volume_ml_per_cm2": 0.9, "spacing_cm": 2}, "volume_ml_per_cm2 is 0.9, which makes 2.7 mL at a point; allowed: at most 1 mL"),
        ({"volume_ml_per_point": 0.2, "spacing_cm": 0.4}, "which makes 1.44 mL on a cm2 in one session; allowed: at most 1 mL on a cm2"),
        ({"share_points": True}, "share_points is given for one session; allowed: with sessions = 2 or more"),
        ({"sessions": 60, "share_points": True}, "sessions is 60, and 44 of them get none of the 49 points; allowed: fewer sessions"),
    ],
)
def test_a_bad_plan_is_one_sentence(plan: dict[str, float], said: str) -> None:
    with pytest.raises(BadParameter, match=r"^[^\n]*$") as error:
        inject(SQUARE, Injection.model_validate(plan), unknowns=MIDDLE)
    assert said in str(error.value)


def test_a_session_is_held_to_its_own_volume_and_a_small_region_to_its_skin() -> None:
    """Sessions that share points share the volume; one needle serves more skin than a region of half a cm2."""
    whole, plan = region_of(Site(scale="norwood", stage="5")), Injection(volume_ml_per_point=0.2)
    with pytest.raises(BadParameter, match=r"volume_ml_per_point is 0\.2, which makes 68\.8 mL in one session; allowed: at most 60 mL"):
        inject(whole, plan, unknowns=MIDDLE)
    shared = inject(whole, plan.model_copy(update={"sessions": 2, "share_points": True}), unknowns=MIDDLE)
    assert shared.volume_ml > 60
    assert inject(circle(0.8), unknowns=MIDDLE).needles == 1


def test_needles_are_counted_in_each_session_and_in_all() -> None:
    again, shared = (inject(SQUARE, Injection(sessions=3, share_points=share), unknowns=MIDDLE) for share in (False, True))
    assert again.points_of_session.tolist() == [again.needles] * 3
    assert again.needles_in_all == 3 * again.needles
    assert again.volume_ml_in_all == pytest.approx(3 * again.volume_ml)
    assert shared.points_of_session.tolist() == np.bincount(shared.grid.session)[1:].tolist()
    assert (shared.needles_in_all, shared.volume_ml_in_all) == (shared.needles, pytest.approx(shared.volume_ml))


def test_the_search_leaves_out_grids_that_nobody_would_give() -> None:
    found = fewest_needles(SQUARE, 0.8, Injection(volume_ml_per_cm2=0.5), follicles_per_cm2=60)
    assert found.spacing_cm.max() < 2.0  # wider ones would put more than 1 mL at a point
    assert (found.volume_ml / found.needles <= 1.0).all()
    with pytest.raises(BadParameter, match="volume_ml_per_cm2 is 3, which makes"):
        fewest_needles(SQUARE, 0.8, Injection(volume_ml_per_cm2=3), follicles_per_cm2=60)
    assert fewest_needles(region_of(Site(scale="norwood", stage="5")), 0.8, follicles_per_cm2=20).needles.max() <= 600  # 60 mL


def test_bad_cells_and_a_region_without_follicles_are_refused() -> None:
    with pytest.raises(BadParameter, match="cells reach down to -1"):
        inject(SQUARE, cells=-1.0, unknowns=MIDDLE)
    with pytest.raises(BadParameter, match="cells are 3 numbers"):
        inject(SQUARE, cells=[1.0, 2.0, 3.0], unknowns=MANY)
    with pytest.raises(BadParameter, match="holds no follicle"):
        inject(circle(0.1), Injection(spacing_cm=0.3, volume_ml_per_point=0.01), unknowns=MIDDLE, follicles_per_cm2=0.01)
    assert inject(outline("temples"), unknowns=MIDDLE).needles > 30
