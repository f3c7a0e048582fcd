"""What the numbers of a therapy are called, and how they are written, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from anagen.grounds import said as said_of
from anagen.report import words
from anagen.scalp.regions import regions
from anagen.synthesis import plain
from anagen.therapy.batches import THEIR_OWN
from anagen.treatments import TREATMENTS

if TYPE_CHECKING:
    from anagen.compare import Comparison, Option
    from anagen.evidence.rows import Cost
    from anagen.ground.rows import Row
    from anagen.procedure import Line, Procedure
    from anagen.risks import Event, OptionRisks
    from anagen.therapy.batches import Change
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
    "isolated_cells": "cells that isolation gives",
    "isolated_cells_per_g": "cells that isolation gives, a gram",
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
    "cells/g": "/g",
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
ISOLATED = {
    "lipoaspirate": "freed from the fat",
    "marrow": "in the marrow drawn",
    "hfsc_micrograft": "freed from the scalp",
    "culture_dsc": "in the cups taken",
}
"""What a recipe begins with, by source or by its own name: cells before any stage."""


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
        rest = "goes on as now" if words.taking(one.answer) else "goes as with nothing"
        said += f"Numbers are for the treated skin; over the whole region the gain is smaller by that share, for its other skin {rest}."
    return said.strip().replace("%", " %")


def beside(answer: Comparison) -> dict[str, Option]:
    """What a protocol is read beside, by what it is called: nothing; for a person who takes something, to go on as now, and to stop."""
    return {words.against(answer): answer.base, words.untreated(answer): answer.nothing}


def read_where(done: Sequence[Procedure]) -> str:
    """In which region each protocol is read, and the other options, where that is not the same for all."""
    followed = [one for one in done if one.treated_share is not None]
    if len({one.region for one in done}) == 1 and len(followed) == len(done):
        return ""
    told = "; ".join(
        [*(f"{one.title}: {regions()[one.region].title}" for one in followed), f"the other options: {regions()[done[0].region].title}"]
    )
    return f"Each is read where it lies. {told}." if followed else f"{words.capital(told)}."


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
    own = any(row.who == THEIR_OWN for row in rows)
    found = "given" if not marks else "read" if marks == {"read"} else "assumed" if marks == {"assumed"} else "part assumed"
    return f"{found}, own batches" if own else found


def marked(row: Row) -> str:
    """The mark of a row; of one that a laboratory's records changed, that they did."""
    return "own batches" if row.who == THEIR_OWN and row.mark == "fitted" else row.mark


def price(one: Cost) -> str:
    """One price line."""
    numbers = [f"{value:,.0f}" for value in (one.low, one.high) if value is not None]
    shown = " to ".join(numbers) if len(numbers) == 2 else f"{one.typical:,.0f}" if one.typical is not None else f"from {numbers[0]}"
    return f"{one.currency} {shown} {one.unit} ({one.country}; {one.row_id})"


def shown(one: Procedure, step: str) -> list[Quantity]:
    """The numbers of a step that a reader is shown: stages and cells that stay stand apart."""
    hidden = ("stage ", "isolated", "loses: lipoaspirate", "still there")
    found = [q for q in one.quantities if q.step == step and not q.name.startswith(hidden)]
    weeks = float(np.median(one.product.weeks)) >= 1
    return [q for q in found if q.name != ("hours" if weeks else "weeks")]


def harvest_events(one: Procedure) -> tuple[OptionRisks, list[Event]]:
    """The harms of taking the tissue, as `anagen risks` counts them, and the option among whose harms they are."""
    from anagen.plan import Plan
    from anagen.risks import harms_of

    (found,) = harms_of(Plan.parse(HARVESTED[one.protocol.source.kind]))
    return found, [event for event in (*found.often, *found.seldom, *found.unseen) if event.step == "harvest"]


def harvest_harms(one: Procedure) -> dict[str, list[tuple[str, str, str]]]:
    """The harms of taking the tissue, by whom they were counted in: what it is, of 1,000, and counted in how many."""
    from anagen.report.risks_text import STEPS as AT
    from anagen.report.risks_text import line

    option, events = harvest_events(one)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for event in events:
        name, chance, counted = line(option, event)
        found.setdefault(event.says, []).append((name.replace("*", "").replace(f": {AT['harvest']}", ""), chance, counted))
    return found


