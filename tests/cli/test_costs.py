"""`anagen costs`: what it prints, every amount of its JSON walked back to its rows, and every mistake in one sentence."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from report.test_page import grade

from anagen.cli import main
from anagen.compare import NOT_A_DEVICE
from anagen.evidence.tables import row

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TAKING = str(EXAMPLES / "man-on-finasteride.toml")
MAN = str(EXAMPLES / "man-norwood-3v.toml")
RATES = str(EXAMPLES / "costs" / "rates.toml")
Out = pytest.CaptureFixture[str]


def flat(text: str) -> str:
    return " ".join(text.split())


def asked(capsys: Out, *words: str) -> dict[str, Any]:
    assert main(["costs", *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return found


def test_it_prints_sums_lines_rows_and_what_is_missing(here: Path, capsys: Out) -> None:
    assert main(["costs", "--plan", "svf; prp from week 20", "--travel-per-visit", "120 USD"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert os.listdir(here) == []
    text = flat(out)
    for part in (
        "6 months", "60 months", "USD", "INR", "k002", "k022, k023, k024, k025", "year not shown", "at least", "Not in the sum",
        "numbing the skin", "taking the fat", "USD about 480: travel, 4 visits; as you gave it", "none is a quote",
        "No inflation", NOT_A_DEVICE,
    ):  # fmt: skip
        assert part in text, part
    assert max(len(line) for line in out.splitlines()) <= 80


def test_a_person_sees_what_a_gain_costs_and_where_it_has_no_end(capsys: Out) -> None:
    assert main(["costs", MAN, "--plan", "svf", "--plan", "dutasteride", "--months", "24", "--draws", "100"]) == 0
    out = capsys.readouterr().out
    text = flat(out)
    for part in (
        "Side by side",
        "crown",
        "forecasts gain less than 1 hair/cm²",
        "with no upper end",
        "each person more with a visible gain",
        "0 in any currency",
    ):
        assert part in text, part
    assert not re.search(r"\b1 in \d", text)
    assert max(len(line) for line in out.splitlines()) <= 80


def test_nothing_is_taken_off_for_what_no_price_was_read_of(capsys: Out, here: Path) -> None:
    woman = (EXAMPLES / "woman-ludwig-2.toml").read_text(encoding="utf-8")
    (here / "her.toml").write_text(woman + '\n[[treatments]]\nwhat = "spironolactone"\nsince_years = 1\n', encoding="utf-8")
    asks = ["her.toml", "--plan", "minoxidil 2%", "--months", "24", "--draws", "100"]
    plans = {one["title"]: one for one in asked(capsys, *asks)["plans"]}
    switch = next(one for title, one in plans.items() if "minoxidil" in title)
    assert not switch["saved"]
    assert main(["costs", *asks]) == 0
    assert "no longer pay" not in flat(capsys.readouterr().out)


def test_of_who_takes_something_an_addition_is_priced_and_read_by_itself(capsys: Out) -> None:
    asks = [TAKING, "--plan", "finasteride; svf", "--plan", "dutasteride", "--months", "24", "--draws", "200"]
    plans = {one["title"]: one for one in asked(capsys, *asks)["plans"]}
    svf = plans["add stromal vascular fraction of own fat, once"]
    assert (svf["against"], plans["go on: finasteride 1 mg a day"]["against"]) == ("going on as now", "stopping what you take")
    whole, added = svf["horizons"][0]["bills"][0], svf["added"]["horizons"][0]["bills"][0]
    assert (whole["total"]["low"], whole["gain"]) == (3240, None)
    assert added["total"]["low"] == 3000
    assert [line["option"] for line in added["lines"]] == ["svf"]
    assert added["gain"]["no_gain_share"] > 0.3, "the gain of the drug is not that of the cells"
    low, high = added["gain"]["visible_gain_share_95"]
    assert 0 <= low <= added["gain"]["visible_gain_share"] <= high < 0.1
    switch = plans["switch to dutasteride 0.5 mg a day"]
    assert switch["added"] is None
    gain = switch["horizons"][0]["bills"][0]["gain"]
    assert gain["per_gained_hair"]["low"] == 0, "what is no longer paid is taken off"
    assert switch["saved"]
    assert not svf["saved"]
    assert gain["visible_gain_share_with_nothing"] is None
    assert gain["per_person_more_than_with_nothing"] is None
    assert gain["per_person_more_at_least"] >= gain["per_person_with_visible_gain_at_least"]
    assert main(["costs", *asks]) == 0
    text = flat(capsys.readouterr().out)
    for part in (
        "goes on beside what is added to it, and costs as well: at least USD 240 to 840 (about 600); at least CAD 64",
        "What it buys is read against going on as now.",
        "† Against stopping what you take.",
        "‡ What you no longer pay for",
    ):
        assert part in text, part
    assert main(["costs", TAKING, "--plan", "finasteride; svf", "--months", "24", "--draws", "100"]) == 0
    text = flat(capsys.readouterr().out)
    assert "against going on as now" in text
    assert "against doing nothing" not in text
    assert "with going on as now" in text


def test_no_price_of_a_hair_is_made_of_a_gain_that_is_told_too_high(capsys: Out) -> None:
    asks = [MAN, "--plan", "transplant", "--months", "6", "--months", "12", "--draws", "100"]
    early, later = (horizon["bills"][0]["gain"] for horizon in asked(capsys, *asks)["plans"][-1]["horizons"])
    assert early is None
    assert later["per_gained_hair"]["low"] > 0
    assert main(["costs", *asks]) == 0
    assert "After 6 months: moved hair has not grown yet, so nothing is told of its gain. After 12 months:" in flat(capsys.readouterr().out)


def test_the_table_names_the_currency_of_every_amount(capsys: Out) -> None:
    assert main(["costs", MAN, "--plan", "conditioned medium", "--plan", "dutasteride", "--months", "24", "--draws", "100"]) == 0
    out = capsys.readouterr().out
    table = flat(out[: out.index("* At least")])
    assert "above JPY" in table
    assert re.search(r"USD [\d.,]+ to USD|USD [\d.,]+ to [\d.,]+ USD [\d.,]+ to", table), "per hair, then per visible gain"
    assert max(len(line) for line in out.splitlines()) <= 80


def test_the_price_of_the_very_course_comes_first(capsys: Out) -> None:
    assert main(["costs", "--plan", "prp", "--months", "24"]) == 0
    text = flat(capsys.readouterr().out)
    assert "USD 1,500 to 3,500 as a course; all ways to pay USD 1,500 to 6,000 (about 1,500): platelet-rich plasma, 3 sessions" in text
    bill = asked(capsys, "--plan", "conditioned medium", "--months", "24")["plans"][0]["horizons"][0]["bills"][0]
    assert (bill["as_a_course"]["low"], bill["as_a_course"]["high"]) == (400000, 1000000)


def test_without_a_plan_a_person_sees_every_option_on_a_line(capsys: Out) -> None:
    found = asked(capsys, MAN, "--months", "24", "--draws", "100")
    titles = [one["title"] for one in found["plans"]]
    assert {"nothing", "finasteride 1 mg a day"} <= set(titles)
    assert len(titles) > 15
    nothing = found["plans"][titles.index("nothing")]["horizons"][0]
    assert (nothing["free"], nothing["bills"]) == (True, [])
    svf = next(one for one in found["plans"] if one["title"].startswith("stromal"))["horizons"][0]["bills"][0]
    assert svf["gain"]["no_gain_share"] > 0.025
    assert svf["gain"]["per_gained_hair_95"]["open"]
    assert svf["gain"]["per_gained_hair_95"]["high"] is None
    gains = [bill["gain"] for one in found["plans"] for bill in one["horizons"][0]["bills"] if bill["gain"]]
    assert all(one["least_gain_per_cm2"] == {"value": 1.0, "mark": "assumed"} for one in gains)
    assert all(one["per_gained_hair"] is None for one in gains if one["middle_gain_per_cm2"] < 1)
    assert main(["costs", MAN, "--months", "12", "--draws", "100"]) == 0
    assert "ask for it alone" in flat(capsys.readouterr().out)


def test_a_middle_gain_below_the_least_prints_no_price_of_a_hair() -> None:
    import numpy as np

    from anagen.costs import Money, Worth, per_gained_hair, per_visible_gain
    from anagen.report.costs_text import PER_HAIR, per_hair

    gains, cost = np.array([0.9, 0.9, 0.9, 400.0]), Money(100, None, 300)
    from anagen.report.costs_text import NO_PERSON, per_person

    none = per_visible_gain(np.zeros(4), np.ones(4), cost.less(Money(200, None, 400)))
    assert per_person(Worth(24, "USD", "whole", per_gained_hair(gains, np.ones(4), cost), none)) == NO_PERSON, "and not: above 0"
    drift = Worth(24, "USD", "whole", per_gained_hair(gains, np.ones(4), cost), per_visible_gain(gains, np.ones(4), cost))
    assert per_hair(drift) == "no price: the middle forecast gains less than 1 hair/cm²"
    assert "less than 1 hair/cm² counts as no gain; that limit is assumed" in PER_HAIR


def test_every_amount_walks_back_to_its_rows(capsys: Out) -> None:
    found = asked(capsys, "--plan", "conditioned medium; finasteride; transplant", "--currency", "USD", "--rates", RATES)
    for plan in found["plans"]:
        for horizon in plan["horizons"]:
            for bill in horizon["bills"]:
                assert bill["total"]["low"] == pytest.approx(sum(line["low"] for line in bill["lines"]))
                for line in bill["lines"]:
                    assert line["from"]
                    for key in line["from"]:
                        assert found["rows"][key]["quote"] == row("costs", key).quote
                    origin = {row("costs", key).currency for key in line["from"]}
                    if line["converted"]:
                        assert origin == {line["converted"]["rate"]["source_currency"]}
                        assert "made up" in line["converted"]["rate"]["source"]
                    else:
                        assert origin == {bill["currency"]}
    assert [one["row"] for one in found["left_out"]] == ["k019", "k039", "k041"]


def test_a_converted_sum_shows_its_rate(capsys: Out) -> None:
    assert main(["costs", "--plan", "conditioned medium", "--currency", "USD", "--rates", RATES, "--months", "12"]) == 0
    text = flat(capsys.readouterr().out)
    assert "USD 2,400 to 18,000 (about 5,000) (converted from JPY 240,000 to 1,800,000 (about 500,000): 1 JPY = 0.01 USD" in text
    assert "Converted at 1 JPY = 0.01 USD (2026-01-01, made up" in text[: text.index("In USD, over")], "beside the sums"
    two = ["--plan", "conditioned medium", "--plan", "adsc"]
    assert main(["costs", *two, "--currency", "USD", "--rates", RATES, "--months", "12"]) == 0
    text = flat(capsys.readouterr().out)
    assert "Converted at 1 JPY" in text[: text.index("* At least this")]


def test_what_has_no_price_is_not_known_and_not_0(capsys: Out) -> None:
    assert main(["costs", "--plan", "microneedling"]) == 0
    assert "That is not known, and not 0." in flat(capsys.readouterr().out)
    assert main(["costs", "--plan", "nothing"]) == 0
    assert "It costs 0 in any currency." in flat(capsys.readouterr().out)
    assert main(["costs", "--plan", "svf", "--currency", "EUR"]) == 0
    assert "no price in EUR was read; read in USD" in flat(capsys.readouterr().out)
    found = asked(capsys, "--plan", "svf", "--currency", "EUR", "--months", "6")["plans"][0]["horizons"][0]["bills"][0]
    assert (found["total"], found["unpriced"]) == (None, ["svf"])


def test_the_part_of_a_plan_is_no_price_of_its_gain(capsys: Out) -> None:
    bills = asked(capsys, MAN, "--plan", "finasteride; laser", "--months", "12", "--draws", "100")["plans"][-1]["horizons"][0]["bills"]
    gains = {bill["currency"]: bill["gain"] for bill in bills}
    assert gains["USD"] is not None
    assert gains["CAD"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "there is nothing to price"),
        (["--plan", "finastride"], "did you mean 'finasteride'"),
        (["--plan", "svf", "--rates", RATES], "but not the currency"),
        (["--plan", "svf", "--rates", "none.toml", "--currency", "USD"], "none.toml: there is no such file"),
        (["--plan", "svf", "--currency", "dollar"], "is not a currency"),
        (["--plan", "svf", "--travel-per-visit", "12"], "is not an amount"),
        (["--plan", "svf", "--months", "0"], "months is 0"),
        (["--plan", "svf", "--months", "six"], "six"),
        (["--plan", "svf", "--discount", "3"], "a yearly rate from 0 to 1"),
        (["--plan", "svf", "--device-life", "0"], "at least 1 month"),
        (["--plan", "svf", "--draws", "5"], "--draws is 5"),
        ([MAN, "--plan", "svf", "--months", "61"], "beyond what a forecast reaches"),
        (["nobody.toml"], "nobody.toml: there is no such file"),
        ([str(EXAMPLES / "refused-pregnant.toml")], "pregnant is true"),
    ],
)
def test_a_mistake_is_one_sentence_and_code_2(words: list[str], said: str, here: Path, capsys: Out) -> None:
    assert main(["costs", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert os.listdir(here) == []


def test_help_has_examples(capsys: Out) -> None:
    assert main(["costs", "--help"]) == 0
    assert "anagen costs me.toml --plan" in capsys.readouterr().out


def test_the_prose_is_read_at_grade_eight_or_lower() -> None:
    from anagen.costs.price import NOT_A_QUOTE
    from anagen.costs.tables import gaps
    from anagen.report.costs_text import PER_HAIR

    assert grade(PER_HAIR) <= 8
    assert grade(NOT_A_QUOTE) <= 8
    assert grade(" ".join(f"No price was read for {one.said}." for one in gaps())) <= 8
