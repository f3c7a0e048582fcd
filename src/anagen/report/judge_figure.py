"""New studies put to the test, as SVG: a line a row, the ranges that were predicted, and where the observed number fell."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from anagen.report.forest import ticks
from anagen.report.judge import NAMES, number, unit_of, what

if TYPE_CHECKING:
    from anagen.calibrate.judge import Judgement
    from anagen.calibrate.scores import Prediction

WIDTH, LINE, TOP = 900.0, 22.0, 88.0
NAME, WEEK, PLOT, PLOT_END, NUMBERS = 20.0, 286.0, 306.0, 676.0, 884.0
INK, SOFT, RULE, PAPER = "#1d1b1a", "#5c5651", "#cdc5bd", "#ffffff"
BARS = ((0.9, "#bcd9ea", 6.0), (0.8, "#7db6d8", 10.0), (0.5, "#0072b2", 10.0))
"""Each range with its colour and height, the widest first."""
OUT = "#b84e00"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
TITLE = "Observed against predicted"
LONGEST = 38


class _Row(NamedTuple):
    """One scored number: what is drawn, in percent of the level before treatment."""

    one: Prediction
    unit: float
    level: float

    def share(self, value: float) -> float:
        return (value - self.level) / self.unit

    @property
    def widest(self) -> tuple[float, float]:
        low, high = self.one.interval(BARS[0][0])
        seen = self.share(self.one.observed)
        return min(self.share(low), seen), max(self.share(high), seen)


class _Axis(NamedTuple):
    """Where a share stands across the plot."""

    low: float
    high: float

    def x(self, share: float) -> float:
        return PLOT + (share - self.low) / (self.high - self.low) * (PLOT_END - PLOT)


def draw(found: Judgement) -> str:
    """The whole figure, a file of its own: every scored number of the calibrated model, study by study."""
    studies: dict[str, list[_Row]] = {}
    for line in found.lines:
        if line.counted and line.place is not None and not found.main[line.place].said:
            row = _Row(found.main[line.place], found.unit[line.place], found.level[line.place])
            studies.setdefault(line.study, []).append(row)
    rows = [row for own in studies.values() for row in own]
    body = TOP + LINE * (len(rows) + 1.3 * len(studies))
    notes = _notes(found, rows)
    height = body + 56 + 17 * len(notes) + 12
    parts = [_text(NAME, 30, TITLE, size=16, weight=600)]
    if rows:
        axis = _axis(rows)
        parts += [*_key(), *_grid(axis, body)]
        y = TOP
        for study, own in studies.items():
            y += LINE * 1.3
            parts.append(_text(NAME, y - LINE * 0.7, study.replace("_", " "), size=13, weight=600))
            for row in own:
                parts += _row(axis, row, y)
                y += LINE
    parts += [_text(NAME, body + 56 + 17 * place, note, size=12, fill=SOFT) for place, note in enumerate(notes)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" '
        f'role="img" aria-labelledby="title desc" font-family=\'{FONT}\' font-size="13" fill="{INK}">\n'
        f'<title id="title">{TITLE}</title>\n<desc id="desc">{escape(_described(studies))}</desc>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _axis(rows: list[_Row]) -> _Axis:
    low, high = min(0.0, *(row.widest[0] for row in rows)), max(0.0, *(row.widest[1] for row in rows))
    air = 0.03 * (high - low)
    return _Axis(low - air, high + air)


def _key() -> list[str]:
    made, x = [], PLOT
    for share, colour, tall in reversed(BARS):
        made.append(f'<rect x="{x:g}" y="{52 - tall / 2:g}" width="26" height="{tall:g}" fill="{colour}"/>')
        made.append(_text(x + 32, 56, f"{share:.0%} range", size=12, fill=SOFT))
        x += 112
    made.append(_dot(x + 6, 52, True))
    made.append(_text(x + 17, 56, "observed", size=12, fill=SOFT))
    made.append(_dot(x + 98, 52, False))
    made.append(_text(x + 109, 56, "observed, outside 90%", size=12, fill=SOFT))
    names = [(NAME, "Row", "start"), (WEEK, "Week", "end"), (NUMBERS, "Observed; predicted [90%]", "end")]
    return [*made, *(_text(at, TOP - 12, name, anchor=anchor, size=12, fill=SOFT) for at, name, anchor in names)]


def _grid(axis: _Axis, body: float) -> list[str]:
    made = []
    for value in ticks(axis.low, axis.high):
        x, look = axis.x(value), (SOFT, 1.2) if value == 0 else (RULE, 0.6)
        made.append(f'<path d="M{x:.1f},{TOP + 4:g} V{body - 8:g}" stroke="{look[0]}" stroke-width="{look[1]}"/>')
        made.append(_text(x, body + 8, f"{value:g}".replace("-", "−"), anchor="middle", size=12, fill=SOFT))
    said = "percent of the level before treatment"
    return [*made, _text((PLOT + PLOT_END) / 2, body + 28, said, anchor="middle", size=12, fill=SOFT)]


def _row(axis: _Axis, row: _Row, y: float) -> list[str]:
    one, made = row.one, []
    for share, colour, tall in BARS:
        low, high = (axis.x(row.share(end)) for end in one.interval(share))
        made.append(f'<rect x="{low:.1f}" y="{y - tall / 2:g}" width="{high - low:.1f}" height="{tall:g}" fill="{colour}"/>')
    x = axis.x(row.share(one.median))
    made.append(f'<path d="M{x:.1f},{y - 5:g} V{y + 5:g}" stroke="{PAPER}" stroke-width="2"/>')
    made.append(_dot(axis.x(row.share(one.observed)), y, one.holds(BARS[0][0])))
    name = what(one)
    return [
        f'<g class="row">{"".join(made)}</g>',
        _text(NAME + 10, y + 4.5, name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"),
        _text(WEEK, y + 4.5, f"{one.week:.0f}", anchor="end"),
        _text(NUMBERS, y + 4.5, _numbers(one), anchor="end", fill=INK if one.holds(BARS[0][0]) else OUT),
    ]


def _numbers(one: Prediction) -> str:
    signed = one.kind != "level"
    low, high = one.interval(BARS[0][0])
    return f"{number(one.observed, signed)}; {number(one.median, signed)} [{number(low, signed)}, {number(high, signed)}]"


def _dot(x: float, y: float, inside: bool) -> str:
    if inside:
        return f'<circle cx="{x:.1f}" cy="{y:g}" r="4.5" fill="{INK}" stroke="{PAPER}" stroke-width="1.5"/>'
    return f'<path d="M{x - 6:.1f},{y:g} l6,-6 l6,6 l-6,6Z" fill="{OUT}" stroke="{PAPER}" stroke-width="1.5"/>'


def _notes(found: Judgement, rows: list[_Row]) -> list[str]:
    said = ["Each row was predicted before its number was looked at."] if rows else ["No number to draw."]
    for name, one in found.scores.items():
        inside = ", ".join(f"{its.value:.0%} in the {share:.0%} range" for share, its in one.coverage.items())
        said.append(f"{NAMES.get(name, name)}: {inside}; CRPS {one.crps:.2f}, log score {one.log_score:.3f}.".replace("-", "−"))
    return [line for note in said for line in wrap(note, 132)]


def _described(studies: dict[str, list[_Row]]) -> str:
    """The figure in words, for those who cannot see it."""
    said = []
    for study, own in studies.items():
        for one in (row.one for row in own):
            place = "inside" if one.holds(BARS[0][0]) else "outside"
            low, high = (number(end, one.kind != "level") for end in one.interval(BARS[0][0]))
            unit = unit_of(one)
            said.append(
                f"{study}, {what(one)}, week {one.week:.0f}: observed {number(one.observed, one.kind != 'level')}{' ' * bool(unit)}{unit}, "
                f"predicted {number(one.median, one.kind != 'level')}, 90% range {low} to {high}, {place}."
            )
    return " ".join(said) or "No number to draw."


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 13, weight: int = 400, fill: str = INK) -> str:
    look = f' text-anchor="{anchor}"' * (anchor != "start") + f' font-size="{size}"' * (size != 13)
    look += f' font-weight="{weight}"' * (weight != 400) + f' fill="{fill}"' * (fill != INK)
    return f'<text x="{x:g}" y="{y:g}"{look}>{escape(said)}</text>'
