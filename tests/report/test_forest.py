"""The forest drawn: every mark stands where its number is, and those who cannot see it are told the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from anagen.report.forest import between, drawing, heading, marks, signed, ticks
from anagen.report.forest_figure import PLOT, PLOT_END, draw
from anagen.synthesis import Synthesis, synthesis

SVG = "{http://www.w3.org/2000/svg}"


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def parts(found: Synthesis) -> tuple[ET.Element, list[ET.Element]]:
    root = ET.fromstring(draw(found))
    return root, [group for group in root.iter(f"{SVG}g") if group.get("class") == "trial"]


def axis(root: ET.Element) -> Any:
    """The place of a difference, from the labels of the axis."""
    labels = [
        text for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "middle" and re.fullmatch(r"−?[\d.]+", text.text or "")
    ]
    at = sorted((float((text.text or "").replace("−", "-")), float(text.get("x", ""))) for text in labels)
    (low, x0), (high, x1) = at[0], at[-1]
    return lambda value: x0 + (value - low) / (high - low) * (x1 - x0)


@pytest.mark.parametrize("name", ["finasteride", "minoxidil", "laser", "prp", "cell_extract"])
def test_every_mark_stands_where_its_number_is(name: str) -> None:
    found = synthesis(name)
    root, trials = parts(found)
    x = axis(root)
    assert len(trials) == len(found.contrasts)
    for one, group in zip(found.contrasts, trials, strict=True):
        path, square = group
        start, _, end = numbers(path.get("d", ""))
        assert (start, end) == (pytest.approx(x(one.low), abs=0.2), pytest.approx(x(one.high), abs=0.2))  # a tenth of a unit is written
        middle = float(square.get("x", "")) + float(square.get("width", "")) / 2
        assert middle == pytest.approx(x(one.difference), abs=0.2)
        assert (square.get("fill") == "#ffffff") == (one.spread in ("filled", "bound"))


def test_the_diamond_is_the_mean_and_a_larger_square_weighs_more() -> None:
    found = synthesis("minoxidil")
    assert found.pooled is not None
    root, trials = parts(found)
    x = axis(root)
    [diamond] = [path for path in root.iter(f"{SVG}path") if path.get("d", "").endswith("Z") and path.get("d", "").count(",") == 4]
    left, _, top, _, right, _, _, _ = numbers(diamond.get("d", ""))
    assert (left, top, right) == tuple(
        pytest.approx(x(value), abs=0.2) for value in (found.pooled.low, found.pooled.estimate, found.pooled.high)
    )
    areas = [float(group[1].get("width", "")) for group in trials]
    assert sorted(range(5), key=areas.__getitem__) == sorted(range(5), key=found.pooled.weights.__getitem__)


def test_what_runs_off_the_plot_ends_in_an_arrow() -> None:
    wide = draw(synthesis("finasteride"))
    arrows = re.findall(r'd="M([\d.]+),[\d.]+ ([\d.]+),[\d.]+ [\d.]+,[\d.]+Z"', wide)
    assert len(arrows) == 4, "mean and prediction, both ways"
    assert {float(base) for _, base in arrows} == {PLOT, PLOT_END}
    assert re.findall(r'd="M([\d.]+),[\d.]+ ([\d.]+),[\d.]+ [\d.]+,[\d.]+Z"', draw(synthesis("laser"))) == []


@pytest.mark.parametrize("name", ["finasteride", "laser", "svf", "prp"])
def test_those_who_cannot_see_it_are_told_the_same(name: str) -> None:
    found = synthesis(name)
    root, _ = parts(found)
    assert root.get("role") == "img"
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert (title.text or "").lower() == heading(found).lower()
    for one in found.contrasts:
        assert f"{signed(one.difference)} {between(one.low, one.high)}" in (words.text or "")
        assert f"{one.study.risk_of_bias} risk of bias" in (words.text or "")
    if found.pooled and found.pooled.k > 1:
        assert between(found.pooled.low, found.pooled.high) in (words.text or "")
    seen = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert f"Certainty of the evidence, at the visits nearest to a year: {found.certainty.level}." in seen


def test_nothing_lies_outside_the_figure() -> None:
    for name in ("finasteride", "minoxidil", "laser", "microneedling", "svf"):
        root, _ = parts(synthesis(name))
        _, _, width, height = numbers(root.get("viewBox", ""))
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x", "")) <= width
            assert 0 <= float(text.get("y", "")) <= height - 8


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_drawing_in_characters_keeps_order_and_width(width: int) -> None:
    found = synthesis("minoxidil")
    lines = drawing(found, width)
    assert max(map(len, lines)) < width
    places = [line.index("■") for line in lines[: len(found.contrasts)]]
    order = sorted(range(5), key=[one.difference for one in found.contrasts].__getitem__)
    assert [places[i] for i in order] == sorted(places)
    assert all("┊" in line for line in lines[:5])
    assert drawing(synthesis("svf"), width) == []


def test_ticks_are_few_round_and_inside() -> None:
    for low, high in ((-4.2, 33.0), (0.0, 0.7), (-130.0, 20.0), (-2e4, 3e4), (0.0, 1e-2)):
        found = ticks(low, high)
        assert 2 <= len(found) <= 6
        assert low <= min(found) <= max(found) <= high
        assert 0.0 in found


def test_marks_say_what_was_filled_in() -> None:
    found = synthesis("laser")
    assert [marks(one, found) for one in found.contrasts] == ["t~*", "t*", "t~", "t~", "t"]
    assert [marks(one, synthesis("laser", "terminal")) for one in synthesis("laser", "terminal").contrasts] == ["~*", "*", "~", "~", ""]
