"""Reviews weighed: copies, wording, low stars and crowded weeks, each with what must be seen and what must not."""

from __future__ import annotations

import csv
import datetime
import random
import time
from pathlib import Path

import numpy as np
import pytest
from false_alarm import share
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from anagen.clinic.reviews import Review, parse_reviews, weighed
from anagen.clinic.reviews.copies import ALIKE, copies, jaccard, letters
from anagen.clinic.reviews.signs import FALSE_ALARM, crowds, low_stars
from anagen.clinic.reviews.weigh import shrunken
from anagen.clinic.reviews.wording import STEMS, phrases, said
from anagen.evidence.tables import row

SENTENCES = Path(__file__).with_name("review_sentences.csv")
START = datetime.date(2024, 1, 1)


def a_text(rng: random.Random, words: int = 30) -> str:
    return " ".join("".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(words))


def reviews(*texts: str, sources: str = "") -> list[Review]:
    return [Review(at, 5, text, sources[at - 2 : at - 1]) for at, text in enumerate(texts, 2)]


# the shrunken mean


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5).filter(any))
@settings(max_examples=60, deadline=None)
def test_the_shrunken_mean_lies_between_three_and_the_plain_one_and_in_its_range(counts: list[int]) -> None:
    found = shrunken(counts)
    assert min(3, found.plain_mean) - 1e-9 <= found.mean <= max(3, found.plain_mean) + 1e-9
    assert 1 < found.low < found.mean < found.high < 5


def test_the_range_is_that_of_the_posterior() -> None:
    """Its spread is that of a Dirichlet, known in closed form; at 520 reviews it is normal to 1 % of an sd, 40,000 draws to 3 %."""
    counts = (30, 20, 70, 150, 250)
    weights, stars = np.array(counts) + 1.0, np.arange(1, 6)
    mean = weights @ stars / weights.sum()
    sd = np.sqrt((weights @ stars**2 / weights.sum() - mean**2) / (weights.sum() + 1))
    found = shrunken(counts)
    assert found.mean == pytest.approx(mean)
    assert (found.high - found.low) / (2 * 1.96 * sd) == pytest.approx(1, abs=0.04)


# copies


def test_near_copies_are_found_and_others_are_not() -> None:
    rng = random.Random(1)
    texts = [a_text(rng) for _ in range(400)]
    changed = []
    for text in texts[:100]:
        words = text.split()
        words[rng.randrange(30)] = "changed"
        changed.append(" ".join(words))
    found, first = copies(reviews(*texts, *changed))
    pairs = {group.lines for group in found.groups}
    assert (found.n_groups, found.n, found.compared) == (100, 200, 500), "one word of thirty: an index of 0.7 or more, missed by 1 in 100"
    assert all(b - a == 400 for a, b in pairs)
    assert first.tolist() == [True] * 400 + [False] * 100


