"""The inverse agrees with the forward run, with the closed form where there is one, and says plainly when a dose cannot be had."""

from __future__ import annotations

import numpy as np
import pytest
from therapy.every import EVERY, FAT, MARROW, SCALP

from anagen.ground.errors import BadParameter
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, Source, extract
from anagen.therapy.need import BEYOND, PRECISION, given, need
from anagen.therapy.process import Recipe, process
from anagen.therapy.unknowns import Unknowns

MANY = Unknowns.drawn(400)
SVF = Recipe(name="enzymatic_svf")
WANTED = {"conditioned_medium": 3.0, "hfsc_micrograft": 200.0, "culture_dsc": 5e4, "marrow_mononuclear": 5e6, "mechanical_svf": 5e4}


def reached(source: Source, recipe: Recipe, amount: float, of: str, wanted: float) -> float:
    field = "number" if isinstance(source, ScalpBiopsy) else "volume_ml"
    tissue = extract(source.model_copy(update={field: amount}), MANY, within_limits=False)
    return float(np.mean(given(process(tissue, recipe, MANY), of) >= wanted))


@pytest.mark.parametrize(("source", "recipe"), EVERY, ids=[recipe.name for _, recipe in EVERY])
def test_the_inverse_agrees_with_the_forward_run(source: Source, recipe: Recipe) -> None:
    """At the amount the wanted share of draws is reached; a little below it is not (one punch, or twice the precision of the search)."""
    of = "medium_ml" if recipe.name == "conditioned_medium" else "live_cells"
    found = need(source, recipe, WANTED.get(recipe.name, 1e6), 20, MANY, of=of)
    least = MANY.row("lipoaspirate", "volume_min_ml").value if source.kind == "lipoaspirate" else 0
    for one in found.amounts:
        assert one.amount is not None
        assert reached(source, recipe, one.amount, of, found.wanted) >= one.certainty
        below = one.amount - 1 if source.kind == "scalp_biopsy" else one.amount * (1 - 2 * PRECISION)
        if below > least:
            assert reached(source, recipe, below, of, found.wanted) < one.certainty
    amounts = [one.amount for one in found.amounts]
    assert amounts == sorted(amounts)  # type: ignore[type-var]
    assert [one.feasible for one in found.amounts] == [one.amount <= found.limit for one in found.amounts]  # type: ignore[operator]


def test_it_is_the_closed_form_where_cells_are_in_proportion() -> None:
    """Fat: each draw needs wanted / (live cells a mL); the amount is the quantile of that over draws."""
    a_ml = process(extract(Lipoaspirate(volume_ml=100), MANY), SVF, MANY).live_cells / 100
    found = need(FAT, SVF, 1e6, 40, MANY)
    for one in found.amounts:
        exact = np.quantile(40e6 / a_ml, one.certainty, method="inverted_cdf")
        assert exact <= one.amount <= exact * (1 + 2 * PRECISION)  # type: ignore[operator]


def test_by_hand_at_the_medians() -> None:
    """40e6 / (0.92 x 707,000 x 0.97 x 0.90) = 70.4 mL."""
    found = need(FAT, SVF, 1e6, 40, Unknowns.middle())
    assert found.at(0.5).amount == pytest.approx(40e6 / (0.92 * 707000 * 0.97 * 0.90), rel=2 * PRECISION)
    assert found.at(0.5).sentence.endswith("71 mL of lipoaspirate are needed; one harvest takes at most 200.")


def test_more_dose_more_area_and_more_certainty_need_more() -> None:
    amounts = [need(FAT, SVF, dose, area, MANY).at(0.8).amount for dose, area in ((5e5, 40), (1e6, 40), (1e6, 80))]
    assert amounts == sorted(amounts)  # type: ignore[type-var]
    assert need(FAT, SVF, 5e5, 80, MANY).at(0.8).amount == amounts[1]  # only the total counts


def test_a_dose_that_cannot_be_had_is_said_plainly() -> None:
    found = need(SCALP, Recipe(name="hfsc_micrograft"), 1e6, 40, MANY)
    one = found.at(0.5)
    assert not one.feasible
    assert "more than the 12 of one harvest: it cannot be had" in one.sentence
    with pytest.raises(BadParameter) as caught:
        found.held_to(0.5)
    assert str(caught.value).startswith("the dose is 40,000,000 live cells in all, which takes 24,")
    assert str(caught.value).endswith("; allowed: a dose that one harvest can give.")
    assert need(FAT, SVF, 1e5, 40, MANY).held_to(0.95).at(0.95).feasible


