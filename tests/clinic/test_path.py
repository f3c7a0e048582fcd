"""The path through the law: every branch can be walked, what was not shown is never an easier way, each step has its source."""

from __future__ import annotations

import itertools

import pytest
from clinic.offers import EXOSOMES, PRP, SVF, an_offer

from anagen.clinic.facts import facts_of
from anagen.clinic.offer import PLACES, Product
from anagen.clinic.path import NOT_SHOWN, OTHERWISE, Path, ends, path_of, tree
from anagen.clinic.rules import rules
from anagen.treatments import TREATMENTS

SOURCES = [None, "fat", "marrow", "follicle", "blood", "donor_fat", "cord", "amnion", "plant", "none"]
PROCESSINGS = [None, "enzymatic", "mechanical", "concentrate", "micrograft", "culture", "cell_free", "spun", "none"]


def walked(place: str, treatment: str, **product: object) -> Path:
    """The path of one offer."""
    given = {name: value for name, value in product.items() if value is not None}
    return path_of(facts_of(an_offer(place, treatment, product=given)))


def titles(path: Path) -> str:
    """Where it ends."""
    return "; ".join(end.title for end in path.ends)


@pytest.mark.parametrize(
    ("place", "given", "ends_in"),
    [
        ("US", SVF, "The exception for the same operation does not hold"),
        ("US", {"treatment": "adsc"}, "it needs an approval, or a trial permit (IND)"),
        ("US", EXOSOMES, "None is approved"),
        ("US", {"treatment": "hfsc_micrograft"}, "Device clearance is for the machine"),
        ("US", PRP, "PRP: off label"),
        ("US-FL", SVF, "does not name hair"),
        ("US-TX", SVF, "does not fit hair loss"),
        ("EU", SVF, "ATMP"),
        ("UK", {"treatment": "adsc"}, "it needs the drug office (MHRA), and the tissue office (HTA)"),
        ("UK", EXOSOMES, "not allowed as a cosmetic"),
        ("JP", {"treatment": "adsc"}, "a class under its Act on such treatments, and a plan"),
        ("JP", {"treatment": "conditioned_medium"}, "outside the Act"),
        ("AU", SVF, "cannot be advertised"),
        ("CA", SVF, "all cell therapies are drugs"),
        ("KR", SVF, "the act of 2025"),
        ("MX", SVF, "No rule was read for this place: not known"),
        ("SG", SVF, "No rule was read for this place: not known"),
        ("other", SVF, "No rule was read for this place: not known"),
    ],
)
def test_known_cases_end_where_they_should(place: str, given: dict[str, object], ends_in: str) -> None:
    assert ends_in in titles(path_of(facts_of(an_offer(place, **given))))


@pytest.fixture(scope="module")
def every() -> dict[tuple[object, ...], Path]:
    """The path of every treatment, source, processing and place (states: those with a rule, and one without), own and same day."""
    places = [place for place in PLACES if "-" not in place or place in ("US-FL", "US-TX", "US-UT", "US-CA", "US-OH")]
    found = {}
    for place, treatment, source, processing in itertools.product(places, TREATMENTS, SOURCES, PROCESSINGS):
        found[place, treatment, source, processing, None, None] = walked(place, treatment, source=source, processing=processing)
    for place, own, day, processing, use in itertools.product(
        places, (None, True, False), (None, True, False), PROCESSINGS, (None, "knees")
    ):
        path = walked(place, "svf", own=own, same_day=day, processing=processing, use=use)
        found[place, "svf", None, processing, own, day, use] = path
    for treatment in ("hfsc_micrograft", "join_trial"):
        shown = {"device_510k": True, "ind_number": True}
        found["US", treatment, "shown"] = path_of(facts_of(an_offer("US", treatment, shown=shown)))
    return found


def test_every_offer_has_a_path_that_ends(every: dict[tuple[object, ...], Path]) -> None:
    assert len(every) > 20_000
    for path in every.values():
        assert 1 <= len(path.ends) <= 2
        assert len(path.steps) <= 8


def test_every_branch_and_every_end_is_walked(every: dict[tuple[object, ...], Path]) -> None:
    walked_ends = {end.name for path in every.values() for end in path.ends}
    assert set(ends()) - walked_ends == set()
    said = {(step.asks, step.says) for path in every.values() for step in path.steps}
    assert [branch for branches in tree().values() for branch in branches if (branch.asks, branch.says) not in said] == []


def test_a_place_without_rules_is_never_known_for_what_is_made_of_a_person(every: dict[tuple[object, ...], Path]) -> None:
    for (place, treatment, *_), path in every.items():
        if place in ("other", "SG", "MX") and treatment in ("svf", "adsc", "exosomes", "hfsc_micrograft", "prp", "bone_marrow"):
            assert not path.known, (place, treatment)


def test_what_is_not_shown_is_no_easier_than_anything_shown() -> None:
    """To leave out how fat cells are made leaves them a drug, or not known, in every place with rules."""
    for place in ("US", "EU", "UK", "JP", "AU", "CA", "KR"):
        left_out = walked(place, "svf")
        assert not left_out.known or {end.name for end in left_out.ends} & {
            "us_not_same",
            "us_biologic",
            "atmp",
            "uk_cells",
            "uk_medicine",
            "japan_cells",
            "australia",
            "canada",
            "korea",
        }


def test_the_tables_hold_together() -> None:
    for node, branches in tree().items():
        assert len({branch.fact for branch in branches}) == len({branch.asks for branch in branches}) == 1, node
        answers = [answer for branch in branches for answer in branch.answers]
        assert len(answers) == len(set(answers)), node
        assert OTHERWISE not in answers[:-1], node
        for branch in branches:
            assert branch.mark in ("read", "assumed")
            assert branch.sources, "each step has its source"
            assert all(one in rules() or one.startswith("vetting.md section ") for one in branch.sources), branch
            assert branch.says
    for end in ends().values():
        assert all(one in rules() for one in end.rules), end.name
        assert end.title
    assert set(Product.model_fields["source"].annotation.__args__[0].__args__) == set(SOURCES) - {None}  # type: ignore[union-attr]
    assert any(branch.answers == (NOT_SHOWN,) for branches in tree().values() for branch in branches)
