"""A treatment's trials put together: what is pooled, what stands beside and why, and how sure it is."""

from __future__ import annotations

from typing import Any

import pytest
from evidence.made_up import together, trial

from anagen.evidence import Evidence
from anagen.evidence.certainty import LEVELS
from anagen.evidence.pool import leave_one_out, pool
from anagen.ground.errors import BadParameter, UnknownName
from anagen.synthesis import OUTCOMES, certainty, given, harms, plain, synthesis
from anagen.treatments import ALIASES, TREATMENTS, treatment

SHIPPED = Evidence.shipped()
TOPICAL = "minoxidil_topical_5"


def made(name: str, word: str = TOPICAL, control: str = "", difference: float = 10.0, **put: Any) -> Evidence:
    """A trial of one word of the tables against placebo, or against another word."""
    row = {"arm_id": "drug", "mean": difference, "se": 2.0, "value_kind": "difference", "p_compared_with": "placebo"} | put.pop("row", {})
    cells = {"intervention": control, "role": "active_control"} if control else {}
    arm = {"intervention": word, "dose": 5.0, "dose_unit": "%", "n": 100} | put.pop("arm", {})
    return trial(name, [row], {"drug": arm, "placebo": {"n": 100} | cells}, **put)


def names(found: Any) -> list[str]:
    return [one.study.study_id for one in found]


def test_what_is_pooled_is_what_the_pooling_gives() -> None:
    found = synthesis("minoxidil")
    numbers = [one.difference for one in found.contrasts], [one.se for one in found.contrasts]
    assert found.pooled == pool(*numbers)  # type: ignore[arg-type]
    assert found.without == leave_one_out(*numbers)  # type: ignore[arg-type]
    assert sum(one.k for one in found.by_risk.values()) == len(found.contrasts) == 5
    years = [one.year for one in found.contrasts]
    assert years == sorted(years)


def test_no_mixing_of_what_it_was_compared_with() -> None:
    """Against placebo before on top of the same before against another; the others stand beside with the reason."""
    base = together(
        made("alone", "prp"),
        made("top", "microneedling_prp", "microneedling"),
        made("rival", "prp", TOPICAL),
        made("reverse", TOPICAL, "prp"),
    )
    found = synthesis("prp", evidence=base)
    assert (found.against, names(found.contrasts)) == ("nothing", ["alone"])
    reasons = {one.study.study_id: why for one, why in found.beside}
    assert reasons == {"top": "on top of the same other treatment", "rival": "against another treatment", "reverse": "prp is the control"}
    found = synthesis("prp", evidence=base.only(["top", "rival", "reverse"]))
    assert (found.against, names(found.contrasts), found.pooled is not None) == ("on top", ["top"], True)
    found = synthesis("prp", evidence=base.only(["rival", "reverse"]))
    assert (found.against, names(found.contrasts), found.pooled) == ("another", ["rival"], None)
    assert found.certainty.level == "very low"


def test_a_combination_is_no_trial_of_its_part() -> None:
    found = synthesis("minoxidil", evidence=together(made("one", "microneedling_minoxidil"), made("two", "lllt_minoxidil", "lllt")))
    assert (found.against, names(found.contrasts)) == ("on top", ["two"])
    assert [one.study.study_id for one, _ in found.beside] == ["one"]


def test_the_usual_dose_of_a_drug_counts_unless_another_is_asked_for() -> None:
    base = together(made("five"), made("two", "minoxidil_topical_2", arm={"dose": 2.0}), made("unsaid", arm={"dose": None}))
    assert names(synthesis("minoxidil", evidence=base).contrasts) == ["five", "unsaid"]
    assert names(synthesis("minoxidil", dose=2.0, evidence=base).contrasts) == ["two", "unsaid"]
    assert names(synthesis("minoxidil", dose="all", evidence=base).contrasts) == ["five", "two", "unsaid"]
    assert synthesis("minoxidil", evidence=base.only(["two"])).dose is None, "no trial at the usual dose: all of them"
    with pytest.raises(BadParameter):
        synthesis("minoxidil", dose=50.0)


