"""Advertising text made plain, its sentences and its words."""

from __future__ import annotations

import pytest

from anagen.clinic.text import LONGEST_SENTENCE_WORDS, plain, sentences


def split(text: str) -> list[str]:
    shown = plain(text)
    return [shown[one.start : one.end] for one in sentences(shown)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<h1>New</h1><p>hair<br>now</p>", "New\n\nhair\n\nnow"),
        ("a<b>b</b>c", "abc"),
        ("<style>p{}</style>x<!-- hidden -->y", "xy"),
        ("x <!-- never closed", "x ‹!-- never closed"),
        ("p < 0.05 and q > 1", "p ‹ 0.05 and q › 1"),
        ("&amp;lt;b&amp;gt;bold", "bold"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;ok", "ok"),
        ("zero\u200bwidth\u00adsoft\ufeff", "zerowidthsoft"),
        ("\u202eevil\u202c", "evil"),
        ("ﬁne ① Ⅳ", "fine 1 IV"),
        ("\ud800x\0y", "x y"),
        ("⭐⭐ 5 🙂", "★★ 5"),
        ("e\u0301", "é"),
    ],
)
def test_what_a_reader_sees(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dr. Fox is here. He is in.", ["Dr. Fox is here.", "He is in."]),
        ("Rated 4.9 of 5.", ["Rated 4.9 of 5."]),
        ("The F.D.A. approved it", ["The F.D.A. approved it"]),
        ("Really?! Yes", ["Really?!", "Yes"]),
        ("✅ No risk ✅ No surgery", ["No risk", "No surgery"]),
        ("Our services\nStem cells", ["Our services", "Stem cells"]),
        (
            "A line that was wrapped by an editor at some width goes\non here.",
            ["A line that was wrapped by an editor at some width goes\non here."],
        ),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_question_is_known_by_its_mark() -> None:
    assert [one.asks for one in sentences("Is it? It is. What?!")] == [True, False, True]


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(one.words) for one in sentences("word " * 200)] == [LONGEST_SENTENCE_WORDS, LONGEST_SENTENCE_WORDS, 40]


@pytest.mark.parametrize(
    ("text", "key"), [("Größe", "grosse"), ("F.D.A.", "fda"), ("don't", "dont"), ("Japan's", "japan"), ("\u0405VF", "svf")]
)
def test_the_bare_form_of_a_word(text: str, key: str) -> None:
    [one] = sentences(text)
    assert one.words[0].key == key
