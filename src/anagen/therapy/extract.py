"""Extract: fat, marrow or scalp skin from the donor; what it holds, and what the donor site loses.

- Lipoaspirate: grams = mL times density; `richness` = donor times site, the factor on every yield a gram.
- Marrow: a puncture of v mL holds c0 v cells up to the undiluted volume v0, and c0 v0 (v / v0)^power beyond it, since blood comes
  with it; punctures share the volume equally. The law is assumed; c0 was read.
- Scalp biopsy: round punches; follicles = area times the density of a scalp without loss, as at the back of the head.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.ground.forms import Form, read_form
from anagen.ground.rows import Row
from anagen.ground.text import short
from anagen.ground.units import MM2_PER_CM2
from anagen.therapy.unknowns import Array, Unknowns, Used


class Lipoaspirate(Form):
    """Fat drawn off: its volume as aspirated (`volume_ml`), the site, and the donor's body mass index if known (kg/m2)."""

    kind: Literal["lipoaspirate"] = "lipoaspirate"
    volume_ml: float
    site: Literal["abdomen", "flank", "thigh", "knee"] = "abdomen"
    bmi: float | None = None


class Marrow(Form):
    """Marrow drawn from the iliac crest: its whole volume, and through how many punctures."""

    kind: Literal["marrow"] = "marrow"
    volume_ml: float
    punctures: int = 1


class ScalpBiopsy(Form):
    """Round punches of scalp from the back of the head: how many, and how wide."""

    kind: Literal["scalp_biopsy"] = "scalp_biopsy"
    number: int
    diameter_mm: float = 2.0


Source = Lipoaspirate | Marrow | ScalpBiopsy
SOURCES: dict[str, type[Source]] = {"lipoaspirate": Lipoaspirate, "marrow": Marrow, "scalp_biopsy": ScalpBiopsy}


@dataclass(frozen=True, eq=False)
class Tissue:
    """What was taken. `holds` and `loses`: named with their units, arrays over draws (n,).

    `holds`: of fat `lipoaspirate_ml`, `lipoaspirate_g`, `washed_fat_ml`, `richness`; of marrow `aspirate_ml`, `nucleated_cells`,
    `cfuf_cells`, `nucleated_per_ml`; of scalp `skin_mm2`, `follicles`. `loses`: what is gone from the donor site.
    `rows`: every row behind these numbers.
    """

    source: Source
    holds: Mapping[str, Array]
    loses: Mapping[str, Array]
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """How many draws."""
        return len(next(iter(self.holds.values())))


def read_source(given: Mapping[str, Any], where: str = "source") -> Source:
    """A source from a file's table; its `kind` says which. Raises `BadFile` or `UnknownName`: one sentence.

    >>> read_source({"kind": "marrow", "volume_ml": 60, "punctures": 2}).volume_ml
    60.0
    >>> read_source({"kind": "fat", "volume_ml": 60})
    Traceback (most recent call last):
    anagen.ground.errors.UnknownName: source: there is no source of tissue 'fat'; the names are: (lipoaspirate, marrow, scalp_biopsy)
    """
    kind = given.get("kind")
    if kind is None:
        raise BadFile(where, "kind is missing", ", ".join(SOURCES))
    if not isinstance(kind, str) or kind not in SOURCES:
        raise UnknownName("source of tissue", kind if isinstance(kind, str) else short(kind), SOURCES, where=where)
    return read_form(SOURCES[kind], given, where)


def extract(source: Source, unknowns: Unknowns | None = None, within_limits: bool = True) -> Tissue:
    """What a harvest yields, and costs the donor. unknowns: default 1,000 draws.

    Raises `BadParameter` for what cannot be taken: no volume, more than the limits (unless `within_limits` is False, to ask what
    would be needed), a body mass index out of range.

    >>> tissue = extract(Lipoaspirate(volume_ml=100), Unknowns.middle())
    >>> float(tissue.holds["lipoaspirate_g"][0])
    92.0
    >>> extract(Lipoaspirate(volume_ml=-5))
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: volume_ml is -5; allowed: 10 to 200 mL of lipoaspirate in one harvest.
    """
    used = Used(Unknowns.drawn() if unknowns is None else unknowns)
    if isinstance(source, Lipoaspirate):
        holds, loses = _fat(source, used, within_limits)
    elif isinstance(source, Marrow):
        holds, loses = _marrow(source, used, within_limits)
    else:
        holds, loses = _scalp(source, used, within_limits)
    return Tissue(source, holds, loses, used.rows)


