"""Exchange rates that the user gives, in a small file. None is looked up, none is made of two others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf, nan
from pathlib import Path
from typing import Any

from anagen.ground.errors import BadFile, BadInput
from anagen.ground.files import parsed, read_text
from anagen.ground.text import clean

FIELDS = ("from", "to", "rate", "date", "source")


@dataclass(frozen=True)
class Rate:
    """One unit of `source_currency` is `rate` units of `to`, as of `day`; `source`: where the user has it from.

    >>> str(Rate("JPY", "USD", 0.01, date(2026, 1, 1), "my bank"))
    '1 JPY = 0.01 USD (2026-01-01, my bank)'
    """

    source_currency: str
    to: str
    rate: float
    day: date
    source: str

    def __post_init__(self) -> None:
        for code in (self.source_currency, self.to):
            currency_code(code)
        if not 0 < self.rate < 1e9:
            raise BadInput(f"the rate from {self.source_currency} to {self.to} is {self.rate:g}; allowed: a number above 0.")
        if self.source_currency == self.to:
            raise BadInput(f"the rate is from {self.to} to itself; name two currencies.")

    @property
    def back(self) -> Rate:
        """The same rate, the other way round."""
        return Rate(self.to, self.source_currency, 1 / self.rate, self.day, f"{self.source}; turned round")

    def __str__(self) -> str:
        return f"1 {self.source_currency} = {self.rate:.6g} {self.to} ({self.day.isoformat()}, {self.source})"


@dataclass(frozen=True)
class Rates:
    """Some rates. One that is given in one direction only is turned round; none is made of two others."""

    given: tuple[Rate, ...] = ()

    def find(self, source_currency: str, to: str) -> Rate | None:
        """The rate from one currency to another; None if none was given."""
        straight = next((one for one in self.given if (one.source_currency, one.to) == (source_currency, to)), None)
        turned = next((one for one in self.given if (one.to, one.source_currency) == (source_currency, to)), None)
        return straight or (turned.back if turned else None)


def currency_code(code: str) -> str:
    """A currency by its three letters. Raises `BadInput`.

    >>> currency_code("usd")
    Traceback (most recent call last):
    anagen.ground.errors.BadInput: 'usd' is not a currency; allowed: three capital letters, as in USD.
    """
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise BadInput(f"{code!r} is not a currency; allowed: three capital letters, as in USD.")
    return code


def read_amount(text: str) -> tuple[float, str]:
    """An amount and its currency, as a person writes it. Raises `BadInput`.

    >>> read_amount("120 USD"), read_amount("EUR 1,250.50")
    ((120.0, 'USD'), (1250.5, 'EUR'))
    """
    words = sorted(text.split(), key=str.isalpha)
    try:
        number = float(words[0].replace(",", "")) if len(words) == 2 else nan
    except ValueError:
        number = nan
    if not 0 <= number < inf:
        raise BadInput(f"{text[:40]!r} is not an amount; allowed: a number from 0 up and a currency, as in '120 USD'.")
    return number, currency_code(words[1])


def read_rates(path: str | Path, today: date | None = None) -> Rates:
    """The rates of a TOML file: tables `[[rate]]` with from, to, rate, date, source. today: the last day a rate may have.

    Raises `BadFile`: one sentence.

    >>> read_rates("nowhere.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.toml: there is no such file.
    """
    path = Path(path)
    name = path.name if path.is_absolute() else str(path)
    data = parsed(read_text(path, name), name)
    tables = data.get("rate")
    if set(data) != {"rate"} or not isinstance(tables, list) or not tables:
        raise BadFile(name, "it does not hold rates and nothing else", "one or more tables [[rate]]; see examples/costs/rates.toml")
    found: dict[tuple[str, str], Rate] = {}
    for number, table in enumerate(tables, 1):
        one = _rate(name, f"rate {number}", table, today or date.today())
        if (one.source_currency, one.to) in found:
            raise BadFile(name, f"rate {number} gives {one.source_currency} to {one.to} a second time", "each pair once")
        found[one.source_currency, one.to] = one
    return Rates(tuple(found.values()))


def _rate(name: str, where: str, table: Any, today: date) -> Rate:
    if not isinstance(table, Mapping):
        raise BadFile(name, f"{where} is not a table", "[[rate]]")
    if unknown := [key for key in table if key not in FIELDS]:
        raise BadFile(name, f"{where} has a field {unknown[0]!r}", ", ".join(FIELDS))
    if absent := [key for key in FIELDS if key not in table]:
        raise BadFile(name, f"{where} lacks {absent[0]}", ", ".join(FIELDS))
    if wrong := next((key for key in ("from", "to") if not isinstance(table[key], str)), None):
        raise BadFile(name, f"{where}: {wrong} is {table[wrong]!r}", "three capital letters, as in USD")
    value, day, source = table["rate"], table["date"], table["source"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFile(name, f"{where}: rate is {value!r}", "a number above 0")
    if type(day) is not date:
        raise BadFile(name, f"{where}: date is {day!r}", "a day, as in 2026-01-31")
    if day > today:
        raise BadFile(name, f"{where}: date is {day.isoformat()}, which is still to come", f"a day up to {today.isoformat()}")
    if not isinstance(source, str) or not clean(source):
        raise BadFile(name, f"{where}: source is {source!r}", "where the rate is from, in words")
    try:
        return Rate(table["from"], table["to"], float(value), day, clean(source))
    except (BadInput, OverflowError) as error:
        raise BadFile(name, f"{where}: {str(error).rstrip('.')}") from None
