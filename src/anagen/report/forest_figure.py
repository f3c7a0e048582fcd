"""A forest plot as SVG: each trial's difference with its range, their mean as a diamond, and where another trial would lie."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from anagen.report.forest import UNITS, between, heading, marks, named, signed, ticks

if TYPE_CHECKING:
    from anagen.evidence.contrasts import Contrast
    from anagen.evidence.pool import Pooled
    from anagen.synthesis import Synthesis

WIDTH, LINE, TOP = 900.0, 28.0, 78.0
NAME, WEEK, PEOPLE, PLOT, PLOT_END, NUMBERS, WEIGHT, BIAS = 20.0, 216.0, 270.0, 292.0, 604.0, 788.0, 842.0, 872.0
INK, SOFT, RULE, BLUE, PAPER = "#1d1b1a", "#5c5651", "#cdc5bd", "#0072b2", "#ffffff"
BIASES = {"low": ("#00805e", "+", "low"), "some": ("#e8b54a", "?", "some"), "high": ("#b84e00", "!", "high")}
"""The colour, the sign and the word of a risk of bias: the sign tells it without the colour."""
KEY = ("Bias: the risk of it, + low, ? some, ! high. A hollow square: see *. A larger square: more weight.",)
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'


class _Axis(NamedTuple):
    """Where a difference stands across the plot."""

    low: float
    high: float

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return PLOT + min(max(share, 0.0), 1.0) * (PLOT_END - PLOT)


def draw(found: Synthesis) -> str:
    """The whole figure, a file of its own. A hollow square: the spread of that trial was filled in. An arrow runs off the plot.

    >>> from anagen.synthesis import synthesis
    >>> draw(synthesis("dutasteride")).count('class="trial"')
    3
    """
    shown = [one for one in found.contrasts if one.se is not None]
    pooled = found.pooled if found.pooled is not None and found.pooled.k > 1 else None
    said = (_sure(found), *(KEY if shown else ()), *found.notes)
    notes = [line for note in said for line in wrap(note, 132)]
    body = TOP + LINE * (len(shown) + (2 if pooled else 0))
    height = body + (58 if shown else 20) + 17 * len(notes) + 16
    parts = [_text(NAME, 30, _capital(heading(found)), size=16, weight=600)]
    if not shown:
        parts.append(_text(NAME, TOP, "No difference against a control has a number."))
    else:
        axis = _axis(shown)
        parts += [*_head(), *_grid(axis, body, UNITS[found.unit])]
        shares = found.pooled.weights if found.pooled and len(found.pooled.weights) == len(shown) else (1 / len(shown),) * len(shown)
        known = found.pooled is not None
        for place, (one, share) in enumerate(zip(shown, shares, strict=True)):
            parts += _trial(axis, one, found, TOP + LINE * place, share, max(shares), known)
        if pooled:
            parts += _mean(axis, pooled, TOP + LINE * len(shown))
    parts += [_text(NAME, height - 16 - 17 * (len(notes) - 1 - place), note, size=12, fill=SOFT) for place, note in enumerate(notes)]
    words = escape(_described(found, shown))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" '
        f'role="img" aria-labelledby="title desc" font-family=\'{FONT}\' font-size="14" fill="{INK}">\n'
        f'<title id="title">{escape(_capital(heading(found)))}</title>\n<desc id="desc">{words}</desc>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _sure(found: Synthesis) -> str:
    """How sure the evidence is, and of which mean."""
    said = f"Certainty of the evidence, at the visits nearest to {found.judged_at}: {found.certainty.level}."
    if found.judged is not None and found.judged.k > 1 and found.judged != found.pooled:
        said += f" There the mean is {signed(found.judged.estimate)} {between(found.judged.low, found.judged.high)}."
    return said


def _axis(shown: list[Contrast]) -> _Axis:
    """Wide enough for every trial's range and for no difference, with a little air."""
    low, high = min(0.0, *(one.low for one in shown)), max(0.0, *(one.high for one in shown))
    air = 0.04 * (high - low)
    return _Axis(low - air, high + air)


def _head() -> list[str]:
    names = [(NAME, "Trial", "start"), (WEEK, "Weeks", "end"), (PEOPLE, "People", "end"), (NUMBERS, "Difference, 95 % range", "end")]
    more = [(WEIGHT, "Weight", "end"), (BIAS + 2, "Bias", "middle")]
    made = [_text(x, TOP - 24, name, anchor=anchor, size=12, fill=SOFT) for x, name, anchor in (*names, *more)]
    return [*made, f'<path d="M{NAME:g},{TOP - 15:g} H{WIDTH - 16:g}" stroke="{RULE}"/>']


def _grid(axis: _Axis, body: float, unit: str) -> list[str]:
    made = []
    for value in ticks(axis.low, axis.high):
        x, look = axis.x(value), (SOFT, 1.2) if value == 0 else (RULE, 0.6)
        made.append(f'<path d="M{x:.1f},{TOP - 10:g} V{body - 6:g}" stroke="{look[0]}" stroke-width="{look[1]}"/>')
        made.append(_text(x, body + 12, f"{value:g}".replace("-", "−"), anchor="middle", size=12, fill=SOFT))
    said = f"{unit} more than the control"
    return [*made, _text((PLOT + PLOT_END) / 2, body + 32, said, anchor="middle", size=12, fill=SOFT)]


