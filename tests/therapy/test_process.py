"""Process: known answers by hand, cells conserved from stage to stage, more tissue never fewer cells, and what no recipe can do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from therapy.every import EVERY, FAT, MARROW, SCALP

from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, Source, extract
from anagen.therapy.process import Product, Recipe, process, read_recipe
from anagen.therapy.unknowns import Unknowns

MIDDLE = Unknowns.middle()
MANY = Unknowns.drawn(300)
IDS = [recipe.name for _, recipe in EVERY]


def made(source: Source, recipe: Recipe, unknowns: Unknowns = MIDDLE, within_limits: bool = True) -> Product:
    return process(extract(source, unknowns, within_limits), recipe, unknowns)


def live(source: Source, recipe: Recipe) -> float:
    return float(made(source, recipe).live_cells[0])


def test_fat_by_hand() -> None:
    """92 g x 707,000 = 65.0e6; 3 % go to tests, 90 % live. Mechanically 92 x 70,000, 85 % live."""
    assert live(FAT, Recipe(name="enzymatic_svf")) == pytest.approx(92 * 707000 * 0.97 * 0.90)
    assert live(FAT, Recipe(name="mechanical_svf")) == pytest.approx(92 * 70000 * 0.97 * 0.85)


def test_what_was_read_to_be_given_can_be_had() -> None:
    """2e7 nucleated cells a side, of two, were given from 100 mL of fat (p197): all draws but a few yield one, most yield both."""
    cells = made(FAT, Recipe(name="enzymatic_svf"), MANY).cells
    assert np.mean(cells >= 2e7) > 0.95
    assert np.mean(cells >= 4e7) > 0.5


def test_the_style_protocol_by_hand() -> None:
    """4 mL of graft of 60 mL washed fat leave 56/60 of the cells: 92 x 707,000 x 56/60 x 0.97 x 0.892 = 52.5e6, above 40 cm2 x 1e6."""
    product = made(FAT, Recipe(name="adrc_fat_graft", graft_ml=4))
    assert float(product.live_cells[0]) == pytest.approx(92 * 707000 * 56 / 60 * 0.97 * 0.892)
    assert float(product.holds["graft_ml"][0]) == 4
    assert float(product.live_cells[0]) > 40e6


def test_marrow_by_hand() -> None:
    """60 mL in two draws of 30 count as 2 x 10 x 3**0.6 mL. CFU-F: 0.70 of them and 0.60 of all cells are kept."""
    aspirate = 20 * 3**0.6 * 31.7e6
    product = made(MARROW, Recipe(name="marrow_concentrate"))
    assert float(product.live_cells[0]) == pytest.approx(aspirate * 0.6 * 0.97 * 0.9)
    assert float(product.shares["cfuf_share"][0]) == pytest.approx(7.8e-5 * 0.7 / 0.6)


def test_micrografts_by_hand() -> None:
    """Five punches of 2.5 mm are 5 x 1.5625 punches of 2 mm; three of those make a suspension of 3,671 cells."""
    product = made(SCALP, Recipe(name="hfsc_micrograft"))
    assert float(product.cells[0]) == pytest.approx(5 * 1.25**2 / 3 * 3671 * 0.97)
    assert float(product.shares["cd200_share"][0]) == pytest.approx(0.026)


def test_cultured_fat_cells_by_hand() -> None:
    """Plated: 92 x 707,000 x 0.9 x 0.032 x 0.5. To passage 2: 3 x 3 doublings, 0.9 kept three times. Days: 3 x 2 + 9 x 5.1 + 10."""
    product = made(FAT, Recipe(name="culture_adsc", passage=2))
    plated = 92 * 707000 * 0.9 * 0.032 * 0.5
    assert float(product.live_cells[0]) == pytest.approx(plated * 2**9 * 0.9**3 * 0.97 * 0.92)
    assert float(product.weeks[0]) == pytest.approx((3 * 2 + 9 * 5.1 + 10) / 7)
    assert float(product.doublings[0]) == 9  # type: ignore[index]
    assert float(product.shares["dividing_share"][0]) == pytest.approx(1 - 0.0028)


def test_growth_is_not_counted_beyond_its_limit() -> None:
    """Passage 3 would be 12 doublings; growth falls at 10.1."""
    product = made(FAT, Recipe(name="culture_adsc", passage=3))
    assert float(product.doublings[0]) == pytest.approx(10.1)  # type: ignore[index]
    assert (made(FAT, Recipe(name="culture_adsc", passage=4), MANY).doublings <= 10.1).all()  # type: ignore[operator]


def test_cup_cells_by_hand() -> None:
    """Follicles = 5 punches of 2.5 mm x 230/cm2; half the cups, 1,000 cells each, 30 % adhere; 4 x 3 doublings at passage 3."""
    follicles = 5 * math.pi * 1.25**2 / 100 * 230
    plated = follicles * 1000 * 0.5 * 0.3
    assert live(SCALP, Recipe(name="culture_dsc", passage=3)) == pytest.approx(plated * 2**12 * 0.9**4 * 0.97 * 0.92)


def test_conditioned_medium_by_hand() -> None:
    """Cells of passage 0: plated x 8 x 0.9; 200,000 cells a mL; 90 % of the medium and of its factors pass the filter."""
    product = made(FAT, Recipe(name="conditioned_medium", passage=0))
    cells = 92 * 707000 * 0.9 * 0.032 * 0.5 * 8 * 0.9
    assert float(product.holds["medium_ml"][0]) == pytest.approx(cells / 200000 * 0.9)
    assert float(product.holds["hgf_pg"][0]) == pytest.approx(cells / 1e6 * 11900 * 0.9)
    assert product.viable_share is None
    assert float(product.live_cells[0]) == 0


@pytest.mark.parametrize(("source", "recipe"), EVERY, ids=IDS)
def test_cells_are_conserved(source: Source, recipe: Recipe) -> None:
    """What leaves a stage enters the next; only growth makes cells; nothing is negative; live cells are cells times the live share."""
    product = made(source, recipe, MANY)
    assert broken(product) == []


def broken(product: Product) -> list[str]:
    said = []
    for before, after in zip(product.stages, product.stages[1:], strict=False):
        if not np.array_equal(before.out, after.into):
            said.append(f"{before.what} does not lead to {after.what}")
    for stage in product.stages:
        if (
            (stage.out < 0).any()
            or (not stage.grows and (stage.out > stage.into).any())
            or (stage.grows and (stage.out < stage.into).any())
        ):
            said.append(f"{stage.what} makes or loses cells")
        if not np.allclose(stage.into * (1 - stage.lost_share), stage.out):
            said.append(f"{stage.what} tells another loss")
    viable = 1.0 if product.viable_share is None else product.viable_share
    if not np.allclose(product.cells * viable, product.live_cells):
        said.append("live cells are not cells x viability")
    if any(((share < 0) | (share > 1)).any() for share in product.shares.values()):
        said.append("a share is none")
    return said


def test_a_leak_is_seen() -> None:
    from dataclasses import replace

    product = made(FAT, Recipe(name="enzymatic_svf"), MANY)
    first, last = product.stages
    leaky = replace(product, stages=(first, replace(last, into=first.out * 1.01, out=first.out * 1.02)))
    assert len(broken(leaky)) >= 3


@pytest.mark.parametrize(("source", "recipe"), EVERY, ids=IDS)
def test_more_tissue_never_gives_less(source: Source, recipe: Recipe) -> None:
    """In every draw: a third more, and a third more again."""
    field = "number" if isinstance(source, ScalpBiopsy) else "volume_ml"
    sizes = (3, 6, 12) if field == "number" else (40, 60, 80)
    runs = [made(source.model_copy(update={field: size}), recipe, MANY) for size in sizes]
    amounts = np.array([run.live_cells + run.holds.get("medium_ml", 0) for run in runs])
    assert (np.diff(amounts, axis=0) >= 0).all()
    assert (np.diff(amounts, axis=0) > 0).any()


@pytest.mark.parametrize("name", ["culture_adsc", "culture_dsc", "conditioned_medium"])
def test_a_later_passage_takes_longer_and_divides_less(name: str) -> None:
    source = SCALP if name == "culture_dsc" else FAT
    runs = [made(source, Recipe(name=name, passage=passage), MANY) for passage in range(5)]  # type: ignore[arg-type]
    assert (np.diff([run.hours for run in runs], axis=0) > 0).all()
    assert (np.diff([run.doublings for run in runs], axis=0) >= 0).all()
    if name != "conditioned_medium":
        dividing = np.array([run.shares["dividing_share"] for run in runs])
        assert (dividing[:2] == 1).all()
        assert (np.diff(dividing[1:], axis=0) < 0).all()


def test_enzyme_frees_more_than_force_in_most_draws() -> None:
    enzyme, force = (made(FAT, Recipe(name=name), MANY).live_cells for name in ("enzymatic_svf", "mechanical_svf"))  # type: ignore[arg-type]
    assert np.median(enzyme) > np.median(force)


@pytest.mark.parametrize(
    ("source", "recipe", "said"),
    [
        (FAT, Recipe(name="culture_adsc", passage=5), "passage is 5; allowed: 0 to 4: cells are used before passage 5 (p225)."),
        (FAT, Recipe(name="culture_adsc", passage=-1), "passage is -1; allowed: 0 to 4"),
        (SCALP, Recipe(name="culture_dsc", passage=12), "passage is 12; allowed: 0 to 4"),
        (FAT, Recipe(name="conditioned_medium", passage=9), "passage is 9; allowed: 0 to 4"),
        (FAT, Recipe(name="culture_adsc"), "passage of culture_adsc is missing; allowed: it must be said."),
        (FAT, Recipe(name="enzymatic_svf", passage=2), "passage of enzymatic_svf is 2; allowed: none: it belongs to culture_adsc"),
        (MARROW, Recipe(name="enzymatic_svf"), "the tissue of enzymatic_svf is marrow; allowed: lipoaspirate."),
        (FAT, Recipe(name="adrc_fat_graft", graft_ml=60), "graft_ml is 60; allowed: above 0, and less than the 60 mL of washed fat"),
        (FAT, Recipe(name="adrc_fat_graft", graft_ml=-4), "graft_ml is -4; allowed: above 0"),
        (FAT, Recipe(name="adrc_fat_graft"), "graft_ml of adrc_fat_graft is missing"),
    ],
)
def test_what_no_recipe_can_do_is_said(source: Source, recipe: Recipe, said: str) -> None:
    with pytest.raises(BadParameter) as caught:
        made(source, recipe)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_harvest_with_too_little_fat_leaves_no_cells_and_no_warning() -> None:
    product = made(Lipoaspirate(volume_ml=10), Recipe(name="adrc_fat_graft", graft_ml=5.5), MANY)
    none = product.live_cells == 0
    assert none.any()
    assert not none.all()
    assert all(np.isfinite(stage.lost_share).all() for stage in product.stages)


def test_tissue_and_unknowns_must_be_of_one_size() -> None:
    with pytest.raises(BadParameter, match="unknowns has 300 draws; allowed: 1, as the tissue has"):
        process(extract(Marrow(volume_ml=5), MIDDLE), Recipe(name="marrow_concentrate"), MANY)


def test_a_recipe_that_is_wrong_is_one_sentence() -> None:
    with pytest.raises(UnknownName, match="did you mean 'culture_adsc'"):
        read_recipe({"name": "cultured_adsc"}, "p.toml")
    with pytest.raises(BadFile, match=r"p.toml: graft has no unit; allowed: graft_ml"):
        read_recipe({"name": "adrc_fat_graft", "graft": 4}, "p.toml")
    with pytest.raises(BadFile, match=r"p.toml: name is missing"):
        read_recipe({}, "p.toml")
