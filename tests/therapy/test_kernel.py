"""One bolus: its closed forms against quadrature, its limits, its walls, its mass; and a finite-volume run, with twins that it catches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from records import record, script

from anagen.ground.errors import BadParameter
from anagen.therapy.kernel import Kernel, ball_radius_cm

MIDDLE = Kernel(radius_cm=0.363, depth_cm=0.40, diffusion_cm2_per_h=1.55e-3, decay_per_h=0.042, floor_cm=0.55)


def mass(kernel: Kernel, time_h: float | None, rings: int = 1200, layers: int = 100) -> float:
    """The amount in the whole slab, by the midpoint rule."""
    reach = 5.0
    r, z = (np.arange(rings) + 0.5) * reach / rings, (np.arange(layers) + 0.5) * kernel.floor_cm / layers
    level = kernel.total(r[:, None], z) if time_h is None else kernel.at(r[:, None], z, time_h)
    return float((level * 2 * np.pi * r[:, None]).sum() * reach / rings * kernel.floor_cm / layers)


@pytest.mark.parametrize("depth", [0.05, 0.3, 0.5])
def test_no_mass_is_lost_but_by_decay(depth: float) -> None:
    """The midpoint rule is off by about (step / scale)^2 / 24: the step is 0.005 cm, the ball's edge blurred over 0.1 cm."""
    kernel = replace(MIDDLE, depth_cm=depth)
    for time in (2.0, 20.0):
        assert mass(kernel, time) == pytest.approx(np.exp(-0.042 * time), rel=1e-4)
    assert mass(kernel, None) == pytest.approx(1 / 0.042, rel=1e-3)
    assert mass(replace(kernel, decay_per_h=0.0), 20.0) == pytest.approx(1.0, rel=1e-4)


def test_a_wall_left_out_would_lose_mass() -> None:
    """The twin of the test above: with the lower wall far away, much of the amount leaves the slab."""
    deep = replace(MIDDLE, floor_cm=np.inf)
    r, z = (np.arange(2000) + 0.5) * 5 / 2000, (np.arange(200) + 0.5) * 0.55 / 200
    within = (deep.at(r[:, None], z, 20.0) * 2 * np.pi * r[:, None]).sum() * 5 / 2000 * 0.55 / 200
    assert within < 0.8 * np.exp(-0.042 * 20)


def test_nothing_flows_through_a_wall() -> None:
    for at in (lambda z: MIDDLE.at(0.1, z, 10.0), lambda z: MIDDLE.total(0.1, z)):
        for wall, step in ((0.0, 1e-4), (0.55, -1e-4)):
            slope = abs(float(at(wall + step) - at(wall))) / 1e-4
            inside = abs(float(at(0.2) - at(0.2 + 1e-4))) / 1e-4
            assert slope < 1e-2 * inside  # a slope of 0 read over a step; inside the level does change with depth


def test_the_closed_forms_are_what_they_must_equal() -> None:
    rows = script("dose_map").free_rows()
    for row in rows[:4]:
        assert row["difference"] < 1e-6, row["what"]  # quadrature to 1e-10 of smaller levels than the largest
    assert rows[4]["difference"] < 1e-6
    assert rows[5]["difference"] < 2e-3  # 4 D t is 24 cm2 then, the ball's own spread 0.04 cm2
    assert rows[6]["difference"] < 1e-4  # a ball of 0.001 cm
    assert len(rows) == 7


def test_it_agrees_with_finite_volumes_and_the_closer_the_finer() -> None:
    coarse, fine = (script("dose_map").finite_rows((cells,)) for cells in (2, 4))
    for one, two in zip(coarse, fine, strict=True):
        for name in ("1 h", "6 h", "24 h"):
            assert two[name] < 0.03  # a cell of 0.025 cm across an edge blurred over 0.08 cm: (0.025 / 0.08)^2 / 4
            assert two[name] < one[name]
        assert two["total"] is None or two["total"] < one["total"]


