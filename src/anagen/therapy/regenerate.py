"""Regenerate, up to the forecast: the dose as trials state theirs, the treatment it makes, how long cells stay, whom a dose reaches.

Two modes lead from a dose to the tempo of a follicle:

- `class` (the default): the calibrated effect of all cell products. Every follicle answers alike; the dose enters only as
  `treatments/cells.py` has it, within what was studied. Outside there is no forecast.
- `field` (a hypothesis): follicles that the dose reaches answer, the others do not. With c the share that this injection reaches
  and u the share that the usual one would (spacing, volume and depth of the rows), those reached have strength S / u, S that of
  the class: the usual injection has the calibrated effect as its mean, and a denser or wider grid more or less, c / u in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import Row
from anagen.ground.units import DAYS_PER_WEEK
from anagen.therapy.inject import Injected, Injection, inject
from anagen.therapy.process import Product
from anagen.therapy.protocol import CULTURED, Protocol
from anagen.therapy.unknowns import Array, Unknowns, Used
from anagen.treatments import TREATMENTS, Treatment, treatment

Mode = Literal["class", "field"]
MODES: tuple[str, ...] = get_args(Mode)
TREATMENT_OF = {
    "enzymatic_svf": "svf",
    "mechanical_svf": "svf",
    "adrc_fat_graft": "svf",
    "marrow_concentrate": "bone_marrow",
    "marrow_mononuclear": "bone_marrow",
    "hfsc_micrograft": "hfsc_micrograft",
    "culture_adsc": "adsc",
    "culture_dsc": "dermal_sheath_cup",
    "conditioned_medium": "conditioned_medium",
}
"""Which treatment of the forecast each recipe makes; those of one name share its evidence, little as it is."""
SPREADS = ("fill_share", "diffusion_cm2_per_h", "decay_per_h", "scalp_mm", "follicle_depth_mm")
"""The rows that shape how far a bolus spreads."""
LOOKED_DAYS = (1.0, 3.0, 7.0, 14.0, 28.0, 70.0)


def mode_of(name: str) -> Mode:
    """A mode by its name. Raises `UnknownName`.

    >>> mode_of("feild")
    Traceback (most recent call last):
    anagen.ground.errors.UnknownName: there is no mode 'feild'; did you mean 'field'? (class, field)
    """
    if name not in MODES:
        raise UnknownName("mode", name, MODES)
    return "field" if name == "field" else "class"


def served(protocol: Protocol, unknowns: Unknowns) -> Array:
    """How much of the product for all points one harvest must give, (n,).

    1 of fresh cells, each session having a harvest of its own. Of what is cultured all but the first session's is stored meanwhile
    (row `storage.kept_share`): for k sessions alike it takes 1 + (k - 1) / kept. Where the sessions share the points, each gives
    its part: a k-th of that.
    """
    plan = protocol.injection
    stored = plan.sessions - 1 if protocol.recipe.name in CULTURED else 0
    return (1 + stored / unknowns.of("storage")["kept_share"]) / plan.parts


def drawn_up(protocol: Protocol, product: Product, area_cm2: float, unknowns: Unknowns) -> Array | None:
    """Live cells drawn up for all points, (n,): all that there are, or what the dose wanted takes of them. None without cells.

    That is one session, or all of them together where they share the points: what a cm2 gets is the same.

    Raises `BadParameter` for a dose in cells of a product that has none.
    """
    plan = protocol.injection
    if product.viable_share is None:
        for name in ("dose_per_cm2", "dose_cells"):
            if getattr(plan, name) is not None:
                raise BadParameter(
                    f"{name} of {protocol.recipe.name}", "counts cells, and it holds none", "volume_ml_per_cm2 or _per_point"
                )
        return None
    there = product.live_cells / served(protocol, unknowns)
    if plan.dose_per_cm2 is not None:
        return np.minimum(there, plan.dose_per_cm2 * area_cm2)
    return there if plan.dose_cells is None else np.minimum(there, plan.dose_cells)


@dataclass(frozen=True, eq=False)
class Dose:
    """The dose of one session, or of all that share the points, as trials of `treatment` state theirs: `draws` (n,) in `unit`, and their
    median `value`.

    `met_share`: of the draws, those in which the tissue gives all that is wanted; None where no dose was stated.
    `made`: the treatment at that dose; None, with the sentence `why_not`, where no trial was at such a dose. `rows`: of what is lost
    between the sessions of one harvest.
    """

    treatment: str
    draws: Array
    value: float
    unit: str
    met_share: float | None
    made: Treatment | None
    why_not: str
    rows: tuple[Row, ...] = ()


def dose_of(protocol: Protocol, product: Product, injected: Injected, cells: Array | None, unknowns: Unknowns) -> Dose:
    """What a session gives, before dead volume and what runs back out: trials count their dose so too.

    cells: as `drawn_up`. Raises nothing: a dose outside what was studied has no forecast, and says so.
    """
    name, plan = TREATMENT_OF[protocol.recipe.name], protocol.injection
    unit, size, met = TREATMENTS[name].unit, product.tissue.size, None
    wanted = plan.dose_cells if plan.dose_per_cm2 is None else plan.dose_per_cm2 * injected.area_cm2
    if cells is not None and wanted is not None:
        met = float(np.mean(cells >= wanted))
    if unit == "cells/cm2" and cells is not None:
        each = cells / injected.area_cm2
        draws = each if plan.dose_per_cm2 is None else np.where(cells >= plan.dose_per_cm2 * injected.area_cm2, plan.dose_per_cm2, each)
    elif unit == "cells per region" and cells is not None:
        draws = cells
    else:
        volume = np.full(size, round(injected.volume_ml, 6))
        if "medium_ml" in product.holds:
            there = product.holds["medium_ml"] / served(protocol, unknowns)
            volume, met = np.clip(there - injected.dead_volume_ml, 0, volume), float(np.mean(there >= injected.product_ml))
        draws = volume / injected.area_cm2 if unit == "mL/cm2" else volume
    value = float(np.median(draws))
    if value not in (plan.dose_per_cm2, plan.dose_cells):
        value = float(f"{value:.3g}")  # a median of draws: more digits say nothing
    made, why_not = _treatment(name, value, plan.parts)
    stored = protocol.recipe.name in CULTURED and plan.sessions > 1
    return Dose(name, draws, value, unit, met, made, why_not, (unknowns.row("storage", "kept_share"),) if stored else ())


def _treatment(name: str, value: float, parts: int) -> tuple[Treatment | None, str]:
    low, high = TREATMENTS[name].studied
    if low <= value <= high:
        return treatment(name, value), ""
    unit, whose = TREATMENTS[name].unit, TREATMENTS[name].studied_of
    studied = f"{low:,.7g}" if low == high else f"{low:,.7g} to {high:,.7g}"
    trials = f"trials of {whose}, whose range stands in because none of its own states a dose," if whose else "trials"
    gives = "one session gives" if parts == 1 else f"the {parts} sessions that share the points give together"
    return None, f"No forecast: {gives} {value:,.9g} {unit.removesuffix(' a session')}, and {trials} gave {studied}."


def sessions_weeks(protocol: Protocol, product: Product) -> tuple[float, ...]:
    """When the sessions are, in weeks from the harvest, in whole days: cultured cells are waited for (middle of the draws).

    Where sessions share the points, each place is injected once: all count as one, at the last of them.
    """
    wait = float(np.median(product.weeks)) * DAYS_PER_WEEK if protocol.recipe.name in CULTURED else 0.0
    days = protocol.injection.days
    held = days[-1:] if protocol.injection.share_points else days
    return tuple(round(wait + day) / DAYS_PER_WEEK for day in held)


@dataclass(frozen=True, eq=False)
class Retention:
    """Share of the injected cells still there, (n, days): staying + (1 - staying) 0.5**(t / half). Read of animals, told as wide.

    `days`: when; `at_next`: at the next session, (n,), None where there is none. `rows` behind it.
    """

    days: tuple[float, ...]
    share: Array
    at_next: Array | None
    rows: tuple[Row, ...]


def retention(unknowns: Unknowns, interval_days: float | None = None, days: tuple[float, ...] = LOOKED_DAYS) -> Retention:
    """How long injected cells stay. It shows how far the effect outlasts them: the effect wanes by the trials' own months.

    It does not shape whom a dose reaches. With S(s) the share still there, a follicle's total dose is the integral over s of S(s) times
    the total of one instant release, which is that total times one number: the same for all follicles, and gone from the relative dose.

    >>> kept = retention(Unknowns.middle(), days=(0.0, 5.0))
    >>> kept.share.round(3).tolist()  # 0.01 stay; of the rest, half are gone after 5 days
    [[1.0, 0.505]]
    """
    used = Used(unknowns)
    half, stay = used("retention", "half_days"), used("retention", "staying_share")

    def left(day: float) -> Array:
        return stay + (1 - stay) * 0.5 ** (day / half)

    share = np.stack([left(day) for day in days], axis=1)
    return Retention(days, share, None if interval_days is None else left(interval_days), used.rows)


@dataclass(frozen=True)
class Assumption:
    """One thing that the field mode takes to be so, and the rows that it stands on."""

    said: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Field:
    """The field mode's own numbers, (n,): share of follicles reached, that of the usual injection, strength of those reached.

    `strength`: relative to the class's; `assumptions`: what it takes to be so. It is a hypothesis: nothing of it was measured.
    """

    coverage: Array
    usual: Array
    strength: Array
    assumptions: tuple[Assumption, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row behind it."""
        return tuple({(row.of, row.name): row for one in self.assumptions for row in one.rows}.values())


