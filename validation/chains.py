"""Refits of the calibration for the long studies here: the same compiled sampler, one trial or more left out, kept as it goes.

The whole calibration is expected in `.calibration/` (`anagen calibrate --out .calibration`); refits go below it. Everything
resumes where it was broken off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from anagen.calibrate.chains import Sampler, Settings, read_chain
from anagen.calibrate.facts import Facts, facts_of
from anagen.calibrate.fit import Fit, frame_of, gathered
from anagen.calibrate.means import HELD_AT
from anagen.calibrate.model import Model
from anagen.calibrate.posterior import Peak
from anagen.evidence import Evidence

ROOT = Path(__file__).resolve().parents[1]
WHOLE = ROOT / ".calibration"
REFIT = Settings(warmup=75, draws=150, seed=7)  # the warm-up of the chains themselves, so that what was compiled serves again
CHAINS = 1


def shipped_facts() -> Facts:
    """The facts of the shipped evidence."""
    evidence = Evidence.shipped()
    return facts_of(evidence.studies, evidence.arms, evidence.outcomes)


@cache
def whole() -> Fit:
    """The whole calibration, from the chains that `anagen calibrate` left."""
    import json

    if not (WHOLE / "report.json").exists():
        raise SystemExit("there is no calibration to study: run `anagen calibrate --out .calibration` first (half an hour)")
    report = json.loads((WHOLE / "report.json").read_text())
    chains = [read_chain(WHOLE / "chains" / f"chain-{number}.npz") for number in range(report["chains"])]
    return gathered(Model.of(shipped_facts()), Settings(**report["settings"]), chains)


@cache
def _sampler() -> tuple[Sampler, Peak]:
    model = Model.of(shipped_facts())
    return Sampler(model, REFIT), frame_of(model, WHOLE / "chains", ())


def compiled() -> None:
    """Keep what JAX compiles, for every process and for the next time."""
    import jax

    jax.config.update("jax_compilation_cache_dir", str(WHOLE / "chains" / "compiled"))
    os.nice(1)


def _refit(job: tuple[str, tuple[int, ...], float, tuple[float, ...]]) -> str:
    name, gone, width, held = job
    compiled()
    sampler, frame = _sampler()
    weight = np.ones(len(sampler.model.trials))
    weight[list(gone)] = 0.0
    for number in range(CHAINS):
        sampler.run(sampler.model.data()._replace(weight=weight, width=width, held=held), frame, number, folder() / f"{name}-{number}.npz")
    return name


def folder() -> Path:
    """Where refits are kept."""
    (WHOLE / "refits").mkdir(exist_ok=True)
    return WHOLE / "refits"


def refits(
    jobs: Mapping[str, Sequence[str]], width: Mapping[str, float] | None = None, held: Mapping[str, tuple[float, ...]] | None = None
) -> dict[str, Fit]:
    """Refits by name, each without some trials, as many at a time as cores.

    width: of the rows' priors, where not the stated one; held: the values of the rows of `HELD`, where not their medians.
    """
    trials = whole().model.trials
    todo = [
        (name, tuple(trials.index(one) for one in gone), (width or {}).get(name, 1.0), (held or {}).get(name, HELD_AT))
        for name, gone in jobs.items()
    ]
    workers = min(len(os.sched_getaffinity(0)), max(len(todo), 1))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for count, name in enumerate(pool.map(_refit, todo), 1):
            print(f"refit {count} of {len(todo)}: {name}", flush=True)
    model = whole().model
    return {name: gathered(model, REFIT, [read_chain(folder() / f"{name}-{n}.npz") for n in range(CHAINS)]) for name in jobs}
