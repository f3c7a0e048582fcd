"""Predict every trial without it: writes record.json and the tables of README.md beside this file (resumes; about an hour)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chains import refits, shipped_facts, whole  # noqa: E402
from pages import publish, table  # noqa: E402

from anagen.calibrate.baselines import Pooled, TimeCourse  # noqa: E402
from anagen.calibrate.leave_out import USABLE, integrated, smoothed  # noqa: E402
from anagen.calibrate.predict import Expected  # noqa: E402
from anagen.calibrate.scores import Prediction  # noqa: E402

DRAWS = 500
MODEL, POOLED, COURSE = "mechanistic", "random effects at the last visit", "Emax time course"


def draws() -> Any:
    rows = whole().rows
    return rows[np.linspace(0, len(rows) - 1, DRAWS).astype(int)]


def shapes() -> tuple[dict[str, Any], dict[str, float]]:
    """The weights of the draws without each trial, and the shape of their tail."""
    model = whole().model
    likely = integrated(model, draws(), model.data())
    found = {trial: smoothed(-likely[:, index]) for index, trial in enumerate(model.trials)}
    return {trial: one.weights for trial, one in found.items()}, {trial: one.k for trial, one in found.items()}


def mechanistic() -> tuple[list[Prediction], dict[str, float], list[str]]:
    """What the model says of each trial without it; the shapes; and which trials were refitted."""
    facts = shipped_facts()
    weights, shape = shapes()
    again = [trial for trial, k in shape.items() if k > USABLE]
    print(f"{len(again)} of {len(shape)} trials are refitted: {', '.join(again)}", flush=True)
    found = [one for one in Expected(facts, draws()).predictions(weights) if one.trial not in again]
    for trial, fit in refits({trial: [trial] for trial in again}).items():
        found += Expected(facts.of([trial]), fit.rows).predictions()
    return found, shape, again


def baselines() -> dict[str, list[Prediction]]:
    """What each plain model says of each trial without it."""
    facts = shipped_facts()
    found: dict[str, list[Prediction]] = {POOLED: [], COURSE: []}
    for trial in facts.names:
        rest, own = facts.without([trial]), facts.of([trial])
        for name, kind in ((POOLED, Pooled), (COURSE, TimeCourse)):
            found[name] += kind.fit(rest).predict(own)
    return found


def packed(found: list[Prediction]) -> list[dict[str, Any]]:
    """Predictions as the record keeps them."""
    return [
        {
            "rows": list(one.rows),
            "trial": one.trial,
            "treatment": one.treatment,
            "output": one.output,
            "week": one.week,
            "kind": one.kind,
            "said": one.said,
            "observed": None if one.said else one.observed,
            **({"said_log": one.log_chance_said} if one.said in ("significant", "not_significant") else {}),
            **(
                {}
                if one.said
                else {
                    "median": one.median,
                    "within": {f"{share:g}": list(one.interval(share)) for share in (0.5, 0.8, 0.9)},
                    "crps": one.crps,
                    "log_score": one.log_score,
                }
            ),
        }
        for one in found
    ]
