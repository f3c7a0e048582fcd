"""The human scalp under treatment: an open, evidence-calibrated simulator and a decision aid built on it.

Names load when they are first used, so `import anagen` is cheap.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_ROOMS = {
    "AnagenError": "anagen.ground.errors",
    "BadInput": "anagen.ground.errors",
    "Belief": "anagen.belief",
    "Cycle": "anagen.scalp.law",
    "Person": "anagen.people.person",
    "Phototrichogram": "anagen.scalp.phototrichogram",
    "Plan": "anagen.plan",
    "Procedure": "anagen.procedure",
    "Protocol": "anagen.therapy.protocol",
    "Step": "anagen.plan",
    "Tempo": "anagen.scalp.tempo",
    "Transfer": "anagen.scalp.tempo",
    "Use": "anagen.treatments",
    "carry_out": "anagen.procedure",
    "combine": "anagen.scalp.tempo",
    "compare": "anagen.compare",
    "expect": "anagen.scalp.expect",
    "forecast": "anagen.forecast",
    "healthy": "anagen.scalp.law",
    "read_person": "anagen.people.person",
    "read_protocol": "anagen.therapy.protocol",
    "sample": "anagen.scalp.sample",
    "spread": "anagen.scalp.spread",
    "treatment": "anagen.treatments",
}

if TYPE_CHECKING:
    from anagen.belief import Belief
    from anagen.compare import compare
    from anagen.forecast import forecast
    from anagen.ground.errors import AnagenError, BadInput
    from anagen.people.person import Person, read_person
    from anagen.plan import Plan, Step
    from anagen.procedure import Procedure, carry_out
    from anagen.scalp.expect import expect
    from anagen.scalp.law import Cycle, healthy
    from anagen.scalp.phototrichogram import Phototrichogram
    from anagen.scalp.sample import sample
    from anagen.scalp.spread import spread
    from anagen.scalp.tempo import Tempo, Transfer, combine
    from anagen.therapy.protocol import Protocol, read_protocol
    from anagen.treatments import Use, treatment


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'anagen' has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_ROOMS[name]), name)
    return found


class _Package(ModuleType):
    """Keeps a public name when a submodule of the same name (`compare`, `forecast`) is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _ROOMS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "AnagenError",
    "BadInput",
    "Belief",
    "Cycle",
    "Person",
    "Phototrichogram",
    "Plan",
    "Procedure",
    "Protocol",
    "Step",
    "Tempo",
    "Transfer",
    "Use",
    "carry_out",
    "combine",
    "compare",
    "expect",
    "forecast",
    "healthy",
    "read_person",
    "read_protocol",
    "sample",
    "spread",
    "treatment",
]
