"""One person, every option."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.compare import OPTIONS, Comparison, compare
from anagen.ground.errors import BadInput, BadParameter, UnknownName
from anagen.people.person import Person, read_person
from anagen.treatments import TREATMENTS

MAN = read_person(Path(__file__).parents[1] / "examples" / "man-norwood-3v.toml")
BELIEF = Belief.prior(n=150)


@pytest.fixture(scope="module")
def answer() -> Comparison:
    return compare(MAN, BELIEF, years=5)


def _person(**fields: Any) -> Person:
    return Person(**{"sex": "female", "age_years": 45, "condition": "pattern hair loss", "scale": "ludwig", "stage": "2", **fields})


def test_every_option_stands_beside_nothing_with_the_same_draws(answer: Comparison) -> None:
    assert {option.plan.steps[0].name for option in answer.options if option.plan.steps} == {
        name for name, _ in OPTIONS if "male" in TREATMENTS[name].sexes
    }
    for option in answer.forecasts:
        for region in answer.regions:
            band = option.band("visible", region)
            assert band.median[0] == answer.nothing.band("visible", region).median[0]
            assert (band.low[0.95] <= band.low[0.5]).all()
            assert (band.low[0.5] <= band.median).all()
            assert (band.median <= band.high[0.5]).all()
        assert option.basis
    assert not answer.nothing.gain(answer.nothing).median.any()


def test_what_has_no_forecast_says_why(answer: Comparison) -> None:
    silent = [option for option in answer.options if option.forecast is None]
    assert [option.name for option in silent] == ["join_trial"]
    assert "No forecast" in silent[0].basis


def test_an_option_alone_is_as_it_is_among_all(answer: Comparison) -> None:
    alone = compare(MAN, BELIEF, years=5, options=["finasteride 1 mg daily"])
    twin = next(option for option in answer.options if option.name == "finasteride")
    assert alone.options[1].forecast is not None
    assert twin.forecast is not None
    np.testing.assert_array_equal(alone.options[1].forecast.draws["terminal"], twin.forecast.draws["terminal"])


def test_options_fit_the_sex() -> None:
    names = {option.name for option in compare(_person(), BELIEF, years=0.5).options}
    assert "spironolactone" in names
    assert not names & {"dutasteride", "finasteride"}


def test_who_takes_something_is_offered_to_go_on_stop_add_and_switch() -> None:
    man = _person(sex="male", scale="norwood", stage="3v", treatments=[{"what": "finasteride 1 mg daily", "since_years": 3}])
    by_name = {option.name: option for option in compare(man, BELIEF, years=1).options}
    assert by_name["nothing"].plan.steps == ()
    assert by_name["go on"].plan.names == ("finasteride",)
    assert set(by_name["minoxidil_topical_5"].plan.names) == {"finasteride", "minoxidil_topical"}
    assert by_name["dutasteride"].plan.names == ("dutasteride",)
    assert "finasteride" not in by_name
    assert by_name["go on"].gain(by_name["nothing"]).median[52] > 0


def test_who_takes_something_reads_every_plan_against_going_on() -> None:
    man = _person(sex="male", scale="norwood", stage="3v", treatments=[{"what": "finasteride 1 mg daily", "since_years": 3}])
    found = compare(man, BELIEF, years=1, options=["finasteride; svf", "dutasteride", "finasteride until week 26"])
    assert [option.name for option in found.options[:2]] == ["nothing", "go on"]
    assert found.base.name == "go on"
    added = found.option("finasteride; svf")
    assert (added.change.kept.names, added.change.new.names, added.change.gone.names) == (("finasteride",), ("svf",), ())
    switched = found.option("dutasteride").change
    assert (switched.kept.names, switched.new.names, switched.gone.names) == ((), ("dutasteride",), ("finasteride",))
    marrow = added.gain(found.base, weeks=[52]).median[0]
    assert marrow < added.gain(found.nothing, weeks=[52]).median[0]
    again = compare(man, BELIEF, years=1, options=["finasteride"])
    assert [option.name for option in again.options] == ["nothing", "finasteride"], "it is to go on already"
    assert again.base.name == "finasteride"
    assert compare(MAN, BELIEF, years=1, options=["svf"]).base.name == "nothing"


def test_a_plan_of_which_a_part_begins_too_late_is_refused() -> None:
    for plan in ("svf at week 200", "finasteride; svf at week 104.28", "wait for 3 years; finasteride from week 157"):
        with pytest.raises(BadInput, match="the time asked for ends in week 104: nothing of it would happen"):
            compare(MAN, BELIEF, years=2, options=[plan])
    assert compare(MAN, BELIEF, years=4, options=["svf at week 200"]).options[1].plan.names == ("svf",)


def test_the_trial_stands_beside(answer: Comparison) -> None:
    found = {(one.row_id, one.week, one.arm, one.against) for one in answer.published}
    finasteride = "finasteride 1 mg a day"
    assert found == {
        ("o007", 261, "nothing", None),
        ("o023", 52, finasteride, "nothing"),
        ("o436", 104, finasteride, "nothing"),
        ("o012", 261, finasteride, "nothing"),
    }
    first = next(one for one in answer.published if one.row_id == "o023")
    assert first.per_cm2 == pytest.approx(107 / 5.1)
    drug = next(option for option in answer.options if option.name == "finasteride")
    assert first.ours.median[0] == pytest.approx(drug.gain(answer.nothing, region="vertex").median[52])


def test_the_picture_shows_the_same_follicles_under_every_option(answer: Comparison) -> None:
    looks = [answer.field(option, look_weeks=(0, 260)) for option in answer.forecasts if option.name in ("nothing", "finasteride", "svf")]
    for look in looks[1:]:
        np.testing.assert_array_equal(look.slot[0], looks[0].slot[0])
        np.testing.assert_array_equal(look.phase[0], looks[0].phase[0])
    assert (looks[1].slot[1] != looks[0].slot[1]).any()
    density = answer.nothing.forecast
    assert density is not None
    shown = (looks[0].phase[0] < 3).sum()
    assert shown == pytest.approx(density.course("visible", "vertex")[answer.middle, 0], abs=4 * np.sqrt(shown))


def test_the_picture_shows_a_gain_near_the_middle_of_what_each_option_may_give(answer: Comparison) -> None:
    """A draw may lie in the middle without treatment and at an end with one; then a drug would be drawn as worse than nothing."""
    end = int(answer.weeks[-1])
    untreated = answer.nothing.known().course("visible", answer.main_region)[answer.middle, end]
    for option in answer.forecasts:
        drawn = option.known().course("visible", answer.main_region)[answer.middle, end] - untreated
        gain = option.gain(answer.nothing, region=answer.main_region, weeks=[end])
        assert gain.low[0.95][0] <= drawn <= gain.high[0.95][0], option.title
    drug = answer.option("finasteride")
    gain = drug.gain(answer.nothing, region=answer.main_region, weeks=[end])
    assert gain.low[0.8][0] <= drug.known().course("visible", answer.main_region)[answer.middle, end] - untreated <= gain.high[0.8][0]


def test_the_main_region_is_the_measured_one_or_the_thinnest(answer: Comparison) -> None:
    assert answer.main_region == "vertex"
    assert compare(_person(), BELIEF, years=0.5, options=[]).main_region == "midscalp"


def test_refusals() -> None:
    with pytest.raises(BadParameter, match="years is 9"):
        compare(MAN, BELIEF, years=9)
    with pytest.raises(UnknownName, match="did you mean"):
        compare(MAN, BELIEF, options=["minoxidl 5%"])
    with pytest.raises(UnknownName, match="study"):
        compare(MAN.model_copy(update={"published": "kaufmann"}), BELIEF, options=[])
