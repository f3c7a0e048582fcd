"""The grid: as many points as fit, wherever and however the region lies; the follicles: as dense as said, each in its own place."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import BadParameter
from anagen.therapy.grid import cell_area_cm2, follicles, hexagonal, served_cm2
from anagen.therapy.polygon import Polygon, circle, outline

SHAPES = {
    "square": Polygon.of([(0, 0), (9, 0), (9, 9), (0, 9)]),
    "round": circle(80),
    "bent": Polygon.of([(0, 0), (12, 0), (12, 4), (4, 5), (4, 12), (0, 12)]),
}


@pytest.mark.parametrize("spacing", [0.5, 1.0, 1.6])
@pytest.mark.parametrize("name", SHAPES)
def test_the_count_is_that_of_hexagons_but_for_the_edge(name: str, spacing: float) -> None:
    """A hexagon that counts wrongly meets the edge, so lies within two circumradii of it: the bound is that strip's area."""
    shape = SHAPES[name]
    cells = shape.area_cm2 / cell_area_cm2(spacing)
    strip = shape.perimeter_cm * 2 * spacing / np.sqrt(3) / cell_area_cm2(spacing)
    count = len(hexagonal(shape, spacing))
    assert abs(count - cells) < strip
    assert abs(count - cells) < 0.15 * cells + 3  # and in fact much closer: a grid of other density would not be
    assert abs(len(hexagonal(shape, spacing * 1.25)) - cells) > 0.15 * cells + 3 or spacing == 1.6


@pytest.mark.parametrize("name", SHAPES)
def test_points_stand_in_the_region_at_their_spacing(name: str) -> None:
    grid = hexagonal(SHAPES[name], 1.0)
    gaps = np.hypot(*(grid.points_cm[:, None] - grid.points_cm).transpose(2, 0, 1)) + 9 * np.eye(len(grid))
    assert gaps.min(axis=1) == pytest.approx(1.0, abs=1e-9)
    assert SHAPES[name].holds(grid.points_cm).all()
    assert ((np.abs(gaps - 1) < 1e-9).sum(axis=1) == 6).any()


@pytest.mark.parametrize("name", SHAPES)
def test_the_grid_turns_with_the_region(name: str) -> None:
    """Points are compared by their distances from the region's corners, which a turn does not change; in any order."""
    shape, moved = SHAPES[name], SHAPES[name].turned(2.1, (30, -7))
    one, two = (np.sort(np.hypot(*(hexagonal(of, 1.0).points_cm - of.centre_cm).T)) for of in (shape, moved))
    assert two == pytest.approx(one, abs=1e-9)


def test_a_better_place_is_taken() -> None:
    """No point may be nearer than the one found, on average, in any other place that is tried: the corner of a strip leaves a gap."""
    strip = Polygon.of([(0, 0), (10, 0), (10, 0.9), (0, 0.9)])
    points = hexagonal(strip, 1.0).points_cm
    fine = np.random.default_rng(3).uniform((0, 0), (10, 0.9), (4000, 2))

    def far(of: np.ndarray) -> float:
        return float((np.hypot(*(fine[:, None] - of).transpose(2, 0, 1)).min(axis=1) ** 2).mean())

    assert far(points) < far(np.column_stack([np.arange(0.0, 10.5), np.zeros(11)]))


def test_each_session_is_an_even_grid_of_its_own() -> None:
    for sessions in (2, 3, 4):
        grid = hexagonal(circle(150), 1.0, sessions)
        counts = np.bincount(grid.session)[1:]
        assert len(counts) == sessions
        assert counts.min() > 0.8 * counts.max()
        for session in range(1, sessions + 1):
            own = grid.points_cm[grid.session == session]
            gaps = np.hypot(*(own[:, None] - own).transpose(2, 0, 1)) + 9 * np.eye(len(own))
            nearest = 1.0 if sessions == 2 else np.sqrt(3)
            assert np.median(gaps.min(axis=1)) == pytest.approx(nearest, abs=1e-9)


@pytest.mark.parametrize("name", SHAPES)
def test_every_place_is_served_by_one_point(name: str) -> None:
    grid = hexagonal(SHAPES[name], 1.0)
    area = served_cm2(SHAPES[name], grid)
    assert area.sum() == pytest.approx(SHAPES[name].area_cm2, rel=1e-9)
    deep = SHAPES[name].depth_cm(grid.points_cm) > 2.0
    assert area[deep] == pytest.approx(cell_area_cm2(1.0), rel=1e-9)


