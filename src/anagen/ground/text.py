"""Words that others wrote, made fit to print, and found again where they are misspelt."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable

MOST_SHOWN = 60
ALIKE, ALIKE_INSIDE, BEHIND = 0.65, 0.75, 0.1
"""How alike two words are, from 0 to 1, for one to be meant by the other: with the same first letter, and without;
and how far behind the nearest another is still near."""


def clean(text: str) -> str:
    """A text on one line without letters that do not print: no code reaches a terminal, no mark turns the writing round.

    >>> clean(chr(27) + "[31m A\\n\\tB " + chr(0x202E) + "C")
    '[31m A B C'
    """
    return " ".join("".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text).split())


def short(value: object) -> str:
    """A value as a person may have written it, at most 60 letters of it.

    >>> short("a" * 100), short([True, 3]), short({"x": 1})
    ("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...", '[true, 3]', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        shown = f"[{', '.join('a list' if isinstance(one, list | tuple) else short(one) for one in value[:MOST_SHOWN])}]"
    elif isinstance(value, bool):
        shown = str(value).lower()
    else:
        shown = value.isoformat() if isinstance(value, datetime.date | datetime.time) else _repr(value)
    return shown if len(shown) <= MOST_SHOWN else shown[: MOST_SHOWN - 3] + "..."


def _repr(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # Python writes no number of thousands of digits
        return "a number of thousands of digits"


def near_ones(word: str, known: Iterable[str], most: int) -> list[str]:
    """The known words most like a word, the nearest first; none where nothing is alike.

    Two words are as alike as the letters they share, or as the word and the beginning of a longer one that starts with the same letter.

    >>> near_ones("agee", ["stage", "age_years"], 2), near_ones("propecia", ["prp"], 1)
    (['age_years'], [])
    """
    word, scored = word.lower()[:MOST_SHOWN], []
    alike = difflib.SequenceMatcher(None, "", word)
    for one in dict.fromkeys(known):
        plain = one.lower()
        same = bool(word) and plain[:1] == word[:1]
        alike.set_seq1(plain)
        whole = best = alike.ratio()
        if same and 2 < len(word) < len(plain):
            alike.set_seq1(plain[: len(word)])
            start = alike.ratio()
            best = max(whole, start if start >= ALIKE_INSIDE else 0.0)
        if best >= (ALIKE if same else ALIKE_INSIDE):
            scored.append((-best, -whole, one))
    scored.sort()
    return [one for best, _, one in scored[:most] if best <= scored[0][0] + BEHIND]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like a word, if one is like it.

    >>> nearest("finastride", ["finasteride", "minoxidil"]), nearest("svg", ["svf", "prp"]), nearest("crown", ["frontal"])
    ('finasteride', 'svf', None)
    """
    return next(iter(near_ones(word, known, 1)), None)
