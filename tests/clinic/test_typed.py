"""Each field of an offer is of one kind: what is written as another is refused in one sentence, and never read as something else."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from anagen.clinic.facts import facts_of
from anagen.clinic.offer import Offer, Papers, Price, Product, Somebody, as_offer, read_offer
from anagen.clinic.quote import normalised
from anagen.ground.errors import BadFile

LEAST = {"clinic": "A", "jurisdiction": "US", "treatment": "svf"}
NUMBERS = {"total", "per_session", "sessions", "area_cm2", "million_cells", "boosters", "booster_price", "deposit"}
FLAGS = {
    "price": {"deposit_refundable", "pay_on_consultation_day", "discount_for_review", "participant_pays"},
    "product": {"own", "same_day"},
}


def offered(table: str, **fields: Any) -> Offer:
    given: Any = {"currency": "USD", **fields} if table == "price" else fields
    return as_offer({**LEAST, table: [given] if table == "people" else given}, "a.toml")


def refused(table: str, **fields: Any) -> str:
    with pytest.raises(BadFile) as caught:
        offered(table, **fields)
    said = str(caught.value)
    assert "\n" not in said
    assert "allowed: " in said
    assert "input should" not in said
    return said


def test_the_numbers_are_all_that_there_are() -> None:
    assert {name for name, one in Price.model_fields.items() if {"int", "float"} & set(str(one.annotation).split(" | "))} == NUMBERS


@pytest.mark.parametrize("name", sorted(NUMBERS))
@pytest.mark.parametrize("given", ["8.900", "8,900", "62.500", " 1.000 ", "999,999"])
def test_a_point_or_comma_before_three_digits_is_refused(name: str, given: str) -> None:
    said = refused("price", **{name: given})
    thousands = given.strip().replace(",", "").replace(".", "")
    assert f"{name} is '{given.strip()}', which may be {thousands} or " in said
    assert "as 8900 or 8900.00" in said


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_so_is_one_without_quotes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "o.toml"
    head = 'clinic = "A"\njurisdiction = "US"\ntreatment = "svf"\n[price]\ncurrency = "USD"\n'
    path.write_text(f"{head}{name} = 8.900\n", encoding="utf-8")
    with pytest.raises(BadFile, match=f"{name} is '8.900', which may be 8900 or 8.9"):
        read_offer(path)
    path.write_text(f"{head}{name} = 9\n", encoding="utf-8")
    assert getattr(read_offer(path).price, name) == 9


@pytest.mark.parametrize(
    ("written", "value"), [("8900", 8900), ("8900.00", 8900), ("8_900", 8900), ("8900.500", 8900.5), ("0.500", 0.5), ("8.90", 8.9)]
)
def test_a_number_that_means_one_thing_is_read(written: str, value: float, tmp_path: Path) -> None:
    path = tmp_path / "o.toml"
    path.write_text(f'clinic = "A"\njurisdiction = "US"\ntreatment = "svf"\n[price]\ncurrency = "USD"\ntotal = {written}\n')
    course = normalised(read_offer(path)).course
    assert course is not None
    assert course.value == value
    if "_" not in written:
        price = offered("price", total=written).price
        assert price is not None
        assert price.total == value


@pytest.mark.parametrize("given", ["", "8900 USD", "$8900", "8,9", "8.900,00", "8,900.00", "1.234.567", "1e3", "nan", "٣", "9" * 5000])
def test_text_that_is_no_number_is_refused(given: str) -> None:
    assert "as 8900 or 8900.00" in refused("price", total=given)


@pytest.mark.parametrize("name", sorted(NUMBERS))
@pytest.mark.parametrize("given", [True, False, [1], {}])
def test_yes_and_no_are_no_numbers(name: str, given: Any) -> None:
    assert "allowed: a number" in refused("price", **{name: given})


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, names in FLAGS.items() for name in sorted(names)])
def test_yes_or_no_is_told_as_such(table: str, name: str) -> None:
    for given in (1, 0, 2, "maybe", [True], 1.0):
        assert refused(table, **{name: given}).endswith("allowed: true or false.")
    for given, value in ((True, True), ("yes", True), ("No", False), (False, False)):
        assert getattr(getattr(offered(table, **{name: given}), table), name) is value


@pytest.mark.parametrize("name", sorted(Papers.model_fields))
def test_a_paper_is_text_or_true(name: str) -> None:
    for given in (1, 0, 12345, 1.5, ["a"], datetime.date(2026, 3, 1)):
        assert refused("shown", **{name: given}).endswith("allowed: text in quotes, or true.")
    for shown, value in ((True, True), ("No. 12345", True), (False, False), ("false", False)):
        assert facts_of(offered("shown", **{name: shown}))[name].value is value


def test_text_is_text() -> None:
    forms = {"product": Product, "people": Somebody}
    for table, form in forms.items():
        names = [name for name, one in form.model_fields.items() if one.annotation is str]
        assert len(names) >= 4
        for name in names:
            for given in (True, 1.5, ["a"], *([5] if name not in ("npi", "licence") else [])):
                assert refused(table, **{name: given}).endswith("allowed: text in quotes.")
    for name in ("clinic", "jurisdiction", "treatment", "advert"):
        with pytest.raises(BadFile, match=f"{name} is true; allowed: text in quotes"):
            as_offer({**LEAST, name: True}, "a.toml")
    assert offered("people", npi=1234567893, licence=12).people[0].licence == "12"


def test_a_list_is_a_list_of_text() -> None:
    for table, name in (("price", "includes"), ("people", "boards"), ("people", "role")):
        assert "a list in square brackets" in refused(table, **{name: "harvest"})
        assert f"{name} holds true" in refused(table, **{name: [True]})


@pytest.mark.parametrize("given", [True, 0, 20261001, "soon", datetime.datetime(2026, 1, 1), 1.5])
def test_a_day_is_a_day(given: Any) -> None:
    with pytest.raises(BadFile, match=r"date is .*; allowed: a day, as in 2026-01-31"):
        as_offer({**LEAST, "date": given}, "a.toml")
    assert as_offer({**LEAST, "date": "2026-10-01"}, "a.toml").date == datetime.date(2026, 10, 1)
