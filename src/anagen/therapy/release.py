"""Release tests as a checklist, and what the law of each place makes of a recipe. A claim that is not stated is `not shown`.

What a laboratory states of its own lot is what the steps use of it (`measured`): its share of live cells, and of cells with the marker.
"""

from __future__ import annotations

import csv
import functools
import io
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from anagen.ground.errors import BadEvidence, BadParameter, UnknownName
from anagen.ground.forms import Form
from anagen.ground.rows import Row
from anagen.therapy.batches import THEIR_OWN, Change
from anagen.therapy.process import Product, RecipeName
from anagen.therapy.unknowns import Name, Unknowns, Used

if TYPE_CHECKING:
    from anagen.evidence.rows import VettingRule

Result = Literal["pass", "fail", "not shown", "does not apply"]
JURISDICTIONS = ("US", "US-FL", "US-TX", "EU", "UK", "JP", "AU", "CA", "KR")
NOT_KNOWN = "not known"
_MARKERS = {"cd34_share": "CD34+", "cd44_share": "CD44+"}
_NO_FLOOR = ("hfsc_micrograft",)
"""Recipes whose marker has no floor that was read."""


class Shown(Form):
    """What a laboratory states of one batch; None is not stated. Shares are 0 to 1 (`identity_share`: of cells with the marker)."""

    viable_share: float | None = None
    sterility: Literal["no growth", "growth"] | None = None
    endotoxin_eu_per_ml: float | None = None
    dose_ml: float | None = None
    weight_kg: float | None = None
    identity_share: float | None = None


@dataclass(frozen=True)
class Check:
    """One release test. `allowed`: what passes; `chance`: the share of draws that would pass, where simulated and not stated."""

    name: str
    result: Result
    allowed: str
    stated: str
    chance: float | None
    rows: tuple[Row, ...]


def release(product: Product, shown: Shown | None = None, unknowns: Unknowns | None = None) -> tuple[Check, ...]:
    """The checklist: viability, sterility, endotoxin, identity. A pass needs the laboratory's own number: a simulation is none.

    Endotoxin in the dose = EU/mL x mL / kg. Raises `BadParameter` for a share outside 0 to 1 or a number below 0.

    >>> from anagen.therapy.extract import Lipoaspirate, extract
    >>> from anagen.therapy.process import Recipe, process
    >>> middle = Unknowns.middle()
    >>> svf = process(extract(Lipoaspirate(volume_ml=100), middle), Recipe(name="enzymatic_svf"), middle)
    >>> [(check.name, check.result) for check in release(svf, Shown(viable_share=0.6, sterility="no growth"))]
    [('viability', 'fail'), ('sterility', 'pass'), ('endotoxin', 'not shown'), ('identity', 'not shown')]
    """
    shown, used = shown or Shown(), Used(unknowns or Unknowns.middle())
    _hold(shown)
    return (_viability(product, shown, used), _sterility(shown), _endotoxin(shown, used), _identity(product, shown, used))


def measured(recipe: RecipeName, shown: Shown, unknowns: Unknowns) -> tuple[Unknowns, tuple[Change, ...]]:
    """The unknowns of one lot, with what the laboratory measured of it in place of what is drawn, and what that changed.

    Raises `BadParameter` as `release`.

    >>> lot, (change,) = measured("enzymatic_svf", Shown(viable_share=0.62), Unknowns.drawn(9))
    >>> change.before.value, set(lot.draws["enzymatic_svf", "viable_share"].tolist())
    (0.9, {0.62})
    """
    _hold(shown)
    known = {(row.of, row.name) for row in unknowns.rows}
    of = "enzymatic_svf" if recipe == "adrc_fat_graft" else recipe  # the cells of the graft are those
    places: list[tuple[Name, float | None]] = [((recipe, "viable_share"), shown.viable_share)]
    if (marker := next((name for name in _MARKERS if (of, name) in known), None)) and recipe not in _NO_FLOOR:
        places.append(((of, marker), shown.identity_share))
    changes, draws = list[Change](), dict[Name, float]()
    for place, value in places:
        if value is not None and place in known:
            before = unknowns.row(*place)
            source = f"stated of this lot; before: {before.source}"
            after = replace(before, value=value, low=value, high=value, spread="fixed", mark="given", source=source, who=THEIR_OWN)
            changes.append(Change(before, after, 1, value))
            draws[place] = value
    return unknowns.but(draws, *(change.after for change in changes)), tuple(changes)


def _hold(shown: Shown) -> None:
    """Raise what cannot be."""
    for name, most in (("viable_share", 1), ("identity_share", 1), ("endotoxin_eu_per_ml", None), ("dose_ml", None), ("weight_kg", None)):
        value = getattr(shown, name)
        if value is not None and (value < 0 or (most and value > most) or (name == "weight_kg" and value == 0)):
            raise BadParameter(name, f"is {value:g}", "a share from 0 to 1" if most else "a number above 0")