def hold_apart(source: Source, harvests: int, interval_days: float | None, unknowns: Unknowns) -> None:
    """Raise `BadParameter` for tissue that is taken anew too soon, or too many times in one plan.

    >>> hold_apart(Lipoaspirate(volume_ml=200), 24, 1, Unknowns.middle())
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: interval_days is 1, and fat is taken anew for each session; allowed: at least 28 days between ...
    """
    if harvests == 1 or interval_days is None:
        return
    what = {"lipoaspirate": "fat", "marrow": "marrow", "scalp_biopsy": "scalp"}[source.kind]
    least, most = (unknowns.row(source.kind, name).value for name in ("days_between_least", "harvests_limit"))
    if interval_days < least:
        allowed = f"at least {least:g} days between two harvests, or cultured cells, of which one harvest serves all"
        raise BadParameter("interval_days", f"is {interval_days:g}, and {what} is taken anew for each session", allowed)
    if harvests > most:
        allowed = f"at most {most:g} harvests, or cultured cells, of which one harvest serves all"
        raise BadParameter("sessions", f"is {harvests}, and {what} is taken anew for each", allowed)


def _between(where: str, value: float, low: float, high: float, what: str, within_limits: bool) -> None:
    """Hold a number between its limits; without limits, above zero."""
    if not math.isfinite(value) or value <= 0 or (within_limits and not low <= value <= high):
        raise BadParameter(where, f"is {value:g}", f"{low:g} to {high:g} {what}")


def _all(value: float, used: Used) -> Array:
    return np.full(used.unknowns.size, float(value))


Held = tuple[dict[str, Array], dict[str, Array]]


def _fat(source: Lipoaspirate, used: Used, within_limits: bool) -> Held:
    of = "lipoaspirate"
    low, high = used.limit(of, "volume_min_ml"), used.limit(of, "volume_limit_ml")
    _between("volume_ml", source.volume_ml, low, high, "mL of lipoaspirate in one harvest", within_limits)
    if source.bmi is not None:
        lean, heavy = used.limit(of, "bmi_floor"), used.limit(of, "bmi_limit")
        _between("bmi", source.bmi, lean, heavy, "kg/m2: below it there is too little fat, above it no trial took anyone", True)
    volume = _all(source.volume_ml, used)
    holds = {
        "lipoaspirate_ml": volume,
        "lipoaspirate_g": volume * used(of, "density_g_per_ml"),
        "washed_fat_ml": volume * used(of, "fat_share"),
        "richness": used(of, "donor_factor") * used(of, f"site_factor_{source.site}"),
    }
    return holds, {"fat_ml": holds["washed_fat_ml"]}


def _marrow(source: Marrow, used: Used, within_limits: bool) -> Held:
    of = "marrow"
    _between("punctures", source.punctures, 1, used.limit(of, "puncture_limit"), "punctures", within_limits)
    most = min(used.limit(of, "volume_limit_ml"), source.punctures * used.limit(of, "draw_limit_ml"))
    through = f"mL of marrow through {source.punctures} puncture{'s' * (source.punctures != 1)}"
    if not math.isfinite(source.volume_ml) or source.volume_ml <= 0 or (within_limits and source.volume_ml > most):
        raise BadParameter("volume_ml", f"is {source.volume_ml:g}", f"above 0, at most {most:g} {through}")
    draw, undiluted = _all(source.volume_ml / source.punctures, used), used(of, "undiluted_ml")
    like_marrow = np.where(draw <= undiluted, draw, undiluted * (draw / undiluted) ** used(of, "dilution_power"))
    cells = source.punctures * like_marrow * used(of, "nucleated_per_ml")
    holds = {
        "aspirate_ml": _all(source.volume_ml, used),
        "nucleated_cells": cells,
        "cfuf_cells": cells * used(of, "cfuf_share"),
        "nucleated_per_ml": cells / source.volume_ml,
    }
    return holds, {"marrow_and_blood_ml": holds["aspirate_ml"]}


def _scalp(source: ScalpBiopsy, used: Used, within_limits: bool) -> Held:
    of = "scalp_biopsy"
    _between("number", source.number, 1, used.limit(of, "number_limit"), "punches in one harvest", within_limits)
    _between("diameter_mm", source.diameter_mm, used.limit(of, "diameter_min_mm"), used.limit(of, "diameter_limit_mm"), "mm", within_limits)
    skin = _all(source.number * math.pi * (source.diameter_mm / 2) ** 2, used)
    holds = {"skin_mm2": skin, "follicles": skin / MM2_PER_CM2 * used("scalp", "follicles_per_cm2")}
    return holds, {"skin_mm2": skin, "follicles": holds["follicles"]}
