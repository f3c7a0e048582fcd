"""A person's file: read, or refused in one sentence."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.ground.errors import AnagenError, BadFile
from anagen.people.person import Person, read_person

EXAMPLE = Path(__file__).parents[2] / "examples" / "man-norwood-3v.toml"
GOOD = """
sex = "male"
age_years = 33
condition = "male pattern hair loss"
scale = "norwood"
stage = "3v"
years_since_onset = 6
[[measured]]
region = "vertex"
density_per_cm2 = 171.8
[[treatments]]
what = "finasteride 1 mg daily"
since_years = 2
"""


def _read(folder: Path, text: str, name: str = "me.toml") -> Person:
    (folder / name).write_text(text, encoding="utf-8")
    return read_person(folder / name)


def test_the_example_reads() -> None:
    person = read_person(EXAMPLE)
    assert (person.stage, person.measured[0].density_per_cm2) == ("3v", 171.8)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    import tomllib

    assert _read(tmp_path, GOOD) == _read(tmp_path, json.dumps(tomllib.loads(GOOD)), "me.json")


@pytest.mark.parametrize(
    ("swap", "sentence"),
    [
        (("171.8", "5000"), "measured.1.density_per_cm2 is 5000; allowed: a number at most 400."),
        (("171.8", "nan"), None),
        (("171.8", '"171 hairs/inch"'), None),
        (("age_years = 33", "age_years = -3"), "age_years is -3; allowed: a number at least 0."),
        (("age_years = 33", 'age_years = "33 years"'), None),
        (('stage = "3v"', 'stage = "9"'), None),
        (('scale = "norwood"', 'scale = "ludwig"'), "scale is 'ludwig', which is not used for a male person; allowed: norwood."),
        (('sex = "male"', 'sex = "female"'), "scale is 'norwood', which is not used for a female person; allowed: ludwig or sinclair."),
        (('sex = "male"', 'sex = "male"\npregnant = true'), "pregnant is true but sex is 'male'; one of them must be wrong."),
        (("years_since_onset = 6", "years_since_onset = 40"), "years_since_onset is 40, more than the 33 years of life."),
        (("since_years = 2", "since_years = 2\nuntil_years = 5"), None),
        (("density_per_cm2 = 171.8", ""), None),
        (('region = "vertex"', 'region = "crown"'), "measured.1.region is 'crown'; allowed: 'frontal', 'temples', 'midscalp' or 'vertex'."),
        (("years_since_onset = 6", 'what_matters = ["speed"]'), None),
        (("years_since_onset = 6", 'budget = {amount = 3000, currency = "euros"}'), None),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, swap: tuple[str, str], sentence: str | None) -> None:
    assert swap[0] in GOOD
    with pytest.raises(BadFile) as caught:
        _read(tmp_path, GOOD.replace(*swap))
    said = str(caught.value)
    assert said.startswith("me.toml: ")
    assert "\n" not in said
    if sentence:
        assert said.removesuffix(".") == f"me.toml: {sentence}".removesuffix(".")


@pytest.mark.parametrize(
    ("wrong", "near"), [("age_years", "age_yeers"), ("measured", "mesured"), ("density_per_cm2", "density_cm2"), ("since_years", "since")]
)
def test_a_misspelt_field_is_answered_with_the_nearest_name(tmp_path: Path, wrong: str, near: str) -> None:
    with pytest.raises(BadFile, match=f"did you mean '{wrong}'|is missing") as caught:
        _read(tmp_path, GOOD.replace(wrong, near))
    assert near in str(caught.value) or "missing" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "the file is empty"), ("  \n", "the file is empty"), ("sex = male", "it is not TOML"), ("a.b = 1\na = 2", "it is not TOML")],
)
def test_what_is_no_person_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        _read(tmp_path, text)


def test_bytes_and_folders_are_no_person_files(tmp_path: Path) -> None:
    (tmp_path / "me.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="it is not text in UTF-8"):
        read_person(tmp_path / "me.toml")
    with pytest.raises(BadFile, match="it cannot be read"):
        read_person(tmp_path)
    with pytest.raises(BadFile, match="it is not a person"):
        _read(tmp_path, "[1, 2]", "me.json")


_VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*Person.model_fields, "region", "what", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _said(folder: Path, text: str, name: str) -> str:
    """What is said of a file; nothing if it reads."""
    try:
        _read(folder, text, name)
    except AnagenError as error:
        return str(error)
    return ""


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*Person.model_fields, "nonsense"]), _VALUES, max_size=8))
def test_any_object_is_read_or_refused_in_one_sentence(tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]) -> None:
    assert "\n" not in _said(tmp_path_factory.mktemp("fuzz"), json.dumps(data), "me.json")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_read_or_refused_in_one_sentence(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for name in ("me.toml", "me.json"):
        assert "\n" not in _said(tmp_path_factory.mktemp("fuzz"), text, name)
