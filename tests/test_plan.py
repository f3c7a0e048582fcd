"""A plan as an object and as a sentence: both tell the same, and what cannot be is refused in one sentence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from anagen.belief import Belief
from anagen.ground.errors import AnagenError, BadInput, BadParameter, UnknownName
from anagen.plan import Plan, Step
from anagen.plan.words import in_sessions
from anagen.scalp.tempo import combine
from anagen.treatments import TREATMENTS, Transplant, Treatment, Use, treatment
from anagen.treatments.nothing import Nothing

ONE_OR_MORE = "a dose, how often, from, since, until, for, at, N sessions every, taken X% of the time, or ';' and the next item"
NAMES = [name for name in TREATMENTS if name != "nothing"]
WEEKS = st.one_of(
    st.integers(-300, 300).map(float), st.integers(-900, 900).map(lambda days: days / 7), st.floats(-300, 300, allow_nan=False)
)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Any treatment, dose and time."""
    kind = TREATMENTS[draw(st.sampled_from(NAMES))]
    low, high = kind.studied
    one = kind() if not kind.unit or draw(st.booleans()) else kind(draw(st.one_of(st.floats(low, high), st.sampled_from([low, high]))))
    if not in_sessions(kind):
        start = draw(WEEKS)
        stop = draw(st.one_of(st.just(math.inf), st.floats(0.001, 300).map(lambda weeks: start + weeks)))
        return Step(one, Use(start_week=start, stop_week=stop, adherence=draw(st.one_of(st.just(1.0), st.floats(0, 1)))))
    if draw(st.booleans()):
        return Step(one, Use(start_week=draw(WEEKS)))
    most = 1 if issubclass(kind, Transplant) else 8
    held = sorted(draw(st.lists(WEEKS, min_size=1, max_size=most, unique_by=lambda week: round(week * 1e6))))
    return Step(one, Use(start_week=-1000, session_weeks=tuple(held)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any steps that can be had together."""
    plan = Plan()
    for step in draw(st.lists(steps(), max_size=4)):
        try:
            plan &= Plan((step,))
        except BadInput:
            continue
    return plan


@settings(max_examples=400, deadline=None)
@given(plans())
def test_a_plan_and_its_sentence_tell_the_same(plan: Plan) -> None:
    assert Plan.parse(str(plan)) == plan
    assert Plan.parse(f"  {str(plan).upper()} . ".replace("; ", "  and\n")) == plan


@pytest.mark.parametrize("name", NAMES)
def test_every_treatment_has_a_sentence(name: str) -> None:
    plan = Plan((Step(treatment(name)),))
    assert plan.names == (name,)
    assert Plan.parse(str(plan)) == plan
    assert Plan.parse(name) == Plan.parse(name.replace("_", " ").title())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "minoxidil 5% twice daily; finasteride 1 mg daily from week 12; svf 1e6 cells/cm2 at week 0, 12; stop minoxidil week 52",
            "minoxidil topical 5% twice a day until week 52; svf 1e6 cells/cm2 at weeks 0 and 12; finasteride 1 mg a day from week 12",
        ),
        ("MINOXIDIL 5 percent two times a day, FINASTERIDE 1mg/day", "finasteride 1 mg a day; minoxidil topical 5% twice a day"),
        ("5% minoxidil twice per day and 1 mg of finasteride", "finasteride 1 mg a day; minoxidil topical 5% twice a day"),
        ("minoxidil 2.5 mg a day", "minoxidil oral 2.5 mg a day"),
        ("Oral minoxidil 2.5 mg daily.", "minoxidil oral 2.5 mg a day"),
        ("finasteride 1 mg twice daily", "finasteride 2 mg a day"),
        ("finasteride 500 mcg per day for 24 weeks", "finasteride 0.5 mg a day until week 24"),
        ("finasteride from month 6", "finasteride 1 mg a day from week 26.07"),
        ("finasteride 1 mg daily since 2 years until now", "finasteride 1 mg a day since 104.28 weeks until now"),
        ("finasteride since 1 year until 4 weeks ago", "finasteride 1 mg a day since 52.14 weeks until 4 weeks ago"),
        ("finasteride taken 80% of the time from week 3 on", "finasteride 1 mg a day from week 3 taken 80% of the time"),
        ("add finasteride at week 12", "finasteride 1 mg a day from week 12"),
        (
            "finasteride; switch finasteride to dutasteride 0.5 mg daily at week 26",
            "finasteride 1 mg a day until week 26; dutasteride 0.5 mg a day from week 26",
        ),
        (
            "finasteride; switch finasteride to prp at week 26; laser from week 40; stop everything week 30",
            "finasteride 1 mg a day until week 26; prp 0.1 mL/cm2 at week 26",
        ),
        ("laser 3.5 times a week", "laser 3.5 times a week"),
        ("prp", "prp 0.1 mL/cm2 3 sessions every 30 days"),
        ("prp every 4 weeks until week 52", "prp 0.1 mL/cm2 14 sessions every 4 weeks"),
        ("prp three sessions weekly from week 2", "prp 0.1 mL/cm2 3 sessions every week from week 2"),
        ("prp 3 times every 4 weeks; stop prp week 5", "prp 0.1 mL/cm2 at weeks 0 and 4"),
        ("prp at 12 and 8 weeks ago, now and week 4", "prp 0.1 mL/cm2 at 12 weeks ago, 8 weeks ago, week 0 and week 4"),
        ("svf 0.5 million cells/cm² once from week 3", "svf 5e5 cells/cm2 at week 3"),
        ("svf at week 0, 12 and 24 and minoxidil", "minoxidil topical 5% twice a day; svf 5e5 cells/cm2 3 sessions every 12 weeks"),
        ("hfsc 0.2 ml/cm2", "hfsc micrograft 0.2 mL/cm2 3 sessions every 45 days"),
        ("hair transplant 2000 grafts at month 6", "transplant fue 2000 grafts at week 26.07"),
        ("nothing", "nothing"),
        ("wait", "wait until week 52.14"),
        ("wait 6 months; finasteride from month 6", "wait until week 26.07; finasteride 1 mg a day from week 26.07"),
        ("join a trial; finasteride since 1 week", "finasteride 1 mg a day since 1 week; join a trial"),
    ],
)
def test_what_a_sentence_tells(said: str, told: str) -> None:
    assert str(Plan.parse(said)) == told


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("", "there are no words; allowed: a sentence such as 'finasteride 1 mg daily', or 'nothing'."),
        ("; ;", "there are no words; allowed: a sentence such as 'finasteride 1 mg daily', or 'nothing'."),
        ("x" * 4001, "there are 4001 letters; allowed: at most 4000."),
        ("nothing; finasteride", "'nothing' stands beside other words; allowed: 'nothing' alone."),
        (
            "from week 12",
            "'from' is not understood; allowed: the name of a treatment, stop, switch, add, nothing, wait or join a trial.",
        ),
        (
            "finasteride until weeek 12",
            "'weeek' after 'finasteride until' is not understood (did you mean 'week' or 'weekly'?); allowed: a week such as week 12.",
        ),
        ("finasteride forn week 12", f"'forn' after 'finasteride' is not understood (did you mean 'for'?); allowed: {ONE_OR_MORE}."),
        ("finasteride daily prp", f"'prp' after 'finasteride daily' is not understood; allowed: {ONE_OR_MORE}."),
        (
            "finasteride 1 mgg daily",
            "'mgg' after 'finasteride 1' is not understood (did you mean 'mg'?); allowed: a dose with its unit, as in 5% or 1 mg.",
        ),
        ("finasteride 1", "more is needed after 'finasteride 1'; allowed: a dose with its unit, as in 5% or 1 mg."),
        ("finasteride 0,5 mg", "'0,5' has a comma; allowed: a point in decimals, as in 0.5; no sign between thousands."),
        ("finasteride 1 %", "'finasteride 1 %' has no dose that finasteride can have; allowed: a number with its unit: mg a day."),
        ("finasteride 1e999 mg", "'1e999' is beyond all measure; allowed: a dose."),
        ("finasteride -1 mg", "'finasteride -1' is below 0; allowed: a dose, from 0 up."),
        ("finasteride 1 mg 2 mg", "'2' says a second time what 'finasteride 1 mg' has said; allowed: each part of an item once."),
        ("wait 2%", "'%' after 'wait 2' is not understood; allowed: days, weeks, months or years."),
        (
            "minoxidil 5% once daily",
            "'minoxidil 5% once daily' is not how minoxidil topical was studied; allowed: a dose in % twice a day.",
        ),
        ("finasteride twice daily", "'finasteride twice daily' is not how finasteride was studied; allowed: a dose in mg a day."),
        ("finasteride 7 mg weekly", "'finasteride 7 mg weekly' is not how finasteride was studied; allowed: a dose in mg a day."),
        ("wait daily", "'wait daily' is not how wait was studied; allowed: no dose."),
        ("laser monthly", "'laser monthly' has no dose that laser can have; allowed: times a week."),
        ("hfsc", "'hfsc' may be hfsc micrograft or hfsc suspension; allowed: one of these names."),
        (
            "finasteride from week -5",
            "'week -5' is below 0; allowed: a week such as week 12, from 0 up (the past is said with 'since' or 'ago').",
        ),
        ("finasteride from week 1e5", "'week 1e5' is beyond all measure; allowed: at most 10000 weeks."),
        ("svf at 12", "'12' does not say days, weeks, months or years; allowed: a unit, as in week 12 or weeks 0, 12 and 24."),
        (
            "finasteride from week 12 until week 5",
            "finasteride ends (week 5) before it begins (week 12); allowed: an end after the beginning.",
        ),
        (
            "finasteride until week 9 for 3 weeks",
            "'finasteride until week 9 for 3 weeks' says both 'until' and 'for'; allowed: one of them.",
        ),
        ("finasteride taken 180% of the time", "'taken 180%' is not a share; allowed: taken X% of the time, X from 0 to 100."),
        (
            "finasteride at week 12",
            "'finasteride at week 12' has sessions, but finasteride is used over time; allowed: from week a until week b.",
        ),
        (
            "prp taken 80% of the time",
            "prp is given in sessions, which are not taken for a share of the time; allowed: leave out the sessions that are missed.",
        ),
        (
            "prp at week 0, 4 and 2",
            "the sessions of prp are out of order (at weeks 0, 4 and 2); allowed: each later than the one before.",
        ),
        ("prp 5 sessions", "'prp 5 sessions' does not say how far apart the sessions are; allowed: N sessions every M weeks."),
        ("prp twice monthly", "'prp twice monthly' does not say when the sessions are; allowed: N sessions every M weeks."),
        ("prp 2.5 sessions", "'2.5 sessions' is not a number of sessions; allowed: a whole number from 1 to 200."),
        (
            "prp every 4 weeks",
            "'prp every 4 weeks' must say either how many sessions or until when; "
            "allowed: N sessions every M weeks, or every M weeks until week b.",
        ),
        ("prp every 0.01 weeks for 9 weeks", "'prp every 0.01 weeks for 9 weeks' has 901 sessions; allowed: 1 to 200."),
        (
            "prp 3 sessions every 4 weeks at week 3",
            "'prp 3 sessions every 4 weeks at week 3' says in two ways when the sessions are; "
            "allowed: 'at weeks a, b and c', or 'N sessions every M weeks'.",
        ),
        (
            "transplant at weeks 2, 30",
            "transplant fue is one operation, not 2 sessions; allowed: one week; a further one is a further item.",
        ),
        (
            "finasteride until week 12; finasteride 5 mg from week 10",
            "finasteride is used twice at the same time (week 10); allowed: one use of a treatment at a time.",
        ),
        (
            "dutasteride; finasteride from week 9",
            "dutasteride and finasteride act in the same way and have no forecast together (week 9); "
            "allowed: one of them at a time, or 'switch dutasteride to finasteride at week N'.",
        ),
        (
            "wait; finasteride",
            "'finasteride 1 mg a day' falls into the time of waiting; allowed: nothing new before the wait ends (week 52.14).",
        ),
        ("stop finasteride week 12", "there is no finasteride to stop; allowed: what the plan has (nothing so far)."),
        ("prp; stop minoxidil week 12", "there is no minoxidil to stop; allowed: what the plan has (prp)."),
        (
            "finasteride from week 12; stop finasteride week 5",
            "finasteride stops (week 5) before it begins (week 12); allowed: a later week.",
        ),
        (
            "finasteride until week 12; stop finasteride week 15",
            "finasteride stops (week 15) after it has ended (week 12); allowed: an earlier week.",
        ),
        ("finasteride; stop finasteride", "more is needed after 'stop finasteride'; allowed: the week of stopping."),
        (
            "finasteride; switch finasteride to prp",
            "'switch finasteride to prp' does not say when; allowed: switch TREATMENT to TREATMENT at week N.",
        ),
    ],
)
def test_refusals_are_one_sentence(said: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        Plan.parse(said)
    assert str(caught.value) == f"in the plan, {complaint}"


@pytest.mark.parametrize(
    ("typed", "meant"), [("finasterid 1 mg", "finasteride"), ("minoxidl topical", "minoxidil topical"), ("exosoms", "exosomes")]
)
def test_a_typing_error_finds_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        Plan.parse(f"prp; {typed}")
    assert caught.value.nearest == meant
    with pytest.raises(UnknownName):
        Plan.parse(f"prp; stop {typed.removesuffix(' 1 mg')} week 3")


def test_a_dose_outside_what_was_studied_is_refused_by_the_treatment() -> None:
    with pytest.raises(BadParameter, match=r"the dose of finasteride is 20 mg a day; allowed: 0\.01 to 5 mg a day, what was studied\."):
        Plan.parse("finasteride 10 mg twice daily")


@pytest.mark.parametrize(
    ("kind", "use", "complaint"),
    [
        ("finasteride", Use(session_weeks=(3,)), "finasteride has sessions, but it is used over time"),
        ("finasteride", Use(start_week=3, stop_week=3), "finasteride ends (week 3) before it begins (week 3)"),
        ("finasteride", Use(start_week=-math.inf), "beyond all measure"),
        ("prp", Use(session_weeks=(4, 0)), "the sessions of prp are out of order"),
        ("prp", Use(session_weeks=(-4,)), "prp has no session between its beginning and its end"),
        ("prp", Use(adherence=0.5), "prp is given in sessions"),
    ],
)
def test_an_object_is_checked_as_a_sentence_is(kind: str, use: Use, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        Step(treatment(kind), use)
    assert complaint in str(caught.value)


WORDS = """minoxidil finasteride prp hfsc nothing stop switch add to from since until for at every taken of the time sessions
once twice daily a per / day week weeks month years ago now on and , ; . % mg mcg cells cm2 million ml x times everything all - _
1 2.5 1e6 -3 0 .5 12"""
VOCABULARY = (*NAMES, *WORDS.split())


@settings(max_examples=600, deadline=2000)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)))
def test_any_text_is_a_plan_or_is_refused(text: str) -> None:
    for before in (Plan(), Plan.parse("finasteride since 2 years; prp at weeks 0 and 8")):
        try:
            told, complaint = str(plan := before.then(text)), ""
        except AnagenError as error:
            complaint = str(error)
        assert Plan.parse(told) == plan if not complaint else complaint.endswith((".", ")"))
        assert "\n" not in complaint


@settings(max_examples=20, deadline=4000)
@given(st.sampled_from(VOCABULARY), st.sampled_from(VOCABULARY))
def test_long_text_does_not_hang(one: str, two: str) -> None:
    with pytest.raises(AnagenError):
        Plan.parse(f"{one} {two} " * (3990 // (len(one) + len(two) + 2)) + "?")


def test_words_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInput, match=r"^in the plan, there is int where words should be; allowed: a sentence such as "):
        Plan.parse(7)  # type: ignore[arg-type]


def test_nothing_is_the_empty_plan() -> None:
    assert Plan() == Plan.parse("Nothing") == Plan((Step(Nothing()),))
    assert Plan().names == ()
    assert Plan().sexes == ("male", "female")
    assert np.all(Plan().tempo(10).rows()["shrink"] == 1)


def test_joining_is_the_same_in_either_order_and_holds_all() -> None:
    one, two = Plan.parse("finasteride since 1 year"), Plan.parse("prp; minoxidil 5%")
    assert one & two == two & one == Plan.parse("prp; minoxidil 5%; finasteride since 1 year")
    assert (one & two).sexes == ("male",)
    with pytest.raises(BadInput, match="finasteride is used twice at the same time"):
        one & one


def test_what_one_already_takes_can_be_stopped_or_switched() -> None:
    before = Plan.parse("finasteride 1 mg daily since 2 years")
    assert str(before.then("stop finasteride now")) == "finasteride 1 mg a day since 104.28 weeks until now"
    assert before.then("switch finasteride to minoxidil 5% now; add prp").names == ("finasteride", "minoxidil_topical", "prp")
    assert before.then("minoxidil 5%") == before & Plan.parse("minoxidil 5%")


def test_the_tempo_is_that_of_all_steps_together() -> None:
    belief, which = Belief.prior(n=6), np.array([4, 1, 1])
    plan = Plan.parse(
        "finasteride since 26 weeks until week 30; minoxidil 5% from week 8; svf at week 2; transplant at week 5; wait from week 9"
    )
    parts: list[tuple[Treatment, Use]] = [(step.treatment, step.use) for step in plan.steps]
    expected = combine(
        *(
            kind.tempo(60, belief.values(kind.subject, which), use).answered(belief.response(kind.subject, which))
            if kind.subject
            else kind.tempo(60, None, use)
            for kind, use in parts
        )
    )
    found = plan.tempo(60, belief, which)
    assert found.lanes == (3,)
    for name, row in expected.rows().items():
        np.testing.assert_array_equal(found.rows()[name], row)
    assert plan.tempo(60).lanes == ()
    assert found.rows()["shrink"][0].max() < 1  # taken before today, it acts from today on


def test_a_transplant_moves_follicles_and_a_trial_has_no_forecast() -> None:
    plan = Plan.parse("transplant 1500 grafts at week 4; transplant fut 2000 grafts at week 60; prp")
    first, second = plan.transfers(200, 80, Belief.prior(n=5), np.array([0, 3]))
    assert (first.week, second.week, np.shape(first.survival)) == (4.0, 60.0, (2,))
    assert plan.transfers(200, 80)[1].lost_per_cm2 == pytest.approx(2000 * 2.3 / 200)
    with pytest.raises(BadInput, match="no forecast for joining a trial"):
        Plan.parse("join a trial").tempo(52)


def test_a_field_of_a_file_takes_a_sentence() -> None:
    class File(BaseModel):
        plan: Plan

    assert File.model_validate({"plan": "prp"}).plan == Plan.parse("prp")
    assert File(plan=Plan()).model_dump_json() == '{"plan":"nothing"}'
    with pytest.raises(ValidationError, match="there is no treatment 'finastrid'"):
        File.model_validate({"plan": "finastrid"})