def test_the_limit_of_one_puncture_is_told_as_such_where_more_would_do() -> None:
    through = [Marrow(volume_ml=60, punctures=count) for count in (1, 4)]
    one, four = (need(source, Recipe(name="marrow_mononuclear"), 9e8 / 40, 40, MANY) for source in through)
    assert one.at(0.5).amount > 60  # type: ignore[operator]
    assert four.at(0.5).feasible
    said = "more than the 60 through 1 puncture: it takes more punctures, and one harvest takes at most 240."
    assert one.at(0.5).sentence.endswith(said)
    with pytest.raises(
        BadParameter, match="and through 1 puncture at most 60; allowed: a dose that one harvest can give, or more punctures"
    ):
        one.held_to()
    never = need(through[0], Recipe(name="marrow_mononuclear"), 1e9, 40, MANY)
    assert never.at(0.5).sentence.endswith("more than the 240 of one harvest: it cannot be had.")
    with pytest.raises(BadParameter, match="and one harvest is at most 240; allowed: a dose that one harvest can give"):
        never.held_to()
    little = need(through[0], Recipe(name="marrow_mononuclear"), 1e6, 1, MANY)
    assert little.at(0.5).sentence.endswith("needed; through 1 puncture it is at most 60.")


def test_less_than_the_least_harvest_is_told_as_such_and_one_punch_is_one() -> None:
    one = need(FAT, Recipe(name="conditioned_medium", passage=2), 0.01, 10, MANY, of="medium_ml").at(0.5)
    assert one.amount == MANY.row("lipoaspirate", "volume_min_ml").value
    assert one.sentence == (
        "For 0.1 mL of medium to be 50 % sure, less than the least harvest is enough: 10 mL of lipoaspirate; one harvest takes at most 200."
    )
    punch = need(SCALP, Recipe(name="hfsc_micrograft"), 10, 1, MANY).at(0.5)
    assert punch.sentence == "For 10 live cells to be 50 % sure, 1 punch of scalp is needed; one harvest takes at most 12."


def test_no_amount_at_all_is_said() -> None:
    """So diluted a marrow that blood adds nothing: no volume gives the dose."""
    flat = MANY.but({("marrow", "dilution_power"): 1e-9})
    one = need(MARROW, Recipe(name="marrow_concentrate"), 1e9, 100, flat).at(0.95)
    assert one.amount is None
    assert not one.feasible
    assert one.sentence == "No amount of marrow gives 100,000,000,000 live cells with 95 % certainty by this recipe."
    assert BEYOND > 1


def test_the_least_harvest_is_the_least_amount_and_the_limit_of_marrow_is_by_punctures() -> None:
    assert need(FAT, SVF, 10, 1, MANY).at(0.5).amount == 10
    assert [need(Marrow(volume_ml=1, punctures=k), Recipe(name="marrow_concentrate"), 1e5, 1, MANY).limit for k in (1, 3, 8)] == [
        60,
        180,
        240,
    ]


def test_medium_is_told_in_ml() -> None:
    found = need(FAT, Recipe(name="conditioned_medium", passage=1), 0.05, 40, MANY, of="medium_ml")
    assert found.at(0.5).sentence.startswith("For 2 mL of medium to be 50 % sure, ")


def test_a_graft_needs_its_own_fat() -> None:
    """The graft of 4 mL alone takes about 7 mL of lipoaspirate, whatever the dose."""
    plain, grafted = (need(FAT, recipe, 2e5, 10, MANY).at(0.95).amount for recipe in (SVF, Recipe(name="adrc_fat_graft", graft_ml=12)))
    assert grafted > plain  # type: ignore[operator]


@pytest.mark.parametrize(
    ("dose", "area", "certainty", "of", "said"),
    [
        (0, 40, 0.5, "live_cells", "dose_per_cm2 is 0; allowed: a number above 0."),
        (1e6, -1, 0.5, "live_cells", "area_cm2 is -1; allowed: a number above 0."),
        (float("nan"), 40, 0.5, "live_cells", "dose_per_cm2 is nan; allowed: a number above 0."),
        (1e6, 40, 1.0, "live_cells", "certainty is 1; allowed: above 0 and below 1."),
        (1e6, 40, 0.5, "medium_ml", "of is 'medium_ml'; allowed: live_cells."),
    ],
)
def test_what_cannot_be_asked_is_said(dose: float, area: float, certainty: float, of: str, said: str) -> None:
    with pytest.raises(BadParameter) as caught:
        need(FAT, SVF, dose, area, MANY, (certainty,), of)
    assert str(caught.value) == said


def test_another_certainty_than_asked_and_bad_recipes_are_said() -> None:
    with pytest.raises(BadParameter, match=r"certainty is 0.6; allowed: 0.5, 0.8, 0.95"):
        need(FAT, SVF, 1e5, 40, MANY).at(0.6)
    with pytest.raises(BadParameter, match="passage is 7"):
        need(FAT, Recipe(name="culture_adsc", passage=7), 1e6, 40, MANY)
    with pytest.raises(BadParameter, match="graft_ml is 500"):
        need(FAT, Recipe(name="adrc_fat_graft", graft_ml=500), 1e6, 40, MANY)
