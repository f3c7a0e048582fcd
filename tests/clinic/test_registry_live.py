"""The live look-up against a local server that speaks the documented API. The registry itself is never asked by a test."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from clinic.live import PERSON, Served, serving

from anagen.clinic.registry import Record
from anagen.clinic.registry_live import LARGEST, URL, look_up_live
from anagen.evidence.tables import row
from anagen.ground.errors import BadParameter, Unreachable

GOOD = "1234567893"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as found:
        yield found


def test_the_address_is_that_of_the_rule() -> None:
    assert f"{URL}?version=2.1&number=" in row("vetting_rules", "us_npi_deactivated").how_to_check


def test_a_record_is_read_and_nothing_but_the_number_is_sent(served: Served) -> None:
    record = look_up_live(GOOD, served.url)
    assert record is not None
    assert (record.name, record.credential, record.kind, record.middle) == ("ANN LEE", "M.D.", "person", "")
    assert (record.city, record.state, record.country) == ("MIAMI", "FL", "US")
    assert record.other_names == ("ANN WONG",)
    assert record.primary is not None
    assert (record.primary.name, record.primary.licence, record.primary.state) == ("Dermatology", "ME123", "FL")
    assert (record.enumerated, record.updated, record.active) == (date(2006, 5, 23), date(2024, 7, 8), True)
    assert [parse_qs(urlsplit(path).query) for path in served.asked] == [{"version": ["2.1"], "number": [GOOD]}]


def test_a_number_that_is_not_there_is_none(served: Served) -> None:
    assert look_up_live("1245319599", served.url) is None
    served.records["1245319599"] = PERSON  # an answer about somebody else is no answer
    assert look_up_live("1245319599", served.url) is None


@pytest.mark.parametrize(("status", "active"), [("A", True), ("D", False), (None, False)])
def test_only_status_a_is_active(served: Served, status: str | None, active: bool) -> None:
    served.records[GOOD] = PERSON | {"basic": {**PERSON["basic"], "status": status}}
    record = look_up_live(GOOD, served.url)
    assert record is not None
    assert record.active is active


def test_an_organisation(served: Served) -> None:
    served.records[GOOD] = {
        "number": int(GOOD),
        "enumeration_type": "NPI-2",
        "basic": {"organization_name": "HAIR INSTITUTE LLC", "status": "A"},
        "other_names": [{"organization_name": "HAIRY"}],
    }
    record = look_up_live(GOOD, served.url)
    assert record is not None
    assert (record.kind, record.name, record.other_names, record.specialities) == ("organisation", "HAIR INSTITUTE LLC", ("HAIRY",), ())


def test_errors_that_come_with_the_code_of_success_are_errors(served: Served) -> None:
    served.mode, served.body = "raw", json.dumps({"Errors": [{"description": "Unsupported\nVersion", "number": "15"}]}).encode()
    with pytest.raises(Unreachable, match="Unsupported Version") as raised:
        look_up_live(GOOD, served.url)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("mode", "body", "why"),
    [
        ("error", b"{}", "503"),
        ("raw", b"<html>", "no JSON"),
        ("raw", b"\xff\xfe", "no JSON"),
        ("raw", b"[" * 100_000, "no JSON"),
        ("raw", b"[]", "not in the form"),
        ("raw", b'{"results": 3}', "not in the form"),
        ("raw", b"{}", "not in the form"),
        ("short", b'{"results": []}', "broke off"),
        ("endless", b"", f"longer than {LARGEST >> 20} MB"),
        ("redirect", b"file:///etc/hostname", "302|connection"),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_in_one_sentence(served: Served, mode: str, body: bytes, why: str) -> None:
    served.mode, served.body = mode, body
    with pytest.raises(Unreachable, match=why):
        look_up_live(GOOD, served.url, timeout_s=5)


@pytest.mark.parametrize("mode", ["slow", "drip"])
def test_it_waits_no_longer_than_it_was_told(served: Served, mode: str) -> None:
    served.mode = mode
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"within 0\.4 seconds"):
        look_up_live(GOOD, served.url, timeout_s=0.4)
    assert time.monotonic() - began < 1.4


def test_offline_is_said_plainly(served: Served) -> None:
    gone = served.url.rsplit(":", 1)[0] + ":1/api/"
    with pytest.raises(Unreachable, match=r"there is no connection to it\. The form of the number is right; try again later"):
        look_up_live(GOOD, gone)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "example.org", "http://", "http://a/?x=1", "http://[", ""])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(BadParameter, match="the address of the registry"):
        look_up_live(GOOD, url)


def test_what_is_no_npi_never_leaves_this_machine(served: Served) -> None:
    with pytest.raises(BadParameter):
        look_up_live("1234567890", served.url)
    assert served.asked == []


def scrambled(value: Any, chance: random.Random) -> Any:
    """The answer with parts of other kinds than documented."""
    if chance.random() < 0.15:
        return chance.choice([None, 3, -1.5, True, "", "x" * 1000, "\x1b[31m\u202e", [], {}, [[]], {"a": 1}])
    if isinstance(value, dict):
        return {key: scrambled(part, chance) for key, part in value.items() if chance.random() > 0.05}
    return [scrambled(part, chance) for part in value] if isinstance(value, list) else value


def test_answers_of_another_form_never_crash_it(served: Served) -> None:
    chance = random.Random(7)
    served.mode, read = "raw", 0
    for _ in range(400):
        one = scrambled(PERSON, chance)
        if isinstance(one, dict):
            one["number"] = GOOD
        served.body = json.dumps({"result_count": 1, "results": [one]}).encode()
        record = look_up_live(GOOD, served.url)
        if isinstance(record, Record):
            read += 1
            assert "\x1b" not in repr(record)
            assert len(record.name) < 1000
    assert read > 200
