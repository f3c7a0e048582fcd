"""Every field of every form, given every wrong kind: one plain sentence, in no word of the library that reads it."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from anagen.clinic.offer import Offer, Papers, Price, Product, Somebody, as_offer
from anagen.ground.errors import AnagenError, BadFile
from anagen.ground.forms import Form, read_form
from anagen.people.person import Budget, Measured, Person, Taken, as_person
from anagen.therapy.batches import Batch
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy
from anagen.therapy.inject import Site
from anagen.therapy.process import Recipe
from anagen.therapy.protocol import Course, Protocol, as_protocol
from anagen.therapy.release import Shown

PERSON = {"sex": "male", "age_years": 33, "condition": "male pattern hair loss", "scale": "norwood", "stage": "3v"}
OFFER = {"clinic": "Example", "jurisdiction": "US", "treatment": "svf"}
PROTOCOL = {
    "who": PERSON,
    "source": {"kind": "lipoaspirate", "volume_ml": 100},
    "recipe": {"name": "enzymatic_svf"},
    "site": {"scale": "norwood", "stage": "3v"},
}
WRONG: dict[str, Any] = {
    "text": "keloid",
    "no text": "",
    "number": -7,
    "part": 3.75,
    "huge": 1e300,
    "nan": float("nan"),
    "bool": True,
    "list": ["keloid"],
    "list of numbers": [1, 2.5],
    "list of bools": [True],
    "list of tables": [{"x": 1}],
    "empty list": [],
    "table": {"x": 1},
    "nested": {"x": [{"y": [1]}]},
    "lists in lists": [[["x"]]],
    "day": datetime.date(2026, 1, 31),
    "time": datetime.time(7, 30),
    "long": "a" * 30_000,
}
LIBRARY = re.compile(
    r"[Ii]nput should|valid (tuple|string|number|integer|boolean|dictionary|list|date)|validation error|\btype=|\binput_|pydantic"
    r"|\b(tuple|dict|NoneType|bool|str|int|True|datetime)\b|errors\.|at 0x|Form\b",
)
SMALL: list[type[Form]] = [
    Measured,
    Taken,
    Budget,
    Batch,
    Lipoaspirate,
    Marrow,
    ScalpBiopsy,
    Site,
    Recipe,
    Course,
    Shown,
    Product,
    Papers,
    Somebody,
    Price,
]


def _whole(
    read: Callable[..., object], good: dict[str, Any], top: type[Form], **parts: type[Form]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each field of a file, and of the tables in it, with each wrong value: where, and the call that reads it."""
    for name in [*top.model_fields, "nonsense"]:
        for kind, value in WRONG.items():
            yield f"{name} = {kind}", partial(read, {**good, name: value}, "file.toml")
    for table, form in parts.items():
        for name in [*form.model_fields, "nonsense"]:
            for kind, value in WRONG.items():
                given = {**good.get(table, {}), name: value}
                inner: Any = [given] if table in ("measured", "treatments", "people") else given
                yield f"{table}.{name} = {kind}", partial(read, {**good, table: inner}, "file.toml")


def _every() -> Iterator[tuple[str, Callable[[], object]]]:
    yield from _whole(as_person, PERSON, Person, measured=Measured, treatments=Taken, budget=Budget)
    yield from _whole(as_offer, OFFER, Offer, product=Product, shown=Papers, people=Somebody, price=Price)
    yield from _whole(as_protocol, PROTOCOL, Protocol, source=Lipoaspirate, recipe=Recipe, site=Site, injection=Course, release=Shown)
    for form in SMALL:
        for name in form.model_fields:
            for kind, value in WRONG.items():
                yield (
                    f"{form.__name__}.{name} = {kind}",
                    partial(read_form, form, {name: value}, "file.toml"),
                )


def test_no_wrong_kind_in_any_field_is_answered_in_words_of_the_library() -> None:
    said = {}
    for where, call in _every():
        try:
            call()
        except AnagenError as error:
            said[where] = str(error)
    assert len(said) > 2000
    own = {where: text.replace(repr("keloid"), "") for where, text in said.items()}
    assert {where: text for where, text in own.items() if LIBRARY.search(text) or "\n" in text or len(text) > 900} == {}


