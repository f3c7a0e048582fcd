"""Offers side by side: the same rows for each, as each stands alone, in the order given, and nothing ranked."""

from __future__ import annotations

import pytest
from clinic.offers import EXOSOMES, PRP, SVF, an_offer

from anagen.clinic.check import check
from anagen.clinic.compare import MOST_OFFERS, NOT_HERE, NOT_RAISED, compare
from anagen.ground.errors import BadInput

OFFERS = [an_offer("US-FL", **SVF), an_offer("UK", **EXOSOMES), an_offer("US", **PRP)]


def test_each_cell_is_what_the_offer_alone_gives() -> None:
    found = compare(OFFERS)
    for at, offer in enumerate(OFFERS):
        alone = {one.rule.rule_id: one.verdict for one in check(offer).findings if one.rule}
        cells = {line.rule_id: line.cells[at] for line in found.rules}
        assert {rule_id: cell for rule_id, cell in cells.items() if cell not in (NOT_HERE, NOT_RAISED)} == alone


def test_turning_the_order_turns_the_cells_and_nothing_else() -> None:
    one, other = compare(OFFERS), compare(OFFERS[::-1])
    assert [line.rule_id for line in one.rules] == [line.rule_id for line in other.rules]
    for line, turned in zip((*one.facts, *one.rules), (*other.facts, *other.rules), strict=True):
        assert line.cells == turned.cells[::-1]


def test_no_row_is_a_score() -> None:
    names = " ".join(line.title.lower() for line in compare(OFFERS).facts)
    assert not any(word in names for word in ("score", "rank", "star", "best", "total of", "points"))


@pytest.mark.parametrize("number", [0, 1, MOST_OFFERS + 1])
def test_too_few_or_too_many_are_refused(number: int) -> None:
    with pytest.raises(BadInput, match=f"{number} offers"):
        compare([OFFERS[0]] * number)
