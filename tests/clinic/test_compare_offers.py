"""Offers side by side: the same rows for each, as each stands alone, in the order given, and nothing ranked."""

from __future__ import annotations

from pathlib import Path

import pytest
from clinic.offers import EXOSOMES, PRP, SVF, an_offer

from anagen.clinic.check import check
from anagen.clinic.compare import MOST_OFFERS, NOT_HERE, NOT_RAISED, NOT_SHOWN, compare
from anagen.clinic.offer import read_offer
from anagen.clinic.quote import FREE, amount, normalised
from anagen.ground.errors import BadInput

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "clinic"
OFFERS = [an_offer("US-FL", **SVF), an_offer("UK", **EXOSOMES), an_offer("US", **PRP)]


def test_each_cell_is_what_the_offer_alone_gives() -> None:
    found = compare(OFFERS)
    for at, offer in enumerate(OFFERS):
        alone = {one.rule.rule_id: one.verdict for one in check(offer).findings if one.rule}
        cells = {line.rule_id: line.cells[at] for line in found.rules}
        assert {rule_id: cell for rule_id, cell in cells.items() if cell not in (NOT_HERE, NOT_RAISED)} == alone


def test_prices_are_those_of_the_quotes() -> None:
    """One truth: the whole course with its boosters, and "at least" where a part is not shown."""
    names = ("florida-svf-fda-facility", "us-prp", "japan-conditioned-medium", "us-trial-with-ind")
    offers = [*(read_offer(EXAMPLES / f"{name}.toml") for name in names), an_offer("US", **PRP)]
    rows = {line.title: line.cells for line in compare(offers).facts}
    assert rows["Price of all, with boosters"] == (
        *("at least 20,900 USD", "at least 2,700 USD", "at least 900,000 JPY", "0 USD"), NOT_SHOWN,
    )  # fmt: skip
    assert rows["Price of a session"] == (*("at least 8,900 USD", "at least 900 USD", "at least 150,000 JPY"), NOT_SHOWN, NOT_SHOWN)
    for at, offer in enumerate(offers):
        quote = normalised(offer)
        assert rows["Price of all, with boosters"][at] == amount(quote.all_in, quote.currency, NOT_SHOWN)
        assert rows["The price does not name"][at] == (FREE if quote.free else ", ".join(part.words for part in quote.missing))
    assert rows["The price includes"][3] == FREE
    twofold = an_offer("US", **PRP, price={"currency": "USD", "total": 9000, "per_session": 4000, "sessions": 3})
    lines = {line.title: line.cells for line in compare([twofold, offers[1]]).facts}
    assert lines["Price of all, with boosters"] == ("at least 12,000 USD (numbers of the offer do not agree)", "at least 2,700 USD")


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
