"""`anagen calibrate`: evidence in, a belief and its report out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anagen.belief import Belief
from anagen.calibrate.facts import facts_of
from anagen.calibrate.ledger import ledger
from anagen.ground.errors import BadParameter, MissingExtra
from anagen.ground.files import write_whole
from anagen.ground.rows import Row, priors

if TYPE_CHECKING:
    from anagen.calibrate.chains import Settings
    from anagen.calibrate.fit import Fit
    from anagen.evidence import Evidence

KEPT_DRAWS = 2400
"""Draws in the belief, evenly taken from the chains: all of four chains of the usual length."""


def calibrate(
    evidence: Evidence, folder: Path, settings: Settings | None = None, chains: int = 4, told: Callable[[float], None] | None = None
) -> Belief:
    """The belief that some evidence gives: `belief.npz`, `report.json`, `report.md` and `facts.csv` in `folder`.

    The chains are kept in `folder/chains`; the same call goes on where it was broken off. told: is told the share that is done.
    Raises `MissingExtra` without JAX and NumPyro, `BadParameter` for fewer than 2 chains, `BadFile` for a folder of another run.
    """
    try:
        import jax  # noqa: F401
        import numpyro  # noqa: F401
    except ImportError as error:
        raise MissingExtra(error.name or "jax", "calibrate") from None
    if chains < 2:
        raise BadParameter("chains", f"is {chains}", "at least 2, so that they can be held against each other")
    from anagen.calibrate.fit import fit
    from anagen.calibrate.report import report, table

    facts = facts_of(evidence.studies, evidence.arms, evidence.outcomes)
    found = fit(facts, folder / "chains", settings, chains, told)
    belief = belief_of(found, evidence.hash)
    said = report(found)
    belief.save(folder / "belief.npz")
    write_whole(folder / "report.json", json.dumps(said, indent=1))
    write_whole(folder / "report.md", table(said) + "\n")
    write_whole(folder / "facts.csv", ledger(facts))
    return belief


def belief_of(fit: Fit, evidence_hash: str) -> Belief:
    """The posterior draws of a fit as a belief: the calibrated rows alone, each with its new range."""
    from anagen.calibrate.means import HELD, unknown

    scores = fit.rows
    pick = np.linspace(0, len(scores) - 1, min(KEPT_DRAWS, len(scores))).astype(int)
    facts, settings = fit.model.facts, fit.settings
    draws: dict[str, dict[str, np.ndarray]] = {}
    rows: list[Row] = []
    for index, row in enumerate(unknown()):
        value = np.asarray(row.at(scores[pick, index]))
        draws.setdefault(row.of, {})[row.name] = value.astype(np.float32)
        low, middle, high = (float(one) for one in np.quantile(value, (0.025, 0.5, 0.975)))
        notes = f"prior {row.value:g} ({row.low:g} to {row.high:g}), {row.mark}" + (f"; {row.notes}" if row.notes else "")
        rows.append(replace(row, value=middle, low=low, high=high, mark="calibrated", notes=notes))
    for row in priors():
        if (row.of, row.name) in HELD:
            draws.setdefault(row.of, {})[row.name] = np.full(len(pick), row.value, dtype=np.float32)
            rows.append(
                replace(row, low=row.value, high=row.value, spread="fixed", mark="assumed", notes="held while the others were fitted")
            )
    label = f"calibrated to {len(facts.facts)} facts of {len(fit.model.trials)} trials"
    made_by = f"anagen calibrate --chains {fit.scores.shape[0]} --warmup {settings.warmup} --draws {settings.draws} --seed {settings.seed}"
    return Belief(label, settings.seed, draws, tuple(rows), evidence_hash, made_by)
