"""A clinic's price made comparable: what it includes and what is missing, all in, and beside the prices that were read.

A price with a part missing is "at least" so much. Prices are set beside rows of the same currency and unit only, never converted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from anagen.clinic.offer import PARTS, Offer, Price
from anagen.clinic.price_parts import Part, free, parts_of, told

if TYPE_CHECKING:
    from anagen.costs.tables import Price as Read
    from anagen.evidence.rows import Cost, VettingRule

Position = Literal["below", "inside", "above", "same"]
RULES = ("price_all_in", "no_refund", "cheap_and_guaranteed", "us_review_incentive")
LURES = {"guaranteed": "a guaranteed result", "low_price_package": "a low price or a package", "permanent": "a result for ever"}
"""Claims of an advert that the rule `cheap_and_guaranteed` is about, in words."""
FREE = "Nothing is to be paid, so no part has to be named."
SLACK = 0.005
"""Two statements of one price that differ by no more than this share of it are the same, rounded."""


@dataclass(frozen=True)
class Amount:
    """An amount in the quote's currency. `at_least`: parts are missing, so the whole is this or more. `how`: what it was made from."""

    value: float
    at_least: bool
    how: str


@dataclass(frozen=True)
class Beside:
    """One price that was read, and where the quote stands to it: `position` of the quote's price for one `of` (session, course ...)."""

    cost: Cost
    of: str
    ours: Amount
    position: Position
    why: str


@dataclass(frozen=True)
class Term:
    """What one vetting rule says of the terms: `said` of this quote, and `do`, what to do about it."""

    rule: str
    said: str
    do: str


