"""The form of an NPI: the worked examples of the source, every single slip of the finger, and Luhn's check done another way."""

from __future__ import annotations

import random

import pytest

from anagen.clinic.npi import NPI, check_digit, why_not
from anagen.evidence.tables import row
from anagen.ground.errors import BadParameter


def luhn(digits: str) -> bool:
    """The textbook's check, over the whole number with its prefix written out."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        one = int(digit) * (1 + place % 2)
        total += one // 10 + one % 10
    return total % 10 == 0


def test_the_worked_example_of_the_rule_holds() -> None:
    assert "123456789 -> check digit 3" in row("vetting_rules", "us_npi_format").how_to_check
    assert str(NPI.parse(1234567893)) == "1234567893"
    assert check_digit("199399999") == 8


def test_it_is_luhn_over_80840_and_the_number() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        nine = f"{chance.randrange(10**9):09d}"
        assert [d for d in range(10) if luhn("80840" + nine + str(d))] == [check_digit(nine)]


def test_every_wrong_digit_and_most_swaps_are_caught() -> None:
    good = "1234567893"
    for at in range(10):
        for digit in "0123456789":
            if digit != good[at]:
                assert why_not(good[:at] + digit + good[at + 1 :]), (at, digit)
    swapped = [good[:at] + good[at + 1] + good[at] + good[at + 2 :] for at in range(9)]
    assert all(why_not(one) for one in swapped)  # Luhn misses only 09 and 90


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("12345678", "8 digits"),
        ("1", "1 digit,"),
        ("12345678931", "11 digits"),
        ("3234567893", "begins with 3"),
        ("123456789O", "something else than digits"),
        ("١٢٣٤٥٦٧٨٩٣", "something else than digits"),
        ("<script>alert(1)</script>", "something else than digits"),
        ("9" * 5000, "5000 digits"),
    ],
)
def test_what_is_wrong_is_said_in_one_short_sentence(text: str, why: str) -> None:
    assert why in why_not(text)
    with pytest.raises(BadParameter, match=why) as raised:
        NPI.parse(text)
    assert len(str(raised.value)) < 250
    assert "\n" not in str(raised.value)


def test_blanks_and_hyphens_of_every_kind_do_not_matter() -> None:
    assert {str(NPI(text)) for text in (" 1234567893\n", "123-456-7893", "1234–567 893", "\ufeff1234567893")} == {"1234567893"}
