"""Hostile offers: some of the ten thousand of `validation/hostile_offers`, and a broken report that the same check catches."""

from __future__ import annotations

import json
from pathlib import Path

from clinic.offers import an_offer
from records import record, script, stale

from anagen.clinic.check import check
from anagen.report import clinic_data, clinic_page

FOLDER, CASES, LONGEST_S = "hostile_offers", 400, 3.0
"""Of the processor; 3 s allows for a slower one than that of the record, where it is 1 s."""


def test_no_hostile_offer_crashes_hangs_or_gets_through(tmp_path: Path) -> None:
    run = script(FOLDER)
    ends = {"judged": 0, "refused": 0}
    for number in range(CASES):
        end, wrong, took = run.one_case(number, tmp_path)
        assert wrong == [], number
        assert took < LONGEST_S, number
        ends[end] += 1
    assert min(ends.values()) > CASES / 5, "both kinds are drawn"


def test_the_check_of_reports_can_fail() -> None:
    """The broken twin: a page without escaping, a terminal that obeys codes, a template that is run."""
    run = script(FOLDER)
    found = check(an_offer(advert="Results are guaranteed <script>alert(1)</script> \x1b[31m."))
    html, data = clinic_page.render(found), json.dumps(clinic_data.check(found), ensure_ascii=False)
    assert run.wrong_in(found, html, "", data) == []
    assert run.wrong_in(found, html + "<script>", "", data) == ["tag script"]
    assert run.wrong_in(found, html + "<b onclick=x>", "", data) == ["attribute onclick"]
    assert run.wrong_in(found, html + '<a href="javascript:x">', "", data) == ["link javascript:x"]
    assert run.wrong_in(found, html, "\x1b[31m", data) == ["terminal holds '\\x1b'"]
    assert run.wrong_in(found, html, run.SUM, data) == ["terminal ran a template"]


def test_the_record_is_whole_and_the_page_says_it() -> None:
    assert stale(FOLDER) == []
    found = record(FOLDER)
    assert found["cases"] == 10_000
    assert found["judged"] + found["refused"] == found["cases"]
    assert found["wrong"] == []
    assert found["seconds"]["slowest"] < 1.0
