"""What the numbers of a therapy are called, and how they are written, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from anagen.scalp.regions import regions

if TYPE_CHECKING:
    from anagen.evidence.rows import Cost
    from anagen.ground.rows import Row
    from anagen.procedure import Procedure
    from anagen.risks import Event, OptionRisks
    from anagen.therapy.steps import Quantity

STEPS = {
    "extract": "1  Extract: what one harvest takes",
    "process": "2  Process: what the laboratory makes of it",
    "inject": "3  Inject: what one session gives",
    "regenerate": "4  Regenerate: what the follicle gets",
}
CALLED = {
    "lipoaspirate_ml": "fat as aspirated",
    "lipoaspirate_g": "its weight",
    "washed_fat_ml": "washed fat",
    "richness": "cells a gram, times the middle donor's",
    "aspirate_ml": "marrow with blood",
    "nucleated_cells": "nucleated cells",
    "cfuf_cells": "CFU-F (colony-forming cells)",
    "nucleated_per_ml": "nucleated cells a mL",
    "skin_mm2": "skin",
    "viable_share": "of them alive",
    "live_cells": "live cells, ready to give",
    "stem_share": "stem cells (CFU-F) of all",
    "cd34_share": "CD34+ of all",
    "cd44_share": "CD44+ of all",
    "cd200_share": "CD200+ of all",
    "cfuf_share": "CFU-F of all",
    "dividing_share": "that still divide",
    "graft_ml": "fat for the graft",
    "medium_ml": "medium",
    "suspension_ml": "suspension, before it is thinned",
    "vegf_pg": "VEGF in it",
    "hgf_pg": "HGF in it",
    "tgfb_pg": "TGF-beta in it",
    "hours": "from harvest to syringe",
    "weeks": "from harvest to syringe",
    "dead_volume_ml": "stays in syringes and needles",
    "product_ml": "to draw up",
    "minutes": "in the chair, the longest session",
    "delivered_cells": "live cells that stay under the skin",
    "delivered_per_cm2": "the same a cm²",
    "reached_share": "follicles that the dose reaches",
    "dose": "dose, as trials state theirs",
}
UNITS = {
    "cells/cm2": "/cm²",
    "cells/mL": "/mL",
    "mm2": "mm²",
    "cells": "",
    "ratio": "times",
    "share": "%",
    "follicles": "",
    "doublings": "",
}


HARVESTED = {"lipoaspirate": "svf", "marrow": "bone_marrow", "scalp_biopsy": "hfsc_micrograft"}
"""An option whose harms of taking tissue are those of a source: they are the same for all that use it."""
HARVEST_HARMS = "Harms of taking it: how many of 1,000 had it, with the 95 % range. Counted in other procedures and other patients"


def step_title(one: Procedure, step: str) -> str:
    """The title of a step; sessions that share the points are told of together."""
    shared = step == "inject" and one.protocol.injection.share_points
    return STEPS[step].replace("one session gives", "the sessions give together") if shared else STEPS[step]


def called(one: Quantity) -> str:
    """What a number is called."""
    name = one.name.removeprefix("loses: ")
    lost = "the donor loses: " if one.name.startswith("loses: ") else ""
    if name in CALLED:
        return lost + CALLED[name]
    if name.startswith("stage "):
        what = name.split(", ", 1)[1].split(": ")[0]
        return what + (", lost" if name.endswith("lost_share") else ", cells left")
    return lost + name.removesuffix(": share").removesuffix("_ml").replace("_", " ")


def treated(one: Procedure, where: str) -> str:
    """Which share of each region a protocol treats, and how the rest goes. where: the region of the forecast, in words.

    Nothing where all of one region is treated, or where it lies in a region that is not followed.
    """
    share, covers = one.treated_share, one.place.treated
    if share is None or (len(covers) == 1 and not in_part(one)):
        return ""
    each = [f"{'all' if part > ALL else f'about {part:.0%}'} of the {regions()[name].title}" for name, part in covers.items()]
    said = f"The injections cover {one.injected.area_cm2:.3g} cm², {', '.join(each)}. "
    if len(covers) > 1:
        said += f"The forecast is that of the {where}, which holds most of it; treated skin of another region goes like its own region. "
    if in_part(one):
        said += "Numbers are for the treated skin; over the whole region the gain is smaller by that share, for its other skin goes as "
        said += "with nothing."
    return said.strip().replace("%", " %")


def read_where(done: Sequence[Procedure]) -> str:
    """In which region each protocol is read, and the other options, where that is not the same for all."""
    if len({one.region for one in done}) == 1:
        return ""
    each = [f"{one.title}: {regions()[one.region].title}" for one in done]
    return f"Each is read where it lies. {'; '.join(each)}; the other options: {regions()[done[0].region].title}."


ALL = 0.995
"""From here on a share, told in whole percents, is all."""


def in_part(one: Procedure) -> bool:
    """Whether a part of the forecast's region is left as it is."""
    return one.treated_share is not None and one.treated_share < ALL


