"""What others wrote is clean without codes."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from anagen.ground.text import clean


@given(st.text())
def test_nothing_that_does_not_print_is_left_and_no_word_is_lost(text: str) -> None:
    found = clean(text)
    assert found.isprintable()
    assert found == clean(found)
    kept = [letter for letter in text if not unicodedata.category(letter).startswith(("C", "Z"))]
    assert [letter for letter in found if letter != " "] == kept
