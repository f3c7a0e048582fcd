"""Fit data whose truth is known: writes record.json and the tables of README.md beside this file (resumes; half an hour on two cores)."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import chisquare

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chains import WHOLE, compiled, shipped_facts, whole  # noqa: E402
from pages import digits, publish, table  # noqa: E402

from anagen.calibrate.chains import Sampler, Settings  # noqa: E402
from anagen.calibrate.model import Model, unknown  # noqa: E402
from anagen.calibrate.posterior import peak, slopes  # noqa: E402
from anagen.calibrate.simulate import simulated  # noqa: E402

REDUCED = ("olsen_2006", "stough_2007", "shanshanwal_2017", "berger_2003", "lucky_2004", "savin_1987", "kim_2021")
RUNS, BINS = 100, 10
SHORT = Settings(warmup=75, draws=150, seed=11)
THIN = 5  # every fifth draw is ranked: ranks want nearly independent draws
TRUTHS = 10
RECOVERY = Settings(warmup=75, draws=450, seed=13)
KEPT = WHOLE / "simulated"
LEVEL = 0.001  # of the whole claim: shared by all rows that are ranked
SHARES = (0.5, 0.8, 0.95)


@cache
def reduced() -> tuple[Model, Any, Sampler]:
    """A small model, its gradient and its sampler, compiled once a process."""
    compiled()
    model = Model.of(shipped_facts().of(REDUCED))
    return model, slopes(model), Sampler(model, SHORT)


@cache
def full() -> tuple[Model, Any, Sampler]:
    """The whole model without its statements, likewise."""
    compiled()
    every = shipped_facts()
    model = Model.of(replace(every, facts=tuple(fact for fact in every.facts if fact.said in ("", "z"))))
    return model, slopes(model), Sampler(model, RECOVERY)


def fitted(name: str, model: Model, gradient: Any, sampler: Sampler, scores: Any, run: int) -> dict[str, Any]:
    """The posterior of data made at some scores, kept: for each row its rank among thinned draws and where the truth lies."""
    path = KEPT / f"{name}-{run}.json"
    if path.exists():
        return dict(json.loads(path.read_text()))
    data = simulated(model, scores, run)
    chain = sampler.run(data, peak(model, data, gradient), run, KEPT / f"{name}-{run}.npz")
    rows = np.stack([np.asarray(model.unflat(flat)["rows"]) for flat in chain.scores])
    true = np.asarray(scores["rows"])
    found = {
        "ranks": (rows[::THIN] < true).sum(axis=0).tolist(),
        "below": (rows < true).mean(axis=0).tolist(),
        "spread": rows.std(axis=0).tolist(),
        "off": (rows.mean(axis=0) - true).tolist(),
        "divergences": int(chain.diverging.sum()),
    }
    path.write_text(json.dumps(found))
    (KEPT / f"{name}-{run}.npz").unlink()
    return found


def one_rank(run: int) -> dict[str, Any]:
    """One run of simulation-based calibration: a truth from the priors."""
    model, gradient, sampler = reduced()
    rng = np.random.default_rng(1000 + run)
    return fitted(
        "rank", model, gradient, sampler, {name: rng.standard_normal(np.shape(zero)) for name, zero in model.zeros().items()}, run
    )


def one_recovery(run: int) -> dict[str, Any]:
    """One truth from the posterior of the real evidence, recovered from synthetic trials of the same shape."""
    model, gradient, sampler = full()
    posterior = whole()
    flat = posterior.flat[len(posterior.flat) * (run + 1) // (TRUTHS + 1)]
    return fitted("recovery", model, gradient, sampler, posterior.model.unflat(flat), run)


def side_by_side(work: Any, runs: int, what: str) -> list[dict[str, Any]]:
    """All runs, one process a core."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=get_context("spawn")) as pool:
        found = []
        for count, one in enumerate(pool.map(work, range(runs)), 1):
            print(f"{what} {count} of {runs}", flush=True)
            found.append(one)
    return found


def uniform_p(ranks: Any) -> float:
    """How unlikely ranks (runs,) are if they are uniform: chi-square over `BINS` bins."""
    most = SHORT.draws // THIN
    bins = np.minimum(np.asarray(ranks) * BINS // (most + 1), BINS - 1)
    return float(chisquare(np.bincount(bins, minlength=BINS)).pvalue)


def of_truths(inside: Any) -> list[float]:
    """The share inside (truths, rows), and its standard error over the truths: the rows of one truth share their data."""
    each = inside.mean(axis=1)
    return [digits(float(each.mean())), digits(float(each.std(ddof=1) / np.sqrt(len(each))))]


def measure() -> dict[str, Any]:
    """Every row: is its rank uniform over the runs, and was the truth found again?"""
    ranked, recovered = side_by_side(one_rank, RUNS, "simulated"), side_by_side(one_recovery, TRUTHS, "recovered")
    names = [f"{row.of}.{row.name}" for row in unknown()]
    ranks = np.array([one["ranks"] for one in ranked])
    below = np.array([one["below"] for one in recovered])
    learned = np.array([one["spread"] for one in recovered]).mean(axis=0)
    rows = [
        {
            "row": name,
            "p": digits(uniform_p(ranks[:, i])),
            "mean_rank": digits(ranks[:, i].mean() / (SHORT.draws // THIN)),
            "spread_left": digits(learned[i]),
        }
        for i, name in enumerate(names)
    ]
    inside = {f"{share:g}": digits(float((np.abs(below - 0.5) <= share / 2).mean())) for share in SHARES}
    strong = learned < 0.8
    return {
        "runs": RUNS,
        "rows": rows,
        "bound": digits(LEVEL / len(names)),
        "worst": digits(min(row["p"] for row in rows)),
        "divergences": int(sum(one["divergences"] for one in ranked)),
        "recovery": {
            "truths": TRUTHS,
            "inside": inside,
            "learned": int(strong.sum()),
            "inside_learned": {f"{share:g}": of_truths(np.abs(below[:, strong] - 0.5) <= share / 2) for share in SHARES},
        },
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    lowest = sorted(record["rows"], key=lambda row: row["p"])[:12]
    found = record["recovery"]
    return {
        "ranks": table("row | p of uniform ranks | mean rank, 0 to 1", [(row["row"], row["p"], row["mean_rank"]) for row in lowest]),
        "recovery": table(
            "central interval | truth inside, all rows | truth inside, rows that were learned of | its standard error",
            [(f"{100 * float(share):.0f} %", value, *found["inside_learned"][share]) for share, value in found["inside"].items()],
        ),
    }


def sentences(record: dict[str, Any]) -> list[str]:
    """What the page must say."""
    worst, bound = record["worst"], record["bound"]
    verdict = "holds" if worst >= bound else "fails"
    return [f"The claim of uniform ranks {verdict}: the smallest p of {len(record['rows'])} rows is {worst:.2g}; the bound is {bound:.2g}."]


if __name__ == "__main__":
    measured = measure()
    publish(HERE, measured, tables(measured), sentences(measured))
