"""An offer, judged, as data, for `--json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen import __version__
from anagen.clinic.check import NOT_LEGAL
from anagen.ground.text import clean

if TYPE_CHECKING:
    from anagen.clinic.check import Finding, Findings
    from anagen.clinic.compare import Line, SideBySide


def check(found: Findings) -> dict[str, Any]:
    """The findings with the worst first, the path with its sources, and the questions. Days are as 2026-11-24."""
    return {"kind": "clinic_check", "anagen": __version__, "not_a_device": NOT_LEGAL, **_one(found)}


def compare(found: SideBySide) -> dict[str, Any]:
    """The rows side by side, and each offer in full."""
    return {
        "kind": "clinic_compare",
        "anagen": __version__,
        "not_a_device": NOT_LEGAL,
        "clinics": [clean(one.offer.clinic) for one in found.found],
        "facts": [_line(line) for line in found.facts],
        "rules": [_line(line) for line in found.rules],
        "offers": [_one(one) for one in found.found],
    }


def _one(found: Findings) -> dict[str, Any]:
    return {
        "clinic": clean(found.offer.clinic),
        "jurisdiction": found.offer.jurisdiction,
        "treatment": found.offer.treatment,
        "today": str(found.today),
        "summary": found.summary,
        "place_known": found.place_known,
        "findings": [_finding(one) for one in found.findings],
        "good_to_know": [_finding(one) for one in found.told],
        "path": {
            "known": found.path.known,
            "steps": [asdict(step) | {"sources": list(step.sources)} for step in found.path.steps],
            "ends": [asdict(end) | {"rules": list(end.rules)} for end in found.path.ends],
        },
        "questions": [asdict(one) | {"rules": list(one.rules)} for one in found.questions],
        "claims": [{"claim": one.claim, "sentence": clean(one.sentence), "language": one.language} for one in found.claims],
    }


def _finding(one: Finding) -> dict[str, Any]:
    rule = None
    if one.rule is not None:
        rule = {
            "rule_id": one.rule.rule_id,
            "places": list(one.rule.places),
            "as_of": one.rule.as_of,
            "plain": asdict(one.rule.plain),
            "about": one.rule.about,
            "why": one.rule.why,
            "how_to_check": one.rule.how_to_check,
            "source": one.rule.source,
            "url": one.rule.url,
            "quote": one.rule.quote,
        }
    because = [{"kind": each.kind, "name": each.name, "says": each.says, "words": list(each.words)} for each in one.because]
    return {"verdict": one.verdict, "heading": one.heading, "about": one.about, "because": because, "rule": rule, "age": one.age or None}


def _line(line: Line) -> dict[str, Any]:
    return {"title": line.title, "rule_id": line.rule_id or None, "cells": [clean(cell) for cell in line.cells]}
