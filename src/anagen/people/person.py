"""One person, read from a TOML or JSON file. Whatever is wrong with the file is said in one sentence."""

from __future__ import annotations

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from anagen.ground.errors import BadFile, BadInput
from anagen.people.signs import checked
from anagen.scalp.regions import SCALES, SEX_OF_SCALE, stage_shares

PATTERN = ("pattern hair loss", "male pattern hair loss", "female pattern hair loss", "androgenetic alopecia")
SHORT = {"aga": "androgenetic alopecia", "mphl": "male pattern hair loss", "fphl": "female pattern hair loss"}
MATTERS = ("more hair", "few side effects", "low cost", "few visits", "no surgery", "no daily drug", "sureness")


class Model(BaseModel):
    """Read from a file or a form: frozen, extra fields forbidden, no number that is not one."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)


class Measured(Model):
    """What was counted in one region: densities in hairs/cm2, mean calibre in um, and where the numbers come from."""

    region: Literal["frontal", "temples", "midscalp", "vertex"]
    density_per_cm2: float | None = Field(default=None, gt=0, le=400)
    terminal_density_per_cm2: float | None = Field(default=None, ge=0, le=400)
    calibre_um: float | None = Field(default=None, ge=10, le=120)
    source: str = ""

    @model_validator(mode="after")
    def _something(self) -> Measured:
        if self.density_per_cm2 is None and self.terminal_density_per_cm2 is None and self.calibre_um is None:
            raise ValueError("it holds no number; give density_per_cm2, terminal_density_per_cm2 or calibre_um")
        if self.density_per_cm2 is not None and (self.terminal_density_per_cm2 or 0) > self.density_per_cm2:
            raise ValueError("terminal_density_per_cm2 is above density_per_cm2, of which it is a part")
        return self


class Taken(Model):
    """A treatment taken before today: `what` as in a plan, begun `since_years` ago, stopped `until_years` ago (0: still taken)."""

    what: str = Field(min_length=1)
    since_years: float = Field(gt=0, le=40)
    until_years: float = Field(default=0.0, ge=0, le=40)

    @model_validator(mode="after")
    def _forwards(self) -> Taken:
        if self.until_years >= self.since_years:
            raise ValueError(f"it was stopped {self.until_years:g} years ago, before it began {self.since_years:g} years ago")
        return self


class Budget(Model):
    """What may be spent over 24 months."""

    amount: float = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")


class Person(Model):
    """A person with hair loss, as their file tells it. Everything but sex, age, condition, scale and stage may be left out.

    `signs`: words of `data/suitability/signs.csv`; `()` is asked and none, None is not asked. `bmi` is in kg/m2.

    >>> Person(sex="female", age_years=45, condition="pattern hair loss", scale="ludwig", stage=2).stage
    '2'
    """

    sex: Literal["male", "female"]
    age_years: float = Field(ge=0, le=110)
    condition: str
    scale: Literal["norwood", "ludwig", "sinclair"]
    stage: str
    measured: tuple[Measured, ...] = ()
    hair_group: Literal["african", "asian", "caucasian"] | None = None
    years_since_onset: float | None = Field(default=None, ge=0, le=80)
    treatments: tuple[Taken, ...] = ()
    pregnant: bool = False
    breastfeeding: bool = False
    may_become_pregnant: bool | None = None
    bmi: float | None = Field(default=None, ge=10, le=100)
    smoker: bool | None = None
    platelets_per_ul: float | None = Field(default=None, gt=0, le=2_000_000)
    signs: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    budget: Budget | None = None
    what_matters: tuple[str, ...] = ()
    published: str | None = None

    @field_validator("stage", mode="before")
    @classmethod
    def _stage_as_written(cls, stage: Any) -> Any:
        return str(stage).lower() if isinstance(stage, int | str) and not isinstance(stage, bool) else stage

    @field_validator("condition", mode="before")
    @classmethod
    def _lower(cls, condition: Any) -> Any:
        return SHORT.get(condition.strip().lower(), condition.strip().lower()) if isinstance(condition, str) else condition

    @field_validator("what_matters")
    @classmethod
    def _known(cls, wanted: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [word for word in wanted if word not in MATTERS]:
            raise ValueError(f"{unknown[0]!r} is not among the things that can matter: {', '.join(MATTERS)}")
        return wanted

    @field_validator("signs")
    @classmethod
    def _signs_we_know(cls, given: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        return checked(given, info.data.get("sex", "")) if given else given

    @model_validator(mode="after")
    def _fits(self) -> Person:
        if SEX_OF_SCALE[self.scale] != self.sex:
            scales = " or ".join(scale for scale, sex in SEX_OF_SCALE.items() if sex == self.sex)
            raise ValueError(f"scale is {self.scale!r}, which is not used for a {self.sex} person; allowed: {scales}")
        if ((self.condition.split() or [""])[0] in ("male", "female")) and not self.condition.startswith(self.sex):
            raise ValueError(f"condition is {self.condition!r} but sex is {self.sex!r}; say pattern hair loss")
        for field in ("pregnant", "breastfeeding", "may_become_pregnant"):
            if getattr(self, field) and self.sex == "male":
                raise ValueError(f"{field} is true but sex is 'male'; one of them must be wrong")
        if self.years_since_onset is not None and self.years_since_onset > self.age_years:
            raise ValueError(f"years_since_onset is {self.years_since_onset:g}, more than the {self.age_years:g} years of life")
        if any(taken.since_years > self.age_years for taken in self.treatments):
            raise ValueError("treatments began before birth; since_years counts back from today")
        regions = [one.region for one in self.measured]
        if len(set(regions)) < len(regions):
            raise ValueError("measured holds one region twice; give each region once")
        try:
            stage_shares(self.scale, self.stage)
        except BadInput as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def title(self) -> str:
        """Who this is, in a few words."""
        word = "man" if self.sex == "male" else "woman"
        return f"{word} of {self.age_years:g}, {SCALES[self.scale]} {self.stage.upper()}"


def read_person(path: str | Path) -> Person:
    """The person in a TOML or JSON file. Raises `BadFile`: one sentence with the field, what it is and what is allowed.

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
    except (OSError, ValueError) as error:
        reason = "it is not text in UTF-8" if isinstance(error, ValueError) else (getattr(error, "strerror", "") or "unknown").lower()
        raise BadFile(name, f"it cannot be read ({reason})") from None
    if not text.strip():
        raise BadFile(name, "the file is empty", "a person; see examples/man-norwood-3v.toml")
    kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
    try:
        data = json.loads(text) if kind == "JSON" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error).replace("\n", " ") or "too deep"
        raise BadFile(name, f"it is not {kind} ({reason[0].lower()}{reason[1:]})") from None
    return as_person(data, name)


