"""The whole calibration: the peak, the chains side by side, what they say of themselves, and the belief."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.calibrate.chains import Chain, Sampler, Settings, read_chain
from anagen.calibrate.facts import Facts
from anagen.calibrate.model import Model
from anagen.calibrate.posterior import Peak, peak

Array = npt.NDArray[np.floating[Any]]
PEAK = "peak.npz"


@dataclass(frozen=True)
class Fit:
    """Chains of one model. `scores` (chains, draws, P); `log_likelihood` (chains, draws, trials); `diverging`, `steps` likewise."""

    model: Model
    settings: Settings
    scores: Array
    log_likelihood: Array
    diverging: npt.NDArray[np.bool_]
    steps: npt.NDArray[np.int64]

    @property
    def flat(self) -> Array:
        """Every draw of every chain: (draws, P)."""
        return self.scores.reshape(-1, self.scores.shape[-1])

    @property
    def rows(self) -> Array:
        """The scores of the rows of `unknown()`: (draws, rows)."""
        import jax

        return np.asarray(jax.vmap(self.model.unflat)(self.flat)["rows"])


def peak_of(model: Model, folder: Path) -> Peak:
    """The peak of all trials, worked out once and kept in the folder."""
    import io

    from anagen.ground.files import write_whole

    path = folder / PEAK
    if not path.exists():
        found = peak(model, model.data())
        buffer = io.BytesIO()
        np.savez(buffer, scores=found.scores, covariance=found.covariance)
        write_whole(path, buffer.getvalue())
    with np.load(path) as archive:
        return Peak(archive["scores"], archive["covariance"])


def _some_chains(facts: Facts, settings: Settings, folder: Path, numbers: Sequence[int]) -> None:
    """Some chains, one after the other, in a process of its own; what was compiled is kept for the next."""
    import jax

    jax.config.update("jax_compilation_cache_dir", str(folder / "compiled"))  # type: ignore[no-untyped-call]
    model = Model.of(facts)
    sampler, frame = Sampler(model, settings), peak_of(model, folder)
    for number in numbers:
        sampler.run(model.data(), frame, number, folder / f"chain-{number}.npz")


def fit(facts: Facts, folder: Path, settings: Settings | None = None, chains: int = 4, told: Callable[[float], None] | None = None) -> Fit:
    """The posterior of some facts, by chains that go on from what `folder` holds.

    told: is told the share that is done, a few times a minute.
    """
    settings = settings or Settings()
    folder.mkdir(parents=True, exist_ok=True)
    model = Model.of(facts)
    peak_of(model, folder)
    workers = max(min(chains, len(os.sched_getaffinity(0))), 1)
    shares = [list(range(first, chains, workers)) for first in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_some_chains, facts, settings, folder, numbers) for numbers in shares]
        while not all(job.done() for job in jobs):
            time.sleep(2)
            if told:
                told(sum(_done(folder, range(chains))) / (chains * (settings.warmup + settings.draws)))
        for job in jobs:
            job.result()
    return gathered(model, settings, [read_chain(folder / f"chain-{number}.npz") for number in range(chains)])


def gathered(model: Model, settings: Settings, chains: Sequence[Chain]) -> Fit:
    """Chains of one length as one fit."""
    parts = [np.stack([getattr(chain, name) for chain in chains]) for name in ("scores", "log_likelihood", "diverging", "steps")]
    return Fit(model, settings, *parts)


def _done(folder: Path, numbers: Sequence[int] | range) -> Iterator[int]:
    """Iterations done by each chain so far."""
    for number in numbers:
        try:
            with np.load(folder / f"chain-{number}.npz") as archive:
                yield int(archive["done"])
        except (OSError, ValueError, KeyError):
            yield 0
