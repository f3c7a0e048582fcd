"""From chains to a belief and its report: rows, ranges, files, and what is refused before any work is done."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from anagen.belief import Belief
from anagen.calibrate import fit as room
from anagen.calibrate.chains import Settings
from anagen.calibrate.fact import Facts
from anagen.calibrate.fit import Fit, gathered
from anagen.calibrate.ledger import ledger
from anagen.calibrate.make import KEPT_DRAWS, belief_of, calibrate
from anagen.calibrate.means import HELD, values_of
from anagen.calibrate.model import Model, unknown
from anagen.calibrate.report import inside, report, table
from anagen.evidence import Evidence
from anagen.ground.errors import BadParameter, MissingExtra
from anagen.ground.rows import priors, priors_hash

pytestmark = pytest.mark.usefixtures("quick")

SETTINGS = Settings(warmup=50, draws=300, seed=6)
CHAINS = 2


@pytest.fixture(scope="module")
def model(two: Facts) -> Model:
    return Model.of(two)


def first_row(model: Model) -> int:
    """Where the rows begin among all scores."""
    flat = np.arange(len(ravel_pytree(model.zeros())[0]))
    return int(model.unflat(flat.astype(float))["rows"][0])


@pytest.fixture(scope="module")
def made(model: Model) -> Fit:
    """A fit as chains would leave it: every score narrower than its prior and moved, the first two rows alike."""
    rng = np.random.default_rng(8)
    size = len(ravel_pytree(model.zeros())[0])
    scores = 0.3 + 0.5 * rng.normal(size=(CHAINS, SETTINGS.draws, size))
    first = first_row(model)
    scores[..., first + 1] = scores[..., first] + 0.05 * rng.normal(size=scores.shape[:2])
    shape = scores.shape[:2]
    diverging = np.zeros(shape, bool)
    diverging[0, :3] = True
    return Fit(model, SETTINGS, scores, np.zeros((*shape, 2)), diverging, np.full(shape, 7))


@pytest.fixture(scope="module")
def said(made: Fit) -> dict[str, Any]:
    return report(made)


def test_the_scores_of_the_rows_are_found_among_all(made: Fit, model: Model) -> None:
    flat = made.scores[1, 4]
    np.testing.assert_allclose(made.rows[SETTINGS.draws + 4], model.unflat(flat)["rows"])
    chains = [
        room.Chain(one, like, bad, steps)
        for one, like, bad, steps in zip(made.scores, made.log_likelihood, made.diverging, made.steps, strict=True)
    ]
    again = gathered(model, SETTINGS, chains)
    np.testing.assert_array_equal(again.scores, made.scores)
    np.testing.assert_array_equal(again.diverging, made.diverging)


def test_a_belief_has_the_calibrated_rows_each_with_its_new_range(made: Fit) -> None:
    belief = belief_of(made, "hash of the evidence")
    old = {(row.of, row.name): row for row in priors()}
    assert [(row.of, row.name) for row in belief.rows] == [*((row.of, row.name) for row in unknown()), *HELD]
    for held in belief.rows[len(unknown()) :]:
        assert (held.mark, held.spread, held.value) == ("assumed", "fixed", old[held.of, held.name].value)
        np.testing.assert_array_equal(belief.draws[held.of][held.name], np.float32(held.value))
    for place, row in enumerate(belief.rows[: len(unknown())]):
        prior, drawn = old[row.of, row.name], belief.draws[row.of][row.name]
        assert row.mark == "calibrated"
        assert row.low < row.value < row.high
        assert (row.spread, row.unit, row.source, row.who) == (prior.spread, prior.unit, prior.source, prior.who)
        assert f"prior {prior.value:g} ({prior.low:g} to {prior.high:g}), {prior.mark}" in row.notes
        assert prior.notes in row.notes
        assert drawn.shape == (CHAINS * SETTINGS.draws,)
        np.testing.assert_allclose(drawn, prior.at(made.rows[:, place]), rtol=1e-6)  # kept in single precision
        np.testing.assert_allclose(np.quantile(drawn, (0.025, 0.5, 0.975)), (row.low, row.value, row.high), rtol=1e-5, atol=1e-7)
    assert belief.evidence_hash == "hash of the evidence"
    assert belief.priors_hash == priors_hash()
    assert belief.label == "calibrated to 8 facts of 2 trials"
    assert belief.made_by == "anagen calibrate --chains 2 --warmup 50 --draws 300 --seed 6"
    assert belief.seed == 6


def test_many_draws_are_thinned_evenly(made: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anagen.calibrate.make.KEPT_DRAWS", 120)
    belief = belief_of(made, "")
    assert belief.size == 120
    row = unknown()[0]
    whole = np.asarray(row.at(made.rows[:, 0]))
    np.testing.assert_allclose(belief.draws[row.of][row.name][[0, -1]], whole[[0, -1]], rtol=1e-6)
    assert KEPT_DRAWS == 2400


def test_a_belief_is_read_back_as_it_was_and_filled_for_forecasts(made: Fit, tmp_path: Path) -> None:
    belief = belief_of(made, "hash")
    belief.save(tmp_path / "belief.npz")
    again = Belief.load(tmp_path / "belief.npz")
    assert (again.rows, again.label, again.made_by, again.evidence_hash) == (belief.rows, belief.label, belief.made_by, "hash")
    for row in belief.rows:
        np.testing.assert_array_equal(again.draws[row.of][row.name], belief.draws[row.of][row.name])
    whole = again.filled(50)
    assert {(row.of, row.name) for row in whole.rows} == {(row.of, row.name) for row in priors()}
    assert whole.row("five_ari", "shrink").mark == "calibrated"
    assert whole.row("scalp", "anagen_cv").mark != "calibrated"


def test_the_report_says_what_was_learned(said: dict[str, Any], made: Fit) -> None:
    assert (said["facts"], said["trials"], said["chains"], said["draws"], said["divergences"]) == (8, 2, CHAINS, SETTINGS.draws, 3)
    assert said["steps_per_draw"] == 7.0
    assert said["settings"] == vars(SETTINGS)
    assert json.loads(json.dumps(said)) == said
    for place, (row, told) in enumerate(zip(unknown(), said["rows"], strict=True)):
        assert told["row"] == f"{row.of}.{row.name}"
        assert told["prior"] == [row.value, row.low, row.high]
        low, middle, high = np.quantile(row.at(made.rows[:, place]), (0.025, 0.5, 0.975))
        np.testing.assert_allclose(told["posterior"], [middle, low, high], rtol=1e-3)  # of a score, or of its value: between draws
        assert told["spread_left"] == pytest.approx(made.rows[:, place].std())
        assert told["shift"] == pytest.approx(made.rows[:, place].mean())
        assert 0.99 < told["r_hat"] < 1.05
        assert 100 < told["ess"] < 1500
    assert said["r_hat_worst"] >= max(told["r_hat"] for told in said["rows"])
    assert said["ess_worst"] <= min(told["ess"] for told in said["rows"])
    assert set(said["versions"]) == {"python", "jax", "numpyro", "numpy", "scipy"}


def test_r_hat_and_ess_are_of_the_row_that_they_stand_beside(made: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = made.scores.copy()
    scores[0, :, first_row(made.model) + 5] += 3.0  # the chains disagree about one row
    monkeypatch.setattr("anagen.calibrate.report._checks", lambda fit: [])
    told = report(Fit(made.model, made.settings, scores, made.log_likelihood, made.diverging, made.steps))
    far = [row["row"] for row in told["rows"] if row["r_hat"] > 1.2]
    assert far == [f"{unknown()[5].of}.{unknown()[5].name}"]
    assert told["r_hat_worst"] > 1.2


def test_rows_that_the_evidence_does_not_tell_apart_are_named(said: dict[str, Any]) -> None:
    [pair] = said["not_told_apart"]
    assert pair["rows"] == [f"{row.of}.{row.name}" for row in unknown()[:2]]
    assert pair["correlation"] > 0.9


def test_each_number_stands_beside_what_the_model_would_have_measured(said: dict[str, Any], made: Fit, told: Callable[..., Any]) -> None:
    checks, facts = said["checks"], made.model.facts.facts
    assert [tuple(check["rows"]) for check in checks] == [fact.rows for fact in facts if not fact.said]
    for check, fact in zip(checks, facts, strict=False):
        assert (check["arm"], check["control"], check["output"], check["week"], check["kind"]) == (
            fact.arm,
            fact.control,
            fact.output,
            fact.week,
            fact.kind,
        )
        assert (check["observed"], check["se_read"]) == (fact.value, fact.se is not None)
        assert check["q2.5"] < check["q10"] < check["q50"] < check["q90"] < check["q97.5"]
    # the middle draw's own mean and spread lie in the middle of what all draws say
    each = []
    for flat in made.flat[:: len(made.flat) // 40]:
        scores = made.model.unflat(flat)
        found = told(scores)
        trial = values_of(scores["rows"])["trial"]
        each.append([np.asarray(found.mean)[:5], np.asarray(made.model.spread(_cut(found), trial))[:5]])
    mean, sd = np.array(each).transpose(1, 0, 2)
    whole = np.sqrt(mean.var(axis=0) + (sd**2).mean(axis=0))
    for place, check in enumerate(checks):
        # forty draws leave a sixth of a standard deviation of doubt in a mean
        assert check["q50"] == pytest.approx(mean[:, place].mean(), abs=0.6 * whole[place])
        assert (check["q97.5"] - check["q2.5"]) / (2 * 1.96) == pytest.approx(whole[place], rel=0.4)


def _cut(told: Any) -> Any:
    """Without the level that `told` has last."""
    return told._replace(mean=told.mean[:-1], scale=told.scale[:-1], se=told.se[:-1], level=told.level[:-1])


def test_the_report_as_a_page(said: dict[str, Any]) -> None:
    page = table(said)
    assert "8 facts of 2 trials; 2 chains of 300 draws" in page
    assert "3 divergences" in page
    assert page.count("\n| ") == len(unknown()) + 2
    checks = [{"q10": 0, "q90": 2, "observed": value} for value in (1, 0, 3, 2)]
    assert inside(checks, "q10", "q90") == 0.75
    pair = " and ".join(f"{row.of}.{row.name}" for row in unknown()[:2])
    assert pair in page
    assert "no pair" in table({**said, "not_told_apart": []})


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, two: Facts, made: Fit) -> list[Any]:
    """`calibrate` with chains that are there already; what they were asked for."""
    asked: list[Any] = []

    def fit(facts: Facts, folder: Path, settings: Any, chains: int, told: Any) -> Fit:
        asked.append((facts, folder, settings, chains, told))
        return made

    monkeypatch.setattr("anagen.calibrate.make.facts_of", lambda *_: two)
    monkeypatch.setattr(room, "fit", fit)
    return asked


def test_one_call_writes_the_belief_its_report_and_its_facts(
    small: list[Any], tmp_path: Path, two: Facts, made: Fit, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(share: float) -> None: ...

    monkeypatch.setattr("anagen.calibrate.report.report", lambda fit: said if fit is made else None)  # made once for all tests
    belief = calibrate(Evidence.shipped(), tmp_path, SETTINGS, 3, told)
    assert small == [(two, tmp_path / "chains", SETTINGS, 3, told)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["belief.npz", "facts.csv", "report.json", "report.md"]
    again = Belief.load(tmp_path / "belief.npz")
    assert again.rows == belief.rows
    assert again.evidence_hash == Evidence.shipped().hash
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == said
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == table(said) + "\n"
    assert (tmp_path / "facts.csv").read_text(encoding="utf-8") == ledger(two)


@pytest.mark.parametrize("chains", [1, 0, -2])
def test_one_chain_is_too_few(chains: int, small: list[Any], tmp_path: Path) -> None:
    with pytest.raises(BadParameter, match=f"chains is {chains}; allowed: at least 2"):
        calibrate(Evidence.shipped(), tmp_path / "new", chains=chains)
    assert not (tmp_path / "new").exists()
    assert small == []


@pytest.mark.parametrize("missing", ["jax", "numpyro"])
def test_without_the_extra_it_says_how_to_get_it(missing: str, small: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingExtra, match=rf"this needs {missing}, .* pip install 'anagen\[calibrate\]'"):
        calibrate(Evidence.shipped(), tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert small == []
