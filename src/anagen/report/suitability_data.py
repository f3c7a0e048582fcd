"""Suitability as data for a program: the gate, the signs, and every option with its verdict, reasons and trials."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen.suitability import PRECEDENCE

if TYPE_CHECKING:
    from anagen.suitability import OptionVerdict, Suitability

Data = dict[str, Any]


def suitability(found: Suitability) -> Data:
    """All of it. `precedence` has the verdicts, the strictest first: an option has the strictest of its reasons."""
    return {
        "person": found.person,
        "numbers": {"given": found.refused is None, "why_not": found.refused},
        "signs_asked": found.signs_asked,
        "signs": [sign(each) for each in found.signs],
        "signs_to_ask": [sign(each) for each in found.to_ask],
        "missing": [asdict(each) for each in found.missing],
        "read_as": [{"word": word, "says": says} for word, says in found.read_as],
        "not_recognised": [{"word": word, "nearest": near or None} for word, near in found.unknown],
        "precedence": list(PRECEDENCE),
        "options": [option(each) for each in found.options],
    }


def sign(one: Any) -> Data:
    """One sign: its word, question, what to think of, what to do, whom to see, how urgently, and its source."""
    return asdict(one) | {"sets": list(one.sets), "quote": one.quote or None, "sex": one.sex or None}


def option(one: OptionVerdict) -> Data:
    """One option: its verdict, each reason with its source, and each trial it was compared with."""
    return {
        "option": one.option,
        "title": one.title,
        "verdict": one.verdict,
        "reasons": [{name: value or None for name, value in asdict(reason).items()} for reason in one.reasons],
        "who_was_in": one.who,
        "trials": [asdict(each) | {"sexes": list(each.sexes), "misses": list(each.misses)} for each in one.trials],
    }