def _trial(axis: _Axis, one: Contrast, found: Synthesis, y: float, share: float, most: float, known: bool) -> list[str]:
    side = 5.0 + 11.0 * (share / most) ** 0.5
    filled = one.spread in ("filled", "bound")
    x, colour, sign = axis.x(one.difference), *BIASES[one.study.risk_of_bias][:2]
    square = f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}"'
    look = f' fill="{PAPER}" stroke="{BLUE}" stroke-width="1.8"/>' if filled else f' fill="{BLUE}"/>'
    span = f'<path d="M{axis.x(one.low):.1f},{y:g} H{axis.x(one.high):.1f}" stroke="{BLUE}" stroke-width="1.8"/>'
    mark = marks(one, found)
    name = _named(one, found) + (f" {mark}" if mark else "")
    made = [
        f'<g class="trial">{span}{square}{look}</g>',
        _text(NAME, y + 5, name),
        _text(WEEK, y + 5, f"{one.week:.0f}", anchor="end"),
        _text(PEOPLE, y + 5, "?" if one.people is None else str(one.people), anchor="end"),
        _text(NUMBERS, y + 5, f"{signed(one.difference)} {between(one.low, one.high)}", anchor="end"),
        f'<circle cx="{BIAS + 2:g}" cy="{y:g}" r="8" fill="{colour}"/>',
        _text(BIAS + 2, y + 4.5, sign, anchor="middle", size=13, weight=700, fill=INK if sign == "?" else PAPER),
    ]
    return [*made, _text(WEIGHT, y + 5, f"{100 * share:.0f} %", anchor="end")] if known else made


def _mean(axis: _Axis, pooled: Pooled, y: float) -> list[str]:
    """The diamond of the mean; below it the range for another trial."""
    low, middle, high = (axis.x(value) for value in (pooled.low, pooled.estimate, pooled.high))
    beyond = (pooled.prediction_low or 0.0, pooled.prediction_high or 0.0)
    first, last = (axis.x(value) for value in beyond)
    rows = [("Mean", pooled.low, pooled.high, y), ("Another trial", *beyond, y + LINE)]
    made = [f'<path d="M{NAME:g},{y - 15:g} H{WIDTH - 16:g}" stroke="{RULE}"/>']
    made.append(f'<path d="M{low:.1f},{y:g} {middle:.1f},{y - 8:g} {high:.1f},{y:g} {middle:.1f},{y + 8:g}Z" fill="{INK}"/>')
    made.append(f'<path d="M{first:.1f},{y + LINE:g} H{last:.1f}" stroke="{INK}" stroke-width="1.8" stroke-dasharray="2 4"/>')
    for name, a, b, at in rows:
        made.append(_text(NAME, at + 5, name, weight=600))
        shown = f"{signed(pooled.estimate)} {between(a, b)}" if name == "Mean" else between(a, b)
        made.append(_text(NUMBERS, at + 5, shown, anchor="end", weight=600))
        made += [_arrow(PLOT, at, -1)] * (a < axis.low) + [_arrow(PLOT_END, at, 1)] * (b > axis.high)
    return made


def _arrow(x: float, y: float, way: int) -> str:
    """The range goes on beyond the plot."""
    return f'<path d="M{x + 9 * way:g},{y:g} {x:g},{y - 5:g} {x:g},{y + 5:g}Z" fill="{INK}"/>'


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 14, weight: int = 400, fill: str = INK) -> str:
    look = f' text-anchor="{anchor}"' * (anchor != "start") + f' font-size="{size}"' * (size != 14)
    look += f' font-weight="{weight}"' * (weight != 400) + f' fill="{fill}"' * (fill != INK)
    return f'<text x="{x:g}" y="{y:g}"{look}>{escape(said)}</text>'


def _named(one: Contrast, found: Synthesis) -> str:
    """A trial as it is written: "Van Neste 2000"; with its arm where it has several lines."""
    name, arm = one.study.study_id.replace("_", " "), named(one, found.contrasts)[len(one.study.study_id) :]
    return (name if any(letter.isdigit() for letter in name.split()[0]) else name.title()) + arm


def _described(found: Synthesis, shown: list[Contrast]) -> str:
    """The figure in words, for those who cannot see it."""
    said = [
        f"{_named(one, found)}: {signed(one.difference)} {between(one.low, one.high)} at {one.week:.0f} weeks, "
        f"{'an unknown number of' if one.people is None else one.people} people, "
        f"{BIASES[one.study.risk_of_bias][2]} risk of bias{', spread filled in' if one.spread in ('filled', 'bound') else ''}."
        for one in shown
    ]
    pooled = found.pooled
    if pooled is not None and pooled.k > 1:
        said.append(f"Mean of {pooled.k} trials: {signed(pooled.estimate)} {between(pooled.low, pooled.high)}.")
        said.append(f"Another trial: {between(pooled.prediction_low or 0.0, pooled.prediction_high or 0.0)}.")
    return " ".join(said) or "No trial to show."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
