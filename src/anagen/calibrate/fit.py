"""The whole calibration: the peak, the chains side by side, what they say of themselves, and the belief."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Sequence
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
from anagen.calibrate.posterior import Peak, covariance, curvature, peak, slopes
from anagen.ground.files import write_whole

Array = npt.NDArray[np.floating[Any]]
PEAK, FRAME = "peak.npz", "frame.npz"
PILOT = Settings(draws=100, seed=0)
"""Pilot chains: they begin at the peak, and what they find is where the chains that count begin. Their warm-up is that of
those chains, so that what was compiled for them serves again."""
PILOTS = 2
CURVED = 16
"""Draws of the pilots at which the curvature is worked out."""


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
    if not (folder / PEAK).exists():
        _keep(folder / PEAK, peak(model, model.data()))
    return _kept(folder / PEAK)


def frame_of(model: Model, folder: Path, pilots: Sequence[Chain]) -> Peak:
    """The centre of what pilot chains found, and the inverse of the mean curvature along them; kept in the folder.

    The covariance of so few draws would be noise in most directions; the curvature of each is exact.
    """
    path = folder / FRAME
    if not path.exists():
        drawn = np.concatenate([chain.scores for chain in pilots])
        both, data = slopes(model), model.data()
        some = drawn[np.linspace(0, len(drawn) - 1, CURVED).astype(int)]
        _keep(path, Peak(drawn.mean(axis=0), covariance(np.mean([curvature(both, data, one) for one in some], axis=0))))
    return _kept(path)


def _keep(path: Path, found: Peak) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, scores=found.scores, covariance=found.covariance)
    write_whole(path, buffer.getvalue())


def _kept(path: Path) -> Peak:
    with np.load(path) as archive:
        return Peak(archive["scores"], archive["covariance"])


def _some_chains(facts: Facts, settings: Settings, folder: Path, frame: str, names: Sequence[str]) -> None:
    """Some chains, one after the other, in a process of its own; what was compiled is kept for the next."""
    import jax

    jax.config.update("jax_compilation_cache_dir", str(folder / "compiled"))  # type: ignore[no-untyped-call]
    model = Model.of(facts)
    sampler, begin = Sampler(model, settings), _kept(folder / frame)
    for name in names:
        sampler.run(model.data(), begin, int(name.rsplit("-", 1)[1]), folder / f"{name}.npz")


def fit(facts: Facts, folder: Path, settings: Settings | None = None, chains: int = 4, told: Callable[[float], None] | None = None) -> Fit:
    """The posterior of some facts: the peak, pilot chains that begin there, and chains that begin where the pilots were.

    It goes on from what `folder` holds. told: is told the share that is done, a few times a minute.
    """
    settings = settings or Settings()
    folder.mkdir(parents=True, exist_ok=True)
    model = Model.of(facts)
    peak_of(model, folder)
    parts = {f"pilot-{n}": PILOT for n in range(PILOTS)} | {f"chain-{n}": settings for n in range(chains)}
    total = sum(one.warmup + one.draws for one in parts.values())

    def say() -> None:
        if told:
            told(sum(_done(folder / f"{name}.npz") for name in parts) / total)

    _side_by_side(facts, PILOT, folder, PEAK, [name for name in parts if parts[name] is PILOT], say)
    frame_of(model, folder, [read_chain(folder / f"pilot-{number}.npz") for number in range(PILOTS)])
    names = [f"chain-{number}" for number in range(chains)]
    _side_by_side(facts, settings, folder, FRAME, names, say)
    return gathered(model, settings, [read_chain(folder / f"{name}.npz") for name in names])


def _side_by_side(facts: Facts, settings: Settings, folder: Path, frame: str, names: list[str], say: Callable[[], None]) -> None:
    """Chains that are not done yet, in as many processes as there are cores."""
    names = [name for name in names if _done(folder / f"{name}.npz") < settings.warmup + settings.draws]
    if not names:
        return
    workers = max(min(len(names), len(os.sched_getaffinity(0))), 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_some_chains, facts, settings, folder, frame, names[first::workers]) for first in range(workers)]
        while not all(job.done() for job in jobs):
            time.sleep(2)
            say()
        for job in jobs:
            job.result()


def gathered(model: Model, settings: Settings, chains: Sequence[Chain]) -> Fit:
    """Chains of one length as one fit."""
    parts = [np.stack([getattr(chain, name) for chain in chains]) for name in ("scores", "log_likelihood", "diverging", "steps")]
    return Fit(model, settings, *parts)


def _done(path: Path) -> int:
    """Iterations that a chain has done so far."""
    try:
        with np.load(path) as archive:
            return int(archive["done"])
    except (OSError, ValueError, KeyError):
        return 0
