"""Which differences the rows give, and how sure each is: every rule on made-up trials, and some of the shipped ones by hand."""

from __future__ import annotations

from typing import Any

import pytest
from evidence.made_up import together, trial, with_sds
from scipy import stats

from anagen.evidence import Evidence
from anagen.evidence.contrasts import Contrast, changes, contrasts
from anagen.evidence.spread import SAID, pooled_sd
from anagen.evidence.visits import at_visit, one_a_trial

SHIPPED = Evidence.shipped()
BOTH = [{"arm_id": "drug", "mean": 12.0, "n": 40}, {"arm_id": "placebo", "mean": 2.0, "n": 60}]


def only(evidence: Evidence, name: str = "one") -> Contrast:
    [found] = [one for one in contrasts(evidence) if one.study.study_id == name]
    return found


def both(**put: Any) -> list[dict[str, Any]]:
    """Changes of both arms, with these cells in the treated arm's row."""
    return [BOTH[0] | put, dict(BOTH[1])]


def test_change_less_change() -> None:
    found = only(trial("one", [BOTH[0] | {"sd": 20.0}, BOTH[1] | {"sd": 10.0}]))
    assert (found.difference, found.n_treated, found.n_control, found.people, found.spread) == (10.0, 40, 60, 100, "sd")
    assert found.se == pytest.approx((20.0**2 / 40 + 10.0**2 / 60) ** 0.5)
    assert found.control_variance == pytest.approx(10.0**2 / 60)
    assert found.rows == ("one0", "one1")


def test_a_change_and_a_difference_of_one_arm_are_not_two_facts() -> None:
    difference = {"arm_id": "drug", "mean": 17.0, "se": 2.5, "value_kind": "difference", "p_compared_with": "placebo"}
    found = only(trial("one", [*BOTH, difference]))
    assert (found.difference, found.se, found.spread, found.rows) == (17.0, 2.5, "se", ("one2",))


def test_counts_are_divided_by_their_area_and_levels_by_what_they_began_with() -> None:
    area = {"outcome": "hair_count_target_area", "unit": "hairs_per_area", "area_cm2": 5.0}
    levels = [
        {"arm_id": arm, "mean": mean, "time_weeks": weeks, "value_kind": "absolute", "n": 30, "sd": 99.0, **area}
        for arm, mean, weeks in (("drug", 800.0, 0.0), ("drug", 900.0, 52.0), ("placebo", 780.0, 0.0), ("placebo", 760.0, 52.0))
    ]
    found = only(together(with_sds(), trial("one", levels)))
    assert found.difference == pytest.approx((900 - 800 - 760 + 780) / 5)
    assert found.spread == "filled", "the SD of a level is not that of a change"
    assert found.se == pytest.approx(20 * (2 / 30) ** 0.5)
    assert [one for one in contrasts(trial("one", levels[1::2]))] == [], "a level without its beginning is no change"
    assert contrasts(trial("one", [level | {"area_cm2": None} for level in levels])) == (), "an area that is not known gives no density"


def test_what_cannot_be_all_hairs_is_thick_hairs() -> None:
    levels = [
        {"arm_id": arm, "mean": mean, "time_weeks": weeks, "value_kind": "absolute"}
        for arm, mean, weeks in (("drug", 40.0, 0.0), ("drug", 60.0, 52.0), ("placebo", 45.0, 0.0), ("placebo", 45.0, 52.0))
    ]
    assert only(trial("one", levels)).measure == "terminal"
    full = [level | {"mean": level["mean"] + 150} for level in levels]
    assert only(trial("one", full)).measure == "total"


def test_percent_and_hairs_are_two_scales() -> None:
    percent = [row | {"unit": "percent", "value_kind": "percent_change"} for row in BOTH]
    found = contrasts(trial("one", [*BOTH, *percent]))
    assert [one.unit for one in found] == ["hairs/cm2", "% of baseline"]
    mixed = trial("one", [BOTH[0], percent[1]])
    assert contrasts(mixed) == ()


