"""Is a text in a language that claims are recognised in? One that is not must not pass for one without claims."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from anagen.clinic.claims import LANGUAGES
from anagen.clinic.kinds import rows

SMALL_SHARE = 0.22
"""Of the words of a text in English, Spanish or German, the least share that are small ones ("the", "of", "with"): assumed. The texts
that were tried have 0.27 and more; French, Italian, Portuguese, Catalan and Dutch ones, which share a few, 0.07 to 0.21."""
LATIN_SHARE = 0.8


def may_be_missed(text: str, found: bool) -> bool:
    """May claims of this text be missed for its language? `found`: some were recognised, which only words of other letters outweigh.

    >>> may_be_missed("Our clinic has helped many of you with the cells from your own fat.", False)
    False
    >>> may_be_missed("毛髪再生医療の無料相談を受付中です", False), may_be_missed("Sans risque, résultats garantis.", False)
    (True, True)
    """
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return False
    if sum("LATIN" in unicodedata.name(letter, "") for letter in letters) < LATIN_SHARE * len(letters):
        return True
    return not found and small_share(text) < SMALL_SHARE


def small_share(text: str) -> float:
    """The share of the words of a text that are small ones, in the language in which it is largest.

    >>> small_share("The fat of the clinic")
    0.6
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    words = re.findall(r"[^\W\d_]+", plain)
    return max(sum(word in small for word in words) for small in _small()) / len(words) if words else 0.0


@cache
def _small() -> tuple[frozenset[str], ...]:
    lists = {row["list"]: frozenset(row["words"].split()) for row in rows("words.csv")}
    return tuple(lists[f"small_{language}"] for language in LANGUAGES)
