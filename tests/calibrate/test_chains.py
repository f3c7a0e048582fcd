"""Chains on a model whose posterior is known: sampled right, gone on with where they were broken off, and never mixed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from false_alarm import assert_cells_agree, assert_variances_agree, share
from jax.flatten_util import ravel_pytree

from anagen.calibrate import fit as whole
from anagen.calibrate.chains import CHUNK, Chain, Sampler, Settings, read_chain
from anagen.calibrate.model import Data
from anagen.calibrate.posterior import Peak, peak
from anagen.ground.errors import BadFile

pytestmark = pytest.mark.usefixtures("quick")

SIZE = 5
WAYS = np.array([[1.0, 0.8, 0.0, 0.3, 0.0], [0.0, 1.0, -1.0, 0.0, 0.5]])
"""Each of two trials measures one mixture of the five scores, with error `ERROR`."""
ERROR = 0.6
DATA = Data(np.array([1.5, -0.7]), np.zeros(0), np.zeros(0), np.ones(2))


@dataclass(frozen=True)
class Line:
    """A model in the form of `Model`, linear in its scores, so that its posterior is normal."""

    trials: tuple[str, ...] = ("one", "two")

    def zeros(self) -> dict[str, Any]:
        return {"rows": jnp.zeros(2), "years": jnp.zeros(1), "density": jnp.zeros(1), "spread": jnp.zeros(1)}

    def unflat(self, flat: Any) -> dict[str, Any]:
        found: dict[str, Any] = ravel_pytree(self.zeros())[1](flat)
        return found

    def log_likelihood(self, scores: Any, data: Data) -> Any:
        return -0.5 * ((data.value - jnp.asarray(WAYS) @ ravel_pytree(scores)[0]) / ERROR) ** 2

    def data(self) -> Data:
        return DATA


def known(data: Data) -> Peak:
    """The posterior: standard normal scores, measured by the trials that count."""
    weight = np.asarray(data.weight) / ERROR**2
    covariance = np.linalg.inv(np.eye(SIZE) + (WAYS.T * weight) @ WAYS)
    return Peak(covariance @ WAYS.T @ (weight * data.value), covariance)


SETTINGS = Settings(warmup=2 * CHUNK, draws=4 * CHUNK, seed=3)
FRAME = known(DATA)


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    return Sampler(Line(), SETTINGS)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def unbroken(sampler: Sampler, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return sampler.run(DATA, FRAME, 0, tmp_path_factory.mktemp("chains") / "chain-0.npz")


def same(one: Chain, two: Chain) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("scores", "log_likelihood", "diverging", "steps"))


def test_the_peak_of_a_normal_is_the_normal() -> None:
    found = peak(Line(), DATA)  # type: ignore[arg-type]
    np.testing.assert_allclose(found.scores, FRAME.scores, atol=1e-4)  # where the search stops
    np.testing.assert_allclose(found.covariance, FRAME.covariance, atol=1e-6)


def test_a_chain_has_its_draws_and_what_they_say_of_each_trial(unbroken: Chain) -> None:
    assert unbroken.scores.shape == (SETTINGS.draws, SIZE)
    assert unbroken.diverging.shape == unbroken.steps.shape == (SETTINGS.draws,)
    assert not unbroken.diverging.any()
    assert (unbroken.steps >= 1).all()
    wanted = -0.5 * ((DATA.value - unbroken.scores @ WAYS.T) / ERROR) ** 2
    np.testing.assert_allclose(unbroken.log_likelihood, wanted, rtol=1e-9)


@pytest.mark.parametrize(("warmup", "draws"), [(CHUNK, CHUNK), (30, 45), (26, 25), (75, 30)])
def test_there_are_as_many_draws_as_were_asked_for(
    warmup: int, draws: int, sampler: Sampler, unbroken: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the length of what is written at once; the first are still thrown away."""
    monkeypatch.setattr(sampler, "settings", replace(SETTINGS, warmup=warmup, draws=draws))
    found = sampler.run(DATA, FRAME, 0, tmp_path / "chain-0.npz")
    assert found.scores.shape == (draws, SIZE)
    assert len(found.log_likelihood) == len(found.diverging) == len(found.steps) == draws


class Stopped(Exception):
    """Somebody pulled the plug."""


