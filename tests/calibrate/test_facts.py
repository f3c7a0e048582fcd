"""Which rows become facts, and as what: every rule on made-up trials, and that no shipped row is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from calibrate.one_trial import APART, BEFORE, BOTH, DRUG, LEVEL, PLACEBO, SAID, only, read, why
from evidence.made_up import together, trial
from scipy.stats import norm

from anagen.calibrate.arms import lanes_of
from anagen.calibrate.fact import Baseline, Fact, Facts, Left, Spread
from anagen.calibrate.facts import facts_of
from anagen.ground.rows import medians


def test_a_change_of_each_arm_is_a_fact() -> None:
    found = read({**DRUG, "se": 2.1}, PLACEBO)
    assert found.facts == (
        Fact(("one0",), "one", "drug", None, "visible", 52.0, "change", 12.0, 2.1, 40.0, 0.0),
        Fact(("one1",), "one", "placebo", None, "visible", 52.0, "change", 2.0, None, 60.0, 0.0),
    )
    assert (found.left, found.baselines, found.spreads) == ((), (), ())
    assert found.facts[0].name == "one0"


def test_a_change_and_a_difference_of_one_arm_are_the_changes_of_two_arms_that_share_its_error() -> None:
    found = read(DRUG, {**APART, "mean": 15.0, "se": 3.0})
    drug, placebo = found.facts
    assert (drug.rows, drug.value, drug.control) == (("one0",), 12.0, None)
    assert (placebo.rows, placebo.arm, placebo.value, placebo.control, placebo.n) == (("one1", "one0"), "placebo", -3.0, None, 60.0)
    assert drug.se == placebo.se == pytest.approx(3.0 * 0.5**0.5)  # so that both together have the error of the difference
    assert found.left == ()


def test_an_error_that_was_read_for_the_change_itself_stays() -> None:
    drug, placebo = read({**DRUG, "se": 1.5}, {**APART, "mean": 15.0, "se": 3.0}).facts
    assert (drug.se, placebo.se) == (1.5, pytest.approx(3.0 * 0.5**0.5))


def test_a_difference_beside_the_changes_of_both_arms_is_no_third_fact() -> None:
    found = read(DRUG, PLACEBO, {**APART, "mean": 10.0, "se": 3.0})
    assert [fact.rows for fact in found.facts] == [("one0",), ("one1",)]
    assert why(found) == {"one2": "the same fact as the changes of both arms"}


def test_a_difference_alone_is_a_fact_of_two_arms() -> None:
    found = read({**APART, "mean": 15.0, "se": 3.0})
    assert only(found) == Fact(("one0",), "one", "drug", "placebo", "visible", 52.0, "change", 15.0, 3.0, 40.0, 60.0)


def test_a_difference_of_percent_is_one_of_percent_of_the_level_before() -> None:
    assert only(read({**APART, "mean": 15.0, "unit": "percentage_points"})).kind == "percent"


def test_a_difference_in_another_scale_than_the_change_beside_it_is_left_out_and_said_so() -> None:
    percent = {**DRUG, "unit": "percent", "value_kind": "percent_change"}
    for one, other in ((percent, {**APART, "mean": 15.0}), (DRUG, {**APART, "mean": 15.0, "unit": "percent"})):
        found = read(one, other)
        assert only(found).rows == ("one0",)
        assert why(found) == {"one1": "a difference on another scale than the change beside it"}


def test_a_difference_in_percent_beside_a_percent_change_gives_the_percent_of_the_control() -> None:
    percent = {"unit": "percent", "value_kind": "percent_change"}
    _, placebo = read({**DRUG, **percent}, {**APART, "mean": 15.0, "unit": "percentage_points"}).facts
    assert (placebo.arm, placebo.kind, placebo.value) == ("placebo", "percent", -3.0)


def test_a_difference_from_an_arm_that_is_not_there_is_left_out() -> None:
    found = read(DRUG, {**APART, "mean": 15.0, "p_compared_with": "vehicle"})
    assert only(found).rows == ("one0",)
    assert why(found) == {"one1": "the arm that it is taken against is not in the tables"}


@pytest.mark.parametrize(
    "control",
    [
        {"intervention": "nanofat"},
        {"role": "pooled"},
        {"intervention": "hair_transplant_fue"},
        {"intervention": "dutasteride_oral_other_dose"},
    ],
)
def test_what_is_taken_against_an_arm_without_a_forecast_is_left_out_and_the_model_can_be_made(control: dict[str, Any]) -> None:
    given = {**BOTH, "other": {"role": "active_control", **control}}
    rows = [{**APART, "mean": 15.0, "p_compared_with": "other"}, {**SAID, "p_value": "significant", "p_compared_with": "other"}]
    found = read(PLACEBO, *rows, given=given)
    assert why(found) == dict.fromkeys(("one1", "one2"), "the arm that it is taken against has no forecast")
    assert len(lanes_of(found)) == 1
    apart = read(PLACEBO, *rows, given=given, whole=False)
    assert [fact.rows for fact in apart.facts] == [("one0",)]


def test_differences_from_two_arms_are_two_facts() -> None:
    given = {**BOTH, "other": {"role": "active_control", "n": 50}}
    found = read({**APART, "mean": 15.0}, {**APART, "mean": 4.0, "p_compared_with": "other"}, given=given)
    assert [(fact.control, fact.value) for fact in found.facts] == [("placebo", 15.0), ("other", 4.0)]
    found = read(DRUG, {**APART, "mean": 15.0}, {**APART, "mean": 4.0, "p_compared_with": "other"}, given=given)
    assert [(fact.arm, fact.value) for fact in found.facts] == [("drug", 12.0), ("placebo", -3.0), ("other", 8.0)]
    assert found.left == ()


def test_a_level_counts_with_its_own_beginning() -> None:
    found = read({**DRUG, **BEFORE, "mean": 150.0}, {**DRUG, **LEVEL, "mean": 161.0})
    assert (only(found).rows, only(found).kind, only(found).value) == (("one0", "one1"), "change", 11.0)
    assert found.baselines == (Baseline("one", "visible", 150.0, ("one0",)),)


def test_a_level_without_its_own_beginning_is_left_out() -> None:
    found = read(PLACEBO, {**PLACEBO, **BEFORE, "mean": 150.0}, {**DRUG, **LEVEL, "mean": 161.0})
    assert [fact.rows for fact in found.facts] == [("one0",)]
    assert why(found) == {"one2": "a level without its own beginning"}


def test_a_change_goes_before_a_percent_change_and_that_before_a_level() -> None:
    before, level = {**DRUG, **BEFORE, "mean": 150.0}, {**DRUG, **LEVEL, "mean": 161.0}
    percent = {**DRUG, "unit": "percent", "value_kind": "percent_change", "mean": 8.0}
    found = read(before, level, percent, DRUG)
    assert (only(found).rows, only(found).kind) == (("one3",), "change")
    assert why(found) == {"one1": "the same fact as one3", "one2": "the same fact as one3"}
    found = read(before, level, percent)
    assert (only(found).rows, only(found).kind, only(found).value) == (("one2",), "percent", 8.0)
    assert why(found) == {"one1": "the same fact as one2"}


def test_a_change_in_percent_is_a_percent_of_the_level_before() -> None:
    assert only(read({**DRUG, "unit": "percent"})).kind == "percent"


def test_two_places_and_two_visits_are_facts_of_their_own() -> None:
    found = read(DRUG, {**DRUG, "site": "frontal", "mean": 5.0}, {**DRUG, "time_weeks": 24.0, "mean": 6.0})
    assert [fact.value for fact in found.facts] == [12.0, 5.0, 6.0]
    assert found.left == ()


def test_each_place_has_its_own_beginning() -> None:
    begins = [{**DRUG, **BEFORE, "mean": mean, "site": site} for mean, site in ((150.0, "vertex"), (100.0, "frontal"))]
    level = {**DRUG, **LEVEL, "mean": 161.0}
    found = read(*begins, level, {**level, "site": "frontal", "mean": 104.0})
    assert [(fact.rows, fact.value) for fact in found.facts] == [(("one0", "one2"), 11.0), (("one1", "one3"), 4.0)]
    assert found.left == ()
    assert why(read(begins[1], PLACEBO, level)) == {"one2": "a level without its own beginning"}
    whole = {**begins[0], "site": "whole"}
    assert only(read(whole, level)).value == 11.0  # no place of its own was counted before


def test_a_second_row_of_the_same_fact_is_left_out_and_said_so() -> None:
    found = read(DRUG, {**DRUG, "mean": 12.5})
    assert only(found).rows == ("one1",)
    assert why(found) == {"one0": "the same fact as one1"}
    begins = [{**DRUG, **BEFORE, "mean": mean} for mean in (150.0, 151.0)]
    found = read(*begins, DRUG)
    assert found.baselines[0].rows == ("one1",)
    assert why(found) == {"one0": "the same fact as one1"}


def test_a_change_by_the_first_day_is_none() -> None:
    found = read(DRUG, {**DRUG, "time_weeks": 0.0})
    assert only(found).rows == ("one0",)
    assert why(found) == {"one1": "a change by the first day"}


def test_counts_per_area_become_hairs_per_cm2() -> None:
    area = {"unit": "hairs_per_area", "area_cm2": 5.0}
    found = read({**DRUG, **BEFORE, **area, "mean": 800.0}, {**DRUG, **area, "se": 10.0, "sd": 60.0})
    fact = only(found)
    assert (fact.value, fact.se) == (pytest.approx(12.0 / 5), 10.0 / 5)
    assert found.baselines[0].value == 160.0
    assert found.spreads == (Spread("one1", "one", "drug", "visible", 52.0, 60.0 / 5, 40.0, 5.0),)
    assert why(read({**DRUG, "unit": "hairs_per_area", "area_cm2": None})) == {"one0": "no number on a scale that the law has"}


def test_a_total_too_small_to_hold_vellus_hair_is_of_other_hair() -> None:
    least = medians("trial")["total_least_per_cm2"]
    for before, output in ((least - 0.1, "nonvellus"), (least, "visible")):
        found = read({**DRUG, **BEFORE, "mean": before}, {**DRUG, "sd": 20.0}, PLACEBO)
        assert {fact.output for fact in found.facts} == {output}  # of both arms: the trial counted one thing
        assert (found.baselines[0].output, found.spreads[0].output) == (output, output)
    percent = {"outcome": "anagen_percent", "unit": "percent"}
    found = read({**DRUG, **BEFORE, "mean": 60.0}, {**DRUG, **BEFORE, **percent, "mean": 55.0}, DRUG, {**DRUG, **percent, **LEVEL})
    assert {fact.output for fact in found.facts} == {"nonvellus", "anagen_share"}


def test_the_error_is_the_one_read_else_from_the_interval_else_the_sd_else_an_exact_p() -> None:
    cells: dict[str, Any] = {"se": 3.0, "ci_low": 5.0, "ci_high": 25.0, "sd": 20.0, "p_value": "0.01"}
    assert only(read({**DRUG, **cells})).se == 3.0
    cells["se"] = None
    assert only(read({**DRUG, **cells})).se == pytest.approx(20.0 / (2 * norm.isf(0.025)), rel=1e-6)  # 1.959964 has six digits
    cells["ci_low"] = None
    assert only(read({**DRUG, **cells})).se == pytest.approx(20.0 / 40**0.5)
    cells["sd"] = None
    assert only(read({**DRUG, **cells})).se is None


def test_an_exact_p_gives_the_error_of_a_difference_and_of_nothing_else() -> None:
    told = {"mean": 15.0, "p_value": "0.004"}
    assert only(read({**APART, **told})).se == pytest.approx(15.0 / norm.isf(0.002))
    assert only(read({**APART, **told, "sd": 20.0})).se == pytest.approx(15.0 / norm.isf(0.002))  # an SD of whom?
    assert only(read({**DRUG, **told})).se is None
    for words in ("<0.01", "significant", "not_significant", "1", None):
        assert only(read({**APART, **told, "p_value": words})).se is None, words
    assert only(read({**APART, "mean": 0.0, "p_value": "0.9"})).se is None
    assert only(read({**APART, **told, "p_value": "0.99"})).se == pytest.approx(15.0 / 0.3)  # no smaller z: it says little


def test_the_sd_of_a_level_is_no_error_of_its_change() -> None:
    fact = only(read({**DRUG, **BEFORE, "mean": 150.0, "sd": 40.0}, {**DRUG, **LEVEL, "mean": 161.0, "sd": 42.0}))
    assert fact.se is None


def test_plus_minus_of_unknown_kind_is_never_used() -> None:
    found = read({**DRUG, "plus_minus": 4.0, "spread_kind": "unknown"})
    assert (only(found).se, found.spreads) == (None, ())
    statement = read({**SAID, "plus_minus": 4.0, "spread_kind": "unknown", "p_value": "significant"})
    assert only(statement).se is None


def test_a_row_without_a_number_is_what_it_says_of_the_estimate() -> None:
    for said, kind, score in (
        ("significant", "significant", 0.0),
        ("not_significant", "not_significant", 0.0),
        ("<0.01", "significant", 0.0),
        ("<=0.05", "significant", 0.0),
        ("0.03", "z", norm.isf(0.015)),
    ):
        fact = only(read({**SAID, "p_value": said}))
        assert (fact.said, fact.kind, fact.se, fact.control) == (kind, "percent", None, "placebo"), said
        assert fact.value == pytest.approx(score), said
        assert (fact.n, fact.n_control) == (40.0, 60.0)


def test_a_statement_of_nothing_is_left_out() -> None:
    for words in (None, "", "<0.10", "ns?", "0", "1"):
        assert why(read(DRUG, {**SAID, "p_value": words}))["one1"] == "no number and no p value", words


def test_a_statement_about_one_arm_is_of_its_own_change() -> None:
    fact = only(read({**SAID, "value_kind": "change", "p_compared_with": "baseline", "p_value": "significant"}))
    assert (fact.control, fact.n_control) == (None, 0.0)
    found = read(DRUG, {**SAID, "p_compared_with": None, "p_value": "significant"})
    assert why(found)["one1"] == "a difference from an arm that is not named"


def test_a_statement_without_a_visit_is_taken_at_the_first_that_its_trial_states() -> None:
    timeless = {**SAID, "p_value": "significant", "time_weeks": None}
    found = read(timeless, {**DRUG, "time_weeks": 30.0}, {**DRUG, "time_weeks": 12.0}, {**DRUG, **BEFORE, "mean": 150.0})
    assert next(fact.week for fact in found.facts if fact.said) == 12.0
    assert why(read(timeless)) == {"one0": "a statement without any visit"}


def test_a_number_that_may_not_be_used_is_not_turned_into_a_statement() -> None:
    found = read(DRUG, {**DRUG, "time_weeks": 24.0, "use": False, "use_reason": "duplicate", "p_value": "significant"})
    assert why(found) == {"one1": "not fit for synthesis (duplicate)"}


@pytest.mark.parametrize(
    ("arm", "study", "cells", "reason"),
    [
        ({}, {"condition": "aa"}, {}, "not pattern hair loss"),
        ({"role": "pooled"}, {}, {}, "the arm is pooled"),
        ({"role": "switched"}, {}, {}, "the arm is switched"),
        ({"intervention": "hair_transplant_fue"}, {}, {}, "a transplant moves follicles: its survival is a row of its own"),
        ({"intervention": "nanofat"}, {}, {}, "its one study, of twelve men, gives no hair count."),
        ({"intervention": "dutasteride_oral_other_dose"}, {}, {}, "there is no forecast: dutasteride is named without a dose."),
        ({}, {}, {"outcome": "global_photo_improved_percent"}, "no link from this outcome to a count of hairs"),
        ({}, {}, {"value_kind": "unknown"}, "no number on a scale that the law has"),
        ({}, {}, {"time_weeks": None}, "no number on a scale that the law has"),
        ({}, {}, {"unit": "hairs"}, "no number on a scale that the law has"),
        ({}, {}, {"arm_id": "other"}, "its study or arm is not in the tables"),
    ],
)
def test_what_the_law_cannot_give_is_left_out_with_the_reason(
    arm: dict[str, Any], study: dict[str, Any], cells: dict[str, Any], reason: str
) -> None:
    found = read({**DRUG, **cells}, given={**BOTH, "drug": {"n": 40, **arm}}, **study)
    assert found.facts == ()
    assert found.left == (Left("one0", "one", reason),)


def test_a_dose_that_was_not_studied_is_left_out_with_the_reason() -> None:
    arm = {"intervention": "dutasteride_oral_other_dose", "dose": 50.0, "dose_unit": "mg/day"}
    found = read(DRUG, given={**BOTH, "drug": arm})
    assert found.facts == ()
    assert "the dose of dutasteride is 50 mg a day" in why(found)["one0"]


def test_a_pooled_level_before_treatment_still_tells_where_the_trial_began() -> None:
    arms_ = {"all": {"role": "pooled"}, **BOTH}
    found = read(DRUG, {"arm_id": "all", **BEFORE, "mean": 90.0}, {"arm_id": "all", **LEVEL, "mean": 95.0}, given=arms_)
    assert found.baselines == (Baseline("one", "visible", 90.0, ("one1",)),)
    assert why(found) == {"one2": "the arm is pooled"}
    found = read(DRUG, {"arm_id": "all", **BEFORE, "mean": 90.0, "unit": "hairs"}, given=arms_)
    assert (found.baselines, why(found)) == ((), {"one1": "the arm is pooled"})


def test_the_level_before_treatment_is_the_mean_over_the_arms_of_a_trial_that_has_a_fact() -> None:
    begins = [{**DRUG, **BEFORE, "mean": 150.0}, {**PLACEBO, **BEFORE, "mean": 170.0}]
    assert read(*begins, DRUG).baselines == (Baseline("one", "visible", 160.0, ("one0", "one1")),)
    found = read(*begins)
    assert found.baselines == ()
    assert set(why(found).values()) == {"a level before treatment without any later number"}


def test_sessions_are_counted_from_the_first_one() -> None:
    arm = {"intervention": "prp", "sessions": 3, "interval_days": 28.0}
    for origin, week in (("baseline", 24.0), ("last_treatment", 32.0)):
        found = read({**DRUG, "time_weeks": 24.0, "time_origin": origin}, given={**BOTH, "drug": arm})
        assert only(found).week == week


def test_people_are_those_of_the_row_else_of_the_arm_else_a_share_of_the_trial_else_the_usual() -> None:
    two = {"drug": {"n": None}, "placebo": {"n": None}}
    assert only(read({**DRUG, "n": 33})).n == 33.0
    fact = only(read(DRUG, given=two, n_analysed=30, n_enrolled=50))
    assert (fact.n, fact.imputed_n) == (15.0, True)
    assert only(read(DRUG, given=two, n_enrolled=50)).n == 25.0
    fact = only(read(DRUG, given=two))
    assert (fact.n, fact.imputed_n) == (medians("trial")["usual_n"], True)
    assert not only(read(DRUG)).imputed_n


def test_how_people_differ_is_read_from_the_sd_of_a_change_alone() -> None:
    found = read({**DRUG, "sd": 20.0}, {**PLACEBO, **BEFORE, "mean": 150.0, "sd": 40.0}, {**APART, "mean": 10.0, "sd": 30.0})
    assert found.spreads == (Spread("one0", "one", "drug", "visible", 52.0, 20.0, 40.0, 1.0),)
    assert read({**DRUG, "unit": "percent", "sd": 20.0}).spreads == ()


def family() -> Facts:
    """Three entries, the first two of one trial."""
    one, two, three = (trial(name, [dict(DRUG)], BOTH, same_trial_as=same) for name, same in (("a", None), ("b", "a"), ("c", None)))
    base = together(one, two, three)
    return facts_of(base.studies, base.arms, base.outcomes)


def test_entries_of_one_trial_stand_or_fall_together() -> None:
    found = family()
    assert found.names == ("a", "c")
    assert (found.family("b"), found.family("c")) == ("a", "c")
    assert [fact.study for fact in found.of(["a"]).facts] == ["a", "b"]
    assert [study.study_id for study in found.without(["a"]).studies] == ["c"]
    assert {arm.study_id for arm in found.without(["c"]).arms} == {"a", "b"}
    assert found.of(["c"]).names == ("c",)
