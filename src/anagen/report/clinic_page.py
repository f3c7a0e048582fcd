"""The page of an offer, or of several side by side: one HTML file that needs no network and no script, to print and take along."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from anagen import __version__
from anagen.clinic.check import NOT_LEGAL, VERDICTS
from anagen.ground.text import clean
from anagen.report import clinic_words

if TYPE_CHECKING:
    from jinja2 import Template

    from anagen.clinic.check import Findings
    from anagen.clinic.compare import SideBySide


def render(answer: Findings | SideBySide) -> str:
    """The page, the same text for the same answer. All that an offer says is escaped."""
    from anagen.clinic.compare import SideBySide

    several = isinstance(answer, SideBySide)
    return _template().render(
        found=answer.found if isinstance(answer, SideBySide) else (answer,),
        side=answer if several else None,
        say=clinic_words,
        verdicts=VERDICTS,
        not_legal=NOT_LEGAL,
        style=files("anagen.report").joinpath("templates/page.css").read_text(encoding="utf-8"),
        version=__version__,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("anagen.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["clean"] = clean
    return environment.get_template("clinic.html")
