"""What the tests of the statistical model share: two small trials, their model, and what is compiled of it, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from evidence.made_up import together, trial

from anagen.calibrate.fact import Facts
from anagen.calibrate.facts import facts_of

Compiled = Callable[..., Any]


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Programs run once or twice are compiled without most optimisations: the same program, sooner there."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


@pytest.fixture(scope="session")
def two() -> Facts:
    """A sound trial of finasteride in men, with a level before, an SD and a difference; a weak one of minoxidil in women, in words too."""
    sound = trial(
        "sound",
        [
            {"arm_id": "drug", "mean": 190.0, "value_kind": "absolute", "time_weeks": 0.0},
            {"arm_id": "drug", "mean": 9.0, "se": 2.5, "time_weeks": 24.0},
            {"arm_id": "drug", "mean": 6.0, "time_weeks": 12.0, "sd": 15.0},
            {"arm_id": "placebo", "mean": -2.0, "time_weeks": 12.0},
            {"arm_id": "drug", "mean": 5.0, "time_weeks": 12.0, "value_kind": "difference", "p_compared_with": "placebo"}
            | {"outcome": "terminal_hair_density", "se": 3.0},
        ],
        {
            "drug": {"n": 40, "route": "oral"},
            "placebo": {"n": 60, "role": "placebo", "intervention": "placebo", "route": "oral"},
        },
    )
    said = {"arm_id": "foam", "value_kind": "change", "use": False, "use_reason": "no_number", "p_compared_with": "baseline"}
    weak = trial(
        "weak",
        [
            {"arm_id": "foam", "mean": 11.0, "unit": "percent", "value_kind": "percent_change", "time_weeks": 18.0},
            {**said, "time_weeks": 12.0, "p_value": "significant"},
            {**said, "time_weeks": 24.0, "p_value": "not_significant"},
            {**said, "time_weeks": 24.0, "outcome": "hair_diameter", "p_value": "0.03"},
        ],
        {"foam": {"n": 25, "intervention": "minoxidil_topical_5", "route": "topical"}},
        condition="aga_female",
        risk_of_bias="high",
    )
    base = together(sound, weak)
    return facts_of(base.studies, base.arms, base.outcomes)


@pytest.fixture(scope="session")
def told(two: Facts) -> Compiled:
    """Scores -> what the model of both trials expects; compiled once. One fact more, last: the drug's level at 24 weeks."""
    import jax

    from anagen.calibrate.model import Model, values_of

    model = Model.of(with_level(two))
    return jax.jit(lambda scores: model.told(scores, values_of(scores["rows"])))


@pytest.fixture(scope="session")
def both(two: Facts) -> Compiled:
    """The negative log joint density of both trials and its gradient; compiled once."""
    from anagen.calibrate.model import Model
    from anagen.calibrate.posterior import slopes

    return slopes(Model.of(two))


@pytest.fixture(scope="session")
def likely(two: Facts) -> Compiled:
    """Scores -> the log likelihood of each of both trials; compiled once."""
    import jax

    from anagen.calibrate.model import Model

    model = Model.of(two)
    return jax.jit(lambda scores: model.log_likelihood(scores, model.data()))


def with_level(facts: Facts) -> Facts:
    """The same, and the level that the drug of the sound trial reached."""
    first = facts.facts[0]
    return replace(facts, facts=(*facts.facts, replace(first, rows=("level",), kind="level", value=199.0, se=None)))
