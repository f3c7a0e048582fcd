"""A protocol: who is treated, from which tissue, by which recipe, where and how it is injected. Read from one TOML file.

::

    who = "../man-norwood-3v.toml"      a person file (from the protocol's own folder), or a table with the fields of a person
    title = "SVF, one session"          optional
    years = 2                           how far to look ahead, at most 5
    against = ["minoxidil 5%", "prp"]   other plans to set beside it, as sentences; left out: the first drugs
    batches = "our-batches.csv"         optional: a laboratory's own records

    [source]                            kind = lipoaspirate | marrow | scalp_biopsy, with its volume or number
    [recipe]                            name, and passage or graft_ml where the recipe needs them
    [site]                              region | points_cm | scale and stage | area_cm2
    [injection]                         optional: spacing, volume, depth, sessions, interval_days, the dose or coverage wanted
    [release]                           optional: what the laboratory shows of a batch
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import model_validator

from anagen.ground.errors import BadFile
from anagen.ground.files import read_data
from anagen.ground.forms import Form, no_field, read_form
from anagen.ground.text import short
from anagen.people.person import Person, as_person, read_person
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, read_source
from anagen.therapy.inject import Injection, Site
from anagen.therapy.process import Recipe, read_recipe
from anagen.therapy.release import Shown
from anagen.therapy.unknowns import limit

CULTURED = ("culture_adsc", "culture_dsc", "conditioned_medium")
"""Recipes whose one harvest makes the product of every session; of the others each session has a harvest of its own."""
MOST_SESSIONS = 24


class Course(Injection):
    """How to inject, and when: `interval_days` between sessions.

    The dose wanted, if the planner states one: `dose_per_cm2` or, in all, `dose_cells`; live cells drawn up for one session (of all
    sessions together, where they share the points), as trials state theirs. `coverage_share`: the share of follicles to reach, for
    which the spacing with the fewest needles is told; the plan keeps its own.
    """

    interval_days: float | None = None
    dose_per_cm2: float | None = None
    dose_cells: float | None = None
    coverage_share: float | None = None

    @model_validator(mode="after")
    def _fits(self) -> Course:
        if not 1 <= self.sessions <= MOST_SESSIONS:
            raise ValueError(f"sessions is {self.sessions}; allowed: a whole number from 1 to {MOST_SESSIONS}")
        least, most = (limit("inject", f"interval_{end}_days") for end in ("least", "most"))
        if self.interval_days is not None and not least <= self.interval_days <= most:
            raise ValueError(f"interval_days is {self.interval_days:,.7g}; allowed: {least:g} to {most:,.7g} days between two sessions")
        for name in ("dose_per_cm2", "dose_cells"):
            if (value := getattr(self, name)) is not None and not value > 0:
                raise ValueError(f"{name} is {value:g}; allowed: a number above 0")
        if self.coverage_share is not None and not 0 < self.coverage_share <= 1:
            raise ValueError(f"coverage_share is {self.coverage_share:g}; allowed: a share of follicles above 0 and at most 1")
        if self.sessions > 1 and self.interval_days is None:
            raise ValueError(f"interval_days is missing; {self.sessions} sessions need the days between them")
        if self.sessions == 1 and self.interval_days is not None:
            raise ValueError("interval_days is given for one session; allowed: with sessions = 2 or more")
        if self.dose_per_cm2 is not None and self.dose_cells is not None:
            raise ValueError("it has dose_per_cm2 and dose_cells; allowed: one of the two")
        return self

    @property
    def parts(self) -> int:
        """Into how many sessions the points of the grid are dealt, taken to be alike: 1 where each session has them all."""
        return self.sessions if self.share_points else 1

    @property
    def days(self) -> tuple[float, ...]:
        """The days of the sessions after the first."""
        return tuple(number * (self.interval_days or 0.0) for number in range(self.sessions))


class Protocol(Form):
    """One therapy for one person, from tissue to scalp. `batches`: the path of a laboratory's records; `release`: what it shows.

    `against`: other plans as sentences; None: the first drugs that fit the person.
    """

    who: Person
    source: Lipoaspirate | Marrow | ScalpBiopsy
    recipe: Recipe
    site: Site
    injection: Course = Course()
    release: Shown = Shown()
    title: str = ""
    years: float = 2.0
    against: tuple[str, ...] | None = None
    batches: str | None = None

    @property
    def harvests(self) -> int:
        """How many times tissue is taken."""
        return 1 if self.recipe.name in CULTURED else self.injection.sessions


def read_protocol(path: str | Path) -> Protocol:
    """The protocol in a TOML file. Raises `BadFile` or `UnknownName`: one sentence with the field, what it is and what is allowed.

    >>> read_protocol("nowhere.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.toml: there is no such file.
    """
    path = Path(path)
    name = path.name
    data = read_data(path, name)
    if not data:
        raise BadFile(name, "the file is empty", "a protocol; see examples/therapy/")
    return as_protocol(data, name, path.parent)


def as_protocol(data: Mapping[str, Any], where: str, folder: Path | None = None) -> Protocol:
    """The protocol that the fields of a file tell of; its paths start at `folder`. Raises as `read_protocol`.

    >>> as_protocol({"sauce": {}}, "mine.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: mine.toml: there is no field 'sauce'; did you mean 'source'?; allowed: who, source, ...
    """
    if not isinstance(data, Mapping):
        raise BadFile(where, f"it is {short(data)}", "fields and their values")
    folder, read = folder or Path(), dict(data)
    forms: dict[str, Callable[[Mapping[str, Any], str], object]] = {
        "source": read_source,
        "recipe": read_recipe,
        "site": lambda given, at: read_form(Site, given, at),
        "injection": lambda given, at: read_form(Course, given, at),
        "release": lambda given, at: read_form(Shown, given, at),
    }
    if strange := [name for name in read if name not in Protocol.model_fields]:
        raise no_field(list(Protocol.model_fields), strange[0], where)
    for name, form in forms.items():
        if name in read:
            if not isinstance(read[name], Mapping):
                raise BadFile(where, f"{name} is {short(read[name])}", f"a table, [{name}]")
            read[name] = form(read[name], f"{where}: {name}")
    if isinstance(who := read.get("who"), str):
        if not os.path.exists(folder / who):  # unlike `Path.exists`, of any text
            raise BadFile(f"{where}: who", f"there is no file {who[:200]}", "a path from the protocol's own folder, or a table [who]")
        read["who"] = read_person(folder / who)
    elif who is not None:
        read["who"] = as_person(who, f"{where}: who")
    if isinstance(batches := read.get("batches"), str):
        read["batches"] = str(folder / batches)
    return read_form(Protocol, read, where)
