"""A clinic's offer, as facts and as its own words, read from a TOML file. What is not shown counts as not shown."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator

from anagen.clinic.kinds import rows, treatments
from anagen.clinic.typed import Written, typed
from anagen.ground.errors import BadFile, UnknownName
from anagen.ground.files import parsed, read_text
from anagen.ground.forms import Form, no_field, read_form
from anagen.ground.text import nearest, short

STATES = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA"),
    *("MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN"),
    *("TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"),
)
PLACES = ("US", *(f"US-{state}" for state in STATES), "EU", "UK", "JP", "AU", "CA", "KR", "MX", "SG", "other")
"""Where an offer can be made; `other` is a place of which no rule was read."""
PLACES_IN_SHORT = ", ".join(place if place != "US" else "US, US-FL (or another state)" for place in PLACES if "-" not in place)
STEM_CELLS = ("svf", "adsc", "bone_marrow")
"""What is sold as "stem cells"."""
MOST_LETTERS = 20_000
"""Of advertising text: some seven pages, which are read within a second."""
MOST_PEOPLE = 50
MOST_BYTES = 200_000
MOST_NAME = 40

Line = Annotated[str, Field(max_length=2000)]
Shown = Line | bool | None
"""A document or a number that was shown: the number, or true. False or left out: not shown."""


NUMBERS = ("ind_number", "approval_number", "device_510k", "provision_plan_number", "hta_licence", "mhra_licence", "trial_registration")
"""Papers that are numbers: words alone show none."""


@cache
def _says_not_shown() -> frozenset[str]:
    return frozenset(_plain(row["words"]) for row in rows("not_shown.csv"))


def _plain(text: str) -> str:
    """Letters and digits alone, in small letters, with one blank between words."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def is_given(text: str) -> bool:
    """Does a text give something? One that is blank, or says that there is nothing (`data/clinic/not_shown.csv`), does not.

    >>> [is_given(text) for text in ("N/A", "-", " ninguno ", "Some University")]
    [False, False, False, True]
    """
    plain = _plain(text)
    return bool(plain) and plain not in _says_not_shown()


class Product(Form):
    """What is given: where it comes from, what is done to it, how it goes in."""

    source: Literal["fat", "marrow", "follicle", "blood", "donor_fat", "cord", "amnion", "plant", "none"] | None = None
    processing: Literal["enzymatic", "mechanical", "concentrate", "micrograft", "culture", "cell_free", "spun", "none"] | None = None
    own: bool | None = None
    same_day: bool | None = None
    route: Literal["injected", "topical", "iv"] | None = None
    use: Line = "hair loss"
    name: Line = ""
    maker: Line = ""
    lot: Line = ""


class Papers(Form):
    """What the clinic has shown."""

    ind_number: Shown = None
    approval_number: Shown = None
    irb: Shown = None
    consent_form: Shown = None
    serious_harms_listed: Shown = None
    evidence_limits: Shown = None
    lot_tests: Shown = None
    viability_report: Shown = None
    device_510k: Shown = None
    provision_plan_number: Shown = None
    hta_licence: Shown = None
    mhra_licence: Shown = None
    ca_authorisation: Shown = None
    hospital_exemption: Shown = None
    trial_registration: Shown = None
    control_group: Shown = None
    notice_of_non_approval: Shown = None
    price_in_writing: Shown = None
    complication_plan: Shown = None
    legal_basis: Shown = None
    licence_check: Shown = None
    warning_letter: Shown = None

    def shows(self, name: str) -> bool:
        """Was it shown? A blank string is not, nor one that says so ("none", "pending"); a number holds a digit.

        >>> [Papers(ind_number=given).shows("ind_number") for given in ("IND 12345", "None.", "applied for", "yes", True)]
        [True, False, False, False, True]
        """
        given = getattr(self, name)
        if not isinstance(given, str):
            return given is True
        return is_given(given) and (name not in NUMBERS or any(letter.isdigit() for letter in given))


AS_TEXT = ("npi", "licence")
"""Numbers of people, that are text and may stand without quotes."""


