"""What a camera counts: the follicles that are there, and its own error."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.ground.errors import BadParameter
from anagen.scalp.expect import expect
from anagen.scalp.law import healthy
from anagen.scalp.phototrichogram import Phototrichogram
from anagen.scalp.sample import Looks, sample
from anagen.scalp.spread import spread

LOSING = healthy(shrink=0.4)
START = expect(LOSING, weeks=400, dtype=np.float64).end
EXACT = Phototrichogram(area_cm2=2.0, repeat_cv=0.0)


@pytest.fixture(scope="module")
def looks() -> Looks:
    found = sample(LOSING, weeks=52, follicles=460, start=START, seed=3, look_weeks=(0, 52)).looks
    assert found is not None
    return found


def test_without_error_it_counts_what_is_there(looks: Looks) -> None:
    read = EXACT.count(looks)
    hair = looks.phase < 3
    np.testing.assert_allclose(read["visible"], hair.sum(1) / 2)
    np.testing.assert_allclose(read["terminal"], (hair & (looks.calibre_um > 40)).sum(1) / 2)
    np.testing.assert_allclose(read["vellus"], (hair & (looks.calibre_um < 30)).sum(1) / 2)
    np.testing.assert_allclose(read["anagen_share"] * read["visible"], read["anagen"])
    assert 30 < read["calibre"][0] < 70


def test_hairs_too_thin_to_be_seen_are_missed(looks: Looks) -> None:
    blind = Phototrichogram(area_cm2=2.0, repeat_cv=0.0, seen_um=30)
    assert blind.count(looks)["vellus"].max() == 0
    np.testing.assert_allclose(blind.count(looks)["visible"] + EXACT.count(looks)["vellus"], EXACT.count(looks)["visible"])


def test_the_error_is_one_factor_a_visit_and_the_same_luck_for_every_plan(looks: Looks) -> None:
    camera = Phototrichogram(area_cm2=2.0, repeat_cv=0.1)
    factor = camera.count(looks, seed=4)["visible"] / EXACT.count(looks)["visible"]
    np.testing.assert_allclose(camera.count(looks, seed=4)["terminal"] / EXACT.count(looks)["terminal"], factor)
    assert factor[0] != factor[1]
    other = sample(healthy(), weeks=52, follicles=460, seed=9, look_weeks=(0, 52)).looks
    assert other is not None
    np.testing.assert_allclose(camera.count(other, seed=4)["visible"] / EXACT.count(other)["visible"], factor)


def test_the_spread_of_a_reading_holds_hairs_and_camera() -> None:
    found = spread(LOSING, None, 52, area_cm2=2.0, start=START, outputs=["visible"])
    plain, change = EXACT.sd(found, "visible")
    np.testing.assert_allclose(plain, found.sd["visible"])
    np.testing.assert_allclose(change, found.change_sd["visible"])
    camera = Phototrichogram(area_cm2=2.0, repeat_cv=0.1)
    sd, change = camera.sd(found, "visible")
    np.testing.assert_allclose(sd**2 - found.sd["visible"] ** 2, (0.1 * found.mean["visible"]) ** 2)
    np.testing.assert_allclose(change[52] ** 2 - found.change_sd["visible"][52] ** 2, 0.01 * (found.mean["visible"][[0, 52]] ** 2).sum())
    with pytest.raises(BadParameter, match=r"spread is of 2 cm2; allowed: that of the target area, 5\.1 cm2"):
        Phototrichogram().sd(found, "visible")


@pytest.mark.parametrize(("field", "value"), [("area_cm2", 0.0), ("repeat_cv", -1.0), ("terminal_um", float("nan"))])
def test_a_bad_camera_is_named(field: str, value: float) -> None:
    with pytest.raises(BadParameter, match=f"Phototrichogram.{field}"):
        Phototrichogram(**{field: value})
