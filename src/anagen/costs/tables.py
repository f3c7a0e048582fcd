"""Which published price prices which part of which option, and which parts no price was read for: `data/prices.csv`, `price_gaps.csv`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import TYPE_CHECKING

from anagen.ground.errors import BadEvidence
from anagen.ground.tables import table

if TYPE_CHECKING:
    from anagen.evidence.rows import Cost

PARTS = {
    "session": ("per session", "per treatment"),
    "course": ("per course",),
    "extra": ("per session",),
    "month": ("per month", "per year"),
    "device": ("per device",),
    "graft": ("per graft",),
    "operation": ("per procedure",),
    "harvest": ("per procedure",),
}
"""The parts that a plan may have, and the units of the table of costs that price them."""


@dataclass(frozen=True)
class Price:
    """One row of the table of costs as the price of one `part` of one `option`, from `units_from` to `units_to` units of it.

    `dose_from`, `dose_to`: the doses that it holds for. `why`: what the choice hangs on; of a row that is left out (`use`), why.
    """

    row_id: str
    option: str
    part: str
    dose_from: float
    dose_to: float
    units_from: int
    units_to: int
    use: bool
    why: str

    @property
    def cost(self) -> Cost:
        """The evidence row itself."""
        from anagen.evidence.tables import row

        return row("costs", self.row_id)

    @property
    def low(self) -> float:
        """The lowest amount that the row states, for all its units; infinity if it states none."""
        return min((v for v in (self.cost.low, self.cost.typical, self.cost.high) if v is not None), default=inf)

    @property
    def high(self) -> float:
        """The highest amount that the row states; infinity where it says only from where prices start."""
        return max((v for v in (self.cost.typical, self.cost.high) if v is not None), default=inf)

    @property
    def typical(self) -> float | None:
        """The usual amount, where the row states one."""
        return self.cost.typical


@dataclass(frozen=True)
class Gap:
    """A part of the cost of some `options` for which no price was read, in words; `source`: the rows it is about, or none."""

    options: tuple[str, ...]
    part: str
    said: str
    source: str


def least_gain_per_cm2() -> float:
    """Hairs/cm2 from which a gain counts as one: `data/price_rules.csv`, assumed.

    >>> least_gain_per_cm2()
    1.0
    """
    return _rules()["least_gain_per_cm2"]


def least_share() -> float:
    """The share of people below which nothing is divided by it: `data/price_rules.csv`, assumed.

    >>> least_share()
    0.01
    """
    return _rules()["least_share"]


@cache
def _rules() -> dict[str, float]:
    return dict(table("price_rules.csv", lambda cells: (cells["rule"], float(cells["value"]))))


@cache
def prices() -> tuple[Price, ...]:
    """Every row of the table of costs, once for each part that it prices, or with the reason why it prices none.

    >>> [one.row_id for one in prices() if one.option == "dutasteride"]
    ['k049', 'k050']
    """
    found = []
    for line, cells in enumerate(table("prices.csv", dict), 2):
        try:
            found.append(
                Price(
                    cells["row_id"],
                    cells["option"],
                    cells["part"],
                    float(cells["dose_from"] or 0),
                    float(cells["dose_to"] or inf),
                    int(cells["units_from"] or 1),
                    int(cells["units_to"] or 1),
                    {"yes": True, "no": False}[cells["use"]],
                    cells["why"],
                )
            )
        except (KeyError, ValueError, TypeError):
            raise BadEvidence(f"prices.csv line {line}: a cell is no such thing") from None
    return tuple(found)


@cache
def gaps() -> tuple[Gap, ...]:
    """Every part that is known to be missing.

    >>> [one.said for one in gaps() if one.part == "prescription"]
    ['visits and blood tests for the prescription']
    """
    return tuple(Gap(tuple(one["options"].split("|")), one["part"], one["said"], one["source"]) for one in table("price_gaps.csv", dict))


def of_option(option: str, dose: float) -> tuple[Price, ...]:
    """The prices of one option at one dose.

    >>> of_option("finasteride", 0.2)
    ()
    """
    return tuple(one for one in prices() if one.use and one.option == option and one.dose_from <= dose <= one.dose_to)


def left_out(options: Iterable[str]) -> tuple[Price, ...]:
    """The rows about some options that price nothing, each with its reason.

    >>> [one.row_id for one in left_out(["laser"])]
    ['k053', 'k053b']
    """
    from anagen.treatments.vocabulary import MEANINGS

    names = set(options)
    words = {word for word, meaning in MEANINGS.items() if names & {part for part, _ in meaning.parts}}
    return tuple(one for one in prices() if not one.use and one.cost.treatment in words)
