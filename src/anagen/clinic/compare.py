"""Offers side by side: the same rows for each, in the order in which they were given. Nothing is ranked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from anagen.clinic.check import Findings, check
from anagen.clinic.conditions import as_word
from anagen.clinic.facts import facts_of
from anagen.clinic.kinds import value_words
from anagen.clinic.offer import Offer
from anagen.clinic.price_parts import words_of
from anagen.clinic.quote import FREE, Quote, amount, normalised
from anagen.clinic.rules import rules
from anagen.ground.errors import BadInput

MOST_OFFERS = 12
NOT_HERE = "no rule of this place"
NOT_RAISED = "does not come up"
NOT_SHOWN = "not shown"
NONE_LACKS = "nothing is left out"
NOT_AGREED = "numbers of the offer do not agree"


@dataclass(frozen=True)
class Line:
    """One row: what it is, and a cell for each offer. `rule_id` is empty where the row is a fact."""

    title: str
    cells: tuple[str, ...]
    rule_id: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Offers as they were given: `facts` of each, then what each rule says of it."""

    found: tuple[Findings, ...]
    facts: tuple[Line, ...]
    rules: tuple[Line, ...]


def compare(offers: Sequence[Offer], today: datetime.date | None = None) -> SideBySide:
    """Judge each offer and set them side by side. Raises `BadInput` for fewer than two or more than 12.

    >>> from anagen.clinic.offer import as_offer
    >>> two = [as_offer({"clinic": name, "jurisdiction": place, "treatment": "svf"}, "a") for name, place in (("A", "US"), ("B", "JP"))]
    >>> lines = {line.rule_id: line.cells for line in compare(two).rules}
    >>> lines["us_svf_is_drug"], lines["jp_plan_number"]
    (('red_flag', 'no rule of this place'), ('no rule of this place', 'missing'))
    """
    if not 2 <= len(offers) <= MOST_OFFERS:
        raise BadInput(f"{len(offers)} offers were given; allowed: 2 to {MOST_OFFERS} to set side by side.")
    found = tuple(check(offer, today) for offer in offers)
    by_rule = [{one.rule.rule_id: one.verdict for one in findings.findings if one.rule} for findings in found]
    raised = [one for one in rules().values() if any(one.rule_id in those for those in by_rule)]
    lines = tuple(
        Line(
            one.plain.about,
            tuple(
                those.get(one.rule_id, NOT_RAISED if one.holds_in(findings.offer.jurisdiction) else NOT_HERE)
                for those, findings in zip(by_rule, found, strict=True)
            ),
            one.rule_id,
        )
        for one in raised
    )
    return SideBySide(found, _facts(found), lines)


def _facts(found: tuple[Findings, ...]) -> tuple[Line, ...]:
    facts = [facts_of(findings.offer, findings.claims) for findings in found]
    quotes = [normalised(findings.offer) for findings in found]

    def line(title: str, name: str) -> Line:
        return Line(title, tuple(value_words(name, as_word(one[name].value)).replace("?", NOT_SHOWN) for one in facts))

    return (
        Line("What to do next", tuple(findings.summary for findings in found)),
        line("Place", "place"),
        line("Treatment", "treatment"),
        line("Kind of product", "kind"),
        line("Taken from", "source"),
        line("How it is made", "processing"),
        line("Your own", "own"),
        line("Same day", "same_day"),
        Line("How the law looks at it", tuple("; ".join(end.title for end in findings.path.ends) for findings in found)),
        Line("Price of all, with boosters", tuple(_whole(one) for one in quotes)),
        Line("Price of a session", tuple(amount(one.per_session, one.currency, NOT_SHOWN) for one in quotes)),
        Line("Sessions", tuple(NOT_SHOWN if one.sessions is None else str(one.sessions) for one in quotes)),
        Line("The price includes", tuple(_parts(one, one.included, NOT_SHOWN) for one in quotes)),
        Line("The price does not name", tuple(_parts(one, [part.part for part in one.missing], NONE_LACKS) for one in quotes)),
        Line("Money back", tuple(_refund(findings.offer) for findings in found)),
        line("A doctor for each step", "doctors"),
    )


def _refund(offer: Offer) -> str:
    return NOT_SHOWN if offer.price is None or offer.price.refund == "unknown" else value_words("refund", offer.price.refund)


def _whole(quote: Quote) -> str:
    return amount(quote.all_in, quote.currency, NOT_SHOWN) + (f" ({NOT_AGREED})" if quote.contradictions else "")


def _parts(quote: Quote, parts: Sequence[str], none: str) -> str:
    return FREE if quote.free else ", ".join(map(words_of, parts)) or none
