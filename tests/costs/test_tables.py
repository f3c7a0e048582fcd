"""The tables of prices: every row of the evidence is used or left out with a reason, and none is used beyond what it says."""

from __future__ import annotations

from math import isfinite

import pytest

from anagen.costs.tables import PARTS, Price, gaps, left_out, of_option, prices
from anagen.evidence.tables import costs as evidence
from anagen.treatments import TREATMENTS
from anagen.treatments.vocabulary import MEANINGS


def test_every_evidence_row_stands_here_and_none_else() -> None:
    assert {one.row_id for one in prices()} == {row.row_id for row in evidence()}


def test_no_row_prices_the_same_thing_twice() -> None:
    keys = [(one.row_id, one.option, one.part, one.dose_from) for one in prices()]
    assert len(set(keys)) == len(keys)
    used, not_used = ({one.row_id for one in prices() if one.use is kind} for kind in (True, False))
    assert not used & not_used


@pytest.mark.parametrize("one", prices(), ids=lambda one: f"{one.row_id}-{one.option}-{one.dose_from:g}")
def test_a_row_says_why_and_fits_its_unit(one: Price) -> None:
    assert one.why
    assert not one.why.endswith(".")
    if not one.use:
        assert (one.option, one.part) == ("", "")
        return
    assert one.option in TREATMENTS
    assert one.cost.unit in PARTS[one.part]
    assert 1 <= one.units_from <= one.units_to
    assert one.dose_from <= one.dose_to
    assert isfinite(one.low)
    assert one.low <= one.high
    assert (one.units_from == 12) == (one.cost.unit == "per year")
    own = {part for part, _ in MEANINGS[one.cost.treatment].parts} if one.cost.treatment in MEANINGS else set()
    foreign = {"harvest": {"svf", "adsc"}, "graft": {"transplant_fut"}}.get(one.part, set())
    assert one.option in own | foreign, "the option is not what the evidence calls the row"


def test_what_is_not_for_hair_or_of_no_known_course_is_left_out() -> None:
    for one in prices():
        words = f"{one.cost.item} {one.cost.notes}".lower()
        if "not hair" in words or "non-hair" in words or "does not say per session" in words or "pack size not stated" in words:
            assert not one.use, one.row_id


def test_gaps_name_options_and_their_source() -> None:
    assert len({(one.part, one.options) for one in gaps()}) == len(gaps())
    rows = {row.row_id for row in evidence()}
    for one in gaps():
        assert one.options
        assert set(one.options) <= set(TREATMENTS)
        assert one.source == "no source read" or set(one.source.split()) <= rows
        assert one.said


def test_an_option_without_a_price_has_none() -> None:
    free = {name for name in TREATMENTS if not any(one.option == name for one in prices())}
    assert free == {
        "nothing", "wait", "join_trial", "finasteride_topical", "spironolactone", "minoxidil_oral", "microneedling",
        "hfsc_micrograft", "hfsc_suspension", "dermal_sheath_cup", "cell_extract",
    }  # fmt: skip
    assert of_option("finasteride", 5.0) == ()
    assert {one.row_id for one in left_out(["prp"])} == {"k027"}
