"""Reviews whose own words say that something was given for them, or that the clinic asked: phrases of `data/clinic/review_words.csv`.

English, Spanish and German. A phrase is words with a blank between them: `a|b` is either, `word*` begins so, `~` is up to five words
of the same sentence. A word of denial in the phrase, or among the four words before it in its clause, takes it away.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anagen.ground.errors import BadEvidence

KINDS = ("incentive", "prompted", "negation", "ignored")
LANGUAGES = ("en", "es", "de")
BEFORE = 4
"""So many words before a phrase are searched for a denial."""
STEMS = (
    *("review", "feedback", "testimonial", "stars", "rating", "rate ", "exchange", "return", "google", "link", "code"),
    *("rese", "opini", "comentario", "valor", "estrella", "cambio", "bewert", "rezension", "stern"),
)
"""Every phrase of the two kinds needs a word with one of these in it, so that a text without them is passed over fast."""
_WORD = re.compile(r"\w+|[.!?;:,\n]")
_GAP = r"(?: (?:\w+|,)){0,5}?"
_LATIN = re.compile(r"[a-z0-9]+\*?")


@dataclass(frozen=True)
class Phrase:
    """One row of the table. `kind`: of `KINDS`; `source`: the vetting rule it serves, or none; `mark`: assumed, where we chose it."""

    kind: str
    language: str
    phrase: str
    source: str
    mark: str

    @property
    def pattern(self) -> str:
        """The phrase as a regular expression over text as `flat` makes it."""
        parts = []
        for word in self.phrase.split(" "):
            if word == "~":
                parts.append(_GAP)
                continue
            either = "|".join(one.replace("*", r"\w*") for one in word.split("|"))
            parts.append(f" (?:{either})(?!\\w)")
        return "".join(parts)


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase, in file order. Raises `BadEvidence` naming the line of a row that is no such thing.

    >>> sorted({one.language for one in phrases()})
    ['de', 'en', 'es']
    """
    text = (files("anagen") / "data" / "clinic" / "review_words.csv").read_text(encoding="utf-8")
    found: list[Phrase] = []
    for line, cells in enumerate(csv.DictReader(text.splitlines()), 2):
        try:
            one = Phrase(**cells)
        except TypeError:
            raise BadEvidence(f"review_words.csv line {line}: needs kind, language, phrase, source, mark") from None
        words = [part for word in one.phrase.split(" ") for part in word.split("|") if word != "~"]
        if one.kind not in KINDS or one.language not in LANGUAGES or not all(_LATIN.fullmatch(word) for word in words):
            raise BadEvidence(f"review_words.csv line {line}: {one.phrase!r} is no phrase of a known kind and language")
        found.append(one)
    return tuple(found)


def said(text: str) -> frozenset[str]:
    """Which of `incentive` and `prompted` the words of one text tell of.

    >>> sorted(said("They gave me a discount for this review")), sorted(said("Nobody asked me to write a review"))
    (['incentive'], [])
    """
    low = text.lower()
    if not any(stem in low for stem in STEMS):
        return frozenset()
    words = flat(text)
    return frozenset(kind for kind in KINDS[:2] if any(_stands(words, found) for found in _finder(kind).finditer(words)))


def flat(text: str) -> str:
    """Lower case, no accents, one blank before each word and each mark that ends a clause.

    >>> flat("Mir wurde ein Gutschein für 5 % angeboten!")
    ' mir wurde ein gutschein fur 5 angeboten !'
    """
    low = text.lower()
    if not low.isascii():
        spread = unicodedata.normalize("NFKD", low.replace("ß", "ss"))
        low = "".join(sign for sign in spread if not unicodedata.combining(sign))
    words = " " + " ".join(_WORD.findall(low.replace("'", "").replace("’", ""))).replace("\n", ".")
    return _finder("ignored").sub(" ", words)


def _stands(words: str, found: re.Match[str]) -> bool:
    """Is a phrase meant as it stands? Not if a denial is in it, or shortly before it in the same clause."""
    before = re.split(r" [.!?;:,]", words[max(0, found.start() - 200) : found.start()])[-1].split()
    window = f" {' '.join(before[-BEFORE:])}{found[0]}"
    return _finder("negation").search(window) is None


@cache
def _finder(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one.pattern})" for one in phrases() if one.kind == kind))
