"""How well a calibration went: what the chains say of themselves, what was learned, and what the model says of its own facts."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.calibrate.fit import Fit
from anagen.calibrate.model import unknown

Array = npt.NDArray[np.floating[Any]]
TWINS = 0.9
"""Two rows whose posterior correlation is beyond this are not told apart by the evidence."""


def report(fit: Fit) -> dict[str, Any]:
    """Everything that the calibration report says, ready for JSON."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    rhat, ess = split_gelman_rubin(fit.scores), effective_sample_size(fit.scores)
    names = _names(fit)
    rows = unknown()
    scores = fit.rows
    lows, middles, highs = np.quantile(scores, (0.025, 0.5, 0.975), axis=0)
    at = {name: index for index, name in enumerate(names)}
    learned = [
        {
            "row": f"{row.of}.{row.name}",
            "unit": row.unit,
            "prior": [row.value, row.low, row.high],
            "posterior": [float(row.at(score)) for score in (middles[i], lows[i], highs[i])],
            "spread_left": float(scores[:, i].std()),
            "shift": float(scores[:, i].mean()),
            "r_hat": float(rhat[at[f"rows.{i}"]]),
            "ess": float(ess[at[f"rows.{i}"]]),
        }
        for i, row in enumerate(rows)
    ]
    return {
        "facts": len(fit.model.facts.facts),
        "trials": len(fit.model.trials),
        "chains": fit.scores.shape[0],
        "draws": fit.scores.shape[1],
        "settings": vars(fit.settings),
        "r_hat_worst": float(rhat.max()),
        "ess_worst": float(ess.min()),
        "divergences": int(fit.diverging.sum()),
        "steps_per_draw": float(fit.steps.mean()),
        "rows": learned,
        "not_told_apart": _twins(scores),
        "checks": _checks(fit),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """What it ran on."""
    from importlib.metadata import version

    return {"python": platform.python_version(), **{name: version(name) for name in ("jax", "numpyro", "numpy", "scipy")}}


def _names(fit: Fit) -> list[str]:
    """A name for every flat score."""
    sizes = {name: len(value) for name, value in sorted(fit.model.zeros().items())}
    return [f"{name}.{index}" for name, size in sizes.items() for index in range(size)]


def _twins(scores: Array) -> list[dict[str, Any]]:
    rows = unknown()
    found = []
    correlation: Any = np.corrcoef(scores.T)
    for i, j in zip(*np.triu_indices(len(rows), 1), strict=True):
        if abs(correlation[i, j]) > TWINS:
            pair = [f"{rows[k].of}.{rows[k].name}" for k in (i, j)]
            found.append({"rows": pair, "correlation": float(correlation[i, j])})
    return found


def _checks(fit: Fit, draws: int = 300) -> list[dict[str, Any]]:
    """Every number beside what the fitted model would have measured in the same trial: its 80 and 95 % intervals."""
    import jax

    model = fit.model
    pick = np.linspace(0, len(fit.flat) - 1, draws).astype(int)

    def one(flat: Any) -> Any:
        from anagen.calibrate.model import values_of

        scores = model.unflat(flat)
        values = values_of(scores["rows"])
        told = model.told(scores, values)
        return told.mean, model.covariance(told, values["trial"])

    mean, covariance = (np.asarray(part) for part in jax.jit(lambda x: jax.lax.map(one, x, batch_size=25))(fit.flat[pick]))
    rng = np.random.default_rng(fit.settings.seed)
    found = []
    for trial, group in enumerate(model.numbers):
        for place, index in enumerate(group):
            if index < 0:
                continue
            spread = np.sqrt(covariance[:, trial, place, place])
            drawn = mean[:, index, None] + spread[:, None] * rng.standard_normal((draws, 20))
            fact = model.facts.facts[index]
            found.append(
                {
                    "trial": model.trials[trial],
                    "rows": list(fact.rows),
                    "arm": fact.arm,
                    "control": fact.control,
                    "output": fact.output,
                    "week": fact.week,
                    "kind": fact.kind,
                    "observed": fact.value,
                    "se_read": fact.se is not None,
                    **{f"q{share:g}": float(np.quantile(drawn, share / 100)) for share in (2.5, 10, 50, 90, 97.5)},
                }
            )
    return found


def inside(checks: list[Mapping[str, Any]], low: str, high: str) -> float:
    """The share of observed numbers that lie inside an interval of the model's."""
    return float(np.mean([check[low] <= check["observed"] <= check[high] for check in checks]))


def table(found: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    checks = found["checks"]
    share_80, share_95 = (100 * inside(checks, *ends) for ends in (("q10", "q90"), ("q2.5", "q97.5")))
    lines = [
        f"{found['facts']} facts of {found['trials']} trials; {found['chains']} chains of {found['draws']} draws after warm-up. Worst "
        f"R-hat {found['r_hat_worst']:.4f}, smallest effective sample size {found['ess_worst']:.0f}, {found['divergences']} divergences.",
        "",
        f"Of {len(checks)} numbers, {share_80:.0f} % lie in the 80 % and {share_95:.0f} % in the 95 % interval of what the fitted model "
        "would have measured in the same trial.",
        "",
        "| row | unit | prior | posterior | spread left, % | R-hat | ESS |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in found["rows"]:
        (p, pl, ph), (q, ql, qh) = row["prior"], row["posterior"]
        lines.append(
            f"| {row['row']} | {row['unit']} | {p:.3g} ({pl:.3g} to {ph:.3g}) | {q:.3g} ({ql:.3g} to {qh:.3g}) | "
            f"{100 * row['spread_left']:.0f} | {row['r_hat']:.3f} | {row['ess']:.0f} |"
        )
    pairs = "; ".join(f"{' and '.join(one['rows'])} ({one['correlation']:.2f})" for one in found["not_told_apart"])
    return "\n".join([*lines, "", f"Not told apart by the evidence (posterior correlation beyond 0.9): {pairs or 'no pair'}."])
