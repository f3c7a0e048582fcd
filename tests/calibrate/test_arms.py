"""What each arm was given, and who was in it: the lanes of the model, and how strongly each acts in each week."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evidence.made_up import trial

from anagen.calibrate.arms import ALSO, Lane, exposures, lane_of, lanes_of
from anagen.calibrate.facts import facts_of
from anagen.evidence import Evidence
from anagen.evidence.tables import row
from anagen.ground.errors import BadInput
from anagen.ground.rows import medians, priors
from anagen.treatments import TREATMENTS, Use, treatment

VALUES = {of: medians(of) for of in dict.fromkeys(one.of for one in priors())}
WEEKS = 30
FORECAST = [name for name, kind in TREATMENTS.items() if kind.subject and name not in ("transplant_fue", "transplant_fut", "join_trial")]


def made(arm: dict[str, Any], controlled: bool = True, **study: Any) -> Lane:
    """The lane of one made-up arm."""
    base = trial("one", [], {"drug": arm}, **study)
    return lane_of(base.studies[0], base.arms[0], "family", controlled)


def given(lane: Lane) -> dict[str, float]:
    """Name and dose of each treatment."""
    return {kind.name: kind.dose for kind, _ in lane.given}


def lane(*kinds: Any, name: str = "") -> Lane:
    """A lane that is given some treatments, each with its use or over all time."""
    pairs = tuple(one if isinstance(one, tuple) else (one, Use()) for one in kinds)
    return Lane("t", "t", name, pairs, 0.0, True, False, "none")


def test_an_arm_is_given_its_treatment_at_its_dose() -> None:
    it = made({"intervention": "dutasteride_oral_other_dose", "dose": 2.5, "dose_unit": "mg/day", "route": "oral"})
    assert (it.trial, it.study, it.arm, it.treated, it.weak) == ("family", "one", "drug", True, False)
    assert given(it) == {"dutasteride": 2.5}
    assert it.given[0][1] == Use()  # a drug: day after day
    assert given(made({"intervention": "minoxidil_oral_spironolactone", "dose": 0.25, "dose_unit": "mg/day"})) == {
        "minoxidil_oral": 0.25,
        "spironolactone": 25.0,
    }


def test_sessions_are_held_when_the_arm_says_so_and_a_drug_beside_them_day_after_day() -> None:
    it = made({"intervention": "microneedling_minoxidil", "sessions": 3, "interval_days": 14.0})
    (needles, when), (drug, use) = it.given
    assert (needles.name, when.sessions(), drug.name, use) == ("microneedling", (0.0, 2.0, 4.0), "minoxidil_topical", Use())


def test_what_an_arm_had_as_well_is_counted_once() -> None:
    for words, (name, dose) in ALSO.items():
        it = made({"intervention": "finasteride_oral_1", "concomitant": f"{words} on both sides"})
        assert given(it) == {"finasteride": 1.0, name: treatment(name, dose).dose}
    assert len(made({"intervention": "microneedling_minoxidil", "concomitant": "minoxidil 5%"}).given) == 2
    assert len(made({"intervention": "adsc_conditioned_medium", "concomitant": "finasteride in 6 men"}).given) == 1


def test_no_dose_of_cells_is_no_treatment() -> None:
    it = made({"intervention": "svf", "dose": 0.0, "dose_unit": "cells/cm2"})
    assert it.given == ()


def test_an_arm_without_a_forecast_is_refused() -> None:
    with pytest.raises(BadInput, match="no hair count"):
        made({"intervention": "nanofat"})


@pytest.mark.parametrize(
    ("condition", "pct", "share"),
    [
        ("aga_male", None, 0.0),
        ("aga_male", 30.0, 0.0),
        ("aga_female", None, 1.0),
        ("aga_mixed", 30.0, 0.3),
        ("aga", 0.0, 0.0),
        ("aga_mixed", None, medians("trial")["female_share"]),
    ],
)
def test_the_share_of_women_is_that_of_the_condition_else_of_the_arm_else_the_usual(
    condition: str, pct: float | None, share: float
) -> None:
    assert made({"pct_female": pct}, condition=condition).female == share


@pytest.mark.parametrize(
    ("arm", "besides"),
    [
        ({"intervention": "placebo", "route": "oral"}, "oral"),
        ({"intervention": "placebo", "route": None}, "oral"),
        ({"intervention": "finasteride_oral_1", "route": "oral"}, "oral"),
        ({"intervention": "finasteride_oral_1", "route": None}, "oral"),
        ({"intervention": "vehicle", "route": "topical"}, "other"),
        ({"intervention": "sham_device", "route": "light"}, "other"),
        ({"intervention": "minoxidil_topical_5", "route": "topical"}, "other"),
        ({"intervention": "finasteride_oral_1", "route": None, "concomitant": "minoxidil 5%"}, "other"),
        ({"intervention": "no_treatment", "route": None}, "none"),
    ],
)
def test_what_every_arm_of_such_a_trial_gets_besides(arm: dict[str, Any], besides: str) -> None:
    assert made(arm).placebo == besides


@pytest.mark.parametrize(("role", "treated"), [("treatment", True), ("active_control", True), ("placebo", False), ("no_treatment", False)])
def test_a_control_is_not_treated(role: str, treated: bool) -> None:
    assert made({"role": role}).treated is treated


@pytest.mark.parametrize(
    ("study", "controlled", "weak"),
    [
        ({"risk_of_bias": "low"}, True, False),
        ({"risk_of_bias": "some"}, True, False),
        ({"risk_of_bias": "high"}, True, True),
        ({"risk_of_bias": "low"}, False, True),
        ({"risk_of_bias": "low", "design": "single_arm"}, True, True),
        ({"risk_of_bias": "low", "design": "retrospective"}, True, True),
    ],
)
def test_a_trial_at_high_risk_or_without_a_control_is_weak(study: dict[str, Any], controlled: bool, weak: bool) -> None:
    assert made({}, controlled, **study).weak is weak


def test_every_arm_that_a_fact_speaks_of_has_one_lane_in_the_order_of_the_facts() -> None:
    change = {"mean": 5.0}
    base = trial(
        "one",
        [
            {"arm_id": "b", **change},
            {"arm_id": "b", "time_weeks": 24.0, **change},
            {"arm_id": "a", "value_kind": "difference", "p_compared_with": "placebo", **change},
        ],
        {"a": {}, "b": {}, "idle": {}, "placebo": {"role": "placebo", "intervention": "placebo"}},
        same_trial_as="first",
    )
    lanes = lanes_of(facts_of(base.studies, base.arms, base.outcomes))
    assert [(it.trial, it.study, it.arm, it.weak) for it in lanes] == [("first", "one", name, False) for name in ("b", "a", "placebo")]


def test_a_pooled_arm_is_no_control() -> None:
    for other, weak in (({"role": "pooled"}, True), ({"role": "placebo"}, False)):
        base = trial("one", [{"arm_id": "a", "mean": 5.0}], {"a": {}, "other": other})
        [it] = lanes_of(facts_of(base.studies, base.arms, base.outcomes))
        assert it.weak is weak


def test_every_arm_of_the_shipped_facts_has_a_lane() -> None:
    base = Evidence.shipped()
    facts = facts_of(base.studies, base.arms, base.outcomes)
    lanes = {(it.study, it.arm): it for it in lanes_of(facts)}
    assert set(lanes) == {(fact.study, name) for fact in facts.facts for name in (fact.arm, fact.control) if name}
    assert {it.trial for it in lanes.values()} == set(facts.names)
    for (study, name), it in lanes.items():
        role = row("arms", f"{study}/{name}").role
        assert it.treated == (role not in ("placebo", "no_treatment"))
        assert bool(it.given) or not it.treated  # a placebo may stand beside minoxidil for all; a treated arm is given something


@pytest.mark.parametrize("name", FORECAST)
def test_the_strength_of_a_lane_is_that_of_its_treatment(name: str) -> None:
    kind = treatment(name)
    [one] = exposures([lane(kind)], WEEKS, VALUES, np)
    v = VALUES[kind.subject]
    wanted = kind.over_time(WEEKS, v, Use()) * kind.strength(v)
    np.testing.assert_allclose(one.strength, np.reshape(wanted, (WEEKS, 1)), rtol=1e-12)
    assert one.way == {0: 0}
    assert np.any(wanted != 0)
    whole, direct = one.effect(one.values, one.strength).rows(), kind.tempo(WEEKS).rows()
    for field, array in direct.items():
        np.testing.assert_allclose(np.broadcast_to(np.squeeze(whole[field]), array.shape), array, rtol=1e-12)


def test_every_way_of_use_is_worked_out_once_and_each_lane_finds_its_own() -> None:
    fin, dut, weak = treatment("finasteride"), treatment("dutasteride"), treatment("finasteride", 0.2)
    prp, early, late = treatment("prp"), Use(session_weeks=(0.0, 4.0)), Use(session_weeks=(10.0,))
    lanes = [lane(fin), lane((prp, early)), lane(), lane(dut, (prp, late)), lane(fin), lane(weak, (prp, early))]
    found = {one.effect.__qualname__: one for one in exposures(lanes, WEEKS, VALUES, np)}
    drugs, platelets = found["FiveAri.effect"], found["Sessions.effect"]
    assert (drugs.strength.shape, platelets.strength.shape) == ((WEEKS, 3), (WEEKS, 2))
    assert (set(drugs.way), set(platelets.way)) == ({0, 3, 4, 5}, {1, 3, 5})
    assert drugs.way[0] == drugs.way[4]
    assert platelets.way[1] == platelets.way[5]
    for lane_, kind in ((0, fin), (3, dut), (5, weak)):
        wanted = kind.over_time(WEEKS, VALUES["five_ari"], Use()) * kind.strength(VALUES["five_ari"])
        np.testing.assert_allclose(drugs.strength[:, drugs.way[lane_]], wanted, rtol=1e-12)
    for lane_, use in ((1, early), (3, late)):
        np.testing.assert_allclose(platelets.strength[:, platelets.way[lane_]], prp.over_time(WEEKS, VALUES["prp"], use), rtol=1e-12)


def test_sessions_without_dates_are_the_usual_course() -> None:
    prp = treatment("prp")
    [one] = exposures([lane(prp), lane((prp, Use(session_weeks=type(prp).usual_weeks)))], WEEKS, VALUES, np)
    assert one.way == {0: 0, 1: 0}


def test_a_daily_cell_product_acts_as_long_as_it_is_used_and_not_in_sessions() -> None:
    daily, once = treatment("cell_extract"), treatment("svf")
    found = {tuple(one.way): one for one in exposures([lane(daily, once)], WEEKS, VALUES, np)}
    [both] = found.values()
    np.testing.assert_allclose(both.strength[:, 0] / daily.strength(both.values), daily.over_time(WEEKS, both.values, Use()))
    np.testing.assert_allclose(both.strength[:, 1] / once.strength(both.values), once.over_time(WEEKS, both.values, Use()))


def test_nothing_at_all_has_no_exposure() -> None:
    assert exposures([lane(), replace(lane(), arm="other")], WEEKS, VALUES, np) == []
