"""One person, read from a TOML file. Whatever is wrong with the file is said in one sentence."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from anagen.ground.errors import BadFile

Stage = Literal["1", "2", "2a", "3", "3a", "3v", "4", "4a", "5", "5a", "6", "7"]


class Model(BaseModel):
    """Read from a file or a form: frozen, extra fields forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Measured(Model):
    """A hair count of one region: density in hairs/cm2, and where the number comes from."""

    region: Literal["vertex"]
    density_per_cm2: float = Field(gt=0, le=400)
    source: str = ""


class Person(Model):
    """A person who has male pattern hair loss at the vertex, as their file tells it.

    sex, age_years (18 to 90), condition, scale and stage (Norwood-Hamilton), one measured vertex density. `published`
    names a study whose published results shall be printed beside the answer.
    """

    sex: Literal["male"]
    age_years: float = Field(ge=18, le=90)
    condition: Literal["male pattern hair loss"]
    scale: Literal["norwood"]
    stage: Stage
    measured: tuple[Measured, ...] = Field(min_length=1, max_length=1)
    published: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_line_stage(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("stage"), int):
            return {**data, "stage": str(data["stage"])}
        return data

    @property
    def vertex_density_per_cm2(self) -> float:
        """The measured density of the vertex."""
        return self.measured[0].density_per_cm2


def read_person(path: str | Path) -> Person:
    """The person in a TOML file. Raises `BadFile`: one sentence with the field, what it is and what is allowed.

    >>> read_person("nowhere.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.toml: there is no such file.
    """
    path = Path(path)
    name = path.name if path.is_absolute() else str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFile(name, "there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or "unknown").lower()
        raise BadFile(name, f"it cannot be read ({reason})") from None
    if not text.strip():
        raise BadFile(name, "the file is empty", "a person; see examples/man-norwood-3v.toml")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(name, f"it is not TOML ({str(error)[0].lower()}{str(error)[1:]})") from None
    try:
        return Person.model_validate(data)
    except ValidationError as error:
        raise _sentence(name, error) from None


def _sentence(path: str, error: ValidationError) -> BadFile:
    """The first thing that is wrong, in one sentence."""
    first = error.errors()[0]
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"]) or "the person"
    kind, context, value = first["type"], first.get("ctx", {}), first.get("input")
    if kind == "extra_forbidden":
        fields = list((Measured if "measured" in first["loc"] else Person).model_fields)
        near = difflib.get_close_matches(str(first["loc"][-1]), fields, n=1, cutoff=0.5)
        return BadFile(path, f"there is no field {where!r}" + (f"; did you mean {near[0]!r}?" if near else ""), ", ".join(fields))
    if kind == "missing":
        return BadFile(path, f"{where} is missing", "every person file must say it")
    if kind == "literal_error":
        return BadFile(path, f"{where} is {value!r}", str(context["expected"]))
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        words = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}[bounds[kind]]
        return BadFile(path, f"{where} is {value!r}", f"a number {words} {context[bounds[kind]]:g}")
    return BadFile(path, f"{where} is {value!r}", first["msg"][0].lower() + first["msg"][1:])
