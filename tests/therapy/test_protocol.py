"""A protocol's file: read whole, its paths from its own folder, and every mistake said in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anagen.ground.errors import BadFile, BadInput, UnknownName
from anagen.therapy.protocol import Protocol, as_protocol, read_protocol

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WHO = {"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "4"}
GOOD: dict[str, Any] = {
    "who": WHO,
    "source": {"kind": "lipoaspirate", "volume_ml": 100},
    "recipe": {"name": "enzymatic_svf"},
    "site": {"area_cm2": 40},
}


def test_the_person_is_a_table_or_a_file_beside_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "me.toml").write_text((EXAMPLES / "man-norwood-3v.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert as_protocol(GOOD, "mine.toml").who.age_years == 40
    read = as_protocol(GOOD | {"who": "me.toml", "batches": "own.csv"}, "mine.toml", tmp_path)
    assert read.who.age_years == 33
    assert read.batches == str(tmp_path / "own.csv")


def test_what_is_left_out_is_the_usual() -> None:
    read = as_protocol(GOOD, "mine.toml")
    assert (read.injection.sessions, read.injection.days, read.years) == (1, (0.0,), 2.0)
    assert read.harvests == 1


def test_fresh_cells_are_taken_each_session_and_cultured_ones_once() -> None:
    course = {"injection": {"sessions": 3, "interval_days": 45}}
    assert as_protocol(GOOD | course, "mine.toml").harvests == 3
    assert as_protocol(GOOD | course, "mine.toml").injection.days == (0, 45, 90)
    assert as_protocol(GOOD | course | {"recipe": {"name": "culture_adsc", "passage": 2}}, "mine.toml").harvests == 1
    shared = {"injection": {"sessions": 3, "interval_days": 45, "share_points": True}}
    assert as_protocol(GOOD | shared, "mine.toml").harvests == 3
    assert as_protocol(GOOD | shared | {"recipe": {"name": "culture_adsc", "passage": 2}}, "mine.toml").harvests == 1


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"recepie": {}}, "there is no field 'recepie'; did you mean 'recipe'?"),
    ({"source": {"kind": "lipoaspirate", "volume": 5}}, "source: volume has no unit; allowed: volume_ml"),
    ({"source": {"kind": "fat", "volume_ml": 5}}, "mine.toml: source: there is no source of tissue 'fat'"),
    ({"source": 3}, "source is 3; allowed: a table, [source]"),
    ({"recipe": {"name": "enzymatic_sfv"}}, "mine.toml: recipe: there is no recipe 'enzymatic_sfv'; did you mean 'enzymatic_svf'?"),
    ({"injection": {"spacing_cm": "1 cm"}}, "injection: spacing_cm is '1 cm'; allowed: a number, without its unit"),
    ({"injection": {"dose_per_cm2": 0}}, "injection: dose_per_cm2 is 0; allowed: a number above 0"),
    ({"injection": {"dose_per_cm2": 1, "dose_cells": 1}}, "it has dose_per_cm2 and dose_cells"),
    ({"injection": {"sessions": 2}}, "interval_days is missing; 2 sessions need the days between them"),
    ({"injection": {"sessions": 0}}, "sessions is 0; allowed: a whole number from 1 to 24"),
    ({"injection": {"interval_days": 30}}, "interval_days is given for one session"),
    ({"injection": {"sessions": 2, "interval_days": -30}}, "interval_days is -30; allowed: 1 to 3,000 days between two sessions"),
    ({"injection": {"sessions": 2, "interval_days": 0.001}}, "injection: interval_days is 0.001; allowed: 1 to 3,000 days between"),
    ({"injection": {"sessions": 2, "interval_days": 1e9}}, "injection: interval_days is 1e+09; allowed: 1 to 3,000 days between"),
    ({"who": WHO | {"age_year": 40}}, "who: there is no field 'age_year'; did you mean 'age_years'?"),
    ({"who": 3}, "who: it is not a person"),
)


@pytest.mark.parametrize(("changed", "said"), WRONG, ids=[said[:40] for _, said in WRONG])
def test_a_mistake_is_one_sentence(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        as_protocol(GOOD | changed, "mine.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_protocol_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text, said in (("", "the file is empty"), ("a = = 1", "it is not TOML"), ("years = 1", "is missing")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadFile, match=said):
            read_protocol(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="not text in UTF-8"):
        read_protocol(path)


def test_every_field_has_a_meaning_of_its_own() -> None:
    assert set(GOOD) < set(Protocol.model_fields)
    with pytest.raises(UnknownName):
        as_protocol(GOOD | {"recipe": {"name": "magic"}}, "mine.toml")


def test_a_person_who_is_nowhere_is_told_with_the_protocol(tmp_path: Path) -> None:
    """A protocol copied from the examples keeps its path to a person: the sentence says which file holds it, and from where it is read."""
    with pytest.raises(BadFile, match=r"^mine\.toml: who: there is no file \.\./me\.toml; allowed: a path from the protocol's own folder"):
        as_protocol(GOOD | {"who": "../me.toml"}, "mine.toml", tmp_path)


def test_the_longest_course_can_be_forecast() -> None:
    """24 sessions at the longest interval, after a culture, lie within the weeks that a plan may count."""
    from anagen.plan.words import FARTHEST_WEEKS
    from anagen.therapy.protocol import MOST_SESSIONS
    from anagen.therapy.unknowns import limit

    assert (MOST_SESSIONS - 1) * limit("inject", "interval_most_days") / 7 + 52 < FARTHEST_WEEKS
