"""The page: one HTML file that needs no network and no script, to read on any screen or to print and hand over."""

from __future__ import annotations

from importlib.resources import files

from anagen import __version__
from anagen.belief import PRIOR
from anagen.compare import BANDS_HOLD, NOT_A_DEVICE, Comparison
from anagen.report import words
from anagen.report.figure import panels
from anagen.report.scalp import pictures


def render(answer: Comparison) -> str:
    """The page of one comparison, the same text for the same answer."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("anagen.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["capital"] = lambda text: f"{text[:1].upper()}{text[1:]}"
    return environment.get_template("page.html").render(
        answer=answer,
        bands_hold=BANDS_HOLD,
        not_a_device=NOT_A_DEVICE,
        is_prior=answer.belief.label == PRIOR,
        style=files("anagen.report").joinpath("templates/page.css").read_text(encoding="utf-8"),
        panels=panels(answer),
        pictures=pictures(answer),
        words=words,
        version=__version__,
    )
