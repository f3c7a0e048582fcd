"""A forest in words and characters: what its numbers are called, and the drawing for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.evidence.contrasts import Contrast
    from anagen.synthesis import Synthesis

UNITS = {"hairs/cm2": "hairs/cm²", "% of baseline": "% of baseline", "um": "μm"}
COUNTED = {
    "density": "hairs",
    "total": "hairs",
    "terminal": "thick hairs",
    "anagen": "growing hairs",
    "diameter": "width of a hair",
}
LEFT = 22
"""Columns for the name of a trial in the drawing."""


def signed(value: float) -> str:
    """A number with one digit after the point, a true minus sign, and a plus before a gain.

    >>> signed(-3.85), signed(17.3), signed(0)
    ('−3.9', '+17.3', '0.0')
    """
    shown = f"{abs(value):.1f}"
    return shown if float(shown) == 0 else f"{'−' if value < 0 else '+'}{shown}"


def between(low: float, high: float) -> str:
    """An interval in brackets.

    >>> between(-1, 2)
    '[−1.0, +2.0]'
    """
    return f"[{signed(low)}, {signed(high)}]"


def named(one: Contrast, among: Iterable[Contrast]) -> str:
    """A trial's name; with its arm where a trial has several lines of its own."""
    arms = {other.treated[0].arm_id for other in among if other.study.study_id == one.study.study_id}
    return f"{one.study.study_id} {one.treated[0].arm_id}" if len(arms) > 1 else one.study.study_id


def marks(one: Contrast, found: Synthesis) -> str:
    """The signs that the notes explain: `t`, `~`, `*`."""
    thick = "t" if found.outcome == "density" and one.measure == "terminal" else ""
    return thick + ("~" if one.n_filled else "") + ("*" if one.spread in ("filled", "bound") else "")


def heading(found: Synthesis) -> str:
    """What the numbers are, in one sentence.

    >>> from anagen.synthesis import synthesis
    >>> heading(synthesis("finasteride"))
    'finasteride 1 mg a day against placebo or nothing: difference in hairs/cm²'
    """
    unit = UNITS[found.unit]
    what = COUNTED[found.outcome]
    return f"{found.title}: difference in {unit if unit.startswith(what) else f'{what}, {unit}'}"


def drawing(found: Synthesis, width: int = 80) -> list[str]:
    """The forest in characters: a line a trial, the mean, and where another trial would lie; `<` and `>` run off the drawing.

    >>> from anagen.synthesis import synthesis
    >>> print(drawing(synthesis("dutasteride"), 60)[0])
    olsen_2006            ┊                ├──────■───────┤
    """
    shown = [one for one in found.contrasts if one.se is not None]
    if not shown:
        return []
    scale = _Scale(min(0.0, *(one.low for one in shown)), max(0.0, *(one.high for one in shown)), width - LEFT - 1)
    lines = [f"{named(one, shown)[: LEFT - 1]:<{LEFT}}" + scale.bar(one.difference, one.low, one.high, "■", "─") for one in shown]
    pooled = found.pooled
    if pooled is not None and pooled.prediction_low is not None and pooled.prediction_high is not None:
        lines.append(f"{'mean':<{LEFT}}" + scale.bar(pooled.estimate, pooled.low, pooled.high, "◆", "═"))
        lines.append(f"{'another trial':<{LEFT}}" + scale.bar(pooled.estimate, pooled.prediction_low, pooled.prediction_high, "◇", "·"))
    return [*lines, " " * LEFT + scale.axis()]


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two values, at most so many.

    >>> ticks(-4.0, 33.0)
    [0.0, 10.0, 20.0, 30.0]
    """
    sizes = (factor * 10.0**power for power in range(-3, 6) for factor in (1, 2, 5))
    step = next(size for size in sizes if (high - low) / size <= most - 1)
    first, last = -int(-low // step), int(high // step)
    return [round(index * step, 6) + 0.0 for index in range(first, last + 1)]


class _Scale:
    """Where a value stands on a line of characters."""

    def __init__(self, low: float, high: float, room: int) -> None:
        self.low, self.high, self.room = low, high, room

    def at(self, value: float) -> int:
        return round((value - self.low) / (self.high - self.low) * (self.room - 1))

    def bar(self, middle: float, low: float, high: float, mark: str, dash: str) -> str:
        line = [" "] * self.room
        line[self.at(0.0)] = "┊"
        first, last = max(self.at(low), 0), min(self.at(high), self.room - 1)
        line[first : last + 1] = dash * (last + 1 - first)
        line[first] = "<" if low < self.low else "├"
        line[last] = ">" if high > self.high else "┤"
        line[self.at(middle)] = mark
        return "".join(line).rstrip()

    def axis(self) -> str:
        line = [" "] * self.room
        for value in ticks(self.low, self.high):
            label = f"{value:g}".replace("-", "−")
            start = min(max(self.at(value) - (len(label) - 1) // 2, 0), self.room - len(label))
            line[start : start + len(label)] = label
        return "".join(line).rstrip()
