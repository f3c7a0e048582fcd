"""Where a site lies: in the region that holds most of it, with the share of each region, by hand-worked areas."""

from __future__ import annotations

import pytest

from anagen.ground.errors import BadParameter
from anagen.therapy.inject import Site
from anagen.therapy.place import lies_in


def square(left: float, low: float, right: float, high: float) -> Site:
    return Site(points_cm=((left, low), (right, low), (right, high), (left, high)))


def test_a_drawn_polygon_lies_where_its_outline_is_and_not_where_a_person_asks() -> None:
    front = lies_in(square(-2, 6, 2, 9), "vertex")
    assert (front.region, front.treated, front.outside) == ("frontal", {"frontal": pytest.approx(12 / 70)}, 0.0)
    assert lies_in(square(-2, -8, 2, -5), "frontal").region == "vertex"
    assert lies_in(square(-2, -18, 2, -14), "vertex").region == "occipital"


def test_one_that_spans_two_regions_lies_in_the_larger_part() -> None:
    """The mid-scalp ends at y = 4.19: of 4 cm from 1 to 7 there are 3.19 on it and 2.81 on the front, each 4 wide."""
    both = lies_in(square(-2, 1, 2, 7), "vertex")
    assert both.region == "midscalp"
    assert both.treated == {"midscalp": pytest.approx(4 * 3.19 / 90, rel=0.01), "frontal": pytest.approx(4 * 2.81 / 70, rel=0.01)}
    assert list(both.treated) == ["midscalp", "frontal"]


def test_what_lies_beyond_the_outlines_is_told_and_too_much_is_refused() -> None:
    """Straight ahead the front ends between y = 10.58 and 11: of a square from 9 to 13 that is half; from 10 to 14 a quarter."""
    part = lies_in(square(-1, 9, 1, 12), "vertex")
    assert part.region == "frontal"
    assert part.outside == pytest.approx(1 - (11 - 9 - 0.08) / 3, abs=0.01)
    with pytest.raises(BadParameter, match="site lies off the scalp"):
        lies_in(square(-1, 10, 1, 14), "vertex")


def test_a_stage_lies_in_all_its_regions_and_of_equals_in_the_one_asked_about() -> None:
    stage = Site(scale="norwood", stage="5")
    assert lies_in(stage, "vertex").treated == pytest.approx(dict.fromkeys(("vertex", "midscalp", "frontal", "temples"), 1.0))
    assert lies_in(stage, "vertex").region == "vertex"
    assert lies_in(stage, "midscalp").region == "midscalp"
    assert lies_in(stage, "frontal").region in ("vertex", "midscalp")  # smaller than both
    half = lies_in(stage.model_copy(update={"area_cm2": 145.0}), "vertex")
    assert half.treated == pytest.approx(dict.fromkeys(("vertex", "midscalp", "frontal", "temples"), 0.5))


def test_a_name_is_its_place_and_a_circle_lies_where_a_person_asks() -> None:
    assert lies_in(Site(region="temples", area_cm2=20), "vertex").treated == {"temples": 0.5}
    assert lies_in(Site(area_cm2=30), "frontal").treated == {"frontal": pytest.approx(30 / 70)}
