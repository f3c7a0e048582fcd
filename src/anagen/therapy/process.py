"""Process: from tissue to what goes into the syringe, stage by stage, by a recipe.

Every recipe is a chain of stages, each with its cells in and out; what comes out of one goes into the next. The first number of a
chain is what isolation gives: how many cells the tissue held before was not read.

- Fat: cells = g x yield a gram x richness of donor and site. `adrc_fat_graft` keeps `graft_ml` of washed fat back for the graft.
- Marrow: nucleated cells and CFU-F kept by a device (`marrow_concentrate`) or a density gradient (`marrow_mononuclear`).
- Scalp: cells of a suspension, by area of the punches (`hfsc_micrograft`).
- Culture to passage p (the primary culture is passage 0, so cells grow p + 1 times): doublings a passage up to the limit at which
  growth falls, cells x 2^doublings, a share lost each time they are detached; days = lags + doublings x doubling time + sterility.
- Conditioned medium: the medium over cultured cells, without them; factors = pg per million cells of one collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.forms import Form, read_form
from anagen.ground.rows import Row
from anagen.ground.units import DAYS_PER_WEEK, HOURS_PER_DAY, MILLION
from anagen.therapy.extract import Tissue
from anagen.therapy.unknowns import Array, Unknowns, Used

RecipeName = Literal[
    "enzymatic_svf",
    "mechanical_svf",
    "adrc_fat_graft",
    "marrow_concentrate",
    "marrow_mononuclear",
    "hfsc_micrograft",
    "culture_adsc",
    "culture_dsc",
    "conditioned_medium",
]


class Recipe(Form):
    """How tissue is processed. `passage`: of cultured cells and conditioned medium. `graft_ml`: fat kept back, of `adrc_fat_graft`."""

    name: RecipeName
    passage: int | None = None
    graft_ml: float | None = None


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage: cells in and out, (n,). `what` is done; `grows` where cells divide, else some are lost or kept aside."""

    what: str
    into: Array
    out: Array
    grows: bool = False

    @property
    def lost_share(self) -> Array:
        """The share of cells that do not come out; below 0 where they grow, 0 where none went in."""
        return np.divide(self.into - self.out, self.into, out=np.zeros(self.into.shape), where=self.into > 0)


@dataclass(frozen=True, eq=False)
class Product:
    """What the syringe holds, over draws (n,).

    `cells`: live and dead; `live_cells`: what the last stage leaves. `viable_share` is None without cells. `shares`: of the cells, by
    marker or assay (`stem_share`, `cd34_share`, `cd44_share`, `cd200_share`, `cfuf_share`, `dividing_share`). `holds`: what else there is:
    `graft_ml`, `suspension_ml`, `medium_ml`, `vegf_pg`, `hgf_pg`, `tgfb_pg`. `doublings` of cultured cells. `rows`: every row behind
    these numbers, those of the tissue first.
    """

    recipe: Recipe
    tissue: Tissue
    stages: tuple[Stage, ...]
    cells: Array
    viable_share: Array | None
    shares: Mapping[str, Array]
    holds: Mapping[str, Array]
    hours: Array
    doublings: Array | None
    rows: tuple[Row, ...]

    @property
    def live_cells(self) -> Array:
        """Live cells ready to give, (n,)."""
        return self.stages[-1].out

    @property
    def ended_share(self) -> float:
        """The share of draws in which growth has ended before the last passage, which then only loses cells; 0 without culture."""
        grown = [stage for stage in self.stages if stage.grows]
        return float(np.mean(grown[-1].out <= grown[-1].into)) if grown else 0.0

    @property
    def weeks(self) -> Array:
        """Weeks from harvest to release, (n,)."""
        return self.hours / HOURS_PER_DAY / DAYS_PER_WEEK


def read_recipe(given: Mapping[str, Any], where: str = "recipe") -> Recipe:
    """A recipe from a file's table. Raises `BadFile` or `UnknownName`: one sentence.

    >>> read_recipe({"name": "enzymatic"})
    Traceback (most recent call last):
    anagen.ground.errors.UnknownName: recipe: there is no recipe 'enzymatic'; did you mean 'enzymatic_svf'? ...
    """
    if isinstance(name := given.get("name"), str) and name not in get_args(RecipeName):
        raise UnknownName("recipe", name, get_args(RecipeName), where=where)
    return read_form(Recipe, given, where)


