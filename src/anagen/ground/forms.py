"""What a person writes down: frozen forms, and the one sentence, in plain words, that says what is wrong in one."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from anagen.ground.errors import BadFile
from anagen.ground.text import nearest, short

F = TypeVar("F", bound="Form")

BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
PATTERNS = {"^[A-Z]{3}$": "three capital letters, as in USD"}
MEASURES = re.compile("_(ml|mm|cm|um|cm2|cells|kg|days|per_ml|per_cm2|eu_per_ml)(_|$)")
"""How the name of a field goes on where it says its unit."""
KINDS: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "true or false"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("text in quotes", "texts"),
    datetime.date: ("a day, as in 2026-01-31", "days"),
}
"""What is asked for, of one and of many."""


class Form(BaseModel):
    """Frozen, with no field beyond its own; numbers are finite; true and false are no numbers, and a number is no day."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, given: Any, info: ValidationInfo) -> Any:
        kinds = _kinds(cls.model_fields[info.field_name or ""].annotation)
        if bool not in kinds and _has(given, bool) and (kinds & {int, float, datetime.date}):
            raise PydanticCustomError("wrong_kind", "true or false is no number")
        if datetime.date in kinds and not kinds & {int, float} and _has(given, (int, float)):
            raise PydanticCustomError("wrong_kind", "a number is no day")
        return given


def read_form(form: type[F], given: object, where: str) -> F:
    """A form filled with what a file or a person gives. Raises `BadFile`: one sentence with the field, what it is and what is allowed.

    >>> from anagen.therapy.extract import Lipoaspirate
    >>> read_form(Lipoaspirate, {"volume": 100}, "protocol.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: protocol.toml: volume has no unit; allowed: volume_ml.
    """
    try:
        return form.model_validate(given)
    except ValidationError as error:
        raise _sentence(form, where, error) from None


def no_field(fields: Sequence[str], name: str, where: str, shown: str = "") -> BadFile:
    """There is no such field: the nearest one, and all there are; `shown`: the whole path to it.

    >>> str(no_field(["age_years", "stage"], "agee", "me.toml"))
    "me.toml: there is no field 'agee'; did you mean 'age_years'?; allowed: age_years, stage."
    """
    near = nearest(name, fields)
    return BadFile(where, f"there is no field {short(shown or name)}" + (f"; did you mean {near!r}?" if near else ""), ", ".join(fields))


def _sentence(form: type[Form], where: str, error: ValidationError) -> BadFile:
    """The first thing that is wrong, in one sentence; a misspelt field before the one it leaves missing."""
    first = min(error.errors(include_url=False), key=lambda one: one["type"] == "missing")
    kind, context, value = first["type"], first.get("ctx", {}), first.get("input")
    known, asked, path = _at(form, first["loc"])
    name = ".".join(path)
    if kind == "extra_forbidden":
        fields, last = list(known.model_fields), path[-1]
        if known is not form and last in form.model_fields:
            below = f"all that stands below [[{path[0]}]] belongs to it"
            return BadFile(where, f"there is no field {name!r}; {below}", f"{last} further up, above the first line in [ ]")
        if unit := [field for field in fields if field.startswith(f"{last}_") and MEASURES.match(field[len(last) :])]:
            return BadFile(where, f"{name} has no unit", ", ".join(unit))
        return no_field(fields, last, where, name)
    if kind == "missing":
        return BadFile(where, f"{name} is missing", "it must be said")
    if kind == "value_error":
        return BadFile(where, (f"{name}: " if name else "") + str(context["error"]).rstrip("."))
    if kind in BOUNDS:
        key, words = BOUNDS[kind]
        return BadFile(where, f"{name} is {short(value)}", f"a number {words} {context[key]:g}")
    if kind == "string_too_long":
        return BadFile(where, f"{name} has {len(str(value))} letters", f"at most {context['max_length']}")
    if kind == "string_too_short":
        return BadFile(where, f"{name} is {short(value)}", "text that is not empty")
    if kind == "too_long":
        return BadFile(where, f"{name} is a list of {context['actual_length'] or 'too many'}", f"at most {context['max_length']}")
    if kind == "string_pattern_mismatch":
        return BadFile(where, f"{name} is {short(value)}", PATTERNS[context["pattern"]])
    if not name:
        return BadFile(where, f"it is {short(value)}", "fields and their values")
    return BadFile(where, f"{name} is {short(value)}", _asked(asked, path[-1], value))


def members(kind: Any) -> list[Any]:
    """The kinds of a union, without None; of any other kind itself."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        return [one for part in get_args(kind) if part is not NoneType for one in members(part)]
    return [kind]


def _kinds(kind: Any) -> set[Any]:
    """Every plain kind that a field takes, in its lists too."""
    found = set()
    for one in members(kind):
        found |= {part for item in get_args(one) for part in _kinds(item)} if get_origin(one) is tuple else {one}
    return found


def _has(given: Any, kind: type | tuple[type, ...], deep: int = 2) -> bool:
    """Whether a value is of a kind, or a list (or a list of lists) that holds one."""
    inside = isinstance(given, list | tuple) and deep > 0
    return any(_has(one, kind, deep - 1) for one in given) if inside else isinstance(given, kind)


def _at(form: type[Form], place: Sequence[int | str]) -> tuple[type[Form], Any, list[str]]:
    """What stands at a place of a form: the form it is in, its kind, and the path to it as a person counts (lists from 1)."""
    kind: Any = form
    path = []
    for part in place:
        parts = members(kind)
        if isinstance(part, int):
            kind = next((get_args(one)[0] for one in parts if get_origin(one) is tuple), kind)
        else:
            forms = [one for one in parts if isinstance(one, type) and issubclass(one, Form)]
            if tagged := [one for one in forms if one.__name__ == part]:
                form = kind = tagged[0]
                continue  # the name of one kind of a union
            if not forms:
                continue
            form = next((one for one in forms if part in one.model_fields), forms[0])
            kind = form.model_fields[part].annotation if part in form.model_fields else Any
        path.append(str(part + 1) if isinstance(part, int) else part)
    return form, kind, path


def _asked(kind: Any, name: str, given: Any) -> str:
    """What a field takes, in plain words."""
    said: list[str] = []
    for one in members(kind):
        if get_origin(one) is Literal:
            said += [repr(option) for option in get_args(one)]
        elif get_origin(one) is tuple:
            said.append(_list(one, name, given))
        elif isinstance(one, type) and issubclass(one, BaseModel):
            said.append(f"a table with {', '.join(one.model_fields)}")
        else:
            said.append(KINDS[one][0])
    unit = ", without its unit" if said == ["a number"] and isinstance(given, str | float) else ""
    return " or ".join([", ".join(said[:-1]), said[-1]] if said[:-1] else said) + unit


def _list(kind: Any, name: str, given: Any) -> str:
    inner = [one for part in get_args(kind) if part is not Ellipsis for one in members(part)]
    if isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return f"tables, [[{name}]]"
    if get_origin(inner[0]) is tuple:
        return "a list of pairs of numbers"
    if get_origin(inner[0]) is Literal:
        return f"a list, as in {name} = [{', '.join(map(repr, get_args(inner[0])[:2]))}]"
    many = KINDS[inner[0]][1]
    example = given if isinstance(given, str) and "\n" not in given and 0 < len(given) <= 30 else "..."
    return f"a list of {many}" + (f', as in {name} = ["{example}"]' if many == "texts" else "")