def test_the_best_spread_is_taken_in_order() -> None:
    difference = {"arm_id": "drug", "mean": 10.0, "value_kind": "difference", "p_compared_with": "placebo", "p_value": "0.02", "n": 40}
    arms: dict[str, dict[str, Any]] = {"drug": {"n": 40}, "placebo": {"n": 60}}
    t95, t02 = stats.t.isf(0.025, 98), stats.t.isf(0.01, 98)
    ladder = [
        ({"se": 3.0, "ci_low": 5.0, "ci_high": 15.0}, "se", 3.0),
        ({"ci_low": 5.0, "ci_high": 15.0}, "ci", 10 / (2 * t95)),
        ({}, "p", 10 / t02),
        ({"p_value": "0.02", "plus_minus": 1.0, "spread_kind": "unknown"}, "p", 10 / t02),
    ]
    for put, how, se in ladder:
        found = only(trial("one", [difference | put], arms))
        assert (found.spread, found.se) == (how, pytest.approx(se)), put


def test_a_plus_minus_of_unknown_kind_is_never_used() -> None:
    found = only(together(with_sds(), trial("one", both(plus_minus=0.1, spread_kind="unknown"))))
    assert (found.spread, found.se) == ("filled", pytest.approx(20 * (1 / 40 + 1 / 60) ** 0.5))


@pytest.mark.parametrize(
    ("p", "se"),
    [
        ("<0.001", 10 / stats.t.isf(0.0005, 98)),  # an upper limit, and a tight one
        ("<0.04", 20 * (1 / 40 + 1 / 60) ** 0.5),  # an upper limit that does not bind
        ("not_significant", 10 / stats.t.isf(0.025, 98)),  # a lower limit
        ("significant", 20 * (1 / 40 + 1 / 60) ** 0.5),
    ],
)
def test_a_p_that_is_a_limit_holds_what_is_filled_in(p: str, se: float) -> None:
    assert 10 / stats.t.isf(0.02, 98) > 20 * (1 / 40 + 1 / 60) ** 0.5 > 10 / stats.t.isf(0.0005, 98)
    found = only(together(with_sds(), trial("one", both(p_value=p, p_compared_with="placebo"))))
    assert (found.spread, found.se) == ("filled", pytest.approx(se))
    other = only(together(with_sds(), trial("one", both(p_value=p, p_compared_with="baseline"))))
    assert other.se == pytest.approx(20 * (1 / 40 + 1 / 60) ** 0.5), "a p against the start says nothing of the difference"


def test_without_people_a_p_is_all_there_is_and_without_that_nothing() -> None:
    bare = [{"arm_id": "drug", "mean": 12.0}, {"arm_id": "placebo", "mean": 2.0}]
    found = only(together(with_sds(), trial("one", bare)))
    assert (found.se, found.spread, found.people) == (None, "none", None)
    bare[0] |= {"p_value": "<0.01", "p_compared_with": "placebo"}
    found = only(together(with_sds(), trial("one", bare)))
    assert (found.spread, found.se) == ("bound", pytest.approx(10 / stats.norm.isf(0.005)))
    assert only(trial("one", list(BOTH))).spread == "none", "no SD anywhere: nothing to fill in"


def test_people_come_from_the_row_then_the_arm_then_the_study_over_its_arms() -> None:
    bare = [{"arm_id": "drug", "mean": 12.0}, {"arm_id": "placebo", "mean": 2.0}]
    arms: dict[str, dict[str, Any]] = {
        "drug": {"n": 33},
        "placebo": {},
        "all": {"role": "pooled"},
        "placebo_then_drug": {"role": "switched"},
    }
    found = only(trial("one", bare, arms, n_enrolled=90, n_analysed=80))
    assert (found.n_treated, found.n_control, found.n_filled) == (33, 40, True)
    assert only(trial("one", list(BOTH), n_enrolled=90)).n_filled is False