@dataclass(frozen=True)
class Quote:
    """One offer's price made comparable. None: not known, since the offer does not show what it takes.

    `course`: the sessions that are sold; `all_in`: with the boosters that are advised. `missing`: parts that the price should name and
    does not; `not_needed`: those that do not apply here, or not to a price of nothing (`free`). `contradictions`: numbers of the offer
    that cannot both be. `beside`: prices of the same currency and unit; `why_none`: why there are none; `left_out`: rows about this
    treatment that cannot be set beside it, each with its reason.
    """

    clinic: str
    treatment: str
    currency: str | None
    sessions: int | None
    free: bool
    course: Amount | None
    all_in: Amount | None
    per_session: Amount | None
    per_cm2: Amount | None
    per_million_cells: Amount | None
    booster: Amount | None
    included: tuple[str, ...]
    missing: tuple[Part, ...]
    not_needed: tuple[Part, ...]
    contradictions: tuple[str, ...]
    terms: tuple[Term, ...]
    beside: tuple[Beside, ...]
    why_none: str
    left_out: tuple[tuple[Cost, str], ...]
    rules: tuple[VettingRule, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask: for each missing part, each contradiction, and each term."""
        numbers = [f"Which is right? {one}" for one in self.contradictions]
        return tuple(dict.fromkeys([*(part.question for part in self.missing), *numbers, *(term.do for term in self.terms)]))


def normalised(offer: Offer) -> Quote:
    """The price of an offer made comparable; an offer that shows no price has every part missing.

    >>> from anagen.clinic.offer import as_offer
    >>> price = {"currency": "USD", "per_session": 4000, "sessions": 3, "total": 9000}
    >>> found = normalised(as_offer({"clinic": "A", "jurisdiction": "US", "treatment": "svf", "price": price}, "a.toml"))
    >>> found.course.value, found.course.at_least, found.beside[0].position, len(found.contradictions)
    (12000.0, True, 'inside', 1)
    """
    from anagen.clinic.claims import claims_in
    from anagen.clinic.facts import facts_of
    from anagen.evidence.tables import row

    claims = claims_in(offer.advert)
    facts = facts_of(offer, claims)
    price = offer.price
    applies, not_needed = parts_of(price, facts)
    has: set[str] = set(price.includes or ()) if price is not None else set()
    missing = tuple(part for part in applies if not told(part, price))
    course, contradictions = _course(price, missing)
    booster = None if price is None or price.booster_price is None else Amount(price.booster_price, False, "price of one booster")
    sessions = None if price is None else price.sessions
    quote: dict[str, Amount | None] = {"session": None, "course": course, "booster": booster}
    if course is not None and price is not None:
        quote["session"] = _session(price, course)
    beside, left_out, why_none = _beside(offer, quote)
    advert = {claim.claim for claim in claims}
    return Quote(
        clinic=offer.clinic,
        treatment=offer.treatment,
        currency=None if price is None else price.currency,
        sessions=sessions,
        free=free(price),
        course=course,
        all_in=_all_in(price, course, has),
        per_session=quote["session"],
        per_cm2=_over(course, None if price is None else price.area_cm2, "cm2"),
        per_million_cells=_over(course, None if price is None else price.million_cells, "million cells"),
        booster=booster,
        included=tuple(part for part in PARTS if part in has),
        missing=missing,
        not_needed=not_needed,
        contradictions=tuple(contradictions),
        terms=_terms(price, missing, beside, advert, offer.country),
        beside=beside,
        why_none=why_none,
        left_out=left_out,
        rules=tuple(row("vetting_rules", name) for name in RULES),
    )


def position(value: float, cost: Cost) -> Position:
    """Where an amount stands to a price that was read: to its range, or to the one number that it shows ("same", or not).

    >>> from anagen.evidence.tables import row
    >>> [position(value, row("costs", "k002")) for value in (2999, 3000, 7000, 7001)], position(5000, row("costs", "k011"))
    (['below', 'inside', 'inside', 'above'], 'below')
    """
    ends = [end for end in (cost.low, cost.typical, cost.high) if end is not None]
    low, high = min(ends), max(ends)
    return "below" if value < low else "above" if value > high else "same" if low == high else "inside"


def _course(price: Price | None, missing: tuple[Part, ...]) -> tuple[Amount | None, list[str]]:
    """The price of all sessions that are sold; of two that disagree the larger, and both said."""
    if price is None:
        return None, []
    said = []
    product = None if price.per_session is None or price.sessions is None else price.per_session * price.sessions
    if product is not None and price.total is not None and abs(product - price.total) > SLACK * max(product, price.total):
        made = f"{_count(price.sessions or 0, 'session')} at {money(price.per_session or 0)} make {money(product)}"
        said.append(f"{made}, and the total says {money(price.total)}.")
    if price.sessions is None and price.total is not None and (price.per_session or 0) > price.total:
        product = price.per_session
        if (price.per_session or 0) > price.total * (1 + SLACK):
            said.append(f"One session costs {money(price.per_session or 0)}, and the total says {money(price.total)}.")
    if price.boosters and "boosters" in (price.includes or ()) and price.booster_price:
        said.append(f"Boosters are said to be in the price, and to cost {money(price.booster_price)} each.")
    if price.boosters == 0 and "boosters" in (price.includes or ()):
        said.append("Boosters are said to be in the price, and their number is 0.")
    known = [
        (value, how) for value, how in ((price.total, "the total"), (product, "price of a session times sessions")) if value is not None
    ]
    whole = max(known, key=lambda one: one[0], default=None)
    if price.deposit is not None and whole is not None and price.deposit > whole[0]:
        said.append(f"The deposit, {money(price.deposit)}, is more than the price, {money(whole[0])}.")
    apart = [part for part in missing if part.part != "boosters"]
    if whole is not None:
        return Amount(whole[0], bool(apart), whole[1] + (", the larger of the two" if said and len(known) > 1 else "")), said
    if price.per_session is not None:
        return Amount(price.per_session, True, "one session; how many there are is not shown"), said
    return None, said


def _session(price: Price, course: Amount) -> Amount | None:
    if price.sessions is not None:
        return Amount(course.value / price.sessions, course.at_least, f"{course.how}, over {_count(price.sessions, 'session')}")
    return None if price.per_session is None else Amount(price.per_session, course.at_least, "as the offer says")


def _all_in(price: Price | None, course: Amount | None, has: set[str]) -> Amount | None:
    if price is None or course is None:
        return None
    if free(price):
        return Amount(course.value, False, f"{course.how}; nothing is to be paid")
    if "boosters" in has:
        return Amount(course.value, course.at_least, f"{course.how}; boosters are in it")
    if price.boosters is not None and (price.booster_price is not None or price.boosters == 0):
        more = price.boosters * (price.booster_price or 0)
        how = (
            f", and {_count(price.boosters, 'booster')} at {money(price.booster_price or 0)}"
            if price.boosters
            else "; no boosters are advised"
        )
        return Amount(course.value + more, course.at_least, course.how + how)
    return Amount(course.value, True, f"{course.how}; boosters are not shown")


def _over(course: Amount | None, by: float | None, unit: str) -> Amount | None:
    return None if course is None or by is None else Amount(course.value / by, course.at_least, f"{course.how}, over {by:g} {unit}")


def _beside(offer: Offer, quote: Mapping[str, Amount | None]) -> tuple[tuple[Beside, ...], tuple[tuple[Cost, str], ...], str]:
    from anagen.costs.tables import left_out, prices

    price = offer.price
    left = [(one.cost, one.why) for one in left_out([offer.treatment])]
    if price is None:
        return (), tuple(left), "The offer shows no price."
    rows = [one for one in prices() if one.use and one.option == offer.treatment]
    same = [one for one in rows if one.cost.currency == price.currency]
    left = [one for one in left if one[0].currency == price.currency]
    if not same:
        others = ", ".join(sorted({one.cost.currency for one in rows}))
        more = f" Prices in {others} were read; none is converted." if others else ""
        return (), tuple(left), f"No published price in {price.currency} was read for this treatment.{more}"
    found: list[Beside] = []
    for one in same:
        of, ours, why = _ours(one, price, quote)
        if ours is None:
            left.append((one.cost, why))
        else:
            found.append(Beside(one.cost, of, ours, position(ours.value, one.cost), one.why))
    return tuple(found), tuple(left), "" if found else "No price that was read is of the same unit as this offer's."


def _ours(read: Read, price: Price, quote: Mapping[str, Amount | None]) -> tuple[str, Amount | None, str]:
    """Which amount of the quote can stand beside a row, or None with the reason."""
    if read.part == "session":
        return "session", quote["session"], "it is of one session, and the offer does not show how many it sells"
    if read.part == "extra":
        return "booster", quote["booster"], "it is of an extra session, and the offer shows no price of a booster"
    if read.part == "course":
        fits = price.sessions is not None and read.units_from <= price.sessions <= read.units_to
        sold = f"{read.units_from} to {read.units_to}" if read.units_from < read.units_to else f"{read.units_from}"
        return "course", quote["course"] if fits else None, f"it is of a course of {sold} sessions, and this offer is not, or does not say"
    if read.part == "harvest":
        return "harvest", None, "it is of taking fat alone"
    if read.part in ("operation", "device"):
        return read.part, quote["course"], "the offer shows no total"
    return read.part, None, f"it is {read.cost.unit}, and no such price is in the offer"


def _terms(price: Price | None, missing: tuple[Part, ...], beside: tuple[Beside, ...], advert: set[str], country: str) -> tuple[Term, ...]:
    found = []
    if missing:
        names = ", ".join(part.words for part in missing)
        found.append(Term("price_all_in", f"The price does not name: {names}.", "Ask for one written total for 24 months."))
    if price is not None and not free(price):
        found += _money_back(price, advert)
        if price.discount_for_review and country == "US":
            found.append(Term("us_review_incentive", "You get a lower price for a review.", "Must the review be a good one?"))
    lures = [words for claim, words in LURES.items() if claim in advert]
    if price is not None and "travel" in (price.includes or ()):
        lures.append("travel in the price")
    sessions = [one for one in beside if one.of in ("session", "course", "operation")]
    if len(sessions) > 1 and all(one.position == "below" for one in sessions):
        lures.append("a price below each one that was read in this currency")
    if lures:
        do = "Ask what the price leaves out, and who treats you. No honest clinic can promise a count of hairs."
        found.append(Term("cheap_and_guaranteed", f"The offer has {', and '.join(lures)}: such lures are known from bad clinics too.", do))
    return tuple(found)


def _money_back(price: Price, advert: set[str]) -> list[Term]:
    said = []
    if price.refund == "none" or "no_refund" in advert:
        said.append("No money is given back.")
    elif price.refund == "unknown":
        said.append("What is given back if you change your mind is not shown.")
    else:
        said.append("Money is given back in part." if price.refund == "partial" else "All money is given back.")
    if price.deposit:
        back = {True: "it is given back", False: "it is not given back", None: "if it is given back is not shown"}
        said.append(f"A deposit of {money(price.deposit)} is asked; {back[price.deposit_refundable]}.")
    if price.pay_on_consultation_day or "pressure" in advert:
        said.append("You are to pay, or to book, on the day of the first visit or soon.")
    return [
        Term(
            "no_refund",
            " ".join(said),
            "Do not pay on the day of the first visit. Ask for time to think, in writing, and what is given back until when.",
        )
    ]


def _count(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"


def amount(found: Amount | None, currency: str | None, unknown: str = "not known") -> str:
    """An amount in words; `unknown` where there is none.

    >>> amount(Amount(8900.0, True, "the total"), "USD"), amount(None, "USD")
    ('at least 8,900 USD', 'not known')
    """
    return unknown if found is None else f"{'at least ' if found.at_least else ''}{money(found.value)} {currency}"


def money(value: float) -> str:
    """An amount without needless digits.

    >>> money(8900.0), money(12.5), money(1234567.891)
    ('8,900', '12.50', '1,234,568')
    """
    return f"{value:,.0f}" if value >= 1000 or value == round(value) else f"{value:,.2f}"
