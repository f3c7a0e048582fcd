"""What a person can do about hair loss: one small file each, from how it is used to what it does to the `Tempo`.

`TREATMENTS` has them by name. Every strength is a row of `data/priors.csv`; a treatment file holds its shape only.
"""

from __future__ import annotations

from anagen.ground.errors import UnknownName
from anagen.ground.tables import table
from anagen.treatments.adsc import Adsc
from anagen.treatments.bone_marrow import BoneMarrow
from anagen.treatments.conditioned_medium import CellExtract, ConditionedMedium
from anagen.treatments.dermal_sheath_cup import DermalSheathCup
from anagen.treatments.dutasteride import Dutasteride
from anagen.treatments.exosomes import Exosomes
from anagen.treatments.finasteride import Finasteride, TopicalFinasteride
from anagen.treatments.hfsc import HfscMicrograft, HfscSuspension
from anagen.treatments.join_trial import JoinTrial
from anagen.treatments.laser import Laser
from anagen.treatments.microneedling import Microneedling
from anagen.treatments.minoxidil import OralMinoxidil, TopicalMinoxidil
from anagen.treatments.nothing import Nothing, Wait
from anagen.treatments.prp import Prp
from anagen.treatments.spironolactone import Spironolactone
from anagen.treatments.svf import Svf
from anagen.treatments.transplant import Transplant, TransplantFue, TransplantFut
from anagen.treatments.use import Treatment, Use

KINDS: tuple[type[Treatment], ...] = (
    # not treating
    Nothing,
    Wait,
    JoinTrial,
    # drugs
    Finasteride,
    TopicalFinasteride,
    Dutasteride,
    Spironolactone,
    TopicalMinoxidil,
    OralMinoxidil,
    # devices and procedures
    Laser,
    Microneedling,
    Prp,
    TransplantFue,
    TransplantFut,
    # cells, and what they give off
    Svf,
    Adsc,
    BoneMarrow,
    HfscMicrograft,
    HfscSuspension,
    DermalSheathCup,
    ConditionedMedium,
    CellExtract,
    Exosomes,
)

ALL_BY = "`anagen risks`"
"""The command that lists every treatment."""

TREATMENTS: dict[str, type[Treatment]] = {kind.name: kind for kind in KINDS}

TRADE_NAMES: dict[str, tuple[str, float | None]] = dict(
    table("trade_names.csv", lambda cells: (cells["name"], (cells["treatment"], float(cells["dose"]) if cells["dose"] else None)))
)
"""Drugs by the name on the box, with the dose in it where that is not the usual one; none is from a source that was read."""

ALIASES: dict[str, str] = {
    "minoxidil": "minoxidil_topical",
    "oral_minoxidil": "minoxidil_oral",
    "topical_minoxidil": "minoxidil_topical",
    "oral_finasteride": "finasteride",
    "finasteride_oral": "finasteride",
    "topical_finasteride": "finasteride_topical",
    "platelet_rich_plasma": "prp",
    "lllt": "laser",
    "low_level_laser": "laser",
    "needling": "microneedling",
    "transplant": "transplant_fue",
    "hair_transplant": "transplant_fue",
    "fue": "transplant_fue",
    "fut": "transplant_fut",
    "strip": "transplant_fut",
    "stromal_vascular_fraction": "svf",
    "adipose_stem_cells": "adsc",
    "micrografts": "hfsc_micrograft",
    "exosome": "exosomes",
    "trial": "join_trial",
    **{name: drug for name, (drug, _) in TRADE_NAMES.items()},
}
"""Other names of the same things: plain ones, and trade names of drugs."""


def written(name: str) -> str:
    """A name as the tables write it: small letters, joined by underscores.

    >>> written("Bone marrow"), written("low-level laser")
    ('bone_marrow', 'low_level_laser')
    """
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def treatment(name: str, dose: float | None = None) -> Treatment:
    """A treatment by name or plain alias, words with spaces or underscores, at a dose in its own unit (default: its usual one).

    Raises `UnknownName`, with the nearest few, for a name we do not have, `BadParameter` for a dose outside what was studied.

    >>> treatment("finasteride").title
    'finasteride 1 mg a day'
    >>> treatment("minoxidil", 2).title
    'minoxidil 2 % on the scalp twice a day'
    >>> treatment("proscar").title
    'finasteride 5 mg a day'
    """
    plain = written(name)
    found = TREATMENTS.get(ALIASES.get(plain, plain))
    if found is None:
        raise UnknownName("treatment", name, {*TREATMENTS, *ALIASES}, ALL_BY)
    if dose is None and plain in TRADE_NAMES:
        dose = TRADE_NAMES[plain][1]
    return found() if dose is None else found(dose)


__all__ = ["ALIASES", "ALL_BY", "TRADE_NAMES", "TREATMENTS", "Transplant", "Treatment", "Use", "treatment", "written"]
