"""`anagen clinic reviews` and `anagen clinic quote`: what they print, their JSON, and every mistake in one sentence."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from anagen.cli import main
from anagen.compare import NOT_A_DEVICE
from anagen.evidence.tables import row
from anagen.report import quote_text, reviews_text

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "report"))

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "clinic"
MADE_UP = EXAMPLES / "reviews.csv"
FLORIDA = EXAMPLES / "florida-svf-fda-facility.toml"
FORBIDDEN = r"\b(1|one) in \d|relative risk|safe clinic|\bbest clinic|recommend|trustworthy|\bfraud|\bfake\b(?!,)|you should (buy|take|get)"


def flat(text: str) -> str:
    return " ".join(text.split())


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["clinic", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert max(len(line) for line in out.splitlines()) <= 80
    return out


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["clinic", *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_example_is_made_up_and_says_so() -> None:
    assert "This whole file is made up" in MADE_UP.read_text(encoding="utf-8")


def test_reviews_print_each_part_and_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    text = flat(printed(capsys, "reviews", str(MADE_UP)))
    for part in (
        "44 used", "made-up map site", "no mark for the clinic", "People who did not write", "copies counted once", "more than one source",
        "Something was given for it: 2 of 43", "The clinic asked for it: 2 of 43", "week from 2025-06-02", "no proof of anything",
        "What ratings say about hair: little", "91.2% said that they were better", "159 videos of patients", "Hawke B et al.", NOT_A_DEVICE,
    ):  # fmt: skip
        assert part in text, part
    assert not re.search(FORBIDDEN, text, re.IGNORECASE)


def test_the_mean_shown_is_the_shrunken_one_and_never_without_its_range(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "reviews", str(MADE_UP))
    stars = asked(capsys, "reviews", str(MADE_UP))["stars"]
    assert f"{stars['mean']:.1f} ({stars['low']:.1f} to {stars['high']:.1f})" in text
    assert f"{stars['plain_mean']:.2f}" not in text
    assert not re.search(r"\d\.\d (of|out of|/) ?5", text)


def test_reviews_as_data_carry_the_rules_and_settings(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "reviews", str(MADE_UP))
    assert found["kind"] == "reviews"
    assert found["rules"][0] == row("vetting_rules", "testimonials").model_dump(mode="json")
    assert found["settings"]["prior_per_star"] == 1
    assert found["crowds"]["crowds"][0]["start"] == "2025-06-02"
    assert sum(found["stars"]["counts"]) == found["stars"]["n"] == 44


def test_hostile_reviews_reach_a_terminal_and_data_bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "<script>alert(1)</script>\x1b[31mred\x1b]0;title\x07 [bold]mark[/bold] =cmd|' /C calc'!A0 and then so much more of it"
    path = tmp_path / "r.csv"
    path.write_text("stars,text,source\n" + f'5,"{bad}","<b>[red]x\x1b[2J"\n' * 3 + '5,fine,"‮evil"\n', encoding="utf-8")
    for text in (printed(capsys, "reviews", str(path)), json.dumps(asked(capsys, "reviews", str(path)), ensure_ascii=False)):
        assert not {"\x1b", "\x07", "<", ">", "‮"} & set(text)
    assert "[bold]mark[/bold]" in flat(printed(capsys, "reviews", str(path))), "brackets are shown, and style nothing"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "no column of stars"),
        (b"stars\nx\n", "no row can be used"),
    ],
)
def test_a_bad_table_is_one_sentence(tmp_path: Path, content: bytes | None, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.csv"
    if content is not None:
        path.write_bytes(content)
    before = os.listdir(tmp_path)
    assert main(["clinic", "reviews", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("anagen: r.csv: ")
    assert says in err
    assert err.count("\n") == 1
    assert os.listdir(tmp_path) == before


def test_a_quote_prints_all_in_missing_prices_read_terms_and_questions(capsys: pytest.CaptureFixture[str]) -> None:
    text = flat(printed(capsys, "quote", str(FLORIDA)))
    for part in (
        "at least 20,900 USD", "a session at least 8,900 USD", "- numbing or anaesthesia",
        "above the range of k002: 3,000 to 7,000 USD per session",
        "k011, about 8,900 USD per procedure: not for hair", "No money is given back",
        "[no_refund,", "[price_all_in, 2024]", "Ask", NOT_A_DEVICE,
    ):  # fmt: skip
        assert part in text, part
    assert not re.search(FORBIDDEN, text, re.IGNORECASE)


def test_a_quote_of_nothing_says_that_nothing_is_to_be_paid(capsys: pytest.CaptureFixture[str]) -> None:
    text = flat(printed(capsys, "quote", str(EXAMPLES / "us-trial-with-ind.toml")))
    assert "In the price Nothing is to be paid, so no part has to be named. Beside" in text
    assert "The offer does not say" not in text
    assert "Not shown" not in text
    assert "not known" not in text


def test_a_quote_as_data_walks_back_to_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "quote", str(EXAMPLES / "us-prp.toml"))
    assert found["amounts"]["per_session"]["value"] == 900
    for one in found["beside"]:
        assert one["published"] == row("costs", one["from"]).model_dump(mode="json")
        assert one["published"]["currency"] == found["currency"]
    assert {one["rule"] for one in found["terms"]} <= {one["rule_id"] for one in found["rules"]}


def test_no_price_in_a_currency_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No published price in GBP was read" in flat(printed(capsys, "quote", str(EXAMPLES / "uk-exosomes.toml")))


def test_a_bad_offer_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "o.toml"
    path.write_text('clinic = "A"\njurisdiction = "US"\ntreatment = "svff"\n')
    assert main(["clinic", "quote", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "did you mean 'svf'?" in err


@pytest.mark.parametrize("verb", ["quote", "reviews"])
def test_help_has_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["clinic", verb, "--help"])
    assert "Examples:" in capsys.readouterr().out


def test_what_patients_read_is_grade_eight_or_lower() -> None:
    from test_page import grade

    ours = [getattr(reviews_text, name) for name in ("HEAD", "PRIOR", "SILENT", "COPIED", "WORDED", "FALL", "NO_PROOF", "CROWDED")]
    ours += [quote_text.AT_LEAST, quote_text.READ]
    assert grade(" ".join(ours)) <= 8
    from anagen.clinic.price_parts import quote_parts

    assert grade(" ".join(part.question for part in quote_parts())) <= 8
