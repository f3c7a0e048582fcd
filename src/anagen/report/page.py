"""The page: one HTML file that needs no network and no script, to read on any screen or to print and hand over."""

from __future__ import annotations

from importlib.resources import files

from anagen import __version__
from anagen.belief import PRIOR
from anagen.choices import Choices, choices
from anagen.compare import NOT_A_DEVICE, Comparison
from anagen.evidence.certainty import MEANS
from anagen.forecast import BANDS_HOLD
from anagen.grounds.unknowns import MARKS, said
from anagen.report import choices_words, words
from anagen.report.figure import panels
from anagen.report.icons import icons
from anagen.report.scalp import pictures
from anagen.report.tables import glance, regions
from anagen.treatments.join_trial import JoinTrial

FEW = 4
"""Up to so many options stand side by side; more are folded by kind."""


def render(answer: Comparison, weighed: Choices | None = None) -> str:
    """The page of one comparison, the same text for the same answer; `weighed`: its choices, where they are at hand."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("anagen.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["capital"] = words.capital
    scale, rows = glance(answer)
    weighed = weighed or choices(answer)
    every = [option.known().grounds for option in answer.forecasts]
    return environment.get_template("page.html").render(
        answer=answer,
        bands_hold=BANDS_HOLD,
        not_a_device=NOT_A_DEVICE,
        is_prior=answer.belief.label == PRIOR,
        grounds=every[0],
        levels=MEANS,
        marks=MARKS,
        said=said,
        taken=tuple(dict.fromkeys(one.said for grounds in every for one in grounds.structure if one.of != "together")),
        places={option.name: place for place, option in enumerate(answer.forecasts, start=1)},
        style=files("anagen.report").joinpath("templates/page.css").read_text(encoding="utf-8"),
        few=FEW,
        scale=scale,
        glance=rows,
        panels=panels(answer),
        icons={option.name: icons(answer, option) for option in answer.forecasts},
        pictures=pictures(answer),
        regions=regions(answer),
        trial=JoinTrial if any(option.group == "trial" for option in answer.options) else None,
        words=words,
        weighed=weighed,
        weigh={row.option.name: row for row in weighed.rows},
        phrase=choices_words,
        version=__version__,
    )
