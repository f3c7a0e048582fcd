"""What is drawn is what was computed: every path is read back and held against the numbers it came from."""

from __future__ import annotations

import re

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.compare import Comparison, compare
from anagen.forecast import BANDS
from anagen.report.figure import LABEL_GAP, Axes, Panel, panels, thin

PIXEL = 0.006  # paths carry two decimals


def points(path: str) -> np.ndarray:
    """The x, y of a path."""
    assert path.startswith("M")
    return np.array([[float(part) for part in pair.split(",")] for pair in path.strip("MZ").split()])


def read_back(axes: Axes, path: str) -> tuple[np.ndarray, np.ndarray]:
    """The weeks and densities that a path shows."""
    x, y = points(path).T
    return axes.week(x), axes.value(y)


def test_lines_and_bands_are_the_forecast(answer: Comparison) -> None:
    made = panels(answer)
    weeks = thin(answer.weeks)
    assert list(made) == [option.name for option in answer.forecasts]
    for option in answer.forecasts:
        panel = made[option.name]
        near = PIXEL * panel.axes.top / (panel.axes.lower - panel.axes.upper)
        band = option.band("visible", "vertex")
        found, values = read_back(panel.axes, panel.line)
        np.testing.assert_allclose(found, weeks, atol=0.01)
        np.testing.assert_allclose(values, band.median[weeks], atol=near)
        np.testing.assert_allclose(
            read_back(panel.axes, panel.nothing)[1], answer.nothing.band("visible", "vertex").median[weeks], atol=near
        )
        assert [share for share, _ in panel.bands] == [95, 80, 50], "the widest lies at the bottom"
        for share, path in panel.bands:
            _, values = read_back(panel.axes, path)
            np.testing.assert_allclose(values[: len(weeks)], band.high[share / 100][weeks], atol=near)
            np.testing.assert_allclose(values[len(weeks) :][::-1], band.low[share / 100][weeks], atol=near)


def test_reading_back_would_see_a_wrong_line(answer: Comparison) -> None:
    panel, other = (panels(answer)[name] for name in ("nothing", "finasteride"))
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(read_back(panel.axes, panel.line)[1], read_back(other.axes, other.line)[1], atol=1.0)


def test_all_panels_share_axes_that_start_at_zero_and_hold_every_band(answer: Comparison) -> None:
    made = tuple(panels(answer).values())
    assert len({panel.axes for panel in made}) == 1
    axes = made[0].axes
    assert axes.value(axes.lower) == 0
    highest = max(float(option.band("visible", "vertex").high[BANDS[-1]].max()) for option in answer.forecasts)
    assert highest <= axes.top < highest + 50
    for panel in made:
        for path in (panel.line, panel.nothing, *(path for _, path in panel.bands)):
            x, y = points(path).T
            assert x.min() >= axes.left
            assert x.max() <= axes.right
            assert y.min() >= axes.upper
            assert y.max() <= axes.lower


def test_end_labels_say_the_end_and_do_not_touch(answer: Comparison) -> None:
    made = panels(answer)
    for option in answer.forecasts:
        said = {name: tick for name, tick in made[option.name].ends}
        assert said["option"].label == f"{option.band('visible', 'vertex').median[-1]:.0f}"
        if option is not answer.nothing:
            assert said["nothing"].label == f"{answer.nothing.band('visible', 'vertex').median[-1]:.0f}"
            assert abs(said["nothing"].at - said["option"].at) >= LABEL_GAP - 1e-9


def test_the_words_say_every_moment_with_its_range(answer: Comparison) -> None:
    made = panels(answer)
    for option in answer.forecasts:
        panel, band = made[option.name], option.band("visible", "vertex")
        for moment in answer.moments:
            low, high = (side[0.95][moment.week] for side in (band.low, band.high))
            assert f"after {moment.label} {band.median[moment.week]:.0f} ({low:.0f} to {high:.0f})" in panel.described


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [
        (5.0, "today", "5 years"),
        (3.0, "today", "3 years"),
        (2.0, "today", "24 months"),
        (1.0, "today", "12 months"),
        (0.5, "today", "6 months"),
        (0.1, "today", "week 5"),
    ],
)
def test_marks_of_time_fit_the_horizon(answer: Comparison, years: float, first: str, last: str) -> None:
    made = panels(compare(answer.person, Belief.prior(n=100), years=years, options=["finasteride"]))
    panel: Panel = made["finasteride"]
    assert (panel.x_ticks[0].label, panel.x_ticks[-1].label) == (first, last)
    places = [tick.at for tick in panel.x_ticks]
    assert places == sorted(places)
    assert places[-1] <= panel.axes.right + 1
    assert len({re.sub(r"\D", "", tick.label) for tick in panel.x_ticks}) == len(places), "no mark twice"