def process(tissue: Tissue, recipe: Recipe, unknowns: Unknowns | None = None) -> Product:
    """What a recipe makes of tissue. unknowns: the draws that `tissue` was extracted with; default 1,000.

    Raises `BadParameter`: a recipe of another tissue, a passage that is none or at the limit of use (p225), a graft larger than the fat.

    >>> from anagen.therapy.extract import Lipoaspirate, extract
    >>> middle = Unknowns.middle()
    >>> svf = process(extract(Lipoaspirate(volume_ml=100), middle), Recipe(name="enzymatic_svf"), middle)
    >>> round(float(svf.stages[0].into[0])), round(float(svf.live_cells[0]))  # 92 g x 707,000 cells; less 3 % for tests, 90 % live
    (65044000, 56783412)
    """
    used = Used(Unknowns.drawn(tissue.size) if unknowns is None else unknowns)
    if used.unknowns.size != tissue.size:
        raise BadParameter("unknowns", f"has {used.unknowns.size} draws", f"{tissue.size}, as the tissue has")
    kind, make = _RECIPES[recipe.name]
    if tissue.source.kind != kind:
        raise BadParameter(f"the tissue of {recipe.name}", f"is {tissue.source.kind}", kind)
    for field, where in (("passage", _CULTURES), ("graft_ml", ("adrc_fat_graft",))):
        if getattr(recipe, field) is None and recipe.name in where:
            raise BadParameter(f"{field} of {recipe.name}", "is missing", "it must be said")
        if getattr(recipe, field) is not None and recipe.name not in where:
            raise BadParameter(f"{field} of {recipe.name}", f"is {getattr(recipe, field):g}", f"none: it belongs to {', '.join(where)}")
    batch = make(tissue, recipe, used)
    behind = {(row.of, row.name): row for row in (*tissue.rows, *used.rows)}
    return Product(recipe, tissue, rows=tuple(behind.values()), **batch)


_CULTURES = ("culture_adsc", "culture_dsc", "conditioned_medium")
Batch = dict[str, Any]


def _released(stages: list[Stage], cells: Array, viable: Array, used: Used) -> tuple[tuple[Stage, ...], Array]:
    """Take the cells for release tests, then count the live ones: all stages, and the cells in the syringe."""
    kept = cells * (1 - used("release", "sample_share"))
    return (*stages, Stage("taken for release tests", cells, kept), Stage("live at release", kept, kept * viable)), kept


def _fresh(stages: list[Stage], cells: Array, of: str, shares: dict[str, Array], used: Used, **holds: Array) -> Batch:
    viable = used(of, "viable_share")
    done, kept = _released(stages, cells, viable, used)
    hours = used(of, "hours")
    return {
        "stages": done,
        "cells": kept,
        "viable_share": viable,
        "shares": shares,
        "holds": holds,
        "hours": hours,
        "doublings": None,
    }


