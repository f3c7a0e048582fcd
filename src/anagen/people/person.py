"""One person, read from a TOML or JSON file. Whatever is wrong with the file is said in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from anagen.ground.errors import BadFile, BadInput
from anagen.ground.files import read_data
from anagen.ground.forms import Form, read_form
from anagen.people.signs import checked
from anagen.scalp.regions import SCALES, SEX_OF_SCALE, stage_shares

PATTERN = ("pattern hair loss", "male pattern hair loss", "female pattern hair loss", "androgenetic alopecia")
SHORT = {"aga": "androgenetic alopecia", "mphl": "male pattern hair loss", "fphl": "female pattern hair loss"}
MATTERS = ("more hair", "few side effects", "low cost", "few visits", "no surgery", "no daily drug", "sureness")


class Measured(Form):
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


class Taken(Form):
    """A treatment taken before today: `what` as in a plan, begun `since_years` ago, stopped `until_years` ago (0: still taken)."""

    what: str = Field(min_length=1)
    since_years: float = Field(gt=0, le=40)
    until_years: float = Field(default=0.0, ge=0, le=40)

    @model_validator(mode="after")
    def _forwards(self) -> Taken:
        if self.until_years >= self.since_years:
            raise ValueError(f"it was stopped {self.until_years:g} years ago, before it began {self.since_years:g} years ago")
        return self


class Budget(Form):
    """What may be spent over 24 months."""

    amount: float = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")


class Person(Form):
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
    data = read_data(path, name)
    if data == {}:
        raise BadFile(name, "the file is empty", "a person; see examples/man-norwood-3v.toml")
    return as_person(data, name)


def as_person(data: object, where: str) -> Person:
    """The person that the fields of a file tell of; `where` names it in errors. Raises `BadFile`.

    >>> as_person({"sex": "male", "age": 40}, "protocol.toml: who")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: protocol.toml: who: there is no field 'age'; did you mean ...
    """
    if not isinstance(data, dict):
        raise BadFile(where, "it is not a person", "one object with the fields of a person")
    return read_form(Person, data, where)
