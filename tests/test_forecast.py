"""One person, one plan, against another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.forecast import WHOLE, Band, Forecast, begin, forecast, forecast_all, still_taken, taken_before, with_past
from anagen.ground.errors import BadInput, BadParameter, Refused, UnknownName
from anagen.people.person import Person
from anagen.plan import Plan
from anagen.scalp import tempo

BELIEF = Belief.prior(n=200)


def _man(**fields: Any) -> Person:
    return Person(**{"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "4", **fields})


def _one(person: Person, plan: str, years: float = 2.0) -> Forecast:
    found = forecast(person, plan, BELIEF, years)
    assert isinstance(found, Forecast)
    return found


def test_regions_and_the_whole_fit_together() -> None:
    found = _one(_man(), "finasteride 1 mg daily")
    parts = np.stack([found.course("visible", region) for region in found.regions], axis=1)
    assert parts.shape[1:] == (4, 105)
    np.testing.assert_allclose(found.course(), np.einsum("nrt,r->nt", parts, found.areas_cm2) / found.areas_cm2.sum(), rtol=1e-5)
    whole = found.course("calibre")
    calibres = np.stack([found.course("calibre", region) for region in found.regions], axis=1)
    assert (whole <= calibres.max(axis=1) + 1e-3).all()
    assert (whole >= calibres.min(axis=1) - 1e-3).all()


def test_against_another_plan_the_draws_are_the_same() -> None:
    pair = forecast(_man(), "dutasteride 0.5 mg daily", BELIEF, against="nothing")
    assert isinstance(pair, tuple)
    gain = pair[0].gain(pair[1], region="vertex")
    assert gain.median[0] == 0
    assert gain.low[0.95][104] > 0
    alone = _one(_man(), "dutasteride 0.5 mg daily")
    np.testing.assert_array_equal(alone.draws["terminal"], pair[0].draws["terminal"])


def test_an_answer_beyond_all_measure_is_followed_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 500 draws one would have follicles leave kenogen a million times as fast: that many steps a week were taken."""
    wild = Belief.shipped(500, seed=40)
    plan = Plan.parse("laser")
    assert float(np.max(plan.tempo(104, wild, np.arange(500)).leave_kenogen)) == tempo.FASTEST
    belief = Belief.shipped(200, seed=50)
    cut = forecast(_man(), plan, belief)
    monkeypatch.setattr(tempo, "FASTEST", 1e4)
    far = plan.tempo(104, belief, np.arange(200)).leave_kenogen.max(axis=0) > 100
    assert 1 <= far.sum() <= 6
    whole = forecast(_man(), plan, belief)
    assert isinstance(cut, Forecast)
    assert isinstance(whole, Forecast)
    off = np.abs(cut.draws["visible"] / whole.draws["visible"] - 1).max(axis=(1, 2))
    kept = begin(_man(), belief).which
    assert 0.001 < off[far[kept]].max() < 0.02
    assert (off[~far[kept]] == 0).all()
    for end in (0.025, 0.975):
        assert abs(np.quantile(cut.course(), end, axis=0) - np.quantile(whole.course(), end, axis=0)).max() < 0.5


def test_bands_are_weighted_quantiles() -> None:
    draws = np.array([[0.0], [1.0], [2.0], [3.0]])
    assert Band.of(draws, np.full(4, 0.25)).median[0] in (1.0, 2.0)
    band = Band.of(draws, np.array([0.0, 0.0, 1.0, 0.0]))
    assert {band.median[0], band.low[0.95][0], band.high[0.95][0]} == {2.0}


def test_chances_add_up_and_follow_the_draws() -> None:
    found = _one(_man(), "finasteride 1 mg daily; minoxidil 5%")
    for week in (13, 104):
        for region in (WHOLE, "vertex"):
            chances = found.chances(week, region)
            assert chances.gain + chances.neither + chances.loss == 100
            change = found.course("visible", region)[:, week] / found.course("visible", region)[:, 0] - 1
            assert abs(chances.gain - 100 * found.weights[change >= 0.15].sum()) < 1
            assert abs(chances.fewer - 100 * found.weights[change < 0].sum()) <= 0.5


def test_a_treatment_added_later_changes_nothing_before() -> None:
    early, late = _one(_man(), "finasteride 1 mg daily"), _one(_man(), "finasteride 1 mg daily; minoxidil 5% from week 52")
    # to the error of the scheme: a lane whose later weeks need finer steps takes them in all weeks
    np.testing.assert_allclose(early.draws["visible"][..., :53], late.draws["visible"][..., :53], rtol=1e-3)
    assert (early.draws["visible"][..., :53] == late.draws["visible"][..., :53]).mean() > 0.8
    assert (early.draws["visible"][..., 104] != late.draws["visible"][..., 104]).any()


def test_stopping_loses_what_was_held() -> None:
    man = _man(treatments=[{"what": "finasteride 1 mg daily", "since_years": 3}])
    go_on, stop = forecast_all(man, [still_taken(man), Plan()], BELIEF, begin(man, BELIEF), 2)
    held = go_on.gain(stop, region="vertex").median
    assert abs(held[1]) < 0.5
    assert held[26] < held[52] < held[104]
    assert held[104] > 8


