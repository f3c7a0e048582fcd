"""Rates come from the user, whole and in one sentence where they are wrong; there and back is where one was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.costs import Line, Money, Rate, Rates, read_rates
from anagen.costs.rates import read_amount
from anagen.ground.errors import BadFile, BadInput

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "costs" / "rates.toml"
GOOD = '[[rate]]\nfrom = "JPY"\nto = "USD"\nrate = 0.01\ndate = 2026-01-01\nsource = "my bank"\n'


def test_the_example_is_read_and_says_that_it_is_made_up() -> None:
    found = read_rates(EXAMPLE)
    assert found.find("JPY", "USD") == found.given[0]
    assert all("made up" in one.source for one in found.given)


def test_a_rate_is_turned_round_and_never_chained() -> None:
    found = read_rates(EXAMPLE)
    back = found.find("USD", "JPY")
    assert back is not None
    assert back.rate == pytest.approx(100)
    assert "turned round" in back.source
    assert found.find("JPY", "EUR") is None, "through USD it would be 0.01"


@given(
    rate=st.floats(1e-6, 1e6), low=st.floats(0, 1e9), more=st.floats(0, 1e9)
)  # amounts and rates of any real currency; a product of two floats and back is within a few units in the last place
def test_there_and_back_is_the_same_amount(rate: float, low: float, more: float) -> None:
    one = Rate("JPY", "USD", rate, date(2026, 1, 1), "x")
    line = Line("prp", "session", "", 1, "session", "JPY", Money(low, low, low + more))
    there = line.converted(one)
    assert (there.currency, there.rate, there.before) == ("USD", one, line.money)
    back = there.converted(one.back)
    assert back.currency == "JPY"
    assert back.money.low == pytest.approx(low, rel=1e-12)
    assert back.money.high == pytest.approx(low + more, rel=1e-12)
    with pytest.raises(BadInput, match="cannot convert USD"):
        there.converted(one)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not hold rates"),
        ("rate = 3", "does not hold rates"),
        ("[[rate]", "it is not TOML"),
        (GOOD + "[more]", "does not hold rates"),
        (GOOD.replace("0.01", "0"), "a number above 0"),
        (GOOD.replace("0.01", "nan"), "a number above 0"),
        (GOOD.replace("0.01", "-1"), "a number above 0"),
        (GOOD.replace("0.01", "1e99"), "a number above 0"),
        (GOOD.replace("0.01", "true"), "a number above 0"),
        (GOOD.replace("0.01", '"1"'), "a number above 0"),
        (GOOD.replace("2026-01-01", '"soon"'), "a day"),
        (GOOD.replace("2026-01-01", "2026-01-01T00:00:00"), "a day"),
        (GOOD.replace('"my bank"', '" "'), "in words"),
        (GOOD.replace('"USD"', '"usd"'), "three capital letters"),
        (GOOD.replace('"USD"', "3"), "three capital letters"),
        (GOOD.replace('"USD"', '"JPY"'), "name two currencies"),
        (GOOD.replace("source", "sauce"), "has a field 'sauce'"),
        (GOOD.replace('to = "USD"\n', ""), "lacks to"),
        (GOOD + GOOD, "a second time"),
        ("rate = [1]", "is not a table"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as error:
        read_rates(path)
    assert said in str(error.value)
    assert "rates.toml: " in str(error.value)
    assert "\n" not in str(error.value)


def test_no_code_of_a_file_reaches_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(GOOD.replace("my bank", r"\u001b[31mmy\u202e\tbank\u0007"), encoding="utf-8")
    assert str(read_rates(path).given[0]) == "1 JPY = 0.01 USD (2026-01-01, [31mmy bank)"
    path.write_text(GOOD.replace("my bank", r"\u001b\u0007"), encoding="utf-8")
    with pytest.raises(BadFile, match="in words"):
        read_rates(path)


def test_a_rate_of_a_day_to_come_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_rates(path, date(2026, 1, 1)).given
    with pytest.raises(BadFile, match="date is 2026-01-01, which is still to come; allowed: a day up to 2025-12-31"):
        read_rates(path, date(2025, 12, 31))
    path.write_text(GOOD.replace("2026-01-01", "9999-12-31"), encoding="utf-8")
    with pytest.raises(BadFile, match="still to come"):
        read_rates(path)


def test_a_file_that_is_no_text_or_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("a.toml", "."):
        with pytest.raises(BadFile):
            read_rates(tmp_path / name)


@pytest.mark.parametrize("text", ["", "12", "USD", "12 usd", "-1 USD", "nan USD", "inf USD", "1 2 USD", "12 USD EUR", "12 ÜSD"])
def test_an_amount_needs_a_number_and_a_currency(text: str) -> None:
    with pytest.raises(BadInput, match="allowed: "):
        read_amount(text)


def test_without_rates_nothing_is_found() -> None:
    assert Rates().find("USD", "EUR") is None
