"""What an offer says, as the flat facts that the rules read; each with the words of the offer. What is not shown is None or false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from anagen.clinic.conditions import Condition, Fact, Value, condition
from anagen.clinic.kinds import Kind, kinds_of_product, rows, value_words
from anagen.clinic.npi import why_not
from anagen.clinic.offer import Offer, Papers, Price, Somebody, is_given
from anagen.clinic.price_parts import free, parts_of, told, words_of
from anagen.ground.errors import BadEvidence
from anagen.ground.text import clean

if TYPE_CHECKING:
    from anagen.clinic.claims import Claim

DONOR = ("donor_fat", "cord", "amnion")
REGENERATIVE = ("cells", "cell_free", "micrograft", "prp")
MOST_WORDS = 300
"""Letters of an offer that are quoted at a time."""


@dataclass(frozen=True)
class Reads:
    """What one rule reads of an offer: a `fact` or a `claim` that it judges, what it asks to be shown (`need`), what only a person can
    look up (`ask`), or what it only tells (`tell`). `verdict` is empty where it is the rule's own; `lacking`: a need that is not met."""

    rule: str
    kind: Literal["claim", "fact", "need", "ask", "tell"]
    when: Condition
    shown: Condition
    verdict: str
    says: str
    lacking: str
    mark: str


@cache
def reads() -> tuple[Reads, ...]:
    """Every row of `data/clinic/facts.csv`. Raises `BadEvidence` for a kind of row that is none."""
    found = []
    for row in rows("facts.csv"):
        if row["kind"] not in ("claim", "fact", "need", "ask", "tell"):
            raise BadEvidence(f"clinic/facts.csv: {row['rule']} has the kind {row['kind']!r}")
        found.append(
            Reads(
                row["rule"],
                row["kind"],  # type: ignore[arg-type]
                condition(row["when"]),
                condition(row["shown"]),
                row["verdict"],
                row["says"],
                row["lacking"],
                row["mark"],
            )
        )
    return tuple(found)


def facts_of(offer: Offer, claims: Sequence[Claim] = ()) -> dict[str, Fact]:
    """Every fact of an offer, by the names that the tables use; `claim:word` for each claim of its advert.

    >>> from anagen.clinic.offer import as_offer
    >>> price = {"currency": "USD", "total": 9000}
    >>> facts = facts_of(as_offer({"clinic": "A", "jurisdiction": "US", "treatment": "svf", "price": price}, "a.toml"))
    >>> facts["kind"], facts["charged"].words, facts["ind_number"]
    (Fact(value='cells', words='treatment = "svf"'), 'price.total = 9000', Fact(value=False, words='shown.ind_number: not shown'))
    """
    found: dict[str, Fact] = {
        "place": Fact(offer.jurisdiction, f'jurisdiction = "{offer.jurisdiction}"'),
        "country": Fact(offer.country, f'jurisdiction = "{offer.jurisdiction}"'),
        "treatment": Fact(offer.treatment, f'treatment = "{offer.treatment}"'),
        "advert": Fact(bool(offer.advert.strip()), "advert: given" if offer.advert.strip() else ""),
    }
    found |= {name: Fact(offer.shown.shows(name), said("shown", name, getattr(offer.shown, name))) for name in Papers.model_fields}
    found |= _product(offer, claims)
    trial = found["ind_number"].value and found["irb"].value
    found["trial"] = Fact(bool(trial), f"{found['ind_number'].words}; {found['irb'].words}")
    routes = ("approval_number", "hospital_exemption", "trial_registration")
    found["eu_route"] = Fact(any(found[name].value for name in routes), "; ".join(found[name].words for name in routes))
    found |= _people(offer, found)
    found |= _money(offer.price, found)
    return found | _claimed(claims)


