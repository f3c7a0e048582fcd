"""The curves of hair density as SVG paths: small panels, one per option, all on the same axes; what they are read against in grey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anagen.compare import Comparison, Option
from anagen.forecast import BANDS, Band
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.report import words

MOST_POINTS = 70
LABEL_GAP = 15.0


@dataclass(frozen=True)
class Axes:
    """Where a week and a density stand on a panel (both axes start at 0, so heights can be compared by eye)."""

    weeks: int
    top: float
    width: float = 380.0
    height: float = 246.0
    left: float = 34.0
    right: float = 302.0
    upper: float = 14.0
    lower: float = 212.0

    def x(self, week: float) -> float:
        """The place of a week.

        >>> Axes(weeks=260, top=250).x(260)
        302.0
        """
        return self.left + (self.right - self.left) * week / self.weeks

    def y(self, value: float) -> float:
        """The place of a density."""
        return self.lower - (self.lower - self.upper) * value / self.top

    def week(self, x: float) -> float:
        """The week that stands at a place: the way back."""
        return (x - self.left) / (self.right - self.left) * self.weeks

    def value(self, y: float) -> float:
        """The density that stands at a place: the way back."""
        return (self.lower - y) / (self.lower - self.upper) * self.top


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Panel:
    """One panel, ready to be set: paths, marks, and the words for those who cannot see it."""

    name: str
    title: str
    axes: Axes
    bands: tuple[tuple[int, str], ...]
    line: str
    nothing: str
    ends: tuple[tuple[str, Tick], ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    summary: str
    described: str


def line(axes: Axes, weeks: npt.ArrayLike, values: npt.ArrayLike) -> str:
    """A path through the points.

    >>> line(Axes(weeks=10, top=100), [0, 10], [0, 100])
    'M34,212 302,14'
    """
    return "M" + " ".join(_points(axes, weeks, values))


def ribbon(axes: Axes, weeks: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> str:
    """A closed path: along the upper edge, back along the lower one.

    >>> ribbon(Axes(weeks=10, top=100), [0, 10], [0, 0], [50, 100])
    'M34,113 302,14 302,212 34,212Z'
    """
    return "M" + " ".join([*_points(axes, weeks, high), *_points(axes, weeks, low)[::-1]]) + "Z"


def panels(answer: Comparison, region: str = "") -> dict[str, Panel]:
    """One panel for each option that has a forecast, by its name, all on the same axes. region: default the one a person asks about."""
    bands = {option.name: option.band("visible", region or answer.main_region) for option in answer.forecasts}
    step = 50.0
    top = step * np.ceil(max(float(band.high[BANDS[-1]].max()) for band in bands.values()) / step)
    axes, nothing = Axes(int(answer.weeks[-1]), float(top)), bands[answer.base.name]
    return {option.name: _panel(axes, answer, option, bands[option.name], nothing) for option in answer.forecasts}


def _panel(axes: Axes, answer: Comparison, option: Option, band: Band, nothing: Band) -> Panel:
    weeks, against = thin(answer.weeks), words.against(answer)
    lines = {"option": band.median[-1]} if option is answer.base else {"option": band.median[-1], "nothing": nothing.median[-1]}
    high = [f", {words.TOO_HIGH}" if option.too_high(moment.week) else "" for moment in answer.moments]
    at = [
        f"after {moment.label} {words.middle(band, moment.week)} ({words.within(band, moment.week)}){said}"
        for moment, said in zip(answer.moments, high, strict=True)
    ]
    summary = f"{words.middle(band, -1)} ({words.within(band, -1)}) after {answer.moments[-1].label}"
    described = f"Hairs per cm², middle forecast and 95 % range: today {words.middle(band, 0)} ({words.within(band, 0)}); {'; '.join(at)}."
    if option is not answer.base:
        last = f"{words.middle(nothing, -1)} ({words.within(nothing, -1)})"
        described += f" {words.capital(against)}, after {answer.moments[-1].label}: {last}."
    return Panel(
        name=option.name,
        title=option.title,
        axes=axes,
        bands=tuple(
            (round(100 * share), ribbon(axes, weeks, band.low[share][weeks], band.high[share][weeks])) for share in reversed(BANDS)
        ),
        line=line(axes, weeks, band.median[weeks]),
        nothing=line(axes, weeks, nothing.median[weeks]),
        ends=_apart(axes, lines),
        x_ticks=_times(axes),
        y_ticks=tuple(Tick(axes.y(value), words.number(value)) for value in np.arange(0, axes.top + 1, 50)),
        summary=summary,
        described=described,
    )


def thin(weeks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Enough of the weeks to draw a smooth line, the first and the last among them.

    >>> thin(np.arange(262))[:3].tolist(), int(thin(np.arange(262))[-1])
    ([0, 4, 8], 261)
    """
    step = max(1, -(-len(weeks) // MOST_POINTS))
    return np.unique(np.append(weeks[::step], weeks[-1]))


def _points(axes: Axes, weeks: npt.ArrayLike, values: npt.ArrayLike) -> list[str]:
    pairs = zip(np.atleast_1d(np.asarray(weeks, float)), np.atleast_1d(np.asarray(values, float)), strict=True)
    return [f"{axes.x(week):.2f}".rstrip("0").rstrip(".") + f",{axes.y(value):.2f}".rstrip("0").rstrip(".") for week, value in pairs]


def _apart(axes: Axes, lines: dict[str, float]) -> tuple[tuple[str, Tick], ...]:
    """Labels at the ends of lines, moved apart where they would touch."""
    made = sorted(((axes.y(float(value)) + 4, name, value) for name, value in lines.items()), key=lambda one: one[0])
    short = LABEL_GAP - (made[-1][0] - made[0][0]) if len(made) > 1 else 0.0
    push = max(short, 0.0) / 2
    return tuple((name, Tick(y + (push if i else -push), words.number(value))) for i, (y, name, value) in enumerate(made))


def _times(axes: Axes) -> tuple[Tick, ...]:
    """Marks of time in whole years, or in months or weeks for a short look ahead."""
    year, end = WEEKS_PER_YEAR, axes.weeks
    if end >= 13:
        unit, called, step = (year, "years", 1) if end >= 2.5 * year else (year / 12, "months", 3 if end < 60 else 6)
        marks = range(step, int(end / unit + 0.5) + 1, step)
        named = [(mark * unit, f"{mark} {called}" if mark == marks[-1] else str(mark)) for mark in marks if mark * unit <= end + 1]
    else:
        named = [(end, f"week {end}")]
    return tuple(Tick(axes.x(min(week, end)), label) for week, label in [(0.0, "today"), *named])
