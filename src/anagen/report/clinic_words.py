"""The words of an offer's findings, for the terminal and the page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.clinic.check import Because, Finding

TITLES = {
    "red_flag": "What is wrong: signs to stop at",
    "missing": "What is missing: it must be shown, and was not",
    "caution": "Take care",
    "not known": "Not known: look it up, or ask",
    "ok": "Was shown. That is not yet proof: check it",
}
CELLS = {"red_flag": "stop", "missing": "missing", "caution": "take care", "not known": "look it up", "ok": "shown, not proven"}
"""A verdict in a cell of a table."""
MARKS = {"claim": "The advert says", "fact": "The offer says", "not shown": "In the offer"}
PATH = "How the law looks at this product, step by step"
ASSUMED = "our reading: no source says it in so many words"
QUESTIONS = "What to ask next"
TOLD = "Good to know"
RULES = "Each rule has its source and its day. Law changes: ask if it still holds."
SAME_ROWS = "The same rows for each offer, in the order in which they were given. Nothing is ranked."
READ = "What was read: the advert and the facts in the file. What is not in it counts as not shown."


def because(one: Because) -> str:
    """What a finding stands on, in one line."""
    told = f"{MARKS[one.kind]}: {'; '.join(one.words)}" if one.words else ""
    return " ".join(_ended(part) for part in (one.says, told) if part)


def _ended(text: str) -> str:
    return text if text.rstrip('"').endswith((".", "?", "!")) else f"{text}."


def source(one: Finding) -> str:
    """Where a rule is from, and as of when."""
    return "" if one.rule is None else f"{one.rule.source} (as of {one.rule.as_of}; rule {one.rule.rule_id})"


def names(sources: tuple[str, ...]) -> str:
    """The rules, or the sections of the page on vetting, that a step stands on."""
    return ", ".join(sources)
