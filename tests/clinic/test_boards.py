"""The tables of boards, look-ups and specialities: every row has its source, and says what was not verified."""

from __future__ import annotations

import re

from anagen.clinic.boards import board, boards, lookups, specialities, speciality_name, speciality_words, where_to_look
from anagen.evidence.tables import SHIPPED, row, vetting_rules

VETTING = (SHIPPED / "clinic" / "vetting.md").read_text(encoding="utf-8")
RULES = {rule.rule_id for rule in vetting_rules()}
MARKS = {"read", "assumed"}


def test_keys_are_unique_and_words_are_known() -> None:
    for keys in ([one.board_id for one in boards()], [one.lookup_id for one in lookups()], [one.code for one in specialities()]):
        assert len(keys) == len(set(keys)) > 4
    assert {one.abms for one in boards()} == {"yes", "no", "not verified"}
    assert {one.address_status for one in lookups()} == {"in the source", "not verified", "no address read"}
    assert {one.mark for one in (*boards(), *lookups(), *specialities())} == MARKS
    places = {one.lookup_id for one in lookups()}
    assert all(set(one.lookups.split()) <= places for one in boards())


def test_every_look_up_names_rules_and_carries_their_day() -> None:
    for one in lookups():
        assert set(one.source.split()) <= RULES, one.lookup_id
        assert one.as_of == row("vetting_rules", one.source.split()[0]).as_of, one.lookup_id
        rules = [row("vetting_rules", rule) for rule in one.source.split()]
        if one.address:
            bare = one.address.split("?")[0]
            assert any(bare in f"{rule.how_to_check} {rule.source_url}" for rule in rules), one.lookup_id
        assert bool(one.address) == (one.address_status != "no address read")


def test_what_was_not_verified_is_said() -> None:
    assert "certificationmatters.org (address not verified)" in row("vetting_rules", "us_abms").how_to_check
    assert {one.lookup_id for one in lookups() if one.address_status == "not verified"} == {"certification_matters"}
    assert "the standing of ABHRS (hair restoration) was not verified" in VETTING
    known = board("ABHRS")
    assert known is not None
    assert (known.abms, known.mark) == ("not verified", "assumed")
    for one in boards():
        assert (one.abms == "not verified") == (one.mark == "assumed")
        if one.mark == "read":
            assert one.as_of == row("vetting_rules", one.source).as_of
            found = row("vetting_rules", one.source)
            assert one.name.removeprefix("American Board of ") in f"{found.claim_or_fact_to_check} {found.quote}"


def test_codes_are_those_of_the_evidence() -> None:
    for one in specialities():
        assert one.code in VETTING, one.code
        assert re.fullmatch(r"[0-9A-Z]{9}X", one.code)
        assert "not verified" not in one.name
        assert ("could not check" in speciality_words(one.code)) == (one.mark == "assumed")
    assert speciality_words("163W00000X") == "163W00000X (we do not know this code)"
    assert speciality_words("208200000X", "Plastic Surgery") == "208200000X Plastic Surgery", "as the registry says"
    assert speciality_name("207ns0135x ") == "Procedural Dermatology"


def test_look_ups_of_a_place() -> None:
    assert {one.jurisdiction for one in where_to_look("UK")} == {"UK"}
    assert where_to_look("US-FL") == where_to_look("US")
    assert where_to_look("other") == ()
