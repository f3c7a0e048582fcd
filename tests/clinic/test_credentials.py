"""What a record says beside a claim: names as people write them, states, licences, specialities; and what an NPI never says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from anagen.clinic.credentials import IDENTITY_ONLY, Credential, Said, format_of, judged
from anagen.clinic.names import same_business, same_name, words
from anagen.clinic.offer import Somebody
from anagen.clinic.registry import Record, Speciality
from anagen.clinic.who import who
from anagen.evidence.tables import vetting_rules
from anagen.ground.errors import BadInput

RECORD = Record(
    "1234567893",
    "person",
    first="MARIA",
    middle="ELENA",
    last="GARCIA-LOPEZ",
    credential="MD",
    other_names=("MARIA SANTOS",),
    specialities=(
        Speciality("163W00000X", "RN-77", "NY"),
        Speciality("207N00000X", "ME0012345", "FL", primary=True),
    ),
    city="MIAMI",
    state="FL",
    country="US",
)


def results(record: Record | None, claimed: Said | Somebody) -> dict[str, str]:
    return {finding.about: finding.result for finding in judged(record, claimed)}


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("María Elena García-López", "same"),
        ("Dr. Maria Garcia Lopez, M.D., FAAD", "same"),
        ("GARCIA LOPEZ, MARIA E.", "same"),
        ("maria garcialopez", "same"),
        ("Maria Lopez", "partly"),
        ("M. Garcia-Lopez", "partly"),
        ("Elena Garcia-Lopez", "partly"),
        ("Maria Q. Garcia-Lopez", "partly"),
        ("Maria Santos, MD", "former"),
        ("Maria Smith", "first_only"),
        ("Juan Garcia-Lopez", "other"),
        ("Garcia-Lopez", "other"),
        ("Ann Lee", "other"),
        ("", "other"),
        ("Dr. MD", "other"),
        ("李 安", "other"),
    ],
)
def test_a_name_as_people_write_it(given: str, match: str) -> None:
    assert same_name(given, "MARIA", "ELENA", "GARCIA-LOPEZ", ["MARIA SANTOS"]) == match


@pytest.mark.parametrize(
    ("given", "last", "match"),
    [
        ("Seán O’Brien", "O'BRIEN", "same"),
        ("Sean Obrien", "O BRIEN", "same"),
        ("Sean Müller", "MULLER", "same"),
        ("Sean Sørensen", "SORENSEN", "same"),
        ("Sean de la Cruz", "DE LA CRUZ", "same"),
        ("Sean Weiß", "WEISS", "same"),
        ("Sean Do", "DO", "same"),  # a name that is also a degree
        ("Sean Lee, DO", "LEE", "same"),
        ("Sean Lee, DO", "DO", "first_only"),
        ("Sean Lee", "LEEDS", "first_only"),
    ],
)
def test_accents_apostrophes_and_short_words(given: str, last: str, match: str) -> None:
    assert same_name(given, "SEAN", "", last) == match


def test_words_and_businesses() -> None:
    assert words("x" * 10_000) == ("x" * 300,)
    assert words("Ms. Md") == ("ms", "md")
    assert same_business("Hair Institute of Miami", "HAIR INSTITUTE OF MIAMI, P.A.") == "same"
    assert same_business("Hair Institute", "HAIR INSTITUTE OF MIAMI LLC") == "partly"
    assert same_business("Hairy", "HAIR INSTITUTE", ["HAIRY LLC"]) == "former"
    assert same_business("Skin Centre", "HAIR INSTITUTE") == "other"
    assert same_business("", "HAIR INSTITUTE") == "other"


def test_all_that_fits_fits() -> None:
    said = Said("Maria Garcia-Lopez", "US-FL", "me 12345", "Dermatology")
    assert results(RECORD, said) == {
        "found": "agrees", "name": "agrees", "state": "agrees", "licence": "differs", "taxonomy": "agrees", "identity": "note",
    }  # fmt: skip
    assert results(RECORD, replace(said, licence="ME-0012345"))["licence"] == "agrees"
    assert results(RECORD, replace(said, taxonomy="207N00000X"))["taxonomy"] == "agrees"


@pytest.mark.parametrize(
    ("said", "about", "result"),
    [
        (Said(name="Ann Lee"), "name", "wrong"),
        (Said(name="Maria Smith"), "name", "ask"),
        (Said(name="Maria Santos"), "name", "agrees"),
        (Said(state="TX"), "state", "differs"),
        (Said(state="ny"), "state", "agrees"),
        (Said(licence="ME99"), "licence", "differs"),
        (Said(taxonomy="Plastic Surgery"), "taxonomy", "ask"),
        (Said(taxonomy="208200000X"), "taxonomy", "differs"),
        (Said(taxonomy="163w00000x"), "taxonomy", "agrees"),
    ],
)
def test_each_mismatch_is_found(said: Said, about: str, result: str) -> None:
    assert results(RECORD, said)[about] == result
    assert set(results(RECORD, said)) == {"found", about, "identity"}


def test_a_record_with_less_says_less() -> None:
    bare = replace(RECORD, specialities=(), state="FL")
    assert results(bare, Said(state="FL", licence="1", taxonomy="Dermatology")) == {
        "found": "agrees", "state": "ask", "licence": "ask", "taxonomy": "ask", "identity": "note",
    }  # fmt: skip


def test_gone_not_found_and_back_again() -> None:
    gone = Record("1234567893", "", deactivated=date(2024, 3, 15))
    assert results(gone, Said("Maria Garcia-Lopez")) == {"found": "wrong", "identity": "note"}
    assert results(None, Said("Maria Garcia-Lopez")) == {"found": "wrong", "identity": "note"}
    back = replace(RECORD, deactivated=date(2020, 2, 1), reactivated=date(2021, 6, 1))
    assert results(back, Said())["found"] == "agrees"
    assert not replace(back, reactivated=date(2019, 1, 1)).active
    assert results(replace(RECORD, inactive=True), Said())["found"] == "wrong"


def test_the_number_of_a_clinic_is_not_that_of_a_doctor() -> None:
    clinic = Record("1234567893", "organisation", organisation="HAIR INSTITUTE LLC")
    assert results(clinic, Said("Ann Lee"))["name"] == "wrong"
    assert results(clinic, Said("Hair Institute"))["name"] == "agrees"


def everything() -> list[Credential]:
    """Findings of every kind."""
    found = [format_of("1234567893"), format_of("1")]
    for record in (None, RECORD, Record("1234567893", "", deactivated=date(2024, 3, 15)), replace(RECORD, specialities=())):
        for said in (Said(), Said("Ann Lee", "TX", "1", "surgery"), Said("Maria Smith", "FL", "ME0012345", "Dermatology")):
            found += judged(record, said)
    return found


def test_an_npi_is_identity_only_every_time_and_every_finding_has_its_rule() -> None:
    rules = {rule.rule_id for rule in vetting_rules()}
    for record in (None, RECORD, replace(RECORD, inactive=True)):
        for said in (Said(), Said("Maria Garcia-Lopez", "FL")):
            assert IDENTITY_ONLY in judged(record, said)[-1].said
            assert [finding.rule for finding in judged(record, said)].count("us_npi_not_quality") == 1
    assert IDENTITY_ONLY in who("1234567893").findings[-1].said
    assert {finding.rule for finding in everything()} == {
        "us_npi_format",
        "us_npi_not_quality",
        "us_npi_selfreport",
        "us_npi_deactivated",
    } & rules


def test_no_finding_praises() -> None:
    for finding in everything():
        assert not re.search(r"\b(safe|trust|good doctor|qualified|stars?)\b", finding.said, re.IGNORECASE), finding.said


def test_the_person_of_an_offer_is_a_claim() -> None:
    assert results(RECORD, Somebody(name="Maria Garcia-Lopez", state="FL", licence="ME0012345")) == {
        "found": "agrees", "name": "agrees", "state": "agrees", "licence": "agrees", "identity": "note",
    }  # fmt: skip


def test_two_ways_at_once_are_refused() -> None:
    with pytest.raises(BadInput, match="give one"):
        who("1234567893", registry="x", live=True)


def test_findings_and_look_ups_are_plain_english() -> None:
    """Grade 8 at most, as on every page that patients read."""
    from report.test_page import grade

    from anagen.clinic.boards import lookups

    found = {finding.said for finding in everything()}
    assert grade(" ".join(sorted(found))) <= 8
    assert grade(" ".join(f"{one.how} {one.does_not_tell}" for one in lookups())) <= 8