def test_the_sd_to_fill_in_is_that_of_randomised_arms_weighted_by_people() -> None:
    mixed = together(with_sds("a", 10.0, 11), with_sds("b", 20.0, 31), trial("c", [BOTH[0] | {"sd": 500.0}], design="single_arm"))
    found = only(together(mixed, trial("one", list(BOTH))))
    sd = ((10 * 10.0**2 + 30 * 20.0**2) / 40) ** 0.5
    assert found.se == pytest.approx(sd * (1 / 40 + 1 / 60) ** 0.5)
    widths = trial("w", [row | {"outcome": "hair_diameter", "unit": "percent", "value_kind": "percent_change", "sd": 3.0} for row in BOTH])
    percent = trial("one", [row | {"unit": "percent", "value_kind": "percent_change"} for row in BOTH])
    assert only(together(widths, percent)).se is None, "the spread of widths is not that of counts"


@pytest.mark.parametrize(
    "put", [{"use": False, "use_reason": "undecided"}, {"mean": None}, {"time_weeks": None}, {"value_kind": "unknown"}]
)
def test_rows_that_are_not_fit_give_nothing(put: dict[str, Any]) -> None:
    assert contrasts(trial("one", both(**put))) == ()


@pytest.mark.parametrize("condition", ["aa", "aa_and_aga", "alopecia_mixed", "other"])
def test_only_pattern_hair_loss(condition: str) -> None:
    assert len(contrasts(trial("one", list(BOTH)))) == 1
    assert contrasts(trial("one", list(BOTH), condition=condition)) == ()


def test_pooled_and_switched_arms_take_no_part() -> None:
    for role in ("pooled", "switched"):
        assert contrasts(trial("one", list(BOTH), {"drug": {"role": role}, "placebo": {}})) == ()
        assert contrasts(trial("one", list(BOTH), {"drug": {}, "placebo": {"role": role}})) == ()


def test_of_two_placebos_the_one_that_is_named_is_the_control() -> None:
    rows = [*BOTH, {"arm_id": "placebo_b", "mean": 5.0}]
    arms: dict[str, dict[str, Any]] = {"drug": {}, "placebo": {}, "placebo_b": {}}
    assert contrasts(trial("one", rows, arms)) == ()
    rows[0] = rows[0] | {"p_compared_with": "placebo_b"}
    assert only(trial("one", rows, arms)).control.arm_id == "placebo_b"


def test_an_active_control_is_compared_with_placebo_and_with_the_treatment() -> None:
    arms: dict[str, dict[str, Any]] = {"drug": {}, "old": {"role": "active_control", "intervention": "minoxidil_topical_5"}, "placebo": {}}
    found = contrasts(trial("one", [*BOTH, {"arm_id": "old", "mean": 5.0}], arms))
    pairs = {(one.treated[0].arm_id, one.control.arm_id): one.difference for one in found}
    assert pairs == {("drug", "placebo"): 10.0, ("drug", "old"): 7.0, ("old", "placebo"): 3.0}


def test_arms_are_compared_at_one_visit_and_one_site_only() -> None:
    assert contrasts(trial("one", both(time_weeks=24.0))) == ()
    assert contrasts(trial("one", both(site="frontal"))) == ()
    assert contrasts(trial("one", both(time_origin="last_treatment"))) == ()


def test_a_trial_is_counted_once_at_its_last_visit_or_the_nearest() -> None:
    visits = [row | {"time_weeks": weeks} for weeks in (24.0, 52.0) for row in BOTH]
    long = [{"arm_id": "drug", "mean": 30.0, "time_weeks": 260.0}, {"arm_id": "placebo", "mean": 0.0, "time_weeks": 260.0}]
    base = together(trial("one", visits), trial("one_later", long, same_trial_as="one"), trial("two", list(BOTH)))
    found = contrasts(base)
    assert [(one.study.study_id, one.week) for one in at_visit(found)] == [("one_later", 260.0), ("two", 52.0)]
    assert [(one.study.study_id, one.week) for one in at_visit(found, 30.0)] == [("one", 24.0), ("two", 52.0)]


