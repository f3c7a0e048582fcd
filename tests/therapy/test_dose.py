"""The sum over injections: the plain sum, its stated error, its mass, and that no move or turn of the head changes it."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import BadParameter
from anagen.therapy import dose
from anagen.therapy.dose import Profile, dose_map, neighbours
from anagen.therapy.grid import follicles, hexagonal
from anagen.therapy.kernel import Kernel
from anagen.therapy.polygon import circle, turn

MIDDLE = Kernel(0.363, 0.40, 1.55e-3, 0.042, 0.55)
WIDE = Kernel(0.363, 0.40, 5.7e-3, 0.0042, 0.55)
TIMES_H = (1.0, 24.0, 240.0)


def plain(kernel: Kernel, points: np.ndarray, places: np.ndarray, time_h: float | None, amounts: float | np.ndarray = 1.0) -> np.ndarray:
    gaps = np.hypot(*(places[:, None] - points).transpose(2, 0, 1))
    return (kernel.total(gaps, 0.35) if time_h is None else kernel.at(gaps, 0.35, time_h)) @ np.broadcast_to(amounts, len(points))


@pytest.mark.parametrize("kernel", [MIDDLE, WIDE], ids=["middle", "wide"])
@pytest.mark.parametrize("split", [False, True])
def test_the_map_is_the_plain_sum_to_its_stated_error(kernel: Kernel, split: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """`split` lowers the number of pairs that are summed one by one, so that the smooth part goes over the coarse grid."""
    region = circle(60)
    points, places = hexagonal(region, 1.0).points_cm, follicles(region, 60)
    amounts = 1 + np.arange(len(points)) % 3
    monkeypatch.setattr(dose, "PAIRS", 10_000 if split else dose.PAIRS)
    for times in (TIMES_H, None):
        made = dose_map(kernel, points, places, 0.35, 60.0, times, amounts)
        for i, time in enumerate(times or (None,)):
            off = np.abs(made.dose[i, ::7] - plain(kernel, points, places[::7], time, amounts)).max()
            assert off <= 1.5 * made.error[i]  # splines are looked at in 64 places of 3,600: the worst may lie elsewhere
            assert made.error[i] < 5e-3 * made.even[i]


def test_a_cut_off_too_near_is_seen() -> None:
    """The twin: with a cut-off that leaves out a tenth of a peak, the same comparison fails the same bound."""
    points, places = hexagonal(circle(60), 1.0).points_cm, follicles(circle(60), 60)
    rough = dose_map(WIDE, points, places, 0.35, 60.0, (240.0,), tolerance=30.0)
    off = np.abs(rough.dose[0, ::11] - plain(WIDE, points, places[::11], 240.0)).max()
    assert off > 5e-3 * rough.even[0]
    assert off <= rough.error[0]  # and it says so itself


def test_the_cut_off_bound_holds() -> None:
    points, places = hexagonal(circle(60), 0.8).points_cm, follicles(circle(60), 60)
    for tolerance in (1e-1, 1e-2, 1e-3):
        made = dose_map(MIDDLE, points, places, 0.35, 60.0, TIMES_H, tolerance=tolerance)
        for i, time in enumerate(TIMES_H):
            assert np.abs(made.dose[i, ::11] - plain(MIDDLE, points, places[::11], time)).max() <= made.error[i]


def test_the_even_dose_is_the_mean_deep_inside() -> None:
    """Over whole cells of the grid, far from the edge, what points bring is what they bring spread without gaps."""
    spacing = 0.9
    points = hexagonal(circle(775), spacing).points_cm
    middle = points[np.hypot(*points.T).argmin()]
    step = (np.indices((40, 40)).reshape(2, -1).T + 0.5) / 40
    beside = points[np.argsort(np.hypot(*(points - middle).T))[1]] - middle
    cell = middle + step[:, :1] * beside + step[:, 1:] * turn(beside[None], np.pi / 3)
    area = len(points) * spacing**2 * np.sqrt(3) / 2
    for kernel in (MIDDLE, Kernel(0.2, 0.3, 4.2e-4, 0.42, 0.55)):
        made = dose_map(kernel, points, cell, 0.35, area, (6.0, 72.0))
        assert made.relative.mean(axis=1) == pytest.approx(1.0, rel=1e-3)
        assert dose_map(kernel, points, cell, 0.35, area).relative.mean() == pytest.approx(1.0, rel=1e-3)


def test_the_table_holds_all_of_the_plane() -> None:
    """`even` against the amount that decay has left, for a follicle depth averaged over the slab."""
    depths = (np.arange(80) + 0.5) * 0.55 / 80
    for time in (3.0, 30.0):
        evens = [float(Profile.of(MIDDLE, depth, time, 1.0, 20.0).even) for depth in depths]
        assert np.sum(evens) * 0.55 / 80 == pytest.approx(np.exp(-0.042 * time), rel=1e-3)


def test_turning_and_moving_the_head_changes_nothing() -> None:
    points, places = hexagonal(circle(40), 1.0).points_cm, follicles(circle(40), 50)
    one = dose_map(MIDDLE, points, places, 0.35, 40.0, TIMES_H)
    away = np.array([50.0, -20.0])
    two = dose_map(MIDDLE, turn(points, 1.3) + away, turn(places, 1.3) + away, 0.35, 40.0, TIMES_H)
    assert two.dose == pytest.approx(one.dose, abs=2 * float(one.error.max()))
    mirrored = dose_map(MIDDLE, points * (-1, 1), places * (-1, 1), 0.35, 40.0, TIMES_H)
    assert mirrored.dose == pytest.approx(one.dose, abs=2 * float(one.error.max()))


def test_twice_the_amount_is_twice_the_dose_and_the_same_reach() -> None:
    points, places = hexagonal(circle(40), 1.2).points_cm, follicles(circle(40), 50)
    one, two = (dose_map(MIDDLE, points, places, 0.35, 40.0, amounts=amount) for amount in (1.0, 2.0))
    assert two.dose == pytest.approx(2 * one.dose)
    assert two.within_reach(0.5) == one.within_reach(0.5)
    assert 0.2 < one.within_reach(0.5)[0] < 0.999
    assert one.within_reach(0.1)[0] >= one.within_reach(1.0)[0]


@pytest.mark.parametrize("cut", [0.3, 1.0, 4.0, 30.0])
def test_no_neighbour_is_missed_and_none_counted_twice(cut: float) -> None:
    rng = np.random.default_rng(0)
    places, points = rng.uniform(0, 10, (2000, 2)), rng.uniform(-1, 11, (60, 2))
    found = [
        (int(i), int(j))
        for place, point, gap in neighbours(points, places, cut)
        for i, j in zip(place[gap <= cut], point[gap <= cut], strict=True)
    ]
    near = np.argwhere(np.hypot(*(places[:, None] - points).transpose(2, 0, 1)) <= cut)
    assert sorted(found) == sorted(map(tuple, near.tolist()))


def test_what_cannot_be_summed_is_refused() -> None:
    place = np.array([[0.0, 0.0]])
    with pytest.raises(BadParameter, match="points_cm are none"):
        dose_map(MIDDLE, np.empty((0, 2)), place, 0.35, 1.0)
    with pytest.raises(BadParameter, match="places_cm are none"):
        dose_map(MIDDLE, place, np.empty((0, 2)), 0.35, 1.0)
    with pytest.raises(BadParameter, match="amounts reach down to -1"):
        dose_map(MIDDLE, place, place, 0.35, 1.0, amounts=-1)
    with pytest.raises(BadParameter, match="time_h is -2"):
        dose_map(MIDDLE, place, place, 0.35, 1.0, times_h=(-2,))
    with pytest.raises(BadParameter, match="level is 0"):
        dose_map(MIDDLE, place, place, 0.35, 1.0).within_reach(0)
