"""Regions: known areas, what is inside, what is refused, and that a turn changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import BadParameter, UnknownName
from anagen.scalp.regions import regions
from anagen.therapy.polygon import Polygon, area_cm2, circle, holds, outline, outline_of_stage, signed_area

ELL = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (0, 3)]  # area 6, not convex


@pytest.mark.parametrize(
    ("points", "area", "centre"),
    [
        ([(0, 0), (4, 0), (4, 3), (0, 3)], 12.0, (2.0, 1.5)),
        ([(0, 0), (3, 0), (0, 3)], 4.5, (1.0, 1.0)),
        (ELL, 6.0, (1.5, 1.0)),  # (4 of (2, 0.5) + 2 of (0.5, 2)) / 6
        (ELL[::-1], 6.0, (1.5, 1.0)),
        ([*ELL, ELL[0]], 6.0, (1.5, 1.0)),
    ],
)
def test_areas_and_centres_are_those_of_the_shape(points: list[tuple[float, float]], area: float, centre: tuple[float, float]) -> None:
    made = Polygon.of(points)
    assert made.area_cm2 == pytest.approx(area, rel=1e-12)
    assert made.centre_cm == pytest.approx(centre, rel=1e-12)
    far = made.turned(1.0, (1e3, -2e3))  # rounding: 1e3 times as far away, so 3 digits less
    assert far.area_cm2 == pytest.approx(area, rel=1e-9)


def test_what_lies_inside_is_what_a_grid_counts() -> None:
    shape = Polygon.of(ELL)
    fine = (np.indices((400, 300)).reshape(2, -1).T + 0.5) / 100
    assert shape.holds(fine).mean() * 12 == pytest.approx(6.0, abs=1e-9)  # no edge runs through the middle of a cell
    turned = shape.turned(0.7, (3, -1))
    again = Polygon(fine).turned(0.7, (3, -1)).points_cm
    assert (turned.holds(again) == shape.holds(fine)).all()


def test_the_distance_to_the_edge_is_the_nearest_of_all_edges() -> None:
    shape = Polygon.of(ELL)
    assert shape.depth_cm([(0.5, 0.5), (0.5, 2), (2, 2), (-3, -4), (2, 0.9)]).tolist() == pytest.approx([0.5, 0.5, -1, -5, 0.1])


def test_a_window_cuts_off_the_part_that_it_shows() -> None:
    shape = Polygon.of(ELL)
    assert signed_area(shape.within([(0, 0), (10, 0), (10, 10), (0, 10)])) == pytest.approx(6.0)
    assert signed_area(shape.within([(0.5, 0.5), (2, 0.5), (2, 2), (0.5, 2)])) == pytest.approx(1.5 * 0.5 + 0.5 * 1.0)
    assert len(shape.within([(2, 2), (3, 2), (3, 3), (2, 3)])) == 0
    tiles = [(i, j) for i in np.arange(0, 4, 0.7) for j in np.arange(0, 3, 0.7)]
    shown = [signed_area(shape.within([(i, j), (i + 0.7, j), (i + 0.7, j + 0.7), (i, j + 0.7)])) for i, j in tiles]
    assert sum(shown) == pytest.approx(6.0, rel=1e-12)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(0, 0), (1, 1)], "region has 2 points; allowed: 3 points or more."),
        ([(0, 0), (2, 2), (2, 0), (0, 2)], "edge 1 (0, 0) to (2, 2) crosses edge 3 (2, 0) to (0, 2)"),
        ([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)], "edge 1 (0, 0) to (4, 0) crosses edge 3"),  # a corner on another edge
        ([(0, 0), (4, 0), (2, 0), (2, 3)], "edge 1 (0, 0) to (4, 0) folds back on edge 2 (4, 0) to (2, 0)"),
        ([(0, 0), (1, 1), (1, 1), (0, 2)], "edge 2 (1, 1) to (1, 1) has no length"),
        ([(0, 0), (1, float("nan")), (2, 0)], "not two numbers"),
        ([(0, 0), (1, 2, 3), (2, 0)], "not two numbers"),
    ],
)
def test_what_is_no_region_is_refused_in_one_sentence(points: list[tuple[float, ...]], said: str) -> None:
    with pytest.raises(BadParameter) as error:
        Polygon.of(points)
    assert said in str(error.value)
    assert str(error.value).count("; allowed: ") == 1


def test_corners_in_a_line_are_no_crossing() -> None:
    assert Polygon.of([(0, 0), (1, 0), (2, 0), (2, 2), (0, 2), (0, 1)]).area_cm2 == 4.0


def test_outlines_have_the_area_asked_for_and_stand_beside_each_other() -> None:
    for name, region in regions().items():
        assert area_cm2(outline(name)) == pytest.approx(region.area_cm2)
        assert area_cm2(outline(name, 33.0)) == pytest.approx(33.0)
    whole = [piece for name in regions() for piece in outline(name)]
    fine = np.random.default_rng(1).uniform((-12, -25), (12, 13), (20_000, 2))
    counts = np.sum([piece.holds(fine) for piece in whole], axis=0)
    assert (counts > 1).mean() < 0.01 * (counts > 0).mean()  # scaled about their own middles: hardly any overlap
    assert np.sum([holds(outline("vertex"), np.array([[0.0, -6.0]]))]) == 1


def test_a_stage_has_the_regions_that_it_thins() -> None:
    assert {piece.name for piece in outline_of_stage("ludwig", "2", 0.7)} <= {"front", "mid-scalp", "crown"}
    assert area_cm2(outline_of_stage("norwood", "6", 0.7, 100.0)) == pytest.approx(100.0)
    with pytest.raises(BadParameter, match="Norwood-Hamilton stage 1 leaves 70% of the hair everywhere"):
        outline_of_stage("norwood", "1", 0.7)
    with pytest.raises(UnknownName, match="did you mean 'vertex'"):
        outline("vertx")
    with pytest.raises(BadParameter, match="more than 0 cm2"):
        outline("vertex", -3)


def test_a_circle_is_nearly_round() -> None:
    made = circle(np.pi)
    assert np.hypot(*made.points_cm.T) == pytest.approx(1.0, abs=2e-3)  # 48 corners: sqrt of pi / (24 sin(2 pi / 48)) - 1
