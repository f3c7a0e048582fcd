"""Entries of the ledger: each says what its rows say, in one line, and people count once."""

from __future__ import annotations

import pytest

from anagen.evidence.tables import row
from anagen.grounds.ledger import COUNTED, Entry, entries, people_of, who


def _one(rows: str) -> Entry:
    return next(one for one in entries() if "+".join(one.rows) == rows)


def test_a_number_with_its_range_and_the_control_beside() -> None:
    one = _one("o110")
    assert (one.study.study_id, one.given, one.against) == ("olsen_2002", "minoxidil topical 2 %", "its own start")
    found = row("outcomes", "o110")
    assert one.found.startswith(f"+{found.mean:g} hairs/cm² (+9.28 to +16.1) from its own start; vehicle: +3.9")
    assert one.range is not None
    assert one.range[0] < (found.mean or 0) < one.range[1]


def test_a_spread_that_was_not_read_is_said_so() -> None:
    one = _one("o023")
    assert one.range is None
    assert one.found == "+21 hairs/cm² (spread not read) against placebo"
    assert one.reading.endswith("1553 people; risk of bias low")


@pytest.mark.parametrize(("verdict", "words"), [("significant", "a difference"), ("not_significant", "no clear difference"), ("z", "p = ")])
def test_what_was_only_said_has_no_size(verdict: str, words: str) -> None:
    told = [one for one in entries() if one.said == verdict]
    assert told
    for one in told:
        assert one.found.startswith(words)
        assert "no size given" in one.found
        assert one.range is None


def test_every_entry_reads_in_words_and_leads_to_its_source() -> None:
    for one in entries():
        assert one.reading.startswith(f"{one.study.study_id}: ")
        assert one.counted == COUNTED[one.output][0]
        assert one.url.startswith("http")
        assert "nan" not in one.reading
        assert "None" not in one.reading
    assert len({one.reading for one in entries()}) > 0.9 * len(entries())


def test_people_count_once_whatever_the_number_of_visits_papers_and_halves() -> None:
    def of(trial: str) -> tuple[int, int]:
        return people_of(one for one in entries() if one.trial == trial)

    assert of("kaufman_1998") == (1553, 0), "three papers of one trial, the largest counts"
    assert of("olsen_2002") == (141 + 139 + 78, 0)
    assert of("tsuboi_2020") == (65, 0), "four spots of each scalp"
    assert of("price_2006") == (0, 1), "how many was not read"
    both = people_of(one for one in entries() if one.trial in ("olsen_2002", "price_2006"))
    assert both == (358, 1)


def test_whom_trials_had() -> None:
    assert who([]) == ""
    assert who([_one("o023")]) == "men only"
    assert who([one for one in entries() if one.study.study_id == "blume_peytavi_2011"]) == "women only"
    assert who([one for one in entries() if one.study.study_id in ("olsen_2002", "blume_peytavi_2011")]) == "men and women"
