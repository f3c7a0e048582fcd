"""What others wrote is clean without codes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.ground.errors import UnknownName
from anagen.ground.text import clean, nearest


@given(st.text())
def test_nothing_that_does_not_print_is_left_and_no_word_is_lost(text: str) -> None:
    found = clean(text)
    assert found.isprintable()
    assert found == clean(found)
    kept = [letter for letter in text if not unicodedata.category(letter).startswith(("C", "Z"))]
    assert [letter for letter in found if letter != " "] == kept


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("agee", ["age_years", "stage", "smoker"], "age_years"),
        ("propecia", ["prp", "minoxidil", "finasteride"], None),
        ("density", ["density_per_cm2", "sex"], "density_per_cm2"),
        ("finastride", ["finasteride", "dutasteride"], "finasteride"),
        ("svg", ["svf", "prp"], "svf"),
        ("laserr", ["laser", "exosomes"], "laser"),
        ("xyzzy", ["sex", "svf", "stage"], None),
        ("", ["sex"], None),
    ],
)
def test_the_nearest_word_is_one_that_may_be_meant(word: str, known: list[str], near: str | None) -> None:
    assert nearest(word, known) == near


def test_a_long_list_of_names_is_not_told_whole() -> None:
    many = [f"trial_{year}" for year in range(1900, 2020)]
    said = str(UnknownName("study", "trail_1999", many, "`anagen evidence list`"))
    assert "did you mean 'trial_1999'?" in said
    assert said.endswith("`anagen evidence list` lists all)")
    assert len(said) < 160
    assert "nor a name like it among the 120 known (`anagen evidence list` lists all)" in str(
        UnknownName("study", "nobody", many, "`anagen evidence list`")
    )
