"""Data as the model would make them: for checks whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from anagen.calibrate.model import Data, Model, values_of
from anagen.ground.errors import BadParameter


def simulated(model: Model, scores: Any, seed: int) -> Data:
    """Numbers, exact p values, levels before treatment and spreads drawn from the model at some scores, every trial with weight 1.

    scores: of `Model.zeros`' form. Raises `BadParameter` for a model with statements that are no number: significant or not is
    a part of the model, not of the data.
    """
    if any(fact.said not in ("", "z") for fact in model.facts.facts):
        raise BadParameter("model", "holds statements that are no number", "facts with numbers or exact p values")
    rng = np.random.default_rng(seed)
    values = values_of(scores["rows"])
    told, trial = model.told(scores, values), values["trial"]
    value = np.array([fact.value for fact in model.facts.facts])
    for group, covariance in zip(model.numbers, np.asarray(model.covariance(told, trial)), strict=True):
        own = group[group >= 0]
        if not len(own):
            continue  # a trial of statements only
        value[own] = rng.multivariate_normal(np.asarray(told.mean)[own], covariance[: len(own), : len(own)])
    effect = np.sqrt(np.maximum(np.asarray(model.spread(told, trial)) ** 2 - np.asarray(told.se) ** 2, 0))
    for group in model.said:
        own, shared = list(group), rng.standard_normal()
        value[own] = ((np.asarray(told.mean) + effect * shared) / np.asarray(told.se))[own] + rng.standard_normal(len(own))
    before = np.asarray(told.before) * np.exp(trial["baseline_error"] * rng.standard_normal(len(told.before)))
    middle, error = model.spreads_told(scores, values, told)
    spread = np.array([one.sd for one in model.facts.spreads])
    if len(middle):
        which = np.array([index for index, _, _, _ in model.spread_facts()])
        spread[which] = np.exp(np.asarray(middle) + np.asarray(error) * rng.standard_normal(len(middle)))
    return Data(value, before, spread, np.ones(len(model.trials)))
