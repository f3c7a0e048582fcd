"""What each `intervention` of the evidence tables is here: one or more treatments, or no forecast, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.ground.errors import BadInput, UnknownName
from anagen.treatments import ALIASES, ALL_BY, TREATMENTS, treatment, written
from anagen.treatments.use import Treatment, Use

if TYPE_CHECKING:
    from anagen.evidence.rows import Arm


@dataclass(frozen=True)
class Meaning:
    """What an intervention is: `parts`, each a name of `TREATMENTS` with its dose (None: the arm's own, else the usual one).

    Or `why_not`: in one sentence, why there is no forecast. `needs_dose`: the word alone names no dose.

    >>> meaning("microneedling_minoxidil").parts
    (('microneedling', None), ('minoxidil_topical', 5.0))
    """

    parts: tuple[tuple[str, float | None], ...] = ()
    why_not: str = ""
    needs_dose: bool = False

    def treatments(self, dose: float | None = None, unit: str | None = None) -> tuple[Treatment, ...]:
        """Its treatments. A dose in a unit of the table of arms goes to the first part that has none and counts in it.

        Raises `BadInput` where there is no forecast, or no dose and the word needs one.
        """
        if self.why_not:
            raise BadInput(f"there is no forecast: {self.why_not}")
        made: list[Treatment] = []
        left = dose
        for name, own in self.parts:
            takes = own is None and left is not None and unit is not None and unit == TREATMENTS[name].arm_unit
            if self.needs_dose and own is None and not takes:
                raise BadInput(f"there is no forecast: {name} is named without a dose.")
            made.append(treatment(name, left if takes else own))
            left = None if takes else left
        return tuple(made)


def _is(*parts: str | tuple[str, float], needs_dose: bool = False) -> Meaning:
    return Meaning(tuple((part, None) if isinstance(part, str) else part for part in parts), needs_dose=needs_dose)


def _not(why: str) -> Meaning:
    return Meaning(why_not=why)


_NO_COUNT = "no trial with a hair count and a control was read."
_HARVEST = "it is a way to take tissue, not a treatment of hair."
_MIXED = "it pools different treatments."

MEANINGS: Mapping[str, Meaning] = {
    # nothing
    **dict.fromkeys(("placebo", "vehicle", "saline", "placebo_injection", "sham_device", "no_treatment"), _is("nothing")),
    # drugs
    "finasteride_oral_1": _is(("finasteride", 1.0)),
    "finasteride_topical": _is("finasteride_topical"),
    "dutasteride_oral_0_5": _is(("dutasteride", 0.5)),
    "dutasteride_oral_other_dose": _is("dutasteride", needs_dose=True),
    "five_ari_any": _not("neither the drug nor its dose is named."),
    "minoxidil_topical_1": _is(("minoxidil_topical", 1.0)),
    "minoxidil_topical_2": _is(("minoxidil_topical", 2.0)),
    "minoxidil_topical_3": _is(("minoxidil_topical", 3.0)),
    "minoxidil_topical_5": _is(("minoxidil_topical", 5.0)),
    "minoxidil_topical_any": _is("minoxidil_topical", needs_dose=True),
    "minoxidil_oral": _is("minoxidil_oral"),
    "minoxidil_oral_spironolactone": _is("minoxidil_oral", ("spironolactone", 25.0)),
    # devices and procedures
    "lllt": _is("laser"),
    "lllt_minoxidil": _is("laser", ("minoxidil_topical", 5.0)),
    "microneedling": _is("microneedling"),
    "microneedling_minoxidil": _is("microneedling", ("minoxidil_topical", 5.0)),
    "microneedling_prp": _is("microneedling", "prp"),
    "prp": _is("prp"),
    "hair_transplant_fue": _is("transplant_fue"),
    "hair_transplant_fut": _is("transplant_fut"),
    "hair_transplant_any": _not("the technique is mixed or not stated; ask for transplant_fue or transplant_fut."),
    # cells
    "svf": _is("svf"),
    "svf_prp": _is("svf", "prp"),
    "svf_fat_graft": _is("svf"),
    "adsc": _is("adsc"),
    "bm_mononuclear": _is("bone_marrow"),
    "hfsc_micrograft": _is("hfsc_micrograft"),
    "hfsc_suspension": _is("hfsc_suspension"),
    "dermal_sheath_cup_cells": _is("dermal_sheath_cup"),
    "hfsc_cultured": _not("no trial of it was read, only prices."),
    "dermal_papilla_cells": _not("its trials counted treated spots that gained hair, without a control."),
    "cultured_dermal_epidermal_cells": _not("its five trials ended without publishing results."),
    "nanofat": _not("its one study, of twelve men, gives no hair count."),
    "fat_graft": _not("its one controlled arm found no difference, and gives no number."),
    "uc_msc": _not("it was given in alopecia areata, which is another disease."),
    "stem_cell_educator": _not("it was given in alopecia areata, which is another disease, and gives back no stem cell."),
    "umbilical_cord_blood_product": _not("only its harms were read, and none of its effect on hair."),
    "msc_intravascular": _not("cells given into a vessel were read for their harms only, and not for hair."),
    "msc_any_route": _not("it pools cells and routes; only its harms were read."),
    "stem_cell_any": _not("the offer does not say which cells it means."),
    # what cells give off
    "adsc_conditioned_medium": _is("conditioned_medium"),
    "uc_msc_conditioned_medium": _is("conditioned_medium"),
    "neonatal_fibroblast_conditioned_medium": _is("conditioned_medium"),
    "adsc_extract": _is("cell_extract"),
    **dict.fromkeys(
        ("adsc_exosome", "placenta_msc_exosome", "foreskin_msc_exosome", "msc_exosome", "exosome_unspecified"), _is("exosomes")
    ),
    "amniotic_cell_product": _not(_NO_COUNT),
    # taking tissue
    **dict.fromkeys(("liposuction", "liposuction_tumescent", "bone_marrow_aspiration", "punch_biopsy", "skin_biopsy"), _not(_HARVEST)),
    "several": _not(_MIXED),
}
"""Every word of the `intervention` vocabulary."""


def meaning(intervention: str) -> Meaning:
    """What an intervention of the evidence tables is here. Raises `UnknownName` for a word that is not in their vocabulary.

    >>> meaning("liposuction").why_not
    'it is a way to take tissue, not a treatment of hair.'
    """
    if intervention not in MEANINGS:
        raise UnknownName("intervention", intervention, MEANINGS)
    return MEANINGS[intervention]


def arm_treatments(arm: Arm) -> tuple[Treatment, ...]:
    """The treatments of an arm of the evidence tables, at its own dose where it states one; `concomitant` is not among them.

    Raises `BadInput` where there is no forecast.

    >>> from anagen.evidence.tables import row
    >>> [one.title for one in arm_treatments(row("arms", "sinclair_2018/oral025_spiro"))]
    ['minoxidil 0.25 mg by mouth a day', 'spironolactone 25 mg a day']
    """
    return meaning(arm.intervention).treatments(arm.dose, arm.dose_unit)


def arm_use(arm: Arm) -> Use:
    """When an arm's sessions were, as far as it says so; a single session needs no interval.

    >>> from anagen.evidence.tables import row
    >>> arm_use(row("arms", "hausauer_2018/quarterly2")).sessions()
    (0.0, 13.0)
    """
    if not arm.sessions or (arm.sessions > 1 and arm.interval_days is None):
        return Use()
    return Use(session_weeks=tuple(session * (arm.interval_days or 0.0) / 7 for session in range(arm.sessions)))


def interventions(name: str) -> tuple[str, ...]:
    """The words of the evidence tables that a name stands for; with a combination wherever it is a part of one.

    The name is one of our treatments or a plain alias, a class of treatments, or such a word itself.
    Raises `UnknownName`, with the nearest, for any other.

    >>> interventions("finasteride"), interventions("prp")
    (('finasteride_oral_1',), ('prp', 'microneedling_prp', 'svf_prp'))
    """
    from anagen.evidence.tables import arms

    plain = written(name)
    ours = ALIASES.get(plain, plain)
    classes = {arm.intervention: arm.treatment_class for arm in arms()}
    known = {*TREATMENTS, *ALIASES, *MEANINGS, *classes.values()}
    if plain not in known:
        raise UnknownName("treatment", name, known, ALL_BY)
    found = [word for word in MEANINGS if plain in (word, classes.get(word)) or any(part == ours for part, _ in MEANINGS[word].parts)]
    return tuple(sorted(found, key=lambda word: (word != plain, list(MEANINGS).index(word))))