def stages(one: Procedure) -> list[tuple[str, str, Quantity]]:
    """What isolation gives, and a gram where it is of fat; then each stage: what is done, what it loses or grows, the cells left."""
    by_name = {q.name: q for q in one.quantities if q.step == "process"}
    a_gram = by_name.get("isolated_cells_per_g")
    first = ISOLATED.get(one.protocol.recipe.name) or ISOLATED[one.protocol.source.kind]
    found = [q for q in one.quantities if q.name.startswith("stage ")]
    stages = [(called(lost).removesuffix(", lost"), loss(lost), left) for lost, left in zip(found[::2], found[1::2], strict=True)]
    return [(first, "" if a_gram is None else middle(a_gram), by_name["isolated_cells"]), *stages]


def before(done: Sequence[Procedure]) -> list[str]:
    """What comes before any number: signs not asked about, words no rule knows, how each option stands, lots that may not be given."""
    first, said = done[0], []
    if asked := first.not_asked:
        said.append(asked)
    if first.suits.unknown:
        said.append(f"No rule knows these words of yours: {', '.join(word for word, _ in first.suits.unknown)}. Tell a doctor.")
    for one in {one.dose.treatment: one for one in done}.values():
        title = plain(TREATMENTS[one.dose.treatment]())
        why = dict.fromkeys(reason.says for reason in one.verdict.reasons if reason.verdict == one.verdict.verdict)
        said.append(f"{title[:1].upper()}{title[1:]}, for you: {one.verdict.verdict}. {' '.join(why)}")
    return said + [f"{one.title}: {one.failed}" if len(done) > 1 else one.failed for one in done if one.failed]


def own_batches(one: Procedure) -> list[str]:
    """Each row that own batches changed, before and after, or that it changes nothing here."""
    said = []
    for change in one.changes:
        row = change.before
        head = f"Own batches ({change.n}), {said_of(row)}"
        was, now = (f"{digits(r.value)} ({digits(r.low)} to {digits(r.high)})" for r in (change.before, change.after))
        if one.uses(change):
            said.append(f"{head}: was {was} {row.unit}, is now {now}.")
        else:
            said.append(f"{head}: this protocol does not use it, so it changes nothing here.")
    return said


def measured(one: Procedure) -> list[str]:
    """What the steps use of the lot itself, in place of what, and what of it they do not."""
    stated, drawn = one.protocol.release.dose_ml, float(np.median(one.injected.product_ml))
    said = [
        f"The steps use what the laboratory measured of this lot: {called_row(change)}, {amount(change.after.value, 'share')}, in place of "
        f"{amount(change.before.value, 'share')} ({digits(100 * change.before.low)} to {digits(100 * change.before.high)})."
        for change in one.measured
    ]
    if stated is not None:
        plan = f"the steps draw up {drawn:.3g} mL, as the plan of the injection asks"
        said.append(f"The {stated:g} mL that the laboratory states count for the endotoxin test alone; {plan}.")
    return said


def called_row(change: Change) -> str:
    """What a share of a lot is called."""
    return "cells that live" if change.after.name == "viable_share" else CALLED[change.after.name].replace(" of all", " cells")


def prices(line: Line, shown: set[str] | None = None) -> str:
    """The prices of one line, by treatment where it has several. shown: rows told already, to which these are added."""
    known = set() if shown is None else shown
    several, told = len(line.priced) > 1, []
    for name, found in line.priced.items():
        new = [price(one) for one in found if one.row_id not in known]
        known |= {one.row_id for one in found}
        said = "; ".join(new) if new else "as above" if found else "not known"
        told.append(f"{plain(TREATMENTS[name]())}: {said}" if several else said)
    return ". ".join(told) if told else "not known"


def loss(one: Quantity) -> str:
    """What a stage loses, or how many times the cells grow; where most draws do not grow, in how many."""
    lost = float(np.median(one.draws))
    if ", grown, " in one.name and lost >= 0:
        return f"no growth in {100 * np.mean(one.draws >= 0):.0f} %"
    return f"{amount(lost, 'share')} lost" if lost >= 0 else f"grown {digits(1 - lost)} times"


def kept(one: Procedure) -> list[tuple[str, Quantity]]:
    """Cells still there: after how long, and the share."""
    found = [q for q in one.quantities if q.name.startswith("still there")]
    return [(q.name.removeprefix("still there ").removesuffix(": share"), q) for q in found]


NOT_KNOWN_STAY = "Read of animals only; in human scalp it is not known. The effect outlasts the cells: it wanes by the trials' own months."
FIELD = "HYPOTHESIS: the field mode. A follicle answers if the dose reaches it. Nothing of this was measured; it takes to be so:"
ALIKE = "Prices are what a page asked; none is a quote."