def test_a_word_of_the_library_would_be_seen() -> None:
    assert LIBRARY.search("conditions is 'keloid'; allowed: input should be a valid tuple")
    assert LIBRARY.search("1 validation error for Person")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"conditions": "keloid"}, "conditions is 'keloid'; allowed: a list of texts, as in conditions = [\"keloid\"]."),
        ({"conditions": [3]}, "conditions.1 is 3; allowed: text in quotes."),
        ({"age_years": True}, "age_years is true; allowed: a number."),
        ({"stage": True}, "stage is true; allowed: text in quotes."),
        ({"measured": {"region": "vertex"}}, "allowed: tables, [[measured]]."),
        ({"budget": 3}, "budget is 3; allowed: a table with amount, currency."),
        ({"budget": {"amount": True, "currency": "USD"}}, "budget.amount is true; allowed: a number."),
        ({"budget": {"amount": 3, "currency": "euros"}}, "budget.currency is 'euros'; allowed: three capital letters, as in USD."),
        ({"pregnant": "perhaps"}, "pregnant is 'perhaps'; allowed: true or false."),
        ({"agee": 3}, "there is no field 'agee'; did you mean 'age_years'?"),
        (
            {"measured": [{"region": "vertex", "published": "x"}]},
            "there is no field 'measured.1.published'; all that stands below [[measured]] belongs to it; allowed: published further up,",
        ),
        ({"xyzzy": 3}, "there is no field 'xyzzy'; allowed: sex,"),
        ({"measured": [{"region": "vertex", "density": 3}]}, "measured.1.density has no unit; allowed: density_per_cm2."),
    ],
)
def test_a_person_is_told_what_to_write(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadFile) as caught:
        as_person({**PERSON, **given}, "me.toml")
    assert said in str(caught.value)


def test_true_is_no_number_in_any_form() -> None:
    taken = []
    forms: list[type[Form]] = [*SMALL, Person, Offer, Protocol]
    for form in forms:
        for name, field in form.model_fields.items():
            if re.search(r"\b(int|float|date)\b", str(field.annotation)) and "bool" not in str(field.annotation):
                taken.append(name)
                with pytest.raises(BadFile, match=rf"{name} is (true|\[)"):
                    read_form(form, {name: [[True, 1.0]] if name == "points_cm" else True}, "file.toml")
    assert len(taken) > 40


def test_a_number_is_no_day() -> None:
    with pytest.raises(BadFile, match="date is 0; allowed: a day, as in 2026-01-31"):
        as_offer({**OFFER, "date": 0}, "offer.toml")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("kind", ["toml", "json"])
def test_a_file_is_read_whatever_program_wrote_it(tmp_path: Path, ending: str, mark: bytes, kind: str) -> None:
    from anagen.people.person import read_person

    lines = [f"{name} = {json.dumps(value)}" for name, value in PERSON.items()]
    text = "\n".join(lines) if kind == "toml" else json.dumps(PERSON, indent=1)
    path = tmp_path / f"me.{kind}"
    path.write_bytes(mark + text.replace("\n", ending).encode())
    assert read_person(path) == as_person(PERSON, "me")


@pytest.mark.parametrize("name", ["utf-16", "utf-16-be", "cp1252"])
def test_another_encoding_is_named(tmp_path: Path, name: str) -> None:
    from anagen.ground.files import read_text

    path = tmp_path / "me.toml"
    path.write_bytes(("\ufeff" if name == "utf-16-be" else "").encode(name) + "clinic = 'Köln'".encode(name))
    with pytest.raises(BadFile, match="not text in UTF-8 but in UTF-16" if name != "cp1252" else "not text in UTF-8") as caught:
        read_text(path)
    assert "\n" not in str(caught.value)


def test_every_reader_passes_over_a_byte_order_mark(tmp_path: Path) -> None:
    from anagen.clinic.offer import read_offer
    from anagen.costs.rates import read_rates
    from anagen.therapy.batches import read_batches
    from anagen.therapy.protocol import read_protocol

    examples = Path(__file__).parents[2] / "examples"
    (tmp_path / "therapy").mkdir()
    readers: dict[str, Callable[[Path], object]] = {
        "therapy/svf-enzymatic.toml": read_protocol,
        "clinic/us-prp.toml": read_offer,
        "costs/rates.toml": read_rates,
    }
    for person in examples.glob("*.toml"):
        (tmp_path / person.name).write_bytes(person.read_bytes())
    for name, read in readers.items():
        marked = tmp_path / "therapy" / Path(name).name
        marked.write_bytes(b"\xef\xbb\xbf" + (examples / name).read_bytes().replace(b"\n", b"\r\n"))
        assert read(marked) == read(examples / name)
    own = tmp_path / "own.csv"
    own.write_bytes(b"\xef\xbb\xbfof,name,value,unit\r\nenzymatic_svf,yield_per_g,400000,cells/g\r\n")
    assert len(read_batches(own)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"titel": "x", "source": {"kind": "fat"}}, "there is no field 'titel'; did you mean 'title'?"),
        ({"source": {"kind": "fat"}}, "source: there is no source of tissue 'fat'; the names are: (lipoaspirate, marrow, scalp_biopsy)"),
        ({"source": "fat"}, "source is 'fat'; allowed: a table, [source]"),
        ([1], "it is [1]; allowed: fields and their values"),
    ],
)
def test_a_protocol_is_told_its_own_field(given: Any, said: str) -> None:
    with pytest.raises(AnagenError) as caught:
        as_protocol(given, "mine.toml")
    assert said in str(caught.value)


def test_a_number_of_thousands_of_digits_is_one_sentence() -> None:
    with pytest.raises(BadFile, match="age_years is a number of thousands of digits; allowed: a number"):
        as_person({**PERSON, "age_years": 16**5000}, "me.toml")
