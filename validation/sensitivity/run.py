"""Fit again without a class of treatments, without weak trials and with other priors: writes record.json and the tables (resumes)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chains import refits, shipped_facts, whole  # noqa: E402
from pages import digits, publish, table  # noqa: E402

from anagen.calibrate.means import values_of  # noqa: E402
from anagen.calibrate.model import Model  # noqa: E402
from anagen.evidence.tables import evidence_hash  # noqa: E402
from anagen.ground.rows import priors  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import Cycle  # noqa: E402
from anagen.scalp.tempo import Tempo  # noqa: E402
from anagen.treatments import treatment  # noqa: E402

CLASSES = ("five_ari", "minoxidil", "prp", "laser", "microneedling", "cells")
GIVEN = {
    "nothing": None,
    "finasteride": 1.0,
    "dutasteride": 0.5,
    "minoxidil_topical": 5.0,
    "laser": None,
    "prp": None,
    "hfsc_micrograft": None,
}
YEARS, WEEK, DRAWS = 8, 52, 100
WIDTHS = {"priors half as wide": 0.5, "priors twice as wide": 2.0}
HELD = {"steps of calibre of 0.5": (0.5,), "steps of calibre of 0.75": (0.75,)}
"""A step of calibre is held at 0.66 in the fit (`anagen.calibrate.means.HELD`): here at a larger and a smaller one."""


def without() -> dict[str, list[str]]:
    """The trials that each refit leaves out."""
    model = Model.of(shipped_facts())
    found = {
        f"{name} left out": sorted({lane.trial for lane in model.lanes if any(kind.subject == name for kind, _ in lane.given)})
        for name in CLASSES
    }
    found["weak trials left out"] = sorted({lane.trial for lane in model.lanes if lane.weak})
    return found | {name: [] for name in (*WIDTHS, *HELD)}


def gains(rows: Any, held: tuple[float, ...] | None = None) -> dict[str, tuple[float, float, float]]:
    """What each treatment gives a man after a year against nothing, in percent of his visible hair: median and central 95 %.

    rows: scores (n, R). He has lost hair for `YEARS` years in every draw.
    """
    pick = rows[np.linspace(0, len(rows) - 1, DRAWS).astype(int)]
    values: dict[str, dict[str, Any]] = {}
    each = [values_of(score, held) for score in pick]
    for row in priors():
        values.setdefault(row.of, {})[row.name] = np.array([float(one[row.of][row.name]) for one in each])
    cycle = Cycle(**values["scalp"], shrink=values["man"]["shrink"])
    start = expect(cycle, weeks=round(YEARS * 52.14), outputs=()).end
    after = {}
    for name, dose in GIVEN.items():
        kind = treatment(name, dose)
        tempo = kind.tempo(WEEK, values[kind.subject]) if kind.subject else Tempo()
        seen = expect(cycle, tempo, WEEK, start=start, outputs=("visible",))["visible"]
        after[name] = 100 * (seen[:, WEEK] / seen[:, 0] - 1)
    return {
        name: tuple(digits(float(q)) for q in np.quantile(course - after["nothing"], (0.5, 0.025, 0.975)))
        for name, course in after.items()
        if name != "nothing"
    }


def measure() -> dict[str, Any]:
    """Every refit's gains beside those of the whole."""
    jobs = without()
    found = {"all trials": whole().rows, **{name: fit.rows for name, fit in refits(jobs, WIDTHS, HELD).items()}}
    rng = np.random.default_rng(5)
    found["no trial: the priors"] = rng.standard_normal((DRAWS, whole().rows.shape[1]))
    return {
        "evidence_hash": evidence_hash(),
        "gone": {name: len(gone) for name, gone in jobs.items()},
        "gains": {name: gains(rows, HELD.get(name)) for name, rows in found.items()},
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The table of the page."""
    names = [name for name in GIVEN if name != "nothing"]
    lines = [
        (
            what,
            record["gone"].get(what, "") if what in record["gone"] else "",
            *(f"{m:.1f} ({low:.1f} to {high:.1f})" for m, low, high in (one[name] for name in names)),
        )
        for what, one in record["gains"].items()
    ]
    return {"gains": table(f"fit | trials gone | {' | '.join(names)}", lines)}


if __name__ == "__main__":
    measured = measure()
    publish(HERE, measured, tables(measured), [])
