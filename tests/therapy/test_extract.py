"""Extract: known answers by hand, laws of volume and number, and what cannot be taken."""

from __future__ import annotations

import math

import numpy as np
import pytest

from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, extract, read_source
from anagen.therapy.unknowns import Unknowns

MIDDLE = Unknowns.middle()
MANY = Unknowns.drawn(300)


def test_a_hundred_ml_of_fat_by_hand() -> None:
    """100 mL x 0.92 g/mL = 92 g; x 0.6 = 60 mL of washed fat; the middle donor and site stand at 1."""
    tissue = extract(Lipoaspirate(volume_ml=100), MIDDLE)
    assert {name: float(values[0]) for name, values in tissue.holds.items()} == pytest.approx(
        {"lipoaspirate_ml": 100, "lipoaspirate_g": 92, "washed_fat_ml": 60, "richness": 1}
    )
    assert float(tissue.loses["fat_ml"][0]) == pytest.approx(60)


def test_marrow_by_hand() -> None:
    """5 mL is undiluted: 5 x 31.7e6. 40 mL in one draw counts as 10 x 4**0.6 = 22.97 mL; in four draws of 10 as 40."""
    small, one, four = (extract(Marrow(volume_ml=v, punctures=k), MIDDLE).holds for v, k in ((5, 1), (40, 1), (40, 4)))
    assert float(small["nucleated_cells"][0]) == pytest.approx(5 * 31.7e6)
    assert float(one["nucleated_cells"][0]) == pytest.approx(10 * 4**0.6 * 31.7e6)
    assert float(four["nucleated_cells"][0]) == pytest.approx(40 * 31.7e6)
    assert float(four["cfuf_cells"][0]) == pytest.approx(40 * 31.7e6 * 7.8e-5)


def test_a_punch_by_hand() -> None:
    """Four punches of 2 mm are 4 pi mm2 = 12.57 mm2; at 230 follicles/cm2 that is 28.9."""
    tissue = extract(ScalpBiopsy(number=4), MIDDLE)
    assert float(tissue.holds["skin_mm2"][0]) == pytest.approx(4 * math.pi)
    assert float(tissue.holds["follicles"][0]) == pytest.approx(4 * math.pi / 100 * 230)
    np.testing.assert_array_equal(tissue.loses["follicles"], tissue.holds["follicles"])


def test_more_marrow_gives_more_cells_ever_thinner() -> None:
    volumes = np.geomspace(1, 60, 25)
    runs = [extract(Marrow(volume_ml=float(v)), MANY).holds for v in volumes]
    cells, thick = np.array([run["nucleated_cells"] for run in runs]), np.array([run["nucleated_per_ml"] for run in runs])
    assert (np.diff(cells, axis=0) > 0).all()
    assert (np.diff(thick, axis=0) <= 1e-6 * thick[:-1]).all()  # equal up to rounding while undiluted
    assert (thick[-1] < thick[0]).all()


def test_more_punctures_never_give_fewer_cells() -> None:
    cells = np.array([extract(Marrow(volume_ml=60, punctures=k), MANY).holds["nucleated_cells"] for k in range(1, 9)])
    assert (np.diff(cells, axis=0) >= -1e-9 * cells[:-1]).all()


def test_fat_and_scalp_count_in_proportion() -> None:
    one, three = (extract(Lipoaspirate(volume_ml=v), MANY) for v in (50, 150))
    for name in ("lipoaspirate_g", "washed_fat_ml"):
        np.testing.assert_allclose(three.holds[name], 3 * one.holds[name])
    np.testing.assert_array_equal(three.holds["richness"], one.holds["richness"])
    two, six = (extract(ScalpBiopsy(number=k), MANY) for k in (2, 6))
    np.testing.assert_allclose(six.holds["follicles"], 3 * two.holds["follicles"])


def test_sites_differ_by_their_own_row_alone() -> None:
    thigh, knee = (extract(Lipoaspirate(volume_ml=50, site=site), MANY) for site in ("thigh", "knee"))
    ratio = MANY.of("lipoaspirate")["site_factor_thigh"] / MANY.of("lipoaspirate")["site_factor_knee"]
    np.testing.assert_allclose(thigh.holds["richness"] / knee.holds["richness"], ratio)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Lipoaspirate(volume_ml=-5), "volume_ml is -5; allowed: 10 to 200 mL of lipoaspirate in one harvest."),
        (Lipoaspirate(volume_ml=5000), "volume_ml is 5000; allowed: 10 to 200 mL"),
        (Lipoaspirate(volume_ml=100, bmi=17), "bmi is 17; allowed: 18.5 to 40 kg/m2"),
        (Lipoaspirate(volume_ml=100, bmi=44), "bmi is 44; allowed: 18.5 to 40 kg/m2"),
        (Marrow(volume_ml=0), "volume_ml is 0; allowed: above 0, at most 60 mL of marrow through 1 puncture."),
        (Marrow(volume_ml=130, punctures=2), "volume_ml is 130; allowed: above 0, at most 120 mL of marrow through 2 punctures."),
        (Marrow(volume_ml=10, punctures=0), "punctures is 0; allowed: 1 to 8 punctures."),
        (ScalpBiopsy(number=0), "number is 0; allowed: 1 to 12 punches in one harvest."),
        (ScalpBiopsy(number=40), "number is 40; allowed: 1 to 12 punches"),
        (ScalpBiopsy(number=2, diameter_mm=-2), "diameter_mm is -2; allowed: 1 to 6 mm."),
    ],
)
def test_what_cannot_be_taken_is_said(source: Lipoaspirate | Marrow | ScalpBiopsy, said: str) -> None:
    with pytest.raises(BadParameter) as caught:
        extract(source, MIDDLE)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_without_limits_only_what_is_no_amount_is_refused() -> None:
    assert float(extract(Lipoaspirate(volume_ml=5000), MIDDLE, within_limits=False).holds["lipoaspirate_g"][0]) == pytest.approx(4600)
    with pytest.raises(BadParameter, match="volume_ml is -1"):
        extract(Lipoaspirate(volume_ml=-1), MIDDLE, within_limits=False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "lipoaspirate", "volume": 100}, "p.toml: volume has no unit; allowed: volume_ml."),
        ({"kind": "lipoaspirate", "volume_ml": "100 mL"}, "p.toml: volume_ml is '100 mL'; allowed: a number, without its unit."),
        ({"kind": "lipoaspirate"}, "p.toml: volume_ml is missing; allowed: it must be said."),
        ({"kind": "lipoaspirate", "volume_ml": float("nan")}, "p.toml: volume_ml is nan; allowed: a number, without its unit."),
        (
            {"kind": "lipoaspirate", "volume_ml": 50, "site": "arm"},
            "p.toml: site is 'arm'; allowed: 'abdomen', 'flank', 'thigh' or ",
        ),
        ({"kind": "scalp_biopsy", "number": 2.5}, "p.toml: number is 2.5; allowed: a whole number."),
        ({"kind": "marrow", "volume_ml": 5, "puncture": 2}, "p.toml: there is no field 'puncture'; did you mean 'punctures'?; allowed: "),
        ({"volume_ml": 5}, "p.toml: kind is missing; allowed: lipoaspirate, marrow, scalp_biopsy."),
    ],
)
def test_a_form_that_is_wrong_is_one_sentence(given: dict[str, object], said: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_source(given, "p.toml")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_an_unknown_kind_has_its_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'marrow'"):
        read_source({"kind": "Marow", "volume_ml": 5}, "p.toml")