def test_sexes_apart_on_request() -> None:
    base = together(made("men"), made("women", condition="aga_female"), made("both", condition="aga_mixed"))
    assert len(synthesis("minoxidil", evidence=base).contrasts) == 3
    assert names(synthesis("minoxidil", sex="male", evidence=base).contrasts) == ["men"]
    assert names(synthesis("minoxidil", sex="female", evidence=base).contrasts) == ["women"]


def test_scales_are_never_mixed() -> None:
    percent = {"value_kind": "difference", "unit": "percent"}
    base = together(made("count"), made("share", row=percent))
    assert [one.unit for one in synthesis("minoxidil", evidence=base).contrasts] == ["hairs/cm2"]
    assert names(synthesis("minoxidil", scale="percent", evidence=base).contrasts) == ["share"]
    alone = synthesis("minoxidil", evidence=base.only(["share"]))
    assert (alone.unit, names(alone.contrasts)) == ("% of baseline", ["share"]), "percent where only that was read"
    assert synthesis("minoxidil", scale="cm2", evidence=base.only(["share"])).pooled is None
    assert synthesis("minoxidil", "diameter").unit == "um"
    for scale in ("um", "mm"):
        with pytest.raises((BadParameter, UnknownName)):
            synthesis("minoxidil", scale=scale)


def test_density_is_all_hairs_where_a_trial_counted_them_and_thick_ones_elsewhere() -> None:
    thick = {"outcome": "terminal_hair_density"}
    both = made("both")
    more = made("both", row=thick, difference=30.0)
    base = together(
        Evidence(both.studies, both.arms, (*both.outcomes, *(row.model_copy(update={"row_id": "t"}) for row in more.outcomes))),
        made("thick", row=thick),
    )
    found = synthesis("minoxidil", evidence=base)
    assert [(one.study.study_id, one.measure) for one in found.contrasts] == [("both", "total"), ("thick", "terminal")]
    assert any(note.startswith("t:") for note in found.notes)
    assert names(synthesis("minoxidil", "terminal", evidence=base).contrasts) == ["both", "thick"]
    assert names(synthesis("minoxidil", "total", evidence=base).contrasts) == ["both"]


def test_visits() -> None:
    last = synthesis("finasteride")
    year = synthesis("finasteride", week=52)
    every = synthesis("finasteride", every_visit=True)
    assert [one.week for one in last.contrasts if one.family == "kaufman_1998"] == [260.7]
    assert [one.week for one in year.contrasts if one.family == "kaufman_1998"] == [52.14]
    assert [one.week for one in every.contrasts if one.family == "kaufman_1998"] == [52.14, 104.28, 260.7]
    assert (every.pooled, every.without) == (None, ())
    assert (last.pooled.i2_percent or 0) > (year.pooled.i2_percent or 0)  # type: ignore[union-attr]
    assert any("time" in note for note in last.notes)
    assert last.certainty == certainty("finasteride"), "judged near a year, whichever visit is shown"
    assert last.judged == year.pooled == year.judged != last.pooled


def test_no_trial_at_all_is_not_known_and_one_is_itself() -> None:
    found = synthesis("bone_marrow")
    assert (found.contrasts, found.pooled, found.certainty.level) == ((), None, "not known")
    one = synthesis("hfsc_micrograft")
    assert one.pooled is not None
    assert (one.pooled.k, one.pooled.tau2) == (1, None)
    assert (one.pooled.estimate, one.pooled.se) == (one.contrasts[0].difference, one.contrasts[0].se)