def test_finite_volumes_catch_a_wrong_kernel() -> None:
    """Twins: an image left out, decay forgotten, diffusion a tenth too fast."""
    run = script("dose_map")
    disc = run.Disc(2.0, 0.55, 4)
    start, (r, z) = disc.ball(0.363, 0.40), disc.middles
    [level] = disc.at(start, 1.55e-3, 0.042, [6.0], 32)

    def off(kernel: Kernel) -> float:
        return float(np.abs(kernel.at(r[:, None], z, 6.0) - level).max() / level.max())

    assert off(MIDDLE) < 0.005
    wrong: list[dict[str, Any]] = [{"floor_cm": np.inf}, {"decay_per_h": 0.0}, {"diffusion_cm2_per_h": 1.7e-3}]
    assert all(off(replace(MIDDLE, **fields)) > 0.01 for fields in wrong)


def test_draws_are_many_kernels_at_once() -> None:
    radius, decay = np.array([[0.2], [0.3]]), np.array([[0.01], [0.1]])
    both = Kernel(radius, 0.3, 1e-3, decay, np.array([[0.5], [0.6]]))
    far = np.linspace(0, 1, 7)
    for i, floor in enumerate((0.5, 0.6)):
        one = Kernel(float(radius[i, 0]), 0.3, 1e-3, float(decay[i, 0]), floor)
        assert both.total(far, 0.3)[i] == pytest.approx(one.total(far, 0.3), rel=1e-8)
        assert both.at(far, 0.3, 5.0)[i] == pytest.approx(one.at(far, 0.3, 5.0), rel=1e-8)


def test_small_balls_and_their_middles_keep_their_digits() -> None:
    tiny = [float(Kernel(radius, 5.0, 1e-3, 1e-3).total(0.5, 5.0)) for radius in (1e-3, 0.0199, 0.0201)]
    assert tiny[1:] == pytest.approx([tiny[0]] * 2, rel=1e-4)  # outside, a ball is a point but for (R / L)^2 / 10
    middle, beside = (float(MIDDLE.total(r, 0.40)) for r in (0.0, 1e-7))
    assert middle == pytest.approx(beside, rel=1e-8)


def test_the_level_falls_with_distance() -> None:
    far = np.linspace(0, 2, 400)
    for level in (MIDDLE.total(far, 0.35), *(MIDDLE.at(far, 0.35, time) for time in (0.1, 5.0, 100.0))):
        assert (np.diff(level) <= 1e-12 * level[0]).all()


def test_a_volume_fills_a_ball() -> None:
    radius = ball_radius_cm(np.array([0.1, 0.1]), np.array([1.0, 0.5]))
    assert 4 / 3 * np.pi * radius**3 == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"radius_cm": 0.0}, "radius_cm is 0; allowed: more than 0."),
        ({"diffusion_cm2_per_h": -1.0}, "diffusion_cm2_per_h is -1"),
        ({"decay_per_h": -0.1}, "decay_per_h is -0.1; allowed: 0 or more."),
        ({"depth_cm": 0.6}, "depth_cm is 0.6; allowed: at most the floor, 0.55 cm."),
    ],
)
def test_what_no_tissue_has_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(BadParameter) as error:
        replace(MIDDLE, **wrong)
    assert said in str(error.value)
    with pytest.raises(BadParameter, match="volume_ml is -1"):
        ball_radius_cm(-1.0, 0.5)
    with pytest.raises(BadParameter, match="time_h is 0"):
        MIDDLE.at(0.0, 0.3, 0.0)


def test_the_record_is_what_the_code_gives_now() -> None:
    """Rows that take a second: the closed forms, to the digits that quadrature gives."""
    for now, then in zip(script("dose_map").free_rows(), record("dose_map")["free"], strict=True):
        assert now["what"] == then["what"]
        assert now["difference"] == pytest.approx(then["difference"], rel=0.05, abs=1e-7)
