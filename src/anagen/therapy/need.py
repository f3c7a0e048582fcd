"""The inverse: how much tissue gives a dose over an area with a stated certainty, and whether so much can be taken.

What a draw yields grows with the tissue, so the smallest amount at which a share q of the draws reaches the dose is found by
halving an interval on the forward run itself: forward and inverse are one law.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anagen.ground.errors import BadParameter
from anagen.ground.rows import Row
from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, Source, extract
from anagen.therapy.process import Product, Recipe, process
from anagen.therapy.unknowns import Array, Unknowns, Used

CERTAINTIES = (0.50, 0.80, 0.95)
BEYOND = 1e6  # times the limit of a harvest: more than that is told as not to be had
PRECISION = 1e-4  # of the amount found, relative
_WORDS = {"lipoaspirate": "mL of lipoaspirate", "marrow": "mL of marrow", "scalp_biopsy": "punches of scalp"}
_ONE = {"punches of scalp": "punch of scalp"}
_DOSES = {"live_cells": "{:,.0f} live cells", "medium_ml": "{:,.3g} mL of medium", "graft_ml": "{:,.3g} mL of fat graft"}


def told(wanted: float, of: str) -> str:
    """A wanted total in words: of cells with four digits that count, of a volume with three.

    >>> told(70515803, "live_cells"), told(3.6, "medium_ml")
    ('70,520,000 live cells', '3.6 mL of medium')
    """
    return _DOSES.get(of, "{:,.4g} " + of.replace("_", " ")).format(float(f"{wanted:.4g}"))


@dataclass(frozen=True)
class Amount:
    """Tissue for one certainty: `amount` in `unit` (None: no amount gives it), and whether one harvest allows it, in a sentence."""

    certainty: float
    amount: float | None
    unit: str
    feasible: bool
    sentence: str


@dataclass(frozen=True)
class Need:
    """The tissue for a wanted total (`wanted`, in `of`: `live_cells`, or `medium_ml`), at each certainty; `limit`: of one harvest.

    `through`: the punctures that the limit is of, where more of them would do; `most`: of one harvest through any number of them.
    """

    recipe: Recipe
    source: Source
    of: str
    wanted: float
    limit: float
    amounts: tuple[Amount, ...]
    through: str
    most: float
    rows: tuple[Row, ...]

    def at(self, certainty: float) -> Amount:
        """The amount for one certainty. Raises `BadParameter` for one that was not asked."""
        for one in self.amounts:
            if math.isclose(one.certainty, certainty):
                return one
        raise BadParameter("certainty", f"is {certainty:g}", ", ".join(f"{one.certainty:g}" for one in self.amounts))

    def held_to(self, certainty: float = CERTAINTIES[0]) -> Need:
        """This need, if one harvest can meet it that surely. Raises `BadParameter` for a dose that no harvest gives."""
        one = self.at(certainty)
        if not one.feasible:
            tissue = one.unit.split(" of ")[1]
            sure = f"{certainty:.0%}".replace("%", " %")
            takes = f"no amount of {tissue} gives" if one.amount is None else f"takes {_much(one.amount, one.unit)} to be {sure} sure"
            end = f"{self.through} at most {self.limit:g}" if self.through else f"one harvest is at most {self.most:g}"
            what = f"is {told(self.wanted, self.of)} in all, which {takes}, and {end}"
            raise BadParameter("the dose", what, f"a dose that one harvest can give{self.through and ', or more punctures'}")
        return self


def given(product: Product, of: str) -> Array:
    """What a product gives in all: `live_cells`, or what it `holds` by name. (n,). Raises `BadParameter` for what it does not hold."""
    if of == "live_cells":
        return product.live_cells
    if of not in product.holds:
        raise BadParameter("of", f"is {of!r}", ", ".join(["live_cells", *product.holds]))
    return product.holds[of]


def need(
    source: Source,
    recipe: Recipe,
    dose_per_cm2: float,
    area_cm2: float,
    unknowns: Unknowns | None = None,
    certainties: tuple[float, ...] = CERTAINTIES,
    of: str = "live_cells",
) -> Need:
    """How much of a tissue gives `dose_per_cm2` (cells, or mL of medium) over `area_cm2`.

    source: its kind, site, punctures or diameter; its own volume or number is not read. certainties: each above 0 and below 1.
    Raises `BadParameter` for a dose, an area or a certainty out of range, and whatever extract and process raise.

    >>> found = need(Lipoaspirate(volume_ml=100), Recipe(name="enzymatic_svf"), 1e6, 40, Unknowns.middle())
    >>> found.amounts[0].sentence
    'For 40,000,000 live cells to be 50 % sure, 71 mL of lipoaspirate are needed; one harvest takes at most 200.'
    """
    for where, value in (("dose_per_cm2", dose_per_cm2), ("area_cm2", area_cm2)):
        if not math.isfinite(value) or value <= 0:
            raise BadParameter(where, f"is {value:g}", "a number above 0")
    for certainty in certainties:
        if not 0 < certainty < 1:
            raise BadParameter("certainty", f"is {certainty:g}", "above 0 and below 1")
    unknowns = Unknowns.drawn() if unknowns is None else unknowns
    used, wanted = Used(unknowns), dose_per_cm2 * area_cm2
    least, limit = _limits(source, used)

    rows = (*used.rows, *_made(source, limit, recipe, unknowns).rows)  # raises what is wrong with source and recipe

    def reach(amount: float) -> float:
        try:
            return float(np.mean(given(_made(source, amount, recipe, unknowns), of) >= wanted))
        except BadParameter as error:
            if error.where == "graft_ml":  # so little fat does not hold the graft
                return 0.0
            raise

    whole = isinstance(source, ScalpBiopsy)
    through, most, sure = "", limit, 0.0
    if isinstance(source, Marrow) and limit < (most := used.limit("marrow", "volume_limit_ml")):
        through = f"{source.punctures} puncture{'s' * (source.punctures != 1)}"
        all_of_them = source.model_copy(update={"punctures": int(used.limit("marrow", "puncture_limit"))})
        sure = float(np.mean(given(_made(all_of_them, most, recipe, unknowns), of) >= wanted))
    more = f"{limit:g} through {through}: it takes more punctures, and one harvest takes at most {most:g}."
    ends = [more if sure >= certainty else f"{most:g} of one harvest: it cannot be had." for certainty in certainties]
    amounts = tuple(
        _amount(reach, certainty, least, limit, whole, source.kind, wanted, of, end, through)
        for certainty, end in zip(certainties, ends, strict=True)
    )
    through = f"through {through}" if sure >= min(certainties) else ""
    return Need(recipe, source, of, wanted, limit, amounts, through, most, tuple({(row.of, row.name): row for row in rows}.values()))


def _made(source: Source, amount: float, recipe: Recipe, unknowns: Unknowns) -> Product:
    field = "number" if isinstance(source, ScalpBiopsy) else "volume_ml"
    return process(extract(source.model_copy(update={field: amount}), unknowns, within_limits=False), recipe, unknowns)


def _limits(source: Source, used: Used) -> tuple[float, float]:
    """The least and the most of one harvest, in the unit of the source."""
    if isinstance(source, Lipoaspirate):
        return used.limit("lipoaspirate", "volume_min_ml"), used.limit("lipoaspirate", "volume_limit_ml")
    if isinstance(source, Marrow):
        return 0.0, min(used.limit("marrow", "volume_limit_ml"), source.punctures * used.limit("marrow", "draw_limit_ml"))
    return 1.0, used.limit("scalp_biopsy", "number_limit")


def _amount(
    reach: Callable[[float], float],
    certainty: float,
    least: float,
    limit: float,
    whole: bool,
    kind: str,
    wanted: float,
    of: str,
    beyond: str,
    through: str,
) -> Amount:
    low, high, found = 0.0, limit, None
    while (short := reach(high) < certainty) and high < limit * BEYOND:
        low, high = high, 2 * high
    if not short:
        while high - low > (1 if whole else PRECISION * high):
            middle = (low + high) // 2 if whole else (low + high) / 2
            low, high = (low, middle) if middle > 0 and reach(middle) >= certainty else (middle, high)
        found = max(high, least)
    feasible = found is not None and found <= limit
    unit, dose = _WORDS[kind], told(wanted, of)
    if found is None:
        sentence = f"No amount of {unit.split(' of ')[1]} gives {dose} with {certainty:.0%} certainty by this recipe."
    else:
        much = _much(found, unit)
        takes = f"through {through} it is at most" if through else "one harvest takes at most"
        end = f"; {takes} {limit:g}." if feasible else f", more than the {beyond}"
        if high < least:
            needed = f"less than the least harvest is enough: {much}"
        else:
            needed = f"{much} {'is' if much.startswith('1 ') else 'are'} needed"
        sentence = f"For {dose} to be {certainty:.0%} sure, {needed}{end}"
    return Amount(certainty, found, unit, feasible, sentence.replace("%", " %"))


def _much(found: float, unit: str) -> str:
    """An amount of tissue in words."""
    whole = unit in _ONE
    number = f"{math.ceil(found):,}" if whole or found >= 10 else f"{found:.2g}"
    return f"{number} {_ONE.get(unit, unit) if number == '1' else unit}"