def as_person(data: object, where: str) -> Person:
    """The person that the fields of a file tell of; `where` names it in errors. Raises `BadFile`.

    >>> as_person({"sex": "male", "age": 40}, "protocol.toml: who")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: protocol.toml: who: there is no field 'age'; did you mean ...
    """
    if not isinstance(data, dict):
        raise BadFile(where, "it is not a person", "one object with the fields of a person")
    try:
        return Person.model_validate(data)
    except ValidationError as error:
        raise _sentence(where, error) from None


_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def _sentence(path: str, error: ValidationError) -> BadFile:
    """The first thing that is wrong, in one sentence."""
    first = min(error.errors(), key=lambda one: one["type"] == "missing")  # a misspelt field before the one it leaves missing
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    kind, context, value = first["type"], first.get("ctx", {}), first.get("input")
    if kind == "extra_forbidden":
        models: dict[Any, type[Model]] = {"measured": Measured, "treatments": Taken, "budget": Budget}
        fields = list(models.get(first["loc"][0] if len(first["loc"]) > 1 else None, Person).model_fields)
        typed = str(first["loc"][-1])
        near = [name for name in fields if name.startswith(f"{typed}_")] or difflib.get_close_matches(typed, fields, n=1, cutoff=0.5)
        return BadFile(path, f"there is no field {where!r}" + (f"; did you mean {near[0]!r}?" if near else ""), ", ".join(fields))
    if kind == "missing":
        return BadFile(path, f"{where} is missing", "every person file must say it")
    if kind in ("float_parsing", "float_type", "finite_number"):
        return BadFile(path, f"{where} is {value!r}", "a number")
    if kind == "value_error":
        return BadFile(path, (f"{where}: " if where else "") + str(context["error"]).rstrip("."))
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    if kind == "literal_error":
        return BadFile(path, f"{where} is {shown}", str(context["expected"]))
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return BadFile(path, f"{where} is {shown}", f"a number {words} {context[key]:g}")
    return BadFile(path, f"{where} is {shown}", first["msg"][0].lower() + first["msg"][1:])