def stop_after(parts: int) -> Callable[[int, int], None]:
    told: list[int] = []

    def say(done: int, total: int) -> None:
        told.append(done)
        assert total == SETTINGS.warmup + SETTINGS.draws
        if len(told) == parts:
            raise Stopped

    return say


@pytest.mark.parametrize("parts", [1, 2, 4])  # within warm-up, at its end, among the draws
def test_a_chain_that_was_broken_off_goes_on_as_if_it_had_not_been(parts: int, sampler: Sampler, unbroken: Chain, tmp_path: Path) -> None:
    path = tmp_path / "chain-0.npz"
    with pytest.raises(Stopped):
        sampler.run(DATA, FRAME, 0, path, stop_after(parts))
    so_far = read_chain(path)
    assert len(so_far.scores) == max(parts - 2, 0) * CHUNK
    told: list[int] = []
    assert same(sampler.run(DATA, FRAME, 0, path, lambda done, _: told.append(done)), unbroken)
    assert told == [CHUNK * part for part in range(parts + 1, 7)]  # what was done is not done again
    assert same(sampler.run(DATA, FRAME, 0, path, stop_after(1)), unbroken)  # nothing is left to do


def test_each_chain_has_its_own_numbers(sampler: Sampler, unbroken: Chain, tmp_path: Path) -> None:
    assert not np.isclose(sampler.run(DATA, FRAME, 1, tmp_path / "chain-1.npz").scores, unbroken.scores).any()


@pytest.mark.parametrize("other", ["seed", "number", "value", "weight"])
def test_a_file_of_another_run_is_refused_and_left_as_it_was(
    other: str, sampler: Sampler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chain-0.npz"
    with pytest.raises(Stopped):
        sampler.run(DATA, FRAME, 0, path, stop_after(3))
    before = path.read_bytes()
    data = {"value": DATA._replace(value=DATA.value + 0.1), "weight": DATA._replace(weight=np.array([1.0, 0.0]))}.get(other, DATA)
    if other == "seed":
        monkeypatch.setattr(sampler, "settings", replace(SETTINGS, seed=4))
    with pytest.raises(BadFile, match="another run"):
        sampler.run(data, FRAME, 1 if other == "number" else 0, path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"hair", b"PK\x03\x04hair"])
def test_a_file_that_is_no_chain_is_refused_and_left_as_it_was(content: bytes, sampler: Sampler, tmp_path: Path) -> None:
    path = tmp_path / "chain-0.npz"
    path.write_bytes(content)
    for read in (lambda: sampler.run(DATA, FRAME, 0, path), lambda: read_chain(path)):
        with pytest.raises(BadFile, match="it is not a chain"):
            read()
    assert path.read_bytes() == content
    np.savez(path, scores=np.zeros(3))
    with pytest.raises(BadFile, match="it is not a chain"):
        read_chain(path)


MANY = replace(SETTINGS, draws=40 * CHUNK)
APART = 5
"""Draws that lie so far apart count as independent: of a normal seen from its own peak, neighbours hardly hang together."""


