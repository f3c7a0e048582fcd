"""Patterns made of words, and misspellings mended."""

from __future__ import annotations

import pytest

from anagen.clinic.phrases import Atoms, Read, pattern
from anagen.clinic.typos import Typos
from anagen.ground.errors import BadEvidence

LISTS = {"we": ("we", "our_clinic"), "cells": ("stem_cell*", "svf")}


def stands(written: str, sentence: str, unless: str = "") -> bool:
    one = pattern(written, LISTS, unless)
    atoms = Atoms([one], ["two"])
    return bool(Read([atoms.of(word) for word in sentence.split()]).matches(one))


@pytest.mark.parametrize(
    ("written", "yes", "no"),
    [
        ("fda approved", "an fda approved lab", "approved fda"),
        ("fda|ema approved", "ema approved", "tga approved"),
        ("@we offer", "our clinic offer", "clinic offer"),
        ("@cells", "stem cells", "cells stem"),
        ("offer .. svf", "offer a b c d svf", "offer a b c d e svf"),
        ("offer the? svf", "offer the svf", "offer a svf"),
        ("offer the? svf", "offer svf", "offer the the svf"),
        ("svf + offer", "offer some svf", "offer some"),
        ("*therapie", "stammzelltherapie", "therapien"),
        ("# sterne", "5 sterne", "funf sterne"),
        ("# sterne", "two sterne", "drei sterne"),
        ("good + good", "good and good", "good"),
    ],
)
def test_where_a_pattern_stands(written: str, yes: str, no: str) -> None:
    assert stands(written, yes)
    assert not stands(written, no)


def test_unless_silences() -> None:
    assert stands("fda approved", "fda approved", "minoxidil|finasteride")
    assert not stands("fda approved", "minoxidil is fda approved", "minoxidil|finasteride")


@pytest.mark.parametrize("written", ["@nothing", "", "may? be", "be ..", "a * b"])
def test_a_pattern_that_cannot_be_read_is_named(written: str) -> None:
    with pytest.raises(BadEvidence, match="pattern"):
        pattern(written, LISTS)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("garanteed", "guaranteed"),
        ("guarenteed", "guaranteed"),
        ("gauranteed", "guaranteed"),
        ("guarantedd", "guaranteed"),
        ("gaurenteed", "guaranteed"),  # two letters, as long words may have
        ("pr0ven", "proven"),
        ("porven", "proven"),
        ("unproven", "unproven"),  # the first letter must be right
        ("prove", "prove"),  # kept: a word of its own
        ("prvoem", "prvoem"),  # two letters of six
        ("curd", "curd"),  # too short
    ],
)
def test_misspellings(wrong: str, meant: str) -> None:
    assert Typos(["guaranteed", "proven", "cure"], ["prove"]).mend(wrong) == meant
