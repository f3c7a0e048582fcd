"""What drives an answer, drawn: a tornado for each output, with the share of its variance that each row brings; and the same as a table.

A bar shows where the output goes as one row alone moves between the ends of its own 95 % range. The share beside it is the
first-order index: what measuring that row exactly would take away, at most. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from anagen.ground.errors import UnknownName
from anagen.ground.files import write_whole
from anagen.ground.rows import Row
from anagen.grounds import said
from anagen.report.procedure_words import marked
from anagen.therapy.sensitivity import Driven, Driver, Drivers

WIDTH, LINE, TOP, HEAD, FOOT = 900.0, 36.0, 62.0, 86.0, 52.0
NAME, PLOT, PLOT_END, SHARE, SHARE_END, TOTAL = 20.0, 296.0, 566.0, 592.0, 672.0, 880.0
INK, SOFT, RULE, PAPER = "#1d1b1a", "#5c5651", "#cdc5bd", "#ffffff"
LOW, HIGH, SHARED = "#8fb8c9", "#0f4c6b", "#1d1b1a"
"""A row at its low end, at its high end (told apart in grey as well), and the share of variance."""
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
MOST = 8
"""Rows drawn of one output; the others are counted."""
GAINED, ORDER = "hairs_per_cm2_gained", "standard score"
OUTPUTS = {
    "live_cells": ("Live cells of one harvest", "cells"),
    "dose": ("The dose of one session, as trials state theirs", "cells"),
    "delivered_per_cm2": ("Live cells delivered to a cm²", "cells/cm²"),
    "medium_ml": ("Medium from one harvest, mL", "mL"),
    "reached_share": ("Follicles that the dose reaches", "share"),
    GAINED: ("Hairs gained at 6 months, over going on as now", "hairs/cm²"),
}
"""What an output is called, and its unit; a name that is not here is shown as it is."""
COLUMNS = (
    "unknown",
    "its 95 % range",
    "from",
    "answer at its low end",
    "at its high end",
    "share of variance",
    "its 95 % range",
    "with others",
)
"""Heads of the table."""
SUBJECTS = {
    "svf": "SVF",
    "adsc": "ADSC",
    "dsc": "DSC",
    "adrc": "ADRC",
    "hfsc": "HFSC",
    "cfuf": "CFU-F",
    "cd34": "CD34+",
    "ml": "mL",
    "cm2": "cm²",
    "vegf": "VEGF",
    "hgf": "HGF",
}


def title(driven: Driven) -> str:
    """What an output is called."""
    return OUTPUTS.get(driven.name, (_capital(driven.name.replace("_", " ")), ""))[0]


def named(row: Row) -> str:
    """A row in plain words; one of a model of one's own by its name.

    >>> from anagen.therapy.unknowns import Unknowns
    >>> named(Unknowns.middle().row("enzymatic_svf", "yield_per_g"))
    'cells freed from a gram of fat, by enzyme'
    """
    try:
        return said(row)
    except UnknownName:
        pass
    of, name = (" ".join(SUBJECTS.get(word, word) for word in text.split("_")) for text in (row.of, row.name))
    return f"{of}: {name}"


def amount(value: float, name: str = "") -> str:
    """A number of one output: a share in percent, large numbers in millions, else three digits that count.

    >>> amount(56_783_411, "live_cells"), amount(451_204), amount(0.9275, "reached_share"), amount(-0.0412)
    ('56.8 million', '451,000', '93 %', '−0.0412')
    """
    if OUTPUTS.get(name, ("", ""))[1] == "share":
        return f"{100 * value:.0f} %"
    size = abs(value)
    for word, unit in ((" billion", 1e9), (" million", 1e6)):
        if size >= 0.9995 * unit:
            return f"{value / unit:.3g}{word}".replace("-", "−") if size < 999.5 * unit else f"{value / unit:,.0f}{word}".replace("-", "−")
    if value == 0:
        return "0"
    return f"{round(value, 2 - floor(log10(size))):,.10g}".replace("-", "−")


def chosen(driven: Driven, most: int = MOST) -> tuple[Driver, ...]:
    """The rows to show: those with a part in the answer, at most so many, the largest with others or alone; in their own order."""
    part = [one for one in driven.drivers if one.total > 0 or one.swing > 0]
    largest = sorted(part, key=lambda one: -max(one.first, one.total))[:most]
    return tuple(one for one in part if one in largest)


def sentences(driven: Driven, most: int = 3) -> list[str]:
    """What a laboratory reads: how wide the answer is, and what the measurements that help most would take away, at most.

    >>> from anagen.therapy.sensitivity import drivers
    >>> from anagen.therapy.unknowns import Unknowns
    >>> rows = [Unknowns.middle().row("marrow", "nucleated_per_ml")]
    >>> found = drivers(lambda unknowns: {"live_cells": 30 * unknowns.of("marrow")["nucleated_per_ml"]}, rows=rows)
    >>> sentences(found.outputs["live_cells"])[1][:73]
    'Measuring "nucleated cells in a mL of marrow" would narrow this answer by'
    """
    said = [f"{title(driven)}: {amount(driven.middle, driven.name)} at the middle of all unknowns, {_span(driven)} in 95 % of draws."]
    helpful = [one for one in driven.drivers if one.first_range[0] > 0 and not driven.rare][:most]
    if driven.rare:
        said.append(
            "It stands still in all but a few draws, so how much one measurement alone would narrow it is not told; read the total."
        )
    for one in helpful:
        low, high = (f"{100 * min(max(end, 0), 1):.0f}" for end in one.first_range)
        said.append(
            f'Measuring "{named(one.row)}" would narrow this answer by at most {_percent(one.variance_share)} of its variance '
            f"(95 % range {low} to {high} %): a spread {_percent(one.narrower)} smaller."
        )
    if driven.low == driven.high:
        said.append("No unknown here changes this answer.")
    elif not helpful and not driven.rare:
        said.append("No single measurement is sure to narrow this answer.")
    if driven.name == GAINED and driven.low < driven.high:
        known = driven.total_of("forecast")
        others = driven.total_of(*{one.row.of for one in driven.drivers} - {"forecast"})
        if known > 0:
            said.append(
                f"What tissue, laboratory and needle bring has at most {_percent(others)} of this variance, alone and together; what "
                "trials leave open, how people differ and this person's own follicles have the rest. Within the doses that trials gave, "
                "no trial shows that more cells give more hair."
            )
    if driven.together > 0.05 and not driven.rare and sum(one.total for one in driven.drivers) > 1.05:
        said.append(f"About {_percent(driven.together)} of the variance comes from unknowns together; no one measurement takes that away.")
    return said


def table(driven: Driven, most: int | None = None) -> list[tuple[str, ...]]:
    """The twin of the picture, a line a row under `COLUMNS`: the row, its range and mark, the answer at both ends, and its shares."""
    return [
        (
            named(one.row),
            _of_row(one.row),
            marked(one.row),
            amount(one.at_low, driven.name),
            amount(one.at_high, driven.name),
            "not told" if driven.rare else _percent(one.variance_share),
            "" if driven.rare else _range(one.first_range),
            _percent(min(max(one.total, 0.0), 1.0)),
        )
        for one in (driven.drivers if most is None else chosen(driven, most))
    ]


def as_json(found: Drivers) -> dict[str, Any]:
    """Everything as plain numbers, for `--json`."""
    return {"runs": found.runs, "rows": len(found.rows), "outputs": {name: _plain(driven) for name, driven in found.outputs.items()}}


def draw(found: Drivers, heading: str = "What drives the answer", most: int = MOST) -> str:
    """Every output with its drivers, as one SVG.

    >>> from anagen.therapy.sensitivity import drivers
    >>> from anagen.therapy.unknowns import Unknowns
    >>> rows = [Unknowns.middle().row("marrow", name) for name in ("nucleated_per_ml", "cfuf_share")]
    >>> found = drivers(lambda unknowns: {"live_cells": 30 * unknowns.of("marrow")["nucleated_per_ml"]}, rows=rows)
    >>> draw(found).count('class="driver"')
    1
    """
    parts, y = [], TOP
    for driven in found.outputs.values():
        made, y = _panel(driven, y, most)
        parts += made
    said = [*notes(found), *["Their axes are logarithmic too."] * any(driven.logged for driven in found.outputs.values())]
    below = [line for note in said for line in wrap(note, 138)]
    height = y + 17 * len(below) + 12
    parts += [_text(NAME, y + 17 * place, line, size=12, fill=SOFT) for place, line in enumerate(below)]
    words = " ".join(sentence for driven in found.outputs.values() for sentence in [*sentences(driven, most), *_ends(driven, most)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" '
        f'role="img" aria-labelledby="title desc" font-family=\'{FONT}\' font-size="14" fill="{INK}">\n'
        f'<title id="title">{escape(heading)}</title>\n<desc id="desc">{escape(words)}</desc>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n{_text(NAME, 32, heading, size=17, weight=600)}\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def write(path: str | Path, found: Drivers, heading: str = "What drives the answer") -> Path:
    """Write the picture as one SVG file, whole or not at all. Raises `BadFile`."""
    return write_whole(path, draw(found, heading))


class _Axis(NamedTuple):
    """Where an answer stands across the plot, from the lowest end of a bar to the highest; a logged one on a logarithmic axis."""

    low: float
    high: float
    logged: bool

    def x(self, value: float) -> float:
        low, high, at = (log10(one) if self.logged else one for one in (self.low, self.high, value))
        return PLOT + (at - low) / (high - low) * (PLOT_END - PLOT)

    @property
    def ticks(self) -> list[float]:
        """Round numbers on the axis, at most five or so."""
        if not self.logged or self.high < 4 * self.low:
            from anagen.report.forest import ticks

            size = 10.0 ** floor(log10(self.high - self.low))  # the ladder of steps there begins at 0.001
            return [size * value for value in ticks(self.low / size, self.high / size)]
        powers = range(floor(log10(self.low)), floor(log10(self.high)) + 1)
        for steps in ((1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
            found = [step * 10.0**power for power in powers for step in steps if self.low <= step * 10.0**power <= self.high]
            if len(found) <= 5:
                return found
        return found[:: -(-len(found) // 5)]


def _panel(driven: Driven, y: float, most: int) -> tuple[list[str], float]:
    """One output from y down: its parts, and where the next begins."""
    shown = chosen(driven, most)
    spread = f"{amount(driven.middle, driven.name)} in the middle, 95 % range {_span(driven)}"
    parts = [_text(NAME, y + 4, title(driven), size=15, weight=600), _text(NAME, y + 23, spread, size=13, fill=SOFT)]
    if not shown:
        return [*parts, _text(NAME, y + 46, "No unknown here changes this answer.", size=13)], y + 78
    body, end = y + HEAD, y + HEAD + LINE * len(shown)
    low, high = (pick([driven.middle, *(end for one in shown for end in (one.at_low, one.at_high))]) for pick in (min, max))
    if low < high:
        air = (high / low) ** 0.04 if driven.logged else 0.04 * (high - low)
        axis = _Axis(low / air, high * air, True) if driven.logged else _Axis(low - air, high + air, False)
    else:
        air = 0.5 * abs(low) or 1.0
        axis = _Axis(low - air, high + air, False)
    parts += [*_head(body - 24), *_grid(axis, driven, body, end)]
    for place, one in enumerate(shown):
        parts += _bar(axis, driven, one, body + LINE * place + 10)
    left = [one for one in driven.drivers if one not in shown]
    if left:
        least = max(one.total for one in left)
        still = "no effect" if least <= 0 else f"{_percent(least)}{'' if least < 0.005 else ' at most'} each"
        parts.append(_text(NAME, end + 12, f"{len(left)} more: {still}", size=12, fill=SOFT))
    return parts, end + FOOT


def _head(y: float) -> list[str]:
    key = [
        f'<rect x="{PLOT:g}" y="{y - 9:g}" width="14" height="10" fill="{LOW}"/>',
        _text(PLOT + 19, y, "at its low end", size=12, fill=SOFT),
        f'<rect x="{PLOT + 124:g}" y="{y - 9:g}" width="14" height="10" fill="{HIGH}"/>',
        _text(PLOT + 143, y, "at its high end", size=12, fill=SOFT),
    ]
    heads = [
        _text(SHARE, y, "Share of variance, 95 % range", size=12, fill=SOFT),
        _text(TOTAL, y, "With others", size=12, fill=SOFT, anchor="end"),
    ]
    line = f'<path d="M{NAME:g},{y + 8:g} H{WIDTH - 20:g}" stroke="{RULE}"/>'
    return [_text(NAME, y, "Unknown", size=12, fill=SOFT), *key, *heads, line]


def _grid(axis: _Axis, driven: Driven, body: float, end: float) -> list[str]:
    made, taken = [], 0.0
    for value in axis.ticks:
        x, label = axis.x(value), amount(value, driven.name)
        made.append(f'<path d="M{x:.1f},{body - 10:g} V{end - 4:g}" stroke="{RULE}" stroke-width="0.6"/>')
        half = 3.4 * len(label) + 4  # about half the width of its letters, and a gap
        if x - half >= taken:
            made.append(_text(x, end + 12, label, anchor="middle", size=12, fill=SOFT))
            taken = x + half
    x = axis.x(driven.middle)
    return [*made, f'<path d="M{x:.1f},{body - 10:g} V{end - 4:g}" stroke="{SOFT}" stroke-width="1.2"/>']


def _bar(axis: _Axis, driven: Driven, one: Driver, y: float) -> list[str]:
    """One row: its name and range, its bar, and its share with the range of that."""
    middle, bars = axis.x(driven.middle), []
    same_side = (one.at_low - driven.middle) * (one.at_high - driven.middle) > 0
    for at, colour in ((one.at_low, LOW), (one.at_high, HIGH)):
        top, tall = (y - 8 + 8 * (colour == HIGH), 8) if same_side else (y - 8, 16)
        x = axis.x(at)
        bars.append(f'<rect x="{min(x, middle):.1f}" y="{top:g}" width="{abs(x - middle):.1f}" height="{tall}" fill="{colour}"/>')
    return [
        f'<g class="driver">{"".join(bars)}</g>',
        _text(NAME, y, named(one.row), size=13),
        _text(NAME, y + 14, f"{_of_row(one.row)}, {marked(one.row)}", size=11, fill=SOFT),
        *_shares(one, y, driven.rare),
        _text(TOTAL, y + 5, _percent(min(max(one.total, 0.0), 1.0)), size=13, anchor="end"),
    ]


def _shares(one: Driver, y: float, rare: bool) -> list[str]:
    """The share of variance as a bar with its range; in words where it is not told."""
    if rare:
        return [_text(SHARE, y + 5, "not told", size=13, fill=SOFT)]
    first, last = (_along(end) for end in one.first_range)
    return [
        f'<path d="M{SHARE:g},{y:g} H{SHARE_END:g}" stroke="{RULE}" stroke-width="1"/>',
        f'<rect x="{SHARE:g}" y="{y - 5:g}" width="{_along(one.first) - SHARE:.1f}" height="10" fill="{SHARED}" opacity="0.35"/>',
        f'<path d="M{first:.1f},{y:g} H{last:.1f}" stroke="{SHARED}" stroke-width="1.6"/>',
        _text(SHARE_END + 8, y + 5, f"{_percent(one.variance_share)} [{_range(one.first_range)}]", size=13),
    ]


def _along(share: float) -> float:
    """The place of a share from 0 to 1."""
    return SHARE + (SHARE_END - SHARE) * min(max(share, 0.0), 1.0)


def notes(found: Drivers) -> list[str]:
    """How to read it: how many runs, what a bar and a share are, and which answers are read on their logarithm."""
    logged = [title(driven).lower() for driven in found.outputs.values() if driven.logged]
    said = [
        f"{found.runs:,} runs of the model; {len(found.rows)} unknowns vary. A bar: one unknown alone goes from end to end of its range.",
        "Share of variance: what measuring this unknown exactly would take away, at most. With others: all it does together with them too.",
    ]
    if logged:
        said.append(f"Variance is that of the logarithm for {' and '.join(logged)}.")
    return said


def _ends(driven: Driven, most: int) -> list[str]:
    return [
        f"{named(one.row)}, {marked(one.row)}: the answer goes from "
        f"{amount(one.at_low, driven.name)} to {amount(one.at_high, driven.name)}."
        for one in chosen(driven, most)
        if one.swing > 0
    ]


def _plain(driven: Driven) -> dict[str, Any]:
    return {
        "middle": driven.middle,
        "range_95%": [driven.low, driven.high],
        "logged": driven.logged,
        "together": driven.together,
        "rare": driven.rare,
        "drivers": [_one(one, driven.rare) for one in driven.drivers],
    }


def _one(one: Driver, rare: bool) -> Mapping[str, Any]:
    return {
        "row": f"{one.row.of}.{one.row.name}",
        "said": named(one.row),
        "low": one.row.low,
        "high": one.row.high,
        "unit": one.row.unit,
        "mark": one.row.mark,
        "source": one.row.source,
        "at_low": one.at_low,
        "at_high": one.at_high,
        "first_order": None if rare else one.first,
        "first_order_95%": None if rare else list(one.first_range),
        "total": one.total,
        "total_95%": list(one.total_range),
        "narrower": None if rare else one.narrower,
    }


def _span(driven: Driven) -> str:
    return f"{amount(driven.low, driven.name)} to {amount(driven.high, driven.name)}"


def _percent(share: float) -> str:
    """A share as whole percent; a little one is told as such."""
    return "0 %" if share <= 0 else "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _range(ends: Sequence[float]) -> str:
    low, high = (f"{100 * min(max(end, 0.0), 1.0):.0f}" for end in ends)
    return f"{low} to {high}"


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 14, weight: int = 400, fill: str = INK) -> str:
    look = f' text-anchor="{anchor}"' * (anchor != "start") + f' font-size="{size}"' * (size != 14)
    look += f' font-weight="{weight}"' * (weight != 400) + f' fill="{fill}"' * (fill != INK)
    return f'<text x="{x:g}" y="{y:g}"{look}>{escape(said)}</text>'


def _of_row(row: Row) -> str:
    """The 95 % range of a row with its unit; of what has none of its own, in words."""
    return "its draws in order" if row.unit == ORDER else f"{amount(row.low)} to {amount(row.high)} {row.unit}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