def test_of_two_sites_the_vertex_speaks() -> None:
    sites = [row | {"site": site} for site in ("frontal", "vertex", "occipital") for row in BOTH]
    assert [one.site for one in at_visit(contrasts(trial("one", sites)))] == ["vertex"]


def test_a_shared_control_is_counted_once_with_the_exact_covariance() -> None:
    """Arms of 40 and 20 people with one SD, joined, are one arm of 60."""
    rows = [
        {"arm_id": "low", "mean": 6.0, "sd": 20.0, "n": 40},
        {"arm_id": "high", "mean": 9.0, "sd": 20.0, "n": 20},
        {"arm_id": "placebo", "mean": 1.0, "sd": 20.0, "n": 30},
    ]
    arms: dict[str, dict[str, Any]] = {
        "low": {"dose": 1.0, "dose_unit": "mg/day"},
        "high": {"dose": 5.0, "dose_unit": "mg/day"},
        "placebo": {},
    }
    found = contrasts(trial("one", rows, arms))
    assert len(found) == 2
    [joined] = one_a_trial(found)
    assert joined.difference == pytest.approx((6 * 40 + 9 * 20) / 60 - 1)
    assert joined.se == pytest.approx(20 * (1 / 60 + 1 / 30) ** 0.5)
    assert (joined.people, joined.doses) == (90, "1 and 5 mg/day")
    naive = (sum((one.se or 0) ** 2 * w**2 for one, w in zip(found, (2 / 3, 1 / 3), strict=True))) ** 0.5
    assert naive < 0.95 * (joined.se or 0), "as if the control's people were there twice"
    apart = one_a_trial([found[0], only(trial("two", list(BOTH)), "two")])
    assert len(apart) == 2


def test_halves_of_one_scalp_are_the_same_people() -> None:
    found = only(trial("one", [row | {"n": 27} for row in BOTH], design="rct_split_scalp"))
    assert found.people == 27


def test_the_shipped_rows_by_hand() -> None:
    found = {(one.study.study_id, one.week, one.measure, one.treated[0].arm_id): one for one in contrasts(SHIPPED)}
    row = SHIPPED.row
    kaufman = found["kaufman_1998", 104.28, "total", "finasteride"]
    assert kaufman.difference == pytest.approx(row("o436").mean / 5.1)  # type: ignore[union-attr, operator]
    lanzafame = found["lanzafame_2013", 16.0, "terminal", "laser"]
    assert lanzafame.difference == pytest.approx((228.7 - 142.0 - 162.4 + 162.7) / 2.85)
    olsen = found["olsen_2002", 48.0, "terminal", "minox5"]
    assert olsen.difference == pytest.approx(18.6 - 3.9)
    assert olsen.se == pytest.approx((25.4**2 / 139 + 21.7**2 / 78) ** 0.5)


def test_no_shipped_difference_rests_on_a_row_that_is_not_fit() -> None:
    found = contrasts(SHIPPED)
    assert len(found) > 40
    for one in found:
        assert all(SHIPPED.row(name).use for name in one.rows)  # type: ignore[union-attr]
        assert (one.se is None) == (one.spread == "none")
        assert one.spread in SAID
        assert "placebo_to" not in one.control.arm_id
    keys = [(one.study.study_id, one.treated, one.control.arm_id, one.measure, one.unit, one.site, one.week) for one in found]
    assert len(keys) == len(set(keys)), "one contrast an arm pair, outcome and visit"


def test_the_shipped_sd_is_that_of_its_rows() -> None:
    found = pooled_sd(one for one in changes(SHIPPED) if one.study.design == "rct_parallel" and one.unit == "hairs/cm2")["hairs/cm2"]
    rows = [SHIPPED.row(name) for name in found.rows]
    assert all(row.sd is not None and row.value_kind == "change" for row in rows)  # type: ignore[union-attr]
    low, high = (extreme(row.sd / (row.area_cm2 or 1) for row in rows) for extreme in (min, max))  # type: ignore[union-attr, operator]
    assert low < found.sd < high