def _svf(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    of = recipe.name
    cells = tissue.holds["lipoaspirate_g"] * used(of, "yield_per_g") * tissue.holds["richness"]
    return _fresh([], cells, of, {name: used(of, name) for name in ("stem_share", "cd34_share")}, used)


def _fat_graft(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    graft = float(recipe.graft_ml or 0)
    for_graft = graft / tissue.holds["washed_fat_ml"]
    if not graft > 0 or float(np.median(for_graft)) >= 1:
        most = float(np.median(tissue.holds["washed_fat_ml"]))
        raise BadParameter("graft_ml", f"is {graft:g}", f"above 0, and less than the {most:.3g} mL of washed fat that this harvest holds")
    all_cells = tissue.holds["lipoaspirate_g"] * used("enzymatic_svf", "yield_per_g") * tissue.holds["richness"]
    cells = all_cells * np.maximum(1 - for_graft, 0)  # no fat is left for cells where the graft takes all
    shares = {name: used("enzymatic_svf", name) for name in ("stem_share", "cd34_share")}
    stages = [Stage("fat kept back for the graft", all_cells, cells)]
    return _fresh(stages, cells, "adrc_fat_graft", shares, used, graft_ml=np.minimum(graft, tissue.holds["washed_fat_ml"]))


def _marrow(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    of, all_cells, cfuf = recipe.name, tissue.holds["nucleated_cells"], tissue.holds["cfuf_cells"]
    cells = all_cells * used(of, "kept_share")
    stages = [Stage("concentrated" if of == "marrow_concentrate" else "density gradient", all_cells, cells)]
    return _fresh(stages, cells, of, {"cfuf_share": np.minimum(cfuf * used(of, "cfuf_kept_share") / cells, 1)}, used)


def _micrograft(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    of = recipe.name
    one = np.pi * (used.limit(of, "punch_mm") / 2) ** 2
    suspensions = tissue.holds["skin_mm2"] / one / used(of, "punches_per_suspension")
    cells = suspensions * used(of, "cells_per_suspension")
    shares = {name: used(of, name) for name in ("cd44_share", "cd200_share")}
    return _fresh([], cells, of, shares, used, suspension_ml=suspensions * used(of, "suspension_ml"))


def _grown(cells: Array, of: str, recipe: Recipe, used: Used) -> tuple[list[Stage], Array, Array, Array]:
    """Cells cultured to a passage: stages, cells, doublings and days, each (n,)."""
    passage, limit = int(recipe.passage or 0), used.limit(of, "passage_limit")
    if not 0 <= passage < limit:
        source = used.unknowns.row(of, "passage_limit").source
        raise BadParameter("passage", f"is {passage}", f"0 to {limit - 1:g}: cells are used before passage {limit:g} ({source})")
    stages: list[Stage] = []
    done, days = np.zeros(cells.shape), np.zeros(cells.shape)
    for number in range(passage + 1):
        doublings = np.clip(used(of, "doublings_limit") - done, 0, used(of, "doublings_per_passage"))
        grown = cells * 2**doublings
        kept = grown * used(of, "detached_share")
        stages += [Stage(f"grown, passage {number}", cells, grown, grows=True), Stage(f"detached, passage {number}", grown, kept)]
        cells, done, days = kept, done + doublings, days + used(of, "lag_days") + doublings * used(of, "doubling_days")
    return stages, cells, done, days


def _cultured(of: str, stages: list[Stage], cells: Array, recipe: Recipe, used: Used) -> Batch:
    grown, cells, doublings, days = _grown(cells, of, recipe, used)
    viable = used(of, "viable_share")
    done, kept = _released([*stages, *grown], cells, viable, used)
    old = np.maximum(int(recipe.passage or 0) - 1, 0) * used(of, "senescent_share_per_passage")
    return {
        "stages": done,
        "cells": kept,
        "viable_share": viable,
        "shares": {"dividing_share": 1 - old},
        "holds": {},
        "hours": (days + used("release", "sterility_days")) * HOURS_PER_DAY,
        "doublings": doublings,
    }


def _plated_adsc(tissue: Tissue, used: Used) -> tuple[list[Stage], Array]:
    """The stem cells of enzymatic SVF that adhere to the flask."""
    svf = tissue.holds["lipoaspirate_g"] * used("enzymatic_svf", "yield_per_g") * tissue.holds["richness"]
    live = svf * used("enzymatic_svf", "viable_share")
    stem = live * used("enzymatic_svf", "stem_share")
    plated = stem * used("culture_adsc", "adherent_share")
    return [Stage("live after isolation", svf, live), Stage("stem cells", live, stem), Stage("adhering", stem, plated)], plated


def _adsc(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    stages, plated = _plated_adsc(tissue, used)
    batch = _cultured("culture_adsc", stages, plated, recipe, used)
    return batch | {"shares": {"cd44_share": used("culture_adsc", "cd44_share"), **batch["shares"]}}


def _dsc(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    of, a_cup = "culture_dsc", used("culture_dsc", "cells_per_cup")
    every = tissue.holds["follicles"] * a_cup
    whole = every * used(of, "cups_share")
    plated = whole * used(of, "adherent_share")
    return _cultured(of, [Stage("cups cut out whole", every, whole), Stage("adhering", whole, plated)], plated, recipe, used)


def _medium(tissue: Tissue, recipe: Recipe, used: Used) -> Batch:
    of, none = "conditioned_medium", np.zeros(tissue.size)
    stages, plated = _plated_adsc(tissue, used)
    grown, cells, doublings, days = _grown(plated, "culture_adsc", recipe, used)
    kept = used(of, "kept_share")
    holds = {"medium_ml": cells / used(of, "cells_per_ml") * kept}
    holds |= {f"{name}_pg": cells / MILLION * used(of, f"{name}_pg_per_million") * kept for name in ("vegf", "hgf", "tgfb")}
    return {
        "stages": (*stages, *grown, Stage("left in the flask", cells, none)),
        "cells": none,
        "viable_share": None,
        "shares": {},
        "holds": holds,
        "hours": (days + used(of, "collection_days") + used("release", "sterility_days")) * HOURS_PER_DAY,
        "doublings": doublings,
    }


_RECIPES: dict[str, tuple[str, Callable[[Tissue, Recipe, Used], Batch]]] = {
    "enzymatic_svf": ("lipoaspirate", _svf),
    "mechanical_svf": ("lipoaspirate", _svf),
    "adrc_fat_graft": ("lipoaspirate", _fat_graft),
    "marrow_concentrate": ("marrow", _marrow),
    "marrow_mononuclear": ("marrow", _marrow),
    "hfsc_micrograft": ("scalp_biopsy", _micrograft),
    "culture_adsc": ("lipoaspirate", _adsc),
    "culture_dsc": ("scalp_biopsy", _dsc),
    "conditioned_medium": ("lipoaspirate", _medium),
}
