"""What the page sets as tables: the options at a glance, and every number by region with its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.chances import Chances
from anagen.compare import Comparison, Group, Option
from anagen.forecast import WHOLE, Band
from anagen.report import words

Cell = tuple[str, str]
"""The middle forecast, and its 95 % range."""


STEPS, MOST_TICKS = (5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0), 4.5
"""Hairs/cm2 from mark to mark, and how many such steps an axis has at most: their numbers stand apart on a phone."""


@dataclass(frozen=True)
class Scale:
    """The axis that the bars of the glance share: hairs/cm2 more than what the options are read against."""

    low: float
    high: float
    width: float = 240.0
    edge: float = 14.0

    def x(self, value: float) -> float:
        """The place of a gain.

        >>> Scale(-10, 30).x(-10), Scale(-10, 30).x(30)
        (14.0, 226.0)
        """
        return round(self.edge + (self.width - 2 * self.edge) * (float(value) - self.low) / (self.high - self.low), 2)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Some round gains, with their places; 0 among them."""
        step = next(step for step in STEPS if (self.high - self.low) / step <= MOST_TICKS or step == STEPS[-1])
        values = np.arange(np.ceil(self.low / step) * step, self.high + 1, step)
        return [(self.x(value), words.number(value, signed=True)) for value in values]


@dataclass(frozen=True)
class Glance:
    """One option at a glance: places of its gain at the end (95 % and 50 % ranges, middle), the same as words, and people."""

    option: Option
    bar: dict[str, float] | None
    cell: Cell | None
    chances: Chances


@dataclass(frozen=True)
class Table:
    """One table: what it holds (to be read after the name of a region), its columns, and by kind of option the rows of cells."""

    caption: str
    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[Option, tuple[Cell, ...]], ...]], ...]


@dataclass(frozen=True)
class Region:
    """The tables of one region."""

    name: str
    title: str
    tables: tuple[Table, ...]


def known(group: Group) -> tuple[Option, ...]:
    """The options of one kind that have a forecast."""
    return tuple(option for option in group.options if option.forecast is not None)


def glance(answer: Comparison) -> tuple[Scale, tuple[tuple[Group, tuple[Glance, ...]], ...]]:
    """Every option with a forecast, by kind, in the region that a person asks about; and the scale of their bars."""
    end = answer.moments[-1].week
    gains = {
        option.name: option.gain(answer.base, region=answer.main_region, weeks=[end])
        for option in answer.forecasts
        if option is not answer.base
    }
    low, high = (np.array([getattr(gain, side)[0.95][0] for gain in gains.values()] or [0.0]) for side in ("low", "high"))
    scale = Scale(float(min(np.floor(low.min() / 10) * 10, -10)), float(max(np.ceil(high.max() / 10) * 10, 10)))

    def row(option: Option) -> Glance:
        found, gain = option.chances(end, answer.main_region), gains.get(option.name)
        if gain is None:
            return Glance(option, None, None, found)
        ends = {f"{side}{share * 100:.0f}": scale.x(getattr(gain, side)[share][0]) for side in ("low", "high") for share in (0.5, 0.95)}
        return Glance(option, {**ends, "middle": scale.x(gain.median[0])}, _cells(gain, True, [option.too_high(end)])[0], found)

    return scale, tuple((group, tuple(row(option) for option in known(group))) for group in answer.groups if known(group))


def regions(answer: Comparison) -> tuple[Region, ...]:
    """The tables of every region: first the one a person asks about, then the whole, then the others."""
    first = (answer.main_region, WHOLE)
    order = (*first, *(name for name in answer.regions if name not in first))
    return tuple(_region(answer, name) for name in order)


def _region(answer: Comparison, region: str) -> Region:
    weeks, ends = answer.read_weeks, answer.read_weeks[1:]
    labels = tuple(words.capital(moment.label) for moment in answer.moments)
    today = answer.nothing.band("visible", region, weeks[:1])
    last = f"after {answer.moments[-1].label}"

    def read(option: Option, base: Option | None, output: str, at: Sequence[int]) -> Sequence[Cell]:
        """What an option gives, or gives more than another, at some weeks; told where it is known to be too high."""
        band = option.band(output, region, at) if base is None else option.gain(base, output, region, at)
        return _cells(band, base is not None, [option.too_high(week) for week in at])

    def more(base: Option, said: str) -> Table:
        caption = f"more hairs per cm² than {said}, at the same time"
        return _table(answer, caption, labels, lambda option: read(option, base, "visible", ends), leave_out=base)

    gains = more(answer.base, words.against(answer))
    stopped = [more(answer.nothing, words.untreated(answer))] if words.taking(answer) else []
    counts = _table(
        answer,
        f"hairs per cm². Today: {words.middle(today, 0)} ({words.within(today, 0)})",
        labels,
        lambda option: read(option, None, "visible", ends),
    )
    thick, width = (answer.nothing.band(output, region, weeks[:1]) for output in ("terminal", "calibre"))
    thickness = _table(
        answer,
        f"thick hairs ({words.THICK}) and mean width of a hair, {last}. Today: {words.middle(thick, 0)} thick hairs per cm² "
        f"({words.within(thick, 0)}), {words.middle(width, 0)} μm ({words.within(width, 0)})",
        ("Thick hairs per cm²", f"More than {words.against(answer)}", "Mean width, μm"),
        lambda option: (
            *read(option, None, "terminal", ends[-1:]),
            *read(option, answer.base, "terminal", ends[-1:]),
            *_cells(option.band("calibre", region, ends[-1:])),
        ),
    )
    return Region(region, answer.regions[region], tuple(table for table in (gains, *stopped, counts, thickness) if table.groups))


def _table(
    answer: Comparison, caption: str, columns: Sequence[str], read: Callable[[Option], Sequence[Cell]], leave_out: Option | None = None
) -> Table:
    groups = []
    for group in answer.groups:
        rows = tuple((option, tuple(read(option))) for option in known(group) if option is not leave_out)
        if rows:
            groups.append((group.title, rows))
    return Table(caption, tuple(columns), tuple(groups))


def _cells(band: Band, signed: bool = False, high: Sequence[bool] = ()) -> list[Cell]:
    said = [f"; {words.TOO_HIGH}" if high and high[at] else "" for at in range(len(band.median))]
    return [(words.middle(band, at, signed), words.within(band, at, signed) + said[at]) for at in range(len(band.median))]
