"""What a person writes down for the therapy: frozen forms, and the one sentence that says what is wrong in one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from anagen.ground.errors import BadFile

F = TypeVar("F", bound="Form")


class Form(BaseModel):
    """Frozen, with no field beyond its own; numbers are finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def read_form(form: type[F], given: Mapping[str, Any], where: str) -> F:
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


def _sentence(form: type[Form], where: str, error: ValidationError) -> BadFile:
    first = min(error.errors(), key=lambda one: one["type"] == "missing")  # a misspelt field before the one it leaves missing
    name, kind, value = ".".join(str(part) for part in first["loc"]), first["type"], first.get("input")
    fields = list(form.model_fields)
    if kind == "extra_forbidden":
        if unit := [field for field in fields if field.startswith(f"{name}_")]:
            return BadFile(where, f"{name} has no unit", ", ".join(unit))
        near = difflib.get_close_matches(name, fields, n=1, cutoff=0.5)
        return BadFile(where, f"there is no field {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""), ", ".join(fields))
    if kind == "missing":
        return BadFile(where, f"{name} is missing", "it must be said")
    if kind == "value_error":
        return BadFile(where, (f"{name}: " if name else "") + str(first["ctx"]["error"]).rstrip("."))
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    if kind == "literal_error":
        return BadFile(where, f"{name} is {shown}", str(first["ctx"]["expected"]))
    if kind.startswith(("float", "finite", "int")):
        return BadFile(where, f"{name} is {shown}", "a whole number" if kind.startswith("int") else "a number, without its unit")
    return BadFile(where, f"{name} is {shown}", first["msg"][0].lower() + first["msg"][1:])