class Somebody(Form):
    """One of the people of the clinic, as the offer names them."""

    name: Line = ""
    role: tuple[Literal["diagnoses", "harvests", "injects", "follows_up"], ...] = Field(default=(), max_length=4)
    profession: Literal["physician", "nurse", "technician", "unknown"] = "unknown"
    npi: Line = ""
    licence: Line = ""
    state: Line = ""
    boards: tuple[Line, ...] = Field(default=(), max_length=10)
    taxonomy: Line = ""

    @field_validator(*AS_TEXT, mode="before")
    @classmethod
    def _as_written(cls, given: Any) -> Any:
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Part = Literal[
    "consultation", "harvest", "anaesthesia", "processing", "storage", "injection", "boosters", "follow_up", "complications", "travel"
]
PARTS: tuple[str, ...] = get_args(Part)
"""What a price can include."""


class Price(Form):
    """What the clinic asks. Amounts in `currency`; `includes`: of `PARTS`; `boosters`: how many are advised."""

    currency: str
    total: float | None = Field(default=None, ge=0, le=1e12)
    per_session: float | None = Field(default=None, ge=0, le=1e12)
    sessions: int | None = Field(default=None, ge=1, le=1000)
    area_cm2: float | None = Field(default=None, gt=0, le=2000)
    million_cells: float | None = Field(default=None, gt=0, le=1e6)
    includes: tuple[Part, ...] | None = Field(default=None, max_length=20)
    boosters: int | None = Field(default=None, ge=0, le=1000)
    booster_price: float | None = Field(default=None, ge=0, le=1e12)
    deposit: float | None = Field(default=None, ge=0, le=1e12)
    deposit_refundable: bool | None = None
    refund: Literal["none", "partial", "full", "unknown"] = "unknown"
    pay_on_consultation_day: bool | None = None
    discount_for_review: bool | None = None
    participant_pays: bool | None = None

    @field_validator("currency", mode="before")
    @classmethod
    def _three_letters(cls, given: Any) -> Any:
        if not isinstance(given, str) or not re.fullmatch("[A-Z]{3}", given):
            raise ValueError(f"{short(given)} is no currency code; write its three capital letters, such as USD or EUR")
        return given

    @field_validator("total", "per_session", "booster_price", "deposit", mode="before")
    @classmethod
    def _not_below_nothing(cls, given: Any) -> Any:
        if isinstance(given, int | float) and given < 0:
            raise ValueError(f"{given} is less than nothing; write 0 or more")
        return given


TABLES: dict[str, type[Form]] = {"[product]": Product, "[shown]": Papers, "[[people]]": Somebody, "[price]": Price}


class Offer(Form):
    """One clinic's offer. Only `clinic`, `jurisdiction` and `treatment` must be given.

    >>> offer = as_offer({"clinic": "Example", "jurisdiction": "US-FL", "treatment": "svf"}, "offer.toml")
    >>> offer.shown.shows("ind_number"), offer.price
    (False, None)
    """

    clinic: str = Field(min_length=1, max_length=300)
    jurisdiction: str
    treatment: str
    date: datetime.date | None = None
    advert: str = Field(default="", max_length=MOST_LETTERS)
    product: Product = Product()
    shown: Papers = Papers()
    people: tuple[Somebody, ...] = Field(default=(), max_length=MOST_PEOPLE)
    price: Price | None = None

    @property
    def country(self) -> str:
        """The place without its state."""
        return self.jurisdiction.split("-")[0]


def read_offer(path: str | Path) -> Offer:
    """The offer in a TOML file; `advert_file` is read from beside it. Raises `BadFile` or `UnknownName`: one sentence.

    >>> read_offer("nowhere.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.toml: there is no such file.
    """
    path = Path(path)
    text = _text(path)
    data = parsed(text, path.name, number=Written)
    if not data:
        raise BadFile(path.name, "the file is empty", "an offer; see examples/clinic/")
    if (beside := data.pop("advert_file", None)) is not None:
        if not isinstance(beside, str) or "advert" in data or Path(beside).name != beside:
            raise BadFile(path.name, f"advert_file is {beside!r}", "the name of one text file beside it, where advert itself is not given")
        data["advert"] = _text(path.parent / beside)
    return as_offer(data, path.name)


