"""Advertising text made plain: what a person would read of a web page, its sentences and its words.

Nothing here backtracks: each step passes over the text a fixed number of times, whatever stands in it.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SENTENCE_WORDS = 80
"""A sentence of more words is cut there: work on a sentence stays bounded, even where no full stop ever comes."""

_ROUNDS = 3  # "&amp;lt;b&amp;gt;" is unwrapped this often; what is left loses its angle brackets
_BLOCKS = """address article aside blockquote body br button caption dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 head
header hr html img li main nav ol option p section table tbody td th thead title tr ul video"""
_BREAKS = frozenset(_BLOCKS.split())
_SILENT = ("script", "style", "template", "svg")
_STARS = frozenset("★⭐🌟✮✯⭑✪")
_BULLETS = frozenset("•●▪■◆◦‣·✓✔✅☑➤➡►▶→✦❖∙⁃")
_SAME = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "‒": "–", "―": "—", "−": "-", "<": "‹", ">": "›"}
_LOOKALIKE = str.maketrans("авсԁеҽгһіјкӏмոорԛѕтυνхуѡнαβεικορτχγηωμıøłđѵօցհɡɑʀ", "abcdeerhijklmnopqstuvxywhabeikoptxynwuioldvoghgar")
_MOST_MARKS = 3  # on one letter
_LOOSE_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")  # struck through, circled ...
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)?|[!?….,;:–]+|[-()★%$€£¥•●▪|\"“”„«»/+]|\n+")
_ABBREVIATED = "dr dra prof sr sra st mr mrs ms vs inc ltd approx ca bzw ggf inkl evtl nr no zb etc usw eg ie bsp tel fig art"
_SHORT_FORMS = frozenset(_ABBREVIATED.split())
_SHORT_LINE = 50  # characters: a line that ends sooner was ended on purpose


@dataclass(frozen=True)
class Word:
    """One word or sign of plain text: `key` is its bare form (lower case, no accents), `start` to `end` where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of plain text, `start` to `end`, with its words; `asks` when it ends with a question mark."""

    words: tuple[Word, ...]
    start: int
    end: int
    asks: bool


def plain(text: str) -> str:
    """What a reader sees: no tags, entities, emoji, invisible or control signs, and no angle bracket; block tags end a line.

    >>> plain("<p>Our <b>F</b>DA&#8209;approved clinic</p><script>x()</script>")
    'Our FDA-approved clinic'
    """
    for _ in range(_ROUNDS):
        bare = _untagged(text)
        opened = html.unescape(bare) if "&" in bare else bare
        if opened == text:
            break
        text = opened
    text = _one_form(text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n\n+", "\n\n", "\n".join(lines)).strip()


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of plain text, in order; a sentence of more than 80 words is cut.

    >>> [text[one.start : one.end] for text in ["Dr. Fox is in. Is he? 4.9 stars"] for one in sentences(text)]
    ['Dr. Fox is in.', 'Is he?', '4.9 stars']
    """
    held: list[Word] = []
    line = 0
    for found in _TOKEN.finditer(text):
        sign, start, end = found.group(), found.start(), found.end()
        if sign[0] == "\n":
            ends = len(sign) > 1 or (start - line < _SHORT_LINE and text[start - 1] != "-")
            line = end
            if ends and held:
                yield _sentence(held)
                held = []
            continue
        if sign in "•|":
            if held:
                yield _sentence(held)
                held = []
            continue
        held.append(Word(_key(sign), start, end))
        if held[-1].key in "!?…" or (held[-1].key == "." and _full_stop(text, end, held)) or len(held) >= LONGEST_SENTENCE_WORDS:
            yield _sentence(held)
            held = []
    if held:
        yield _sentence(held)


def _sentence(words: list[Word]) -> Sentence:
    return Sentence(tuple(words), words[0].start, words[-1].end, words[-1].key == "?")


def _full_stop(text: str, end: int, held: list[Word]) -> bool:
    return (end == len(text) or text[end] in " \n\"'”»)") and not (len(held) > 1 and held[-2].key in _SHORT_FORMS)


@functools.lru_cache(maxsize=1 << 14)
def _key(word: str) -> str:
    """The bare form of a word: lower case, accents gone, letters that look Latin read as Latin; of several signs the most telling."""
    if word[0] in "!?….,;:–":
        return next(sign for sign in "?!….;:–," if sign in word)
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.casefold())
        word = "".join(sign for sign in word if not unicodedata.combining(sign)).translate(_LOOKALIKE)
    word = word.lower()
    return word.removesuffix("'s").replace("'", "").replace(".", "") or word if len(word) > 1 else word


def _untagged(text: str) -> str:
    """Without tags, comments and what scripts hold. A `<` that opens nothing stays."""
    if "<" not in text:
        return text
    low = text.lower() if len(text.lower()) == len(text) else text
    out: list[str] = []
    at, size = 0, len(text)
    last_close, last_comment = text.rfind(">"), text.rfind("-->")
    while at < size:
        opened = text.find("<", at)
        if opened < 0 or opened > last_close:
            out.append(text[at:])
            break
        out.append(text[at:opened])
        follows = text[opened + 1 : opened + 2]
        if text.startswith("<!--", opened):
            at = (text.find("-->", opened) if opened < last_comment else opened + 1) + 3  # never closed: the sign alone goes
        elif (follows.isascii() and follows.isalpha()) or follows in ("/", "!", "?"):
            closed = text.find(">", opened)
            name = _tag_name(low, opened + 1, closed)
            at = closed + 1
            if name in _BREAKS:
                out.append("\n\n")
            elif name in _SILENT:
                ends = low.find(f"</{name}", at)
                at = ends if ends >= 0 else at
                if ends < 0:
                    low = low.replace(f"<{name}", " " * (len(name) + 1))
        else:
            out.append("<")
            at = opened + 1
    return "".join(out)


def _tag_name(low: str, start: int, end: int) -> str:
    found = low[start : min(end, start + 12)].lstrip("/").split()
    return found[0].rstrip("/") if found else ""


class _Forms(dict[int, str]):
    """For `str.translate`: what each sign becomes, worked out when first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _form(chr(code))
        return found


def _form(sign: str) -> str:
    if sign in _STARS:
        return "★"
    if sign in _BULLETS:
        return " • "
    if sign in _SAME:
        return _SAME[sign]
    if sign in "\n\u2028\u2029\x0b\x0c\r":
        return "\n"
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Me") or "\ufe00" <= sign <= "\ufe0f" or sign in "\u034f\u115f\u1160\u3164\uffa0":
        return ""
    if kind[0] in "CZ" or (kind in ("So", "Sk") and sign not in "®™©°"):
        return " "
    if sign in "®™©":
        return " "
    same = unicodedata.normalize("NFKC", sign)
    return same if len(same) <= 4 and "<" not in same and ">" not in same else " "


_FORMS = _Forms()


def _one_form(text: str) -> str:
    """Each sign in its plainest form; no letter carries more than three marks."""
    text = text.replace("\r\n", "\n").translate(_FORMS)
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return _LOOSE_MARKS.sub("", unicodedata.normalize("NFC", "".join(kept)))