def digits(value: float) -> str:
    """A number with three digits that say something.

    >>> digits(56783412), digits(0.0283), digits(7.1), digits(0)
    ('56,800,000', '0.0283', '7.1', '0')
    """
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else "not known"
    place = 2 - floor(log10(abs(value)))
    rounded = round(value, place)
    return f"{rounded:,.0f}" if place <= 0 else f"{rounded:,.{place}f}".rstrip("0").rstrip(".")


def amount(value: float, unit: str) -> str:
    """A number with its unit; a share in percent."""
    if unit == "share":
        return f"{digits(100 * value)} %"
    return f"{digits(value)} {UNITS.get(unit, unit)}".replace(" /", "/").strip()


def middle(one: Quantity) -> str:
    """The median, with its unit."""
    return amount(float(np.median(one.draws)), one.unit)


def spread(one: Quantity) -> str:
    """The central 95 %; nothing where it does not vary."""
    low, high = np.quantile(one.draws, (0.025, 0.975))
    if np.isclose(low, high):
        return ""
    if one.unit == "share":
        return f"{digits(100 * low)} to {digits(100 * high)}"
    return f"{digits(low)} to {digits(high)}"


def origin(rows: Sequence[Row]) -> str:
    """Whether a number was read, assumed or given, in words."""
    marks = {row.mark for row in rows}
    own = any(row.who == "this laboratory" for row in rows)
    found = "given" if not marks else "read" if marks == {"read"} else "assumed" if marks == {"assumed"} else "part assumed"
    return f"{found}, own batches" if own else found


def price(one: Cost) -> str:
    """One price line."""
    numbers = [f"{value:,.0f}" for value in (one.low, one.high) if value is not None]
    shown = " to ".join(numbers) if len(numbers) == 2 else f"{one.typical:,.0f}" if one.typical is not None else f"from {numbers[0]}"
    return f"{one.currency} {shown} {one.unit} ({one.country}; {one.row_id})"


def shown(one: Procedure, step: str) -> list[Quantity]:
    """The numbers of a step that a reader is shown: stages and cells that stay stand apart."""
    hidden = ("stage ", "loses: lipoaspirate", "still there")
    found = [q for q in one.quantities if q.step == step and not q.name.startswith(hidden)]
    weeks = float(np.median(one.product.weeks)) >= 1
    return [q for q in found if q.name != ("hours" if weeks else "weeks")]


def harvest_events(one: Procedure) -> tuple[OptionRisks, list[Event]]:
    """The harms of taking the tissue, as `anagen risks` counts them, and the option among whose harms they are."""
    from anagen.plan import Plan
    from anagen.risks import harms_of

    (found,) = harms_of(Plan.parse(HARVESTED[one.protocol.source.kind]))
    return found, [event for event in (*found.often, *found.seldom, *found.unseen) if event.step == "harvest"]


def harvest_harms(one: Procedure) -> list[tuple[str, str, str]]:
    """The harms of taking the tissue: what it is, of 1,000, and counted in how many."""
    from anagen.report.risks_text import STEPS as AT
    from anagen.report.risks_text import line

    option, events = harvest_events(one)
    told = (line(option, event) for event in events)
    return [(name.replace("*", "").replace(f": {AT['harvest']}", ""), chance, counted) for name, chance, counted in told]


def stages(one: Procedure) -> list[tuple[str, Quantity, Quantity]]:
    """Each stage: what is done, the share lost (below 0: grown), the cells left."""
    found = [q for q in one.quantities if q.name.startswith("stage ")]
    return [(called(lost).removesuffix(", lost"), lost, left) for lost, left in zip(found[::2], found[1::2], strict=True)]


def loss(one: Quantity) -> str:
    """What a stage loses, or how many times the cells grow."""
    lost = float(np.median(one.draws))
    return f"{amount(lost, 'share')} lost" if lost >= 0 else f"grown {digits(1 - lost)} times"


def kept(one: Procedure) -> list[tuple[str, Quantity]]:
    """Cells still there: after how long, and the share."""
    found = [q for q in one.quantities if q.name.startswith("still there")]
    return [(q.name.removeprefix("still there ").removesuffix(": share"), q) for q in found]


NOT_KNOWN_STAY = "Read of animals only; in human scalp it is not known. The effect outlasts the cells: it wanes by the trials' own months."
FIELD = "HYPOTHESIS: the field mode. A follicle answers if the dose reaches it. Nothing of this was measured; it takes to be so:"
ALIKE = "Prices are what a page asked; none is a quote."