def _kinds(offer: Offer, claims: Sequence[Claim]) -> list[tuple[Kind, str]]:
    """Each kind that the treatment, the product and the advert tell of, with the words that do; the strictest first."""
    product = offer.product
    told: dict[str, str | None] = {"processing": product.processing, "source": product.source, "treatment": offer.treatment}
    found = [
        (one, f"{said('product', one.by, told[one.by])}") for one in kinds_of_product() if one.by != "claim" and told[one.by] in one.values
    ]
    found = [(one, f'treatment = "{offer.treatment}"' if one.by == "treatment" else words) for one, words in found]
    for claim in claims:
        found += [
            (one, f"advert: {quoted(claim.sentence)}") for one in kinds_of_product() if one.by == "claim" and claim.claim in one.values
        ]
    by_name = next(one for one, _ in found if one.by == "treatment")
    if (product.processing or by_name.processing) == "cell_free":  # their source is told, the cells are left out
        found = [(one, words) for one, words in found if one.by != "source"]
    order = list(dict.fromkeys(one.kind for one in kinds_of_product()))
    return sorted(found, key=lambda each: (order.index(each[0].kind), kinds_of_product().index(each[0])))


def _product(offer: Offer, claims: Sequence[Claim]) -> dict[str, Fact]:
    product = offer.product
    kinds = _kinds(offer, claims)
    first, words = kinds[0]
    by_name = next(one for one, _ in kinds if one.by == "treatment")
    named = f'treatment = "{offer.treatment}"'
    if words != named:
        words = f"{words}, {named}"
    alike = {one.kind for one, _ in kinds if one.kind not in ("trial", "none")}
    usually, why = (by_name, named) if by_name.kind == first.kind else (first, words)

    def usual(name: str, given: str | None, otherwise: str) -> Fact:
        if given is not None:
            return Fact(given, said("product", name, given))
        return Fact(otherwise, f"{why} (taken to be {otherwise})") if otherwise else Fact(None, f"product.{name}: not shown")

    source = usual("source", product.source, usually.source)
    donor = source.value in DONOR
    own: Value = False if donor else product.own
    return {
        "kind": Fact(first.kind, words),
        "agrees": Fact(len(alike) <= 1, "; ".join(dict.fromkeys(each for one, each in kinds if one.kind in alike))),
        "source": source,
        "processing": usual("processing", product.processing, usually.processing),
        "own": Fact(own, source.words if donor else said("product", "own", product.own)),
        "same_day": Fact(product.same_day, said("product", "same_day", product.same_day)),
        "route": Fact(product.route, said("product", "route", product.route)),
        "for_hair": Fact("hair" in product.use.casefold(), said("product", "use", product.use)),
        "maker": Fact(product.maker if is_given(product.maker) else "", said("product", "maker", product.maker)),
        "lot": Fact(product.lot if is_given(product.lot) else "", said("product", "lot", product.lot)),
        "needles": Fact(
            product.route in ("injected", "iv") or first.kind == "needling" or (product.route is None and first.kind in REGENERATIVE),
            said("product", "route", product.route),
        ),
    }


def _people(offer: Offer, found: Mapping[str, Fact]) -> dict[str, Fact]:
    from anagen.clinic.boards import board

    kind, people = found["kind"].value, offer.people
    needed = ["diagnoses", "follows_up"]
    if found["needles"].value:
        needed.append("injects")
    if kind == "surgery" or (kind in ("cells", "micrograft") and found["own"].value is not False):
        needed.append("harvests")
    lacking = [role for role in needed if not any(role in one.role and one.profession == "physician" for one in people)]
    others = [one for one in people if one.profession == "nurse" and set(one.role) & set(needed)]
    unskilled = [one for one in people if one.profession == "technician" and set(one.role) & {"diagnoses", "harvests", "injects"}]
    injectors = [one for one in people if "injects" in one.role]
    boards = [(one, board(name), name) for one in people for name in one.boards]
    numbers = [one for one in people if one.npi.strip()]
    wrong = {one.npi: why_not(one.npi) for one in numbers}
    good = bool(numbers) and not any(wrong.values())
    bad = "; ".join(f"people.npi = {quoted(npi)}: {why}" for npi, why in wrong.items() if why)
    shown = "; ".join(said("people", "npi", one.npi) for one in numbers)
    not_doctors = "; ".join(map(_does, others))
    return {
        "doctors": Fact(
            not lacking,
            ("no doctor is named who: " + ", ".join(_steps(lacking)) if lacking else "; ".join(map(_does, people)))
            + (f"; {not_doctors}" if lacking and not_doctors else ""),
        ),
        "technician": Fact(bool(unskilled), "; ".join(map(_does, unskilled))),
        "licence_of_injector": Fact(
            any(is_given(one.licence) and any(letter.isdigit() for letter in one.licence) for one in injectors),
            "; ".join(said("people", "licence", one.licence) for one in injectors) or "people: nobody injects",
        ),
        "npi": Fact(bool(numbers), shown or "people.npi: not shown"),
        "npi_well_formed": Fact(good, bad or shown or "people.npi: not shown"),
        "taxonomy": Fact(
            any(is_given(one.taxonomy) for one in people),
            "; ".join(said("people", "taxonomy", one.taxonomy) for one in people if one.taxonomy),
        ),
        "abms": Fact(
            any(known and known.abms == "yes" for _, known, _ in boards),
            "; ".join(said("people", "boards", name) for _, _, name in boards) or "people.boards: not shown",
        ),
        "abcs": Fact(
            any(known and known.short == "ABCS" for _, known, _ in boards),
            "; ".join(said("people", "boards", name) for _, known, name in boards if known and known.short == "ABCS"),
        ),
    }


