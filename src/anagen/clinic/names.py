"""Is it the same name? The way a person is written on a page, beside the way a registry has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Match = Literal["same", "partly", "former", "first_only", "other"]
"""`same`; `partly` (initials, a middle name, one half of a double name); `former`: another name that the registry has;
`first_only`: the first name alone, so perhaps a name from before or after a marriage; `other`."""

LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
TITLES = frozenset(
    re.findall(
        r"\w+",
        "dr doctor prof professor mr mrs ms miss sir md do mbbs mbchb phd dds dmd np pa rn bsn msn mph mba ms facs faad fishrs abhrs "
        "jr sr ii iii iv esq",
    )
)
_LONGEST = 300


def words(name: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The words of a name: no case, accents, titles or degrees; a hyphen parts two words, an apostrophe does not.

    A word that looks like a degree and is `known` to be part of the name (Do, Ma) stays.

    >>> words("Dr. José Ángel García-López, M.D., FAAD"), words("O’Brien")
    (('jose', 'angel', 'garcia', 'lopez'), ('obrien',))
    """
    bare = unicodedata.normalize("NFKD", name[:_LONGEST].casefold()).translate(LETTERS)
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = re.sub(r"['’‘`´.]", "", bare)
    found = re.findall(r"[^\W\d_]+", bare)
    kept = tuple(word for word in found if word not in TITLES or word in known)
    return kept or tuple(found)


def same_name(given: str, first: str, middle: str, last: str, others: Iterable[str] = ()) -> Match:
    """How a name that is given fits a registry's first, middle and last name, or one of its other names.

    >>> same_name("Dr. Maria Lopez", "MARIA", "ELENA", "GARCIA-LOPEZ")
    'partly'
    >>> same_name("Smith, Ann", "ANN", "", "JONES", ["ANN SMITH"]), same_name("Ann Smith", "ANN", "", "JONES")
    ('former', 'first_only')
    """
    on_record = words(first), words(middle), words(last)
    wanted = words(given, sum(on_record, ()))
    found = _fits(wanted, *on_record)
    if found in ("same", "partly"):
        return found
    if any(_covers(wanted, words(other)) for other in others):
        return "former"
    return found


def same_business(given: str, legal: str, others: Iterable[str] = ()) -> Match:
    """The same of an organisation: all of its words, whatever the form of company.

    >>> same_business("Hair Institute", "THE HAIR INSTITUTE, LLC")
    'same'
    """
    forms = {"the", "llc", "inc", "pa", "pc", "pllc", "pl", "ltd", "corp", "corporation", "company", "co", "lp", "llp", "of", "and"}
    bare = [[word for word in words(name) if word not in forms] for name in (given, legal, *others)]
    if bare[0] and "".join(bare[0]) == "".join(bare[1]):
        return "same"
    if bare[0] and any("".join(bare[0]) == "".join(other) for other in bare[2:]):
        return "former"
    shared = set(bare[0]) & set(bare[1])
    return "partly" if shared and (shared == set(bare[0]) or shared == set(bare[1])) else "other"


def _fits(wanted: tuple[str, ...], first: tuple[str, ...], middle: tuple[str, ...], last: tuple[str, ...]) -> Match:
    if not wanted or not last:
        return "other"
    rest = list(wanted)
    hits = [word for word in last if _take(rest, word)]
    if not hits and _take(rest, "".join(last)):
        hits = list(last)
    given_first = any(_take(rest, word) for word in first)
    if not hits:
        return "first_only" if given_first else "other"
    by_initial = not given_first and any(_take_initial(rest, word) for word in (*first, *middle))
    by_middle = not given_first and not by_initial and any(_take(rest, word) for word in middle)
    if not (given_first or by_initial or by_middle):
        return "other"
    rest = [word for word in rest if not any(word == known or (len(word) == 1 and known.startswith(word)) for known in (*first, *middle))]
    if rest and TITLES.issuperset(hits):  # "Ann Lee, DO" is no Ann Do
        return "first_only"
    whole = given_first and len(hits) == len(last) and not (rest and middle)
    return "same" if whole and not rest else "partly"


def _take(words: list[str], word: str) -> bool:
    if word in words:
        words.remove(word)
        return True
    return False


def _take_initial(words: list[str], word: str) -> bool:
    for one in words:
        if (len(one) == 1 and word.startswith(one)) or (len(word) == 1 and one.startswith(word)):
            words.remove(one)
            return True
    return False


def _covers(wanted: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name that is given holds the family name of another name on record, and its first name or initial."""
    if not other or not wanted:
        return False
    if len(other) == 1:
        return other[0] in wanted
    return other[-1] in wanted and (other[0] in wanted or any(len(word) == 1 and other[0].startswith(word) for word in wanted))
