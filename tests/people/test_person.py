"""A person's file: read, or refused in one sentence; and the scalp they start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.ground.errors import BadFile, BadInput
from anagen.people.baseline import baseline
from anagen.people.person import Measured, Person, read_person

GOOD = (Path(__file__).parents[2] / "examples" / "man-norwood-3v.toml").read_text(encoding="utf-8")


def test_the_example_reads() -> None:
    person = read_person(Path(__file__).parents[2] / "examples" / "man-norwood-3v.toml")
    assert (person.stage, person.vertex_density_per_cm2) == ("3v", 171.8)


@pytest.mark.parametrize(
    ("swap", "sentence"),
    [
        (("age_years = 33", "age_years = 7"), "age_years is 7; allowed: a number at least 18."),
        (("171.8", "5000"), "measured.1.density_per_cm2 is 5000; allowed: a number at most 400."),
        (('stage = "3v"', 'stage = "9"'), "stage is '9'; allowed: '1', '2', '2a', '3', '3a', '3v', '4', '4a', '5', '5a', '6' or '7'."),
        (("age_years", "age_yeers"), None),
        (('sex = "male"', 'sex = "female"'), "sex is 'female'; allowed: 'male'."),
        (('"male pattern hair loss"', '"alopecia areata"'), "condition is 'alopecia areata'; allowed: 'male pattern hair loss'."),
        (("age_years = 33", 'age_years = "33 years"'), None),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, swap: tuple[str, str], sentence: str | None) -> None:
    assert swap[0] in GOOD
    (tmp_path / "me.toml").write_text(GOOD.replace(*swap), encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_person(tmp_path / "me.toml")
    said = str(caught.value)
    assert said.startswith("me.toml: ")
    assert "\n" not in said
    if sentence:
        assert said == f"me.toml: {sentence}"


def test_a_misspelt_field_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "me.toml").write_text(GOOD.replace("published", "publishd"), encoding="utf-8")
    with pytest.raises(BadFile, match="there is no field 'publishd'; did you mean 'published'"):
        read_person(tmp_path / "me.toml")


@pytest.mark.parametrize(("text", "said"), [("", "the file is empty"), ("sex = male", "it is not TOML"), ("\x00\xff", "it is not")])
def test_what_is_no_person_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "me.toml").write_text(text, encoding="latin-1")
    with pytest.raises(BadFile, match=said):
        read_person(tmp_path / "me.toml")


def _man(density_per_cm2: float, age_years: float = 33) -> Person:
    return Person(
        sex="male",
        age_years=age_years,
        condition="male pattern hair loss",
        scale="norwood",
        stage="3v",
        measured=(Measured(region="vertex", density_per_cm2=density_per_cm2),),
    )


def test_a_start_shows_the_measured_density() -> None:
    belief = Belief.prior(n=200)
    begin = baseline(_man(150), belief)
    shown = sum(phase.sum(axis=(0, 1)) for phase in begin.start[:3]) * begin.cycle.follicles_per_cm2
    assert begin.which.size > 100
    assert np.median(shown) == pytest.approx(150, rel=0.02)
    assert np.std(shown / 150) == pytest.approx(0.06, abs=0.03)  # the camera's error, and nothing else
    np.testing.assert_allclose(sum(phase.sum(axis=(0, 1)) for phase in begin.start), 1.0)


def test_fewer_hairs_mean_more_years_of_loss() -> None:
    belief = Belief.prior(n=200)
    few, many = baseline(_man(120, 50), belief), baseline(_man(180, 50), belief)
    both = np.intersect1d(few.which, many.which)
    assert both.size > 50
    later = few.onset_weeks[np.isin(few.which, both)] > many.onset_weeks[np.isin(many.which, both)]
    assert later.all()


def test_a_count_that_no_draw_can_explain_is_said() -> None:
    with pytest.raises(BadInput, match="hardly possible .* check the count and its unit"):
        baseline(_man(20, 19), Belief.prior(n=100))