def test_what_goes_on_began_back_then() -> None:
    man = _man(
        treatments=[{"what": "finasteride 1 mg daily", "since_years": 3}, {"what": "minoxidil 5%", "since_years": 2, "until_years": 1}]
    )
    assert [step.name for step in still_taken(man).steps] == ["finasteride"]
    assert len(taken_before(man).steps) == 2
    on = with_past(man, Plan.parse("finasteride 1 mg daily; svf 1e6 cells/cm2"))
    assert [(step.name, step.first_week < -100) for step in on.steps] == [
        ("finasteride", True),
        ("minoxidil_topical", True),
        ("svf", False),
    ]
    off = with_past(man, Plan.parse("dutasteride 0.5 mg daily"))
    assert {step.name: step.last_week for step in off.steps}["finasteride"] == 0


def test_a_course_in_the_middle_ends_today_unless_the_plan_goes_on() -> None:
    man = _man(treatments=[{"what": "prp 3 sessions every 4 weeks", "since_years": 0.1}])
    held = taken_before(man).steps[0].use.session_weeks
    assert held
    assert max(held) < 0
    nothing, wait = forecast_all(man, [Plan(), Plan.parse("wait")], BELIEF, begin(man, BELIEF), 1)
    np.testing.assert_array_equal(nothing.draws["visible"], wait.draws["visible"])


def test_when_it_was_taken_is_said_in_years_only() -> None:
    for what in ("finasteride 1 mg daily from week 12", "finasteride 1 mg daily for 6 months", "prp at week 200", "wait"):
        with pytest.raises(BadInput, match="leave the time to since_years and until_years"):
            forecast(_man(treatments=[{"what": what, "since_years": 3}]), "nothing", BELIEF)


def test_better_adherence_from_today_on_does_not_rewrite_the_past() -> None:
    man = _man(treatments=[{"what": "finasteride 1 mg daily taken 30% of the time", "since_years": 5}])
    same, better = forecast_all(man, [still_taken(man), Plan.parse("finasteride 1 mg daily")], BELIEF, begin(man, BELIEF), 2)
    gain = better.gain(same, region="vertex").median
    assert abs(gain[2]) < 0.5
    assert gain[104] > 2


def test_what_a_plan_stops_is_said() -> None:
    man = _man(treatments=[{"what": "finasteride 1 mg daily", "since_years": 3}])
    assert "finasteride 1 mg a day: the plan does not name it, so it is stopped today." in _one(man, "prp").beyond
    assert not any("stopped today" in said for said in _one(man, "finasteride 1 mg daily; prp").beyond)


def test_a_transplant_moves_follicles_and_creates_none() -> None:
    nothing, moved = forecast_all(_man(), [Plan(), Plan.parse("transplant fue 2000 grafts")], BELIEF, begin(_man(), BELIEF), 2)
    gained = (moved.course("visible") - nothing.course("visible"))[:, -1] * moved.areas_cm2.sum()
    grafts = 2000 * BELIEF.values("transplant")["hairs_per_graft"]
    assert gained.min() > 0
    assert gained.max() < grafts.max()
    assert (moved.course("calibre", "vertex")[:, -1] > nothing.course("calibre", "vertex")[:, -1]).mean() > 0.95


def test_sessions_wane_and_more_sessions_give_no_less() -> None:
    nothing, once, thrice = forecast_all(
        _man(),
        [Plan(), Plan.parse("svf 1e6 cells/cm2 at week 0"), Plan.parse("svf 1e6 cells/cm2 at weeks 0, 12, 24")],
        BELIEF,
        begin(_man(), BELIEF),
        2,
    )
    one, three = once.gain(nothing).median, thrice.gain(nothing).median
    assert one[26] > one[78]
    assert three[52] > one[52]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"condition": "alopecia areata"},
            "condition is 'alopecia areata', another disease than pattern hair loss: no controlled evidence",
        ),
        ({"condition": "telogen effluvium"}, "condition is 'telogen effluvium': these forecasts are for pattern hair loss only"),
        ({"age_years": 17}, "age_years is 17: no trial that was read had anyone under 18"),
        ({"sex": "female", "scale": "ludwig", "stage": "2", "pregnant": True}, "pregnant is true"),
    ],
)
def test_whom_no_number_would_serve_is_refused_with_the_reason(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        forecast(_man(**change), "nothing", BELIEF)
    assert "see a" in str(caught.value) or "ask your" in str(caught.value)


def test_bad_plans_and_horizons_are_said() -> None:
    with pytest.raises(UnknownName, match="did you mean 'finasteride'"):
        forecast(_man(), "finastride 1 mg daily", BELIEF)
    with pytest.raises(BadParameter, match="years is 6"):
        forecast(_man(), "nothing", BELIEF, years=6)
    with pytest.raises(BadInput, match="finasteride"):
        forecast(_man(), "finasteride 50 mg daily", BELIEF)


def test_where_a_plan_leaves_the_evidence_is_said() -> None:
    said = " ".join(_one(_man(stage="7", age_years=70), "dutasteride 0.5 mg daily; svf 1e6 cells/cm2", years=3).beyond)
    for words in (
        "had next to nobody at this stage",
        "no count later than",
        "took people over",
        "No trial of these together was read",
        "counted more new hair",
    ):
        assert words in said
    assert _one(_man(), "finasteride 1 mg daily", years=2).beyond == ()  # nothing that the model is known to miss
    assert len(_one(_man(), "dutasteride 0.5 mg daily", years=0.4).beyond) == 1  # where it is
    woman = Person(sex="female", age_years=45, condition="pattern hair loss", scale="ludwig", stage="1")
    assert "had women" in " ".join(_one(woman, "transplant fut 2000 grafts").beyond)
