"""What a price must name, by the kind of product: `data/clinic/quote_parts.csv`. The check of an offer and its quote read it alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anagen.clinic.conditions import Fact
from anagen.clinic.offer import PARTS, Price
from anagen.ground.tables import table

KINDS = ("cells", "cell_free", "micrograft", "prp", "surgery")


@dataclass(frozen=True)
class Part:
    """A part that a price should name, for offers of some `kinds` (`any`: all); `words`: what it is; `question`: what to ask of it."""

    part: str
    kinds: tuple[str, ...]
    words: str
    question: str
    source: str
    mark: str


@cache
def quote_parts() -> tuple[Part, ...]:
    """Every part. Raises `BadEvidence` for a row that is no such thing.

    >>> [one.part for one in quote_parts()][:4]
    ['sessions', 'consultation', 'harvest', 'anaesthesia']
    """
    return table("clinic/quote_parts.csv", _part)


def words_of(part: str) -> str:
    """A part in plain words, as each view of an offer tells it.

    >>> words_of("harvest"), words_of("travel")
    ('taking the tissue or blood', 'travel')
    """
    return next((one.words for one in quote_parts() if one.part == part), part)


def _part(cells: dict[str, str]) -> Part:
    one = Part(**{**cells, "kinds": tuple(cells["kinds"].split())})  # type: ignore[arg-type]
    if one.part not in (*PARTS, "sessions") or not set(one.kinds) <= {*KINDS, "any"} or one.mark not in ("read", "assumed"):
        raise ValueError(f"{one.part!r} is no part of a known kind and mark")
    return one


def free(price: Price | None) -> bool:
    """Does it cost nothing, and ask for nothing beside? Boosters that are advised and have no price may cost."""
    if price is None or price.total != 0:
        return False
    open_boosters = bool(price.boosters) and price.booster_price is None and "boosters" not in (price.includes or ())
    return not any((price.per_session, price.booster_price, price.deposit, price.participant_pays, open_boosters))


def parts_of(price: Price | None, facts: Mapping[str, Fact]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts that an offer with these facts should name, and those that do not apply to it."""
    if free(price):
        return (), quote_parts()  # what costs nothing has no parts
    kind, away = facts["kind"].value, set()
    if facts["own"].value is False or facts["source"].value in ("plant", "none"):
        away.add("harvest")
    if facts["processing"].value != "culture" and facts["same_day"].value is not False:
        away.add("storage")
    if price is not None and price.boosters == 0:
        away.add("boosters")
    apply = tuple(part for part in quote_parts() if part.part not in away and ("any" in part.kinds or kind in part.kinds))
    return apply, tuple(part for part in quote_parts() if part not in apply)


def told(part: Part, price: Price | None) -> bool:
    """Does the price name it? Sessions by their number, boosters also by their number and price."""
    if price is None:
        return False
    if part.part == "sessions":
        return price.sessions is not None
    boosters = part.part == "boosters" and bool(price.boosters) and price.booster_price is not None
    return part.part in (price.includes or ()) or boosters