def test_it_is_the_index_that_decides() -> None:
    """Halves of two texts put together are like neither: below the index, and no copies."""
    rng = random.Random(2)
    one, other = a_text(rng, 40), a_text(rng, 40)
    mixed = one[: len(one) // 2] + other[len(other) // 2 :]
    assert jaccard(letters(one), letters(mixed)) < ALIKE
    assert copies(reviews(one, other, mixed))[0].n == 0


def test_copies_do_not_hang_on_case_marks_or_markup_and_short_texts_are_left_alone() -> None:
    text = "Best decision of my life, and my hair is growing back like never before."
    found, _ = copies(reviews(text, text.upper(), text.replace(",", " !!! "), "Great!", "Great!", "", sources="aabccc"))
    assert [(group.lines, group.sources, group.same) for group in found.groups] == [((2, 3, 4), ("a", "b"), 3)]
    assert (found.across, found.short, found.empty) == (1, 2, 1)


@given(st.lists(st.text(max_size=200), max_size=12))
@settings(max_examples=80, deadline=None)
def test_any_texts_can_be_compared_and_the_first_of_each_is_kept(texts: list[str]) -> None:
    found, first = copies(reviews(*texts, *texts))
    long = sum(len(letters(text)) >= 40 for text in texts)
    assert found.compared == 2 * long
    assert found.n == 2 * long, "each stands there twice"
    assert len(texts) - long <= first.sum() - (len(texts) - long) <= len(texts), "shorter ones are never copies"


def test_a_flood_of_copies_of_one_pattern_takes_no_longer_than_a_flood_of_others() -> None:
    rng = random.Random(3)
    base = a_text(rng, 40).split()
    pattern = []
    for _ in range(4000):
        words = list(base)
        for _ in range(5):
            words[rng.randrange(40)] = a_text(rng, 1)
        pattern.append(" ".join(words))
    began = time.process_time()
    found, _ = copies(reviews(*pattern))
    took = time.process_time() - began
    assert found.n > 2000
    assert took < 20, "4,000 all against all are 8 million pairs, some 30 minutes at 0.2 ms each"


# wording


def test_every_row_of_the_table_of_words_is_sound() -> None:
    seen = set()
    for one in phrases():
        assert (one.kind, one.language, one.phrase) not in seen
        seen.add((one.kind, one.language, one.phrase))
        if one.source != "none":
            assert row("vetting_rules", one.source)
        assert one.mark == "assumed"
        if one.kind in ("incentive", "prompted"):
            groups = [group.split("|") for group in one.phrase.split(" ") if group != "~"]
            assert any(all(any(stem in word + " " for stem in STEMS) for word in group) for group in groups), one.phrase
    assert {one.language for one in phrases() if one.kind == "incentive"} == {"en", "es", "de"}


def test_wording_on_sentences_it_was_not_made_from() -> None:
    """Written after the table and kept apart from it; the table was not changed after. Counts are those of that first look."""
    rows = list(csv.DictReader(SENTENCES.read_text(encoding="utf-8").splitlines()))
    assert len(rows) >= 100
    for kind, hits, of, wrong in (("incentive", 21, 26, 0), ("prompted", 21, 26, 1)):
        told = [(kind in one["said"].split(), kind in said(one["text"])) for one in rows]
        assert sum(want for want, _ in told) == of
        assert sum(want and got for want, got in told) >= hits
        assert sum(got and not want for want, got in told) <= wrong


def test_a_denial_takes_a_phrase_away_and_one_in_another_clause_does_not() -> None:
    assert said("I got a discount for this review") == {"incentive"}
    assert said("I never got a discount for this review") == frozenset()
    assert said("It did not hurt. I got a discount for this review") == {"incentive"}
    assert said("Not only did it work, they gave me a gift for my review") == {"incentive"}


@pytest.mark.parametrize(
    "text", ["free for discount for asked they review " * 500, "review" + "!" * 20000, "a " * 10000 + "review", "asked me " * 3000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    said(text)
    assert time.process_time() - began < 1


# low stars


def falling(rng: np.random.Generator, n: int = 300) -> list[int]:
    weights = 0.35 ** np.arange(4, -1, -1)
    return [int(count) for count in rng.multinomial(n, weights / weights.sum())]


def alarms(files: list[list[int]]) -> int:
    return sum(low_stars(counts).few for counts in files)


@pytest.mark.stochastic
def test_falling_stars_are_seldom_few() -> None:
    rng = np.random.default_rng(11)
    found = alarms([falling(rng) for _ in range(400)])
    assert binom.sf(found - 1, 400, FALSE_ALARM) > share("test_falling_stars_are_seldom_few")


def test_falling_stars_are_seldom_few_catches_files_whose_low_stars_were_taken_out() -> None:
    rng = np.random.default_rng(11)
    found = alarms([[0, 0, *falling(rng)[2:]] for _ in range(400)])
    assert binom.sf(found - 1, 400, FALSE_ALARM) < share("test_falling_stars_are_seldom_few")
    assert found > 300


def test_a_source_without_low_stars_stands_out_beside_one_that_has_them() -> None:
    both = {"own": (0, 0, 0, 5, 95), "map": (20, 10, 10, 20, 40)}
    found = low_stars((20, 10, 10, 25, 135), both).sources
    assert [(one.source, one.n_low, one.others_low) for one in found] == [("own", 0, 30)]
    assert low_stars((2, 0, 0, 10, 100), {"own": (0, 0, 0, 5, 50), "map": (2, 0, 0, 5, 50)}).sources == ()


def test_no_low_star_still_leaves_a_share_that_may_be() -> None:
    found = low_stars((0, 0, 1, 4, 15))
    assert (found.share, found.low) == (0, 0)
    assert 0.1 < found.high < 0.5


# crowded weeks


def even(rng: np.random.Generator) -> list[datetime.date]:
    return [START + datetime.timedelta(days=int(day)) for day in rng.integers(0, 364, 150)]


@pytest.mark.stochastic
def test_even_reviews_seldom_crowd_a_week() -> None:
    rng = np.random.default_rng(12)
    found = sum(crowds(even(rng)).n_crowds > 0 for _ in range(1000))
    assert binom.sf(found - 1, 1000, FALSE_ALARM) > share("test_even_reviews_seldom_crowd_a_week")


def test_even_reviews_seldom_crowd_a_week_catches_fifteen_on_one_day() -> None:
    rng = np.random.default_rng(12)
    day = [START + datetime.timedelta(days=150)] * 15
    found = sum(crowds(even(rng) + day).n_crowds > 0 for _ in range(1000))
    assert binom.sf(found - 1, 1000, FALSE_ALARM) < share("test_even_reviews_seldom_crowd_a_week")
    assert found > 900


def test_slow_growth_is_no_crowd_and_too_few_dates_are_not_tested() -> None:
    grows = [START + datetime.timedelta(days=int(700 * (step / 400) ** 0.5)) for step in range(400)]
    assert crowds(grows).n_crowds == 0
    assert not crowds(grows[:10]).tested
    assert not crowds([START] * 500).tested
    assert crowds([]).dated == 0


# all together


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_it(tail: bytes) -> None:
    found = weighed(parse_reviews(b"stars,text,date,source\n5,fine,2024-01-02,a\n" + tail, "r.csv"))
    assert found.stars.n >= 1
    assert found.stars.n == sum(found.stars.counts)


def test_what_ratings_are_worth_is_always_there() -> None:
    found = weighed(parse_reviews(b"stars\n5\n", "r.csv"))
    assert "91.2%" in found.rules[0].why
    assert "health improvements (91.2%)" in found.rules[0].quote