def _at_least(name: str, value: float | None, least: float, drawn: np.ndarray | None, what: str, rows: tuple[Row, ...]) -> Check:
    result: Result = "not shown" if value is None else "pass" if value >= least else "fail"
    chance = None if drawn is None or value is not None else float(np.mean(drawn >= least))
    stated = "not stated" if value is None else f"{value:.1%}".replace(".0%", "%").replace("%", " %")
    return Check(name, result, f"at least {least:.0%} {what}".replace("%", " %"), stated, chance, rows)


def _row(used: Used, name: str) -> tuple[float, tuple[Row, ...]]:
    return used.limit("release", name), (used.unknowns.row("release", name),)


def _viability(product: Product, shown: Shown, used: Used) -> Check:
    least, rows = _row(used, "viable_min_share")
    if product.viable_share is None:
        return Check("viability", "does not apply", "no cells are given", "no cells", None, rows)
    return _at_least("viability", shown.viable_share, least, product.viable_share, "of cells live", rows)


def _sterility(shown: Shown) -> Check:
    result: Result = "not shown" if shown.sterility is None else "pass" if shown.sterility == "no growth" else "fail"
    return Check("sterility", result, "no growth in culture", shown.sterility or "not stated", None, ())


def _endotoxin(shown: Shown, used: Used) -> Check:
    most, rows = _row(used, "endotoxin_limit_eu_per_kg")
    allowed = f"at most {most:g} EU per kg of body weight"
    if shown.endotoxin_eu_per_ml is None or shown.dose_ml is None or shown.weight_kg is None:
        return Check("endotoxin", "not shown", allowed, "needs EU/mL, mL and kg", None, rows)
    dose = shown.endotoxin_eu_per_ml * shown.dose_ml / shown.weight_kg
    return Check("endotoxin", "pass" if dose <= most else "fail", allowed, f"{dose:.3g} EU/kg", None, rows)


def _identity(product: Product, shown: Shown, used: Used) -> Check:
    least, rows = _row(used, "identity_min_share")
    marker = next((name for name in _MARKERS if name in product.shares), None)
    if marker is None or product.recipe.name in _NO_FLOOR:
        return Check("identity", "does not apply", "no marker with a floor is known for this product", "-", None, ())
    return _at_least("identity", shown.identity_share, least, product.shares[marker], f"of cells {_MARKERS[marker]}", rows)


@dataclass(frozen=True)
class Standing:
    """What one place makes of a recipe: in words, with the rules that say so (each with its source and `as_of`). None: not known."""

    recipe: str
    jurisdiction: str
    regulated_as: str
    rules: tuple[VettingRule, ...]

    @property
    def as_of(self) -> str:
        """As of when each rule was read, in the order of `rules`."""
        return ", ".join(rule.as_of for rule in self.rules) or NOT_KNOWN


def standing(recipe: str) -> tuple[Standing, ...]:
    """How a recipe stands in each of `JURISDICTIONS`; `not known` where no rule was read. No legal advice. Raises `UnknownName`.

    >>> us = standing("enzymatic_svf")[0]
    >>> us.regulated_as[:6], us.rules[0].rule_id, us.rules[0].as_of
    ('a drug', 'us_svf_is_drug', '2024-09-27')
    >>> [one.jurisdiction for one in standing("conditioned_medium") if not one.rules]
    ['US-FL', 'US-TX', 'AU', 'CA', 'KR']
    """
    if recipe not in get_args(RecipeName):
        raise UnknownName("recipe", recipe, get_args(RecipeName))
    found = {one.jurisdiction: one for one in _law() if one.recipe == recipe}
    return tuple(found.get(place, Standing(recipe, place, NOT_KNOWN, ())) for place in JURISDICTIONS)


@functools.cache
def _law() -> tuple[Standing, ...]:
    from anagen.evidence.tables import row

    text, law = (files("anagen") / "data" / "therapy_law.csv").read_text(encoding="utf-8"), []
    for cells in (reader := csv.DictReader(io.StringIO(text))):
        if cells["recipe"] not in get_args(RecipeName) or cells["jurisdiction"] not in JURISDICTIONS or not cells["rules"]:
            raise BadEvidence(f"therapy_law.csv line {reader.line_num}: needs a known recipe and jurisdiction, and a rule")
        rules = tuple(row("vetting_rules", rule) for rule in cells["rules"].split())
        law.append(Standing(cells["recipe"], cells["jurisdiction"], cells["regulated_as"], rules))
    return tuple(law)
