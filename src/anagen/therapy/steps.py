"""A protocol's steps, one after the other, and every number of them with the rows on which it hangs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.ground.rows import Row
from anagen.therapy.extract import Tissue, extract, hold_apart
from anagen.therapy.inject import Injected, inject, medians, region_of
from anagen.therapy.polygon import area_cm2
from anagen.therapy.process import Product, process
from anagen.therapy.protocol import Protocol
from anagen.therapy.regenerate import Dose, Retention, dose_of, drawn_up, retention
from anagen.therapy.unknowns import Array, Unknowns

UNITS = {
    "_per_cm2": "cells/cm2",
    "_per_ml": "cells/mL",
    "_ml": "mL",
    "cells_per_g": "cells/g",
    "_g": "g",
    "_pg": "pg",
    "_mm2": "mm2",
    "cells": "cells",
    "share": "share",
    "hours": "h",
    "weeks": "weeks",
    "minutes": "min",
    "follicles": "follicles",
    "doublings": "doublings",
    "richness": "ratio",
}
"""The unit that the end of a name says."""
CHAIR = ("lost_share", "dead_volume_ml_per_syringe", "seconds_per_point", "minutes_per_syringe", "minutes_around")
"""Rows of the injection that have no part in whom it reaches."""
MOVED_TO = (0.1, 0.9)
"""Where a row is moved to, as quantiles of its draws, to see what hangs on it."""
BOUND, BEYOND = "doublings_limit", 1.1
"""The limit that bounds growth hides in a draw that does not come to it: it is moved up so many times, even where it is one number."""


@dataclass(frozen=True, eq=False)
class Steps:
    """What the steps give, before any forecast."""

    tissue: Tissue
    product: Product
    injected: Injected
    dose: Dose
    kept: Retention


@dataclass(frozen=True, eq=False)
class Quantity:
    """One number of a step: its draws (n,), and every row that it hangs on; without one, it is what the protocol gives."""

    step: str
    name: str
    unit: str
    draws: Array
    rows: tuple[Row, ...]


def take_steps(protocol: Protocol, unknowns: Unknowns) -> Steps:
    """Extract, process, inject, and what is known of the rest. Raises what the steps raise: one sentence each."""
    region = region_of(protocol.site, unknowns)
    tissue = extract(protocol.source, unknowns)
    product = process(tissue, protocol.recipe, unknowns)
    cells = drawn_up(protocol, product, area_cm2(region), unknowns)
    injected = inject(region, protocol.injection, cells, unknowns)
    hold_apart(protocol.source, protocol.harvests, protocol.injection.interval_days, unknowns)
    dose = dose_of(protocol, product, injected, cells, unknowns)
    return Steps(tissue, product, injected, dose, retention(unknowns, protocol.injection.interval_days))


def quantities(protocol: Protocol, unknowns: Unknowns, steps: Steps) -> tuple[Quantity, ...]:
    """Every number of the steps, with the rows on which it hangs: those that change it when they are moved, one at a time.

    They are moved from the medians, and from the draw of the smallest dose, where no limit hides what a dose hangs on; in culture
    from the draw that doubles most too, where the limit of doublings shows, which is moved up. The share
    reached is counted on follicles, where a small move may change nothing: it hangs on all that shape the dose. What is injected
    hangs on the fixed rows of its step too.
    """
    vary = [row for row in unknowns.rows if row.spread != "fixed" or row.name == BOUND]
    middle, starts = medians(unknowns), [int(np.argmin(steps.dose.draws))]
    if steps.product.doublings is not None:
        starts.append(int(np.argmax(steps.product.doublings)))
    probed = {}
    for name, draws in unknowns.draws.items():
        probed[name] = np.repeat([middle.draws[name][0], *draws[starts]], len(vary) + 1)
    for at, row in enumerate(vary, start=1):
        draws = unknowns.draws[row.of, row.name]
        for start in range(0, len(probed[row.of, row.name]), len(vary) + 1):
            high, now = np.quantile(draws, MOVED_TO), probed[row.of, row.name][start]
            moved = BEYOND * now if row.spread == "fixed" else high[0] if now > high.mean() else high[1]
            probed[row.of, row.name][start + at] = moved
    probe = _named(take_steps(protocol, Unknowns(probed, unknowns.rows, unknowns.seed)), reach=False)
    injecting = steps.injected.rows
    made = []
    for (step, called), draws in _named(steps).items():
        if (step, called) in probe:
            told = probe[step, called].reshape(1 + len(starts), -1)
            stays = np.isclose(told[:, 1:], told[:, :1], rtol=1e-9, atol=0.0)
            hangs = [row for at, row in enumerate(vary) if not stays[:, at].all()]
        else:
            hangs = [row for row in injecting if row.of == "inject" and row.spread != "fixed" and row.name not in CHAIR]
        if step == "inject":
            hangs += [row for row in injecting if row.spread == "fixed"]
        unit = steps.dose.unit if called == "dose" else next((unit for end, unit in UNITS.items() if called.endswith(end)), "")
        made.append(Quantity(step, called, unit, draws, tuple(hangs)))
    return tuple(made)


def _named(steps: Steps, reach: bool = True) -> dict[tuple[str, str], Array]:
    """Every number of the steps, by step and name; reach: whom the dose reaches too, which takes long."""
    product, injected, dose, kept = steps.product, steps.injected, steps.dose, steps.kept
    found = {("extract", name): values for name, values in steps.tissue.holds.items()}
    found |= {("extract", f"loses: {name}"): values for name, values in steps.tissue.loses.items()}
    found["process", "isolated_cells"] = product.stages[0].into
    if "lipoaspirate_g" in steps.tissue.holds:
        found["process", "isolated_cells_per_g"] = product.stages[0].into / steps.tissue.holds["lipoaspirate_g"]
    for number, stage in enumerate(product.stages, start=1):
        found["process", f"stage {number}, {stage.what}: lost_share"] = stage.lost_share
        found["process", f"stage {number}, {stage.what}: cells"] = stage.out
    if product.viable_share is not None:
        found |= {("process", "live_cells"): product.live_cells, ("process", "viable_share"): product.viable_share}
    found |= {("process", name): values for name, values in (*product.shares.items(), *product.holds.items())}
    if product.doublings is not None:
        found["process", "doublings"] = product.doublings
    found |= {("process", "hours"): product.hours, ("process", "weeks"): product.weeks}
    found["inject", "product_ml"], found["inject", "dead_volume_ml"] = injected.product_ml, injected.dead_volume_ml
    if injected.cells is not None and injected.cells_per_cm2 is not None:
        found |= {("inject", "delivered_cells"): injected.cells, ("inject", "delivered_per_cm2"): injected.cells_per_cm2}
    found["inject", "minutes"] = injected.minutes
    if reach:
        found["inject", "reached_share"] = injected.coverage
    found["regenerate", "dose"] = dose.draws
    if product.viable_share is not None:
        for at, day in enumerate(kept.days):
            found["regenerate", f"still there after {day:g} day{'s' * (day != 1)}: share"] = kept.share[:, at]
        if kept.at_next is not None:
            found["regenerate", "still there at the next session: share"] = kept.at_next
    return found
