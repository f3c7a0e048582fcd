"""What each field of an offer may be written as: a number, text in quotes, yes or no, a list, a day. Nothing is taken for another thing.

Numbers have no mark for thousands. `8.900` is 8,900 to some and 8.90 to others, so it is refused, in quotes or not.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, Literal, get_origin

from anagen.ground.errors import BadFile
from anagen.ground.forms import KINDS, Form, members
from anagen.ground.text import short

PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
TWO_WAYS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
"""One point or comma, and three digits after it: thousands, or a part of one."""
FLAGS = {"true": True, "yes": True, "false": False, "no": False}
NUMBER = "digits with no mark for thousands, as 8900 or 8900.00"


class Written(float):
    """A number with a point as a file writes it, which `float` alone forgets.

    >>> Written("8.900").text
    '8.900'
    """

    text: str

    def __new__(cls, text: str) -> Written:
        made = super().__new__(cls, text)
        made.text = text
        return made


def typed(form: type[Form], given: Mapping[str, Any], where: str, as_text: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields that are of the form, each as the kind of thing it must be. Raises `BadFile`: one sentence that says how to write it.

    `as_text`: fields of text that may be whole numbers. Words of a closed list are left to the form, which names them.

    >>> from anagen.clinic.offer import Price
    >>> typed(Price, {"total": "8900", "deposit_refundable": "no"}, "price")
    {'total': 8900, 'deposit_refundable': False}
    >>> typed(Price, {"total": "8.900"}, "price")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: price: total is '8.900', which may be 8900 or 8.9; allowed: digits with no mark for thousands, ...
    """
    return {name: _one(name, value, form.model_fields[name].annotation, where, name in as_text) for name, value in given.items()}


def _one(name: str, value: Any, annotation: Any, where: str, as_text: bool) -> Any:
    kinds = {get_origin(one) or one for one in members(annotation)}
    if value is None or Literal in kinds:
        return value
    if kinds & {int, float}:
        return _number(name, value, where)
    if tuple in kinds:
        return _list(name, value, annotation, where)
    if datetime.date in kinds:
        return _day(name, value, where)
    if kinds == {bool}:
        flag = FLAGS.get(value.strip().casefold()) if isinstance(value, str) else value
        if not isinstance(flag, bool):
            raise BadFile(where, f"{name} is {short(value)}", "true or false")
        return flag
    if str in kinds and not isinstance(value, str):
        number = as_text and isinstance(value, int) and not isinstance(value, bool)
        if not number and not (bool in kinds and isinstance(value, bool)):
            raise BadFile(where, f"{name} is {short(value)}", "text in quotes" + (", or true" if bool in kinds else ""))
    return value


def _number(name: str, value: Any, where: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadFile(where, f"{name} is {short(value)}", "a number; where none was told, leave the line out")
    text = value.text if isinstance(value, Written) else value.strip() if isinstance(value, str) else ""
    if found := TWO_WAYS.fullmatch(text):
        whole, rest = found.groups()
        raise BadFile(where, f"{name} is {text!r}, which may be {whole}{rest} or {float(f'{whole}.{rest}'):g}", NUMBER)
    if not isinstance(value, str):
        return float(value) if isinstance(value, float) else value
    if not PLAIN.fullmatch(text):
        raise BadFile(where, f"{name} is {short(value)}", NUMBER)
    return float(text) if "." in text else int(text)


def _list(name: str, value: Any, annotation: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        raise BadFile(where, f"{name} is {short(value)}", 'a list in square brackets, as ["one", "two"]')
    if wrong := [one for one in value if not isinstance(one, str)]:
        raise BadFile(where, f"{name} holds {short(wrong[0])}", "text in quotes")
    return value


def _day(name: str, value: Any, where: str) -> Any:
    try:
        if isinstance(value, str):
            return datetime.date.fromisoformat(value.strip())
    except ValueError:
        pass
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise BadFile(where, f"{name} is {short(value)}", KINDS[datetime.date][0])
    return value


__all__ = ["Written", "typed"]