def test_changes_without_a_control_and_statements_stand_beside_and_are_never_pooled() -> None:
    found = synthesis("svf")
    assert found.pooled is None
    assert names(found.changes) == ["perez_meza_2017"]
    assert {one.study.study_id for one in found.statements} == {"kuka_2020", "kim_2021"}
    compared = {arm.arm_id for one in synthesis("laser").contrasts for arm in one.treated if one.study.study_id == "jimenez_2014"}
    alone = {one.arm.arm_id for one in synthesis("laser").changes if one.study.study_id == "jimenez_2014"}
    assert compared == {"f9", "f12"}
    assert alone == {"m7", "m9", "m12"}


@pytest.mark.parametrize("name", sorted({*TREATMENTS, *ALIASES}))
def test_every_treatment_has_an_answer_and_every_level_a_reason(name: str) -> None:
    found = certainty(name)
    assert found.level in (*LEVELS, "not known")
    assert found.reasons
    assert (found.level == "not known") == (found.studies == 0)
    assert found.level in ("not known", "very low") or found.people or TREATMENTS[ALIASES.get(name, name)].name in ("nothing", "wait")
    assert plain(treatment(name))
    for outcome in OUTCOMES:
        synthesis(name, outcome)


def test_certainty_of_the_shipped_evidence_is_ordered_as_its_trials_are() -> None:
    """Large placebo-controlled trials above small ones, and those above words or counts without a control."""
    rank = {name: LEVELS.index(certainty(name).level) for name in ("finasteride", "minoxidil", "laser", "prp", "svf", "exosomes")}
    assert min(rank["finasteride"], rank["minoxidil"]) > rank["laser"] >= max(rank["prp"], rank["svf"], rank["exosomes"])
    for name in ("svf", "adsc", "hfsc_suspension", "conditioned_medium", "exosomes", "dermal_sheath_cup"):
        assert certainty(name).level == "very low", f"{name} has no number against a control"
    assert certainty("finasteride", "female").level == "low"
    assert "No trial had women." in certainty("finasteride", "female").because


def test_what_an_arm_had_as_well_counts_unless_only_some_had_it() -> None:
    arm = SHIPPED.arm
    assert given(arm("legiawati_2023", "conc")) == {"conditioned_medium", "minoxidil_topical"}
    assert given(arm("legiawati_2023", "saline")) == {"minoxidil_topical"}
    assert given(arm("fukuoka_2015", "adsc_cm")) == {"conditioned_medium"}
    assert given(arm("kamal_2025", "fue_prp")) == {"transplant_fue"}
    assert given(arm("wan_2025", "exo_mn")) == {"exosomes", "microneedling"}
    assert given(arm("kaufman_1998", "placebo")) == frozenset()


def test_harms_are_of_the_treatment_alone() -> None:
    found = harms("microneedling")
    assert [one.event for one in found.harms] == ["serious adverse event"], "not those of microneedling with platelets"
    assert harms("minoxidil").dose == 5.0
    assert harms("minoxidil", dose="all").dose is None
    both = {one.event: one.rate for one in harms("minoxidil", dose="all").harms}
    five = {one.event: one.rate for one in harms("minoxidil").harms}
    assert both["headache"].people > five["headache"].people  # type: ignore[union-attr]
    assert "tachycardia" in both
    unsaid = {one.event: one.rate for one in harms("fue").harms}
    assert unsaid["necrosis"].people == 2896, "a technique that was not stated counts for each"  # type: ignore[union-attr]


def test_names_we_do_not_have_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'finasteride'"):
        synthesis("finastride")
    with pytest.raises(UnknownName, match="did you mean 'density'"):
        synthesis("finasteride", "densty")
    with pytest.raises(UnknownName, match="did you mean 'female'"):
        synthesis("finasteride", sex="femal")
    with pytest.raises(UnknownName):
        certainty("svff")


def test_studies_of_one_s_own_are_pooled_with_the_shipped_ones() -> None:
    mine = made("mine_2026", difference=40.0)
    base = together(SHIPPED, mine)
    found = synthesis("minoxidil", evidence=base)
    assert "mine_2026" in names(found.contrasts)
    assert found.pooled.estimate > synthesis("minoxidil").pooled.estimate  # type: ignore[union-attr]