def drawn(sampler: Sampler, data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Draws of a chain, (draws, scores), that begins in the frame of `DATA`, whatever its own data are."""
    monkeypatch.setattr(sampler, "settings", MANY)
    return sampler.run(data, FRAME, 0, tmp_path / "chain-0.npz").scores[::APART]


def agrees(scores: Any, posterior: Peak, alpha: float) -> None:
    """Whether draws are of a normal posterior: seen from it they are standard normal, each score for itself and in pairs."""
    white = (scores - posterior.scores) @ np.linalg.inv(np.linalg.cholesky(posterior.covariance)).T
    assert_cells_agree(white.mean(axis=0), 0.0, len(white) ** -0.5, alpha / 3)
    assert_variances_agree(white, 1.0, alpha / 3)
    pairs = np.stack([white[:, i] + white[:, j] for i in range(SIZE) for j in range(i)], axis=1)
    assert_variances_agree(pairs, 2.0, alpha / 3)


NONE = DATA._replace(weight=np.zeros(2))
HALF = DATA._replace(weight=np.array([0.0, 1.0]))


@pytest.mark.stochastic
def test_chains_find_a_known_posterior(sampler: Sampler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both trials, with one left out, and with none, where the priors are left: all by one sampler."""
    alpha = share("test_chains_find_a_known_posterior")
    for name, data in (("both", DATA), ("one", HALF), ("none", NONE)):
        folder = tmp_path / name
        folder.mkdir()
        agrees(drawn(sampler, data, folder, monkeypatch), known(data), alpha / 3)


def test_chains_find_a_known_posterior_catches_a_trial_that_counts_although_it_was_left_out(
    sampler: Sampler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = drawn(sampler, DATA, tmp_path, monkeypatch)
    for data in (HALF, NONE):
        with pytest.raises(AssertionError, match="cells disagree"):
            agrees(scores, known(data), share("test_chains_find_a_known_posterior") / 3)


# the whole fit, with the chains one after the other in this process


@pytest.fixture
def here(sampler: Sampler, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fit of `Line`, whatever the facts: chains run here. The names of those that were begun."""
    begun: list[str] = []
    monkeypatch.setattr(whole, "PILOT", replace(SETTINGS, seed=0))

    def side_by_side(facts: Any, settings: Settings, folder: Path, frame: str, names: list[str], say: Callable[[], None]) -> None:
        monkeypatch.setattr(sampler, "settings", settings)
        for name in names:
            begun.append(name)
            sampler.run(DATA, whole._kept(folder / frame), int(name.rsplit("-", 1)[1]), folder / f"{name}.npz")
            say()

    monkeypatch.setattr(whole, "_side_by_side", side_by_side)
    monkeypatch.setattr(whole.Model, "of", lambda facts: Line())
    return begun


def test_a_fit_begins_at_the_peak_then_where_the_pilots_were(here: list[str], tmp_path: Path) -> None:
    told: list[float] = []
    found = whole.fit(None, tmp_path / "chains", SETTINGS, chains=2, told=told.append)  # type: ignore[arg-type]
    assert here == ["pilot-0", "pilot-1", "chain-0", "chain-1"]
    assert (found.scores.shape, found.log_likelihood.shape) == ((2, SETTINGS.draws, SIZE), (2, SETTINGS.draws, 2))
    assert (found.flat.shape, found.rows.shape) == ((2 * SETTINGS.draws, SIZE), (2 * SETTINGS.draws, 2))
    rows = np.stack([np.asarray(Line().unflat(jnp.asarray(one))["rows"]) for one in found.flat[:3]])
    np.testing.assert_array_equal(found.rows[:3], rows)
    assert told == sorted(told)
    assert told[-1] == 1.0
    pilots = np.concatenate([read_chain(tmp_path / "chains" / f"pilot-{number}.npz").scores for number in (0, 1)])
    frame = whole._kept(tmp_path / "chains" / whole.FRAME)
    np.testing.assert_allclose(frame.scores, pilots.mean(axis=0))
    np.testing.assert_allclose(frame.covariance, FRAME.covariance, atol=1e-6)  # a normal is curved alike everywhere


def test_a_frame_is_as_wide_as_the_mean_curvature_along_the_pilots_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    pilots = [Chain(rng.normal(size=(40, SIZE)), *[np.zeros(0)] * 3) for _ in range(2)]  # type: ignore[arg-type]
    monkeypatch.setattr(whole, "curvature", lambda both, data, at: np.diag(1 + at**2))
    frame = whole.frame_of(Line(), tmp_path, pilots)  # type: ignore[arg-type]
    drawn = np.concatenate([pilot.scores for pilot in pilots])
    some = drawn[np.linspace(0, 79, whole.CURVED).astype(int)]
    np.testing.assert_allclose(frame.scores, drawn.mean(axis=0))
    np.testing.assert_allclose(np.diag(frame.covariance), 1 / (1 + some**2).mean(axis=0))


def test_a_fit_that_is_there_is_read_and_not_made_again(here: list[str], tmp_path: Path) -> None:
    first = whole.fit(None, tmp_path, SETTINGS, chains=2)  # type: ignore[arg-type]
    times = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = whole.fit(None, tmp_path, SETTINGS, chains=2)  # type: ignore[arg-type]
    np.testing.assert_array_equal(first.scores, again.scores)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times
    with pytest.raises(BadFile, match="another run"):
        whole.fit(None, tmp_path, replace(SETTINGS, seed=9), chains=2)  # type: ignore[arg-type]