@pytest.mark.parametrize("angle", [0.0, 0.3, 0.9, 1.4, 2.2, 3.0])
@pytest.mark.parametrize("name", SHAPES)
def test_points_are_in_rows_as_a_person_reads_them(name: str, angle: float) -> None:
    """Rows run within 15 degrees of left to right, or of straight back; along each the needle goes on, and from row to row too."""
    grid = hexagonal((SHAPES[name].turned(angle), SHAPES[name].turned(angle + 0.5, (30, 0))), 1.0)
    assert (np.diff(grid.row) >= 0).all()
    for number, across in enumerate(grid.across):
        mine = grid.piece == number
        starts = []
        for row in np.unique(grid.row[mine]):
            points = grid.points_cm[grid.row == row]
            assert mine[grid.row == row].all()
            steps = np.diff(points, axis=0)
            on = np.array((1.0, 0.0) if across else (0.0, -1.0))
            assert (steps @ on >= np.cos(np.deg2rad(15.001)) * np.hypot(*steps.T)).all()
            if len(points) > 1:
                way = steps[0] / np.hypot(*steps[0])
                starts.append(points[0] @ np.array((-way[1], way[0])) * (-1 if across else 1))
        assert (np.diff(starts) > 0.8).all()  # each row is farther back, or farther right, by a row's height or more


def test_several_polygons_have_a_grid_each() -> None:
    temples = outline("temples")
    grid = hexagonal(temples, 0.9)
    assert set(grid.piece) == {0, 1}
    assert all(piece.holds(grid.points_cm[grid.piece == number]).all() for number, piece in enumerate(temples))
    assert served_cm2(temples, grid).sum() == pytest.approx(40.0)


@pytest.mark.parametrize(
    ("spacing", "said"),
    [(0, "at least 0.3 cm"), (-1, "at least 0.3 cm"), (float("nan"), "at least 0.3 cm"), (0.001, "at least 0.3 cm"), (20, "at most")],
)
def test_a_spacing_that_cannot_be_is_refused(spacing: float, said: str) -> None:
    with pytest.raises(BadParameter, match="spacing_cm is") as error:
        hexagonal(SHAPES["square"], spacing)
    assert said in str(error.value)


def test_nothing_is_laid_out_that_no_head_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any lattice is made: a polygon typed in mm would take all memory."""

    def never(*_: object) -> None:
        raise AssertionError("a lattice was made")

    monkeypatch.setattr("anagen.therapy.grid._lattice", never)
    in_mm, long = Polygon.of([(-300, -600), (300, -600), (300, 0), (-300, 0)]), Polygon.of([(0, 0), (900, 900), (900, 900.1)])
    for region, said in ((in_mm, "covers 360,000 cm2; allowed: at most 775 cm2"), (long, "is 900 cm long; allowed: at most 40 cm")):
        for lay in (lambda of: hexagonal(of, 1.0), lambda of: follicles(of, 200)):
            with pytest.raises(BadParameter) as error:
                lay(region)
            assert said in str(error.value)
    with pytest.raises(BadParameter, match=r"spacing_cm is 0\.3; allowed: at least 0\.54 cm over 500 cm2, for at most 2,000 points"):
        hexagonal(circle(500), 0.3)
    with pytest.raises(BadParameter, match="at most 2,000,000 follicles"):
        follicles(circle(500), 1e5)


def test_the_least_spacing_told_is_allowed() -> None:
    assert 1900 < len(hexagonal(circle(500), 0.54)) < 2100


def test_follicles_are_as_dense_as_said_and_keep_their_places() -> None:
    small, large = Polygon.of([(2, 2), (5, 2), (5, 5), (2, 5)]), Polygon.of([(-1, -1), (9, -1), (9, 9), (-1, 9)])
    few, many = follicles(small, 200), follicles(large, 200)
    # the lattice itself is within its strip; jitter moves as many in as out, to a few times the root of those near the edge
    assert len(few) == pytest.approx(1800, abs=4 * np.sqrt(12 * np.sqrt(200)))
    inside = many[small.holds(many)]
    assert sorted(map(tuple, inside)) == sorted(map(tuple, few))
    assert sorted(map(tuple, follicles(small, 200, seed=1))) != sorted(map(tuple, few))
    with pytest.raises(BadParameter, match="holds no follicle"):
        follicles(Polygon.of([(0, 0), (1e-4, 0), (0, 1e-4)]), 1.0)
    with pytest.raises(BadParameter, match="density_per_cm2 is -1"):
        follicles(small, -1.0)


def test_a_region_without_room_for_a_needle_is_told_as_such() -> None:
    tiny = Polygon.of([(0, -6), (0.001, -6), (0.001, -6.001)])
    with pytest.raises(BadParameter, match=r"site is too small \(0.00141 cm long\); allowed: at least 0.3 cm"):
        hexagonal(tiny, 1.0)
