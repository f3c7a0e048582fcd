"""The page of a therapy: one HTML file that needs no network and no script, with maps, pictures and every number's origin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen import __version__
from anagen.compare import NOT_A_DEVICE
from anagen.forecast import BANDS_HOLD
from anagen.grounds import said
from anagen.procedure import side_by_side
from anagen.report import injection_map, injection_words, tornado, tradeoff, words
from anagen.report import procedure_words as say
from anagen.report.figure import panels
from anagen.report.procedure_frames import close, regions

if TYPE_CHECKING:
    from anagen.ground.rows import Row
    from anagen.procedure import Procedure
    from anagen.therapy.sensitivity import Drivers


def render(done: Sequence[Procedure], driven: Drivers | None = None) -> str:
    """The page of one protocol, or of several side by side; the same text for the same answer. driven: what drives the one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("anagen.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["capital"] = words.capital
    answer = done[0].answer
    first = next((one for one in done if one.option is not None), None)
    return environment.get_template("procedure.html").render(
        answer=answer,
        done=done,
        lines=side_by_side(done),
        first=first,
        region=answer.regions[first.region if first else answer.main_region],
        maps={one.title: _map(one, number) for number, one in enumerate(done)},
        prints={one.title: _map(one, number, to_print=True) for number, one in enumerate(done)},
        curves={one.title: _own_ids(tradeoff.draw(one.tradeoff, one.injected), f"c{n}") for n, one in enumerate(done) if one.tradeoff},
        tradeoff=tradeoff,
        frames={one.title: regions(one) for one in done if one.option is not None},
        pictures=close(first) if first else (),
        panels={one.title: panels(answer, one.region)[one.option.name] for one in done if one.option is not None},
        rows=_rows(done),
        driven=driven,
        tornado=tornado,
        drawn=None if driven is None else re.sub(r'\b(id|aria-labelledby)="(title|title desc|desc)"', _mine, tornado.draw(driven)),
        effect={one.title: _effect(one) for one in done if one.field is not None},
        style=files("anagen.report").joinpath("templates/page.css").read_text(encoding="utf-8"),
        bands_hold=BANDS_HOLD,
        not_a_device=NOT_A_DEVICE,
        say=say,
        given=injection_words.given,
        said=said,
        words=words,
        version=__version__,
    )


def _map(one: Procedure, number: int, to_print: bool = False) -> str:
    """The map as SVG, its ids its own on a page of several."""
    return _own_ids(injection_map.of(one, to_print), f"{'p' if to_print else 'm'}{number}")


def _own_ids(drawn: str, mine: str) -> str:
    return re.sub(r'id="([td])"', rf'id="{mine}\1"', drawn).replace('aria-labelledby="t d"', f'aria-labelledby="{mine}t {mine}d"')


def _mine(found: re.Match[str]) -> str:
    """An id of the tornado, its own on this page."""
    return f'{found[1]}="{" ".join(f"drivers-{name}" for name in found[2].split())}"'


def _effect(one: Procedure) -> str:
    assert one.field is not None
    low, middle, high = np.quantile(one.field.coverage * one.field.strength, (0.025, 0.5, 0.975))
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _rows(done: Sequence[Procedure]) -> list[dict[str, Any]]:
    """Every row behind the four steps, each once."""
    found: dict[str, Row] = {f"{row.of}.{row.name}": row for one in done for q in one.quantities for row in q.rows}
    return [
        {
            "name": name,
            "said": said(row),
            "value": say.digits(row.value),
            "range": _range(row),
            "unit": row.unit,
            "mark": say.marked(row),
            "source": row.source,
            "who": row.who,
        }
        for name, row in sorted(found.items())
    ]


def _range(row: Row) -> str:
    return "" if row.spread == "fixed" else f"{say.digits(row.low)} to {say.digits(row.high)}"
