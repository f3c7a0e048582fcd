"""Predictions of trials not seen: nothing after treatment is looked at, a level before it is, and each is the model's own word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from calibrate.conftest import with_level

from anagen.belief import Belief, calibrated
from anagen.calibrate import predict as room
from anagen.calibrate.fact import Facts
from anagen.calibrate.means import Told
from anagen.calibrate.model import Model, unknown, values_of
from anagen.calibrate.predict import CANDIDATES, DRAWS, Expected, predict, scores_of, shipped_rows

pytestmark = pytest.mark.usefixtures("quick")

COUNT, SEED = 40, 4
ROWS = 0.5 * np.random.default_rng(0).normal(size=(COUNT, len(unknown())))


@pytest.fixture(scope="module", autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is compiled is kept, so that the same program is compiled once, whoever asks."""
    from jax.experimental.compilation_cache import compilation_cache

    folder = tmp_path_factory.mktemp("compiled")
    before = {name: getattr(jax.config, name) for name in ("jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")}
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    compilation_cache.reset_cache()
    yield folder
    for name, value in before.items():
        jax.config.update(name, value)
    compilation_cache.reset_cache()


@pytest.fixture(scope="module")
def facts(two: Facts) -> Facts:
    return with_level(two)


@pytest.fixture(scope="module")
def expected(facts: Facts) -> Expected:
    return Expected(facts, ROWS, SEED)


@pytest.fixture(scope="module")
def thin(facts: Facts) -> Expected:
    """What is expected where far less hair was counted before treatment than in any trial."""
    return Expected(replace(facts, baselines=(replace(facts.baselines[0], value=40.0),)), ROWS, SEED)


def arrays(found: Expected) -> Any:
    return np.stack([found.mean, found.sd, found.se])


def test_no_value_after_treatment_is_looked_at(facts: Facts, expected: Expected) -> None:
    moved = tuple(replace(fact, value=fact.value + 1000.0) for fact in facts.facts)
    spreads = tuple(replace(one, sd=10 * one.sd) for one in facts.spreads)
    blind = Expected(replace(facts, facts=moved, spreads=spreads), ROWS, SEED)
    np.testing.assert_array_equal(arrays(blind), arrays(expected))


def test_the_level_before_treatment_is(expected: Expected, thin: Expected) -> None:
    level = -1  # the last fact
    assert (thin.mean[:, level] <= expected.mean[:, level] + 1e-9).mean() > 0.5
    assert np.median(thin.mean[:, level]) < 0.9 * np.median(expected.mean[:, level])
    other = [place for place, fact in enumerate(expected.model.facts.facts) if fact.study == "weak"]
    np.testing.assert_allclose(arrays(thin)[..., other], arrays(expected)[..., other], rtol=1e-6)  # of that trial alone


def test_what_is_expected_is_what_the_model_says_of_the_candidates_that_fit(
    facts: Facts, expected: Expected, thin: Expected, told: Callable[..., Told]
) -> None:
    model = Model.of(facts)
    latents = jax.random.normal(jax.random.PRNGKey(SEED), (COUNT, CANDIDATES, 3, 2))
    picked = []
    for draw in range(5):
        trial = values_of(ROWS[draw])["trial"]
        each = [told({"rows": jnp.asarray(ROWS[draw]), "years": a, "density": b, "spread": c}) for a, b, c in latents[draw]]
        all_of = np.stack([np.stack([one.mean, model.spread(one, trial), one.se]) for one in each])  # (candidates, 3, facts)
        fits = np.array([float(one.before[0]) for one in each])
        for found in (expected, thin):
            for place, name in enumerate(model.trials):
                own = model.trial == place
                off = np.abs(all_of[:, :, own] / arrays(found)[:, draw][:, own] - 1).max(axis=(1, 2))
                assert off.min() < 1e-3  # one of them, for all facts of the trial; lanes in single precision
                if found is thin and name == "sound":
                    picked.append(int(off.argmin()) == int(fits.argmin()))
    assert all(picked)  # far from all candidates, the nearest is left


def test_a_seed_gives_the_same_and_another_another(facts: Facts, expected: Expected) -> None:
    np.testing.assert_array_equal(arrays(Expected(facts, ROWS, SEED)), arrays(expected))
    assert (arrays(Expected(facts, ROWS, SEED + 1))[0] != arrays(expected)[0]).any()


def test_every_fact_has_a_prediction_of_its_own(facts: Facts, expected: Expected) -> None:
    found = expected.predictions()
    assert [one.rows for one in found] == [fact.rows for fact in facts.facts]
    assert [(one.trial, one.treatment, one.said) for one in found[:1] + found[2:5] + found[5:6]] == [
        ("sound", "finasteride", ""),
        ("sound", "nothing", ""),
        ("sound", "finasteride", ""),
        ("weak", "minoxidil_topical", ""),
        ("weak", "minoxidil_topical", "significant"),
    ]
    for place, one in enumerate(found):
        np.testing.assert_array_equal(one.mean, expected.mean[:, place])
        np.testing.assert_array_equal(one.sd, expected.sd[:, place])
        np.testing.assert_array_equal(one.se, expected.se[:, place])
        np.testing.assert_allclose(one.weight, 1 / COUNT)
    assert (expected.sd > expected.se).all()


def test_draws_may_count_unlike_for_one_trial(expected: Expected) -> None:
    weights = np.arange(1.0, COUNT + 1)
    for one in expected.predictions({"sound": weights}):
        np.testing.assert_allclose(one.weight, weights / weights.sum() if one.trial == "sound" else 1 / COUNT)


def test_many_draws_are_thinned_evenly(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Asked:
        def __init__(self, facts: Facts, rows: Any, seed: int) -> None:
            asked.append((rows, seed))

        def predictions(self) -> list[Any]:
            return []

    monkeypatch.setattr(room, "Expected", Asked)
    many = np.arange(4.0 * DRAWS)[:, None]
    predict(facts, many, 7)
    predict(facts, many[:DRAWS], 7)
    (thinned, seed), (whole, _) = asked
    assert (thinned.shape, seed) == ((DRAWS, 1), 7)
    assert (thinned[0], thinned[-1]) == (0, 4 * DRAWS - 1)
    assert set(np.diff(thinned[:, 0])) <= {3.0, 4.0, 5.0}
    np.testing.assert_array_equal(whole, many[:DRAWS])


def test_scores_are_read_back_from_a_belief() -> None:
    scores = np.random.default_rng(1).normal(size=(50, len(unknown())))
    draws: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(unknown()):
        draws.setdefault(row.of, {})[row.name] = np.asarray(row.at(scores[:, place]))
    found = scores_of(Belief("made up", 0, draws, unknown(), ""))
    np.testing.assert_allclose(found, scores, rtol=1e-9, atol=1e-9)


def test_the_shipped_posterior_is_that_of_the_shipped_belief() -> None:
    found, belief = shipped_rows(), calibrated()
    assert found.shape == (belief.size, len(unknown()))
    for place, row in enumerate(unknown()):
        np.testing.assert_allclose(row.at(found[:, place]), belief.values(row.of)[row.name], rtol=1e-6)
    assert np.abs(found.mean(axis=0)).max() < 4  # within its priors
    assert found.std(axis=0).max() < 1.5
