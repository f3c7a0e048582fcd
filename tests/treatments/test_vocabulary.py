"""Every word of the evidence's intervention vocabulary is a treatment here, or says why there is no forecast."""

from __future__ import annotations

import json
import re

import pytest

from anagen.evidence.tables import SHIPPED, arms, costs
from anagen.ground.errors import BadInput, UnknownName
from anagen.treatments import ALIASES, TREATMENTS
from anagen.treatments.vocabulary import MEANINGS, arm_treatments, arm_use, interventions, meaning


def vocabulary() -> list[str]:
    package = json.loads((SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
    fields = next(table for table in package["resources"] if table["name"] == "arms")["schema"]["fields"]
    return list(next(field for field in fields if field["name"] == "intervention")["constraints"]["enum"])


def test_the_whole_vocabulary_has_a_meaning_and_nothing_else_has() -> None:
    assert set(MEANINGS) == set(vocabulary())
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8").split("### intervention")[1].split("###")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", readme, flags=re.M)) == set(MEANINGS)


@pytest.mark.parametrize("word", MEANINGS)
def test_a_word_is_a_treatment_or_a_reason(word: str) -> None:
    found = meaning(word)
    assert bool(found.parts) != bool(found.why_not)
    assert {name for name, _ in found.parts} <= set(TREATMENTS)
    if found.why_not:
        assert re.fullmatch(r"[a-z].*[^.]\.", found.why_not)
        with pytest.raises(BadInput, match="there is no forecast: "):
            found.treatments()
    elif found.needs_dose:
        with pytest.raises(BadInput, match="is named without a dose"):
            found.treatments()
    else:
        assert len(found.treatments()) == len(found.parts)


@pytest.mark.parametrize("arm", arms(), ids=lambda arm: f"{arm.study_id}/{arm.arm_id}")
def test_every_arm_is_treatments_at_its_own_dose_or_a_reason(arm: object) -> None:
    found = meaning(arm.intervention)  # type: ignore[attr-defined]
    if found.why_not or (found.needs_dose and arm.dose is None):  # type: ignore[attr-defined]
        with pytest.raises(BadInput, match="there is no forecast"):
            arm_treatments(arm)  # type: ignore[arg-type]
        return
    made = arm_treatments(arm)  # type: ignore[arg-type]
    for one in made:
        assert one.title
        if arm.dose is not None and one.arm_unit == arm.dose_unit and len(made) == 1:  # type: ignore[attr-defined]
            assert one.dose == arm.dose  # type: ignore[attr-defined]
    assert len(arm_use(arm).sessions()) in (0, arm.sessions)  # type: ignore[arg-type, attr-defined]


def test_every_priced_treatment_has_a_meaning() -> None:
    assert {cost.treatment for cost in costs()} <= set(MEANINGS)


def test_every_treatment_is_reached_by_some_word() -> None:
    reached = {name for found in MEANINGS.values() for name, _ in found.parts}
    assert set(TREATMENTS) - reached == {"wait", "join_trial"}


def test_a_wrong_word_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'liposuction'"):
        meaning("liposucton")


def test_a_name_finds_the_words_it_is_a_part_of_and_no_others() -> None:
    for name in TREATMENTS:
        words = interventions(name)
        assert {word for word, found in MEANINGS.items() if any(part == name for part, _ in found.parts)} <= set(words), name
    assert interventions("finasteride") == interventions("Finasteride oral") == ("finasteride_oral_1",)
    assert interventions("wait") == ()
    assert "minoxidil_oral" in interventions("minoxidil")  # the class, not only the usual way to take it
    assert set(interventions("transplant")) == {"hair_transplant_fue", "hair_transplant_fut", "hair_transplant_any"}
    assert interventions("svf")[0] == "svf"


@pytest.mark.parametrize("word", [*MEANINGS, *ALIASES, *sorted({arm.treatment_class for arm in arms()})])
def test_every_word_of_the_tables_every_alias_and_class_is_known(word: str) -> None:
    assert (word in interventions(word)) == (word in MEANINGS)
    assert interventions(word) or word == "trial"
    with pytest.raises(UnknownName):
        interventions(f"{word}_of_mars")


def test_a_trade_name_is_the_drug_in_a_plan_and_among_the_words_of_medicines() -> None:
    from anagen.plan import Plan
    from anagen.suitability.facts import words
    from anagen.treatments import TRADE_NAMES

    assert {"propecia", "proscar", "rogaine", "regaine", "avodart", "aldactone"} <= set(TRADE_NAMES)
    for name, (drug, dose) in TRADE_NAMES.items():
        assert str(Plan.parse(name)) == str(Plan.parse(drug if dose is None else f"{drug} {dose:g} mg"))
        assert words()[name] == f"takes_{drug.removesuffix('_topical')}"
        assert interventions(name) == interventions(drug)
    assert "5 mg" in str(Plan.parse("Proscar daily"))
    assert "1.25 mg" in str(Plan.parse("proscar 1.25 mg daily"))