def _does(one: Somebody) -> str:
    who = quoted(one.name) if one.name else "somebody"
    return f"{who} ({value_words('profession', one.profession)}): {', '.join(_steps(one.role)) or 'no step told'}"


def _steps(roles: Sequence[str]) -> list[str]:
    return [value_words("role", role) for role in roles]


def _money(price: Price | None, found: Mapping[str, Fact]) -> dict[str, Fact]:
    names = ("participant_pays", "discount_for_review", "refund", "deposit", "deposit_refundable", "pay_on_consultation_day", "boosters")
    terms = {name: Fact(None if price is None else getattr(price, name), said("price", name, getattr(price, name, None))) for name in names}
    paid = ("total", "per_session", "deposit", "booster_price", "participant_pays")
    given = [said("price", name, getattr(price, name)) for name in paid if price is not None and getattr(price, name)]
    lacking = [part.words for part in parts_of(price, found)[0] if not told(part, price)]
    lacking += ["the total"] * (not free(price) and (price is None or price.total is None))
    words = f"price.includes does not name: {', '.join(lacking)}" if lacking and price is not None else "price: not shown"
    if price is not None and not lacking:
        words = said("price", "total", 0) if free(price) else said("price", "includes", ", ".join(map(words_of, price.includes or ())))
    return terms | {"charged": Fact(bool(given), "; ".join(given) or "price: none shown"), "price_whole": Fact(not lacking, words)}


def _claimed(claims: Sequence[Claim]) -> dict[str, Fact]:
    from anagen.clinic.claims import kinds

    found = {f"claim:{word}": Fact(False, "") for word in kinds()}
    for one in claims:
        if not found[f"claim:{one.claim}"].value:
            found[f"claim:{one.claim}"] = Fact(True, f"advert: {quoted(one.sentence)}")
    return found


def said(table: str, name: str, value: object) -> str:
    """One field of an offer as its file says it.

    >>> said("price", "total", 9000.0), said("product", "own", True), said("shown", "irb", None)
    ('price.total = 9000', 'product.own = true', 'shown.irb: not shown')
    """
    if value is None or value == "" or (table == "shown" and (value is False or (isinstance(value, str) and not value.strip()))):
        return f"{table}.{name}: not shown"
    if isinstance(value, bool):
        return f"{table}.{name} = {'true' if value else 'false'}"
    if isinstance(value, int | float):
        return f"{table}.{name} = {value:,.10g}".replace(",", "") if abs(value) < 1e10 else f"{table}.{name} = {value:.4g}"
    return f"{table}.{name} = {quoted(str(value))}"


def quoted(text: str) -> str:
    """Words of an offer in quotes, cut where they are long, without letters that do not print.

    >>> quoted("A\\x1b[31m \\u202eB" + "!" * 400)[:12]
    '"A[31m B!!!!'
    """
    plain = clean(text[: 4 * MOST_WORDS])
    return f'"{plain[:MOST_WORDS]}"' if len(plain) <= MOST_WORDS else f'"{plain[:MOST_WORDS]} ..."'