def usual_reach(injected: Injected, unknowns: Unknowns) -> Array:
    """The share of the region's follicles that the usual injection (the rows `inject`) would reach, (n,)."""
    return inject(injected.region, Injection(), unknowns=unknowns).coverage


def field(injected: Injected, unknowns: Unknowns, usual: Array | None = None) -> Field:
    """Whom the dose reaches, and how strongly those answer: see the head of this file. usual: default `usual_reach`.

    >>> from anagen.therapy.polygon import circle
    >>> middle = Unknowns.middle()
    >>> usual = field(inject(circle(40), unknowns=middle), middle)
    >>> float((usual.coverage * usual.strength)[0].round(9))  # the usual injection has the effect of the class
    1.0
    """
    used = Used(unknowns)
    usual = usual_reach(injected, unknowns) if usual is None else usual
    least = used.limit("field", "least_usual_share")

    def rows(of: str, *names: str) -> tuple[Row, ...]:
        return tuple(unknowns.row(of, name) for name in names)

    assumptions = (
        Assumption(
            "A follicle answers if the dose at its bulb, over all time, is at least a level; below it, not at all.",
            rows("inject", "reach_level"),
        ),
        Assumption("Signals spread from each bolus by diffusion and are lost at an even rate; no cell wanders.", rows("inject", *SPREADS)),
        Assumption(
            "In the trials the usual injection was given, and the effect of the class is the mean over all follicles, reached or not.",
            rows("inject", "spacing_cm", "volume_ml_per_point", "depth_mm"),
        ),
        Assumption("That usual injection reached at least this share.", rows("field", "least_usual_share")),
        Assumption(
            "Cells that stay longer give more to every follicle alike, so they change no one's place above or below the level. When the "
            "effect comes and goes is not drawn from how long cells stay: the effect was read for months after cells are gone, and how a "
            "follicle answers a level over time was read nowhere. It rises and wanes by the trials' own weeks, in either mode.",
            rows("retention", "half_days", "staying_share"),
        ),
    )
    return Field(injected.coverage, usual, 1 / np.maximum(usual, least), assumptions)
