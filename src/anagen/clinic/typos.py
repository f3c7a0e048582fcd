"""Words of a list found again where one or two letters are wrong, in the same time for every word."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST, TWO_FROM, LONGEST = 5, 9, 24
"""Letters: words shorter than five are left alone, from nine on two letters may be wrong, longer than 24 is no word."""
_AS_LETTERS = str.maketrans("013457@$", "oieastas")


class Typos:
    """A list of words and the misspellings of them; `right` are words that look like one and are not."""

    def __init__(self, words: Iterable[str], right: Iterable[str]) -> None:
        self._words, self._right = tuple(dict.fromkeys(words)), frozenset(right)
        self._by_rest: dict[str, list[str]] = {}
        for word in self._words:
            for rest in _rests(word):
                self._by_rest.setdefault(rest, []).append(word)

    def mend(self, word: str) -> str:
        """The listed word that this one is, one letter wrong (two from nine letters on), the first letter right; else the word itself.

        >>> Typos(["guaranteed"], []).mend("garanteed"), Typos(["proven"], ["prove"]).mend("pr0ven")
        ('guaranteed', 'proven')
        """
        if not SHORTEST <= len(word) <= LONGEST or word in self._right:
            return word
        if not word.isalpha():
            if word.isdigit():
                return word
            word = word.translate(_AS_LETTERS)
        near = {found for rest in _rests(word) for found in self._by_rest.get(rest, ()) if found[0] == word[0]}
        best = min(((_apart(word, found), found) for found in near), default=(9, word))
        return best[1] if best[0] <= _allowed(max(len(word), len(best[1]))) else word


def _allowed(letters: int) -> int:
    return 2 if letters >= TWO_FROM else 1


def _rests(word: str) -> set[str]:
    """The word with up to its allowed number of letters left out: two words that near share one of these."""
    rests = {word}
    for _ in range(_allowed(len(word) + 1)):
        rests |= {rest[:at] + rest[at + 1 :] for rest in rests for at in range(1, len(rest))}
    return rests


def _apart(one: str, other: str) -> int:
    """Letters added, dropped, changed or swapped with their neighbour, from one word to the other (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, facing in enumerate(other, 1):
            least = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                least = min(least, before[column - 2] + 1)
            now.append(least)
        before, last = last, now
    return last[-1]
