"""Release tests pass on what is stated alone; each place's law is a rule that was read, or not known."""

from __future__ import annotations

from typing import get_args

import pytest
from therapy.every import EVERY

from anagen.evidence import vetting_rules
from anagen.ground.errors import BadParameter, UnknownName
from anagen.therapy.extract import Source, extract
from anagen.therapy.process import Product, Recipe, RecipeName, process
from anagen.therapy.release import JURISDICTIONS, NOT_KNOWN, Shown, measured, release, standing
from anagen.therapy.unknowns import Unknowns

MANY = Unknowns.drawn(200)


def made(number: int) -> Product:
    source, recipe = EVERY[number]
    return process(extract(source, MANY), recipe, MANY)


def results(product: Product, **shown: object) -> dict[str, str]:
    return {check.name: check.result for check in release(product, Shown(**shown))}  # type: ignore[arg-type]


@pytest.mark.parametrize(("source", "recipe"), EVERY, ids=[recipe.name for _, recipe in EVERY])
def test_nothing_stated_passes_nothing(source: Source, recipe: Recipe) -> None:
    checks = release(process(extract(source, MANY), recipe, MANY))
    assert [check.name for check in checks] == ["viability", "sterility", "endotoxin", "identity"]
    assert {check.result for check in checks} <= {"not shown", "does not apply"}
    assert all(row.mark == "assumed" for check in checks for row in check.rows)


def test_stated_numbers_pass_or_fail_at_the_limits() -> None:
    """70 % of cells live, no growth, 5 EU/kg: 35 EU/mL x 10 mL / 70 kg is just that; 20 % CD34+."""
    good = {"viable_share": 0.7, "sterility": "no growth", "endotoxin_eu_per_ml": 35, "dose_ml": 10, "weight_kg": 70, "identity_share": 0.2}
    assert set(results(made(0), **good).values()) == {"pass"}
    bad = {"viable_share": 0.69, "sterility": "growth", "endotoxin_eu_per_ml": 36, "dose_ml": 10, "weight_kg": 70, "identity_share": 0.19}
    assert set(results(made(0), **bad).values()) == {"fail"}
    assert results(made(0), endotoxin_eu_per_ml=1, dose_ml=10)["endotoxin"] == "not shown"  # without a weight


def test_chances_are_those_of_the_draws() -> None:
    product = made(1)
    checks = {check.name: check for check in release(product)}
    assert product.viable_share is not None
    assert checks["viability"].chance == pytest.approx(float((product.viable_share >= 0.7).mean()))
    assert checks["identity"].chance == pytest.approx(float((product.shares["cd34_share"] >= 0.2).mean()))
    assert checks["sterility"].chance is None


def test_a_stated_number_leaves_nothing_to_chance() -> None:
    """Beside a share that fails, no share of draws that pass; what is not stated keeps its own."""
    checks = {check.name: check for check in release(made(0), Shown(viable_share=0.62))}
    assert (checks["viability"].result, checks["viability"].stated, checks["viability"].chance) == ("fail", "62 %", None)
    assert checks["identity"].chance is not None


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("enzymatic_svf", ["enzymatic_svf.viable_share", "enzymatic_svf.cd34_share"]),
        ("adrc_fat_graft", ["adrc_fat_graft.viable_share", "enzymatic_svf.cd34_share"]),
        ("culture_adsc", ["culture_adsc.viable_share", "culture_adsc.cd44_share"]),
        ("hfsc_micrograft", ["hfsc_micrograft.viable_share"]),
        ("marrow_concentrate", ["marrow_concentrate.viable_share"]),
        ("conditioned_medium", []),
    ],
)
def test_what_was_measured_of_a_lot_is_what_the_steps_use(name: RecipeName, places: list[str]) -> None:
    lot, changes = measured(name, Shown(viable_share=0.62, identity_share=0.3), MANY)
    assert [f"{one.after.of}.{one.after.name}" for one in changes] == places
    for source, recipe in EVERY:
        if recipe.name == name and places:
            product = process(extract(source, lot), recipe, lot)
            assert product.viable_share is not None
            assert set(product.viable_share.tolist()) == {0.62}
    assert all(lot.draws[place] is MANY.draws[place] for place in MANY.draws if ".".join(place) not in places)
    same, none = measured(name, Shown(), MANY)
    assert none == ()
    assert same.rows == MANY.rows
    with pytest.raises(BadParameter, match="viable_share is 85; allowed: a share from 0 to 1"):
        measured(name, Shown(viable_share=85), MANY)


def test_medium_has_no_cells_to_count_and_marrow_no_marker() -> None:
    assert results(made(8))["viability"] == "does not apply"
    assert results(made(3))["identity"] == "does not apply"


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"viable_share": 85}, "viable_share is 85; allowed: a share from 0 to 1."),
        ({"endotoxin_eu_per_ml": -1}, "endotoxin_eu_per_ml is -1; allowed: a number above 0."),
        ({"weight_kg": 0}, "weight_kg is 0; allowed: a number above 0."),
    ],
)
def test_an_impossible_statement_is_said(shown: dict[str, float], said: str) -> None:
    with pytest.raises(BadParameter) as caught:
        release(made(0), Shown(**shown))  # type: ignore[arg-type]
    assert str(caught.value) == said


def fits(place: str, jurisdiction: str) -> bool:
    """Whether a rule of one place speaks for another: its own, its country, one of several."""
    return bool({place, place.split("-")[0]} & set(jurisdiction.split("/")))


@pytest.mark.parametrize("recipe", get_args(RecipeName))
def test_every_place_has_a_rule_or_is_not_known(recipe: str) -> None:
    rules = {rule.rule_id: rule for rule in vetting_rules()}
    found = standing(recipe)
    assert [one.jurisdiction for one in found] == list(JURISDICTIONS)
    for one in found:
        assert (one.regulated_as == NOT_KNOWN) == (not one.rules)
        assert all(rules[rule.rule_id] == rule and rule.source_citation and rule.as_of for rule in one.rules)
        assert all(fits(one.jurisdiction, rule.jurisdiction) for rule in one.rules)
        assert one.as_of == (", ".join(rule.as_of for rule in one.rules) if one.rules else NOT_KNOWN)


def test_what_was_read_of_the_main_cases() -> None:
    us = {recipe: standing(recipe)[0] for recipe in get_args(RecipeName)}
    for recipe in ("enzymatic_svf", "adrc_fat_graft", "culture_adsc", "culture_dsc", "conditioned_medium"):
        assert us[recipe].regulated_as.startswith("a drug")
    for recipe in ("marrow_concentrate", "marrow_mononuclear", "hfsc_micrograft"):
        assert us[recipe].regulated_as.startswith("not known for this recipe")
    assert not fits("EU", "US")
    with pytest.raises(UnknownName, match="did you mean 'enzymatic_svf'"):
        standing("enzymatic")