def as_offer(data: Mapping[str, Any], where: str) -> Offer:
    """The offer that the fields of a file or a form tell of; `where` names it in errors. Raises as `read_offer`.

    >>> as_offer({"clinic": "Example", "jurisdiction": "US-FLA", "treatment": "svf"}, "offer.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: offer.toml: jurisdiction is 'US-FLA'; write 'US-' and ...
    """
    read = dict(data)
    if set(read) <= set(Offer.model_fields):
        for name, form in (("product", Product), ("shown", Papers), ("price", Price)):
            if name in read:
                read[name] = read_form(form, _table(form, read[name], f"{where}: {name}"), f"{where}: {name}")
        people = read.get("people", ())
        if not isinstance(people, list | tuple) or len(people) > MOST_PEOPLE:
            raise BadFile(where, "people is not a list of people", f"at most {MOST_PEOPLE} tables, [[people]]")
        at = [f"{where}: people, number {place}" for place in range(1, len(people) + 1)]
        read["people"] = tuple(read_form(Somebody, _table(Somebody, one, place), place) for one, place in zip(people, at, strict=True))
    tables = {name: read.pop(name) for name in ("product", "shown", "price", "people") if name in read}
    offer = read_form(Offer, _table(Offer, read, where) | tables, where)
    if offer.jurisdiction not in PLACES:
        raise BadFile(where, f"jurisdiction is {offer.jurisdiction[:MOST_NAME]!r}; {_nearest_place(offer.jurisdiction)}", PLACES_IN_SHORT)
    if "stemcell" in _plain(offer.treatment).replace(" ", ""):
        said = "which may be one of several; ask the clinic where the cells come from"
        raise BadFile(where, f"treatment is {offer.treatment[:MOST_NAME]!r}, {said}", ", ".join(STEM_CELLS))
    if offer.treatment not in treatments():
        raise UnknownName("treatment", offer.treatment[:40], treatments(), "`anagen risks`")
    return offer


def _nearest_place(given: str) -> str:
    """What to write for a place that is not one of ours."""
    if given.upper() in PLACES:
        return f"did you mean {given.upper()!r}?"
    named = {_plain(row["name"]): row["place"] for row in rows("places.csv")}
    plain = _plain(given)[:MOST_NAME]
    near = [plain] if plain in named else difflib.get_close_matches(plain, named, n=1, cutoff=0.8)
    if near:
        return f"did you mean {named[near[0]]!r}?"
    return "write 'US-' and the two letters of a state" if plain.startswith("us ") else "for a country without rules here write 'other'"


def _table(form: type[Form], given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BadFile(where, "it is not a table", "fields and their values")
    _known(form, given, where)
    return typed(form, given, where, AS_TEXT)


def _known(form: type[Form], given: Mapping[str, Any], where: str) -> None:
    """Raises `BadFile` for a field that is none, with the nearest one that is."""
    for strange in (name for name in given if name not in form.model_fields):
        told = strange[:MOST_NAME]
        of = {field: table for table, other in TABLES.items() for field in other.model_fields if field not in form.model_fields}
        near = nearest(told, [*form.model_fields, *of])
        if near not in of:
            raise no_field(list(form.model_fields), told, where)
        raise BadFile(where, f"there is no field {told!r}; did you mean {near!r} of {of[near]}?", ", ".join(form.model_fields))


def _text(path: Path) -> str:
    try:
        too_large = (path.is_file() and path.stat().st_size > MOST_BYTES) or path.is_fifo() or path.is_char_device()
    except (OSError, ValueError):
        too_large = False
    if too_large:
        raise BadFile(path.name, "it is too large to be an offer", f"a file of at most {MOST_BYTES:,} bytes")
    return read_text(path, path.name)


__all__ = ["PARTS", "PLACES", "Offer", "Papers", "Price", "Product", "Somebody", "as_offer", "is_given", "read_offer"]
