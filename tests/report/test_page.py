"""The page: whole, offline, in order, plain to read, and with every number and its range."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fitted import fitted

from anagen.compare import NOT_A_DEVICE, Comparison, compare
from anagen.forecast import BANDS_HOLD
from anagen.grounds.unknowns import MARKS
from anagen.people.person import read_person
from anagen.report import words
from anagen.report.page import render
from anagen.report.scalp import MOST_PICTURED
from anagen.treatments import TREATMENTS
from anagen.treatments.join_trial import JoinTrial

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VOID = {"meta", "link", "br", "img", "input", "hr"}
FETCHES = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}


class Outline(HTMLParser):
    """What the tests look at: tags with their attributes, headings, plain sentences, and the children of each svg."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.headings: list[int] = []
        self.plain: list[str] = []
        self.text: list[str] = []
        self.svgs: list[dict[str, str]] = []
        self.feed(html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg":
            self.svgs.append(dict(found))
        if self._is_plain(tag, found):
            self.plain.append("")
        if tag not in VOID:
            self.open.append((tag, found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.open]
        if inside[-1:] in (["title"], ["desc"]) and "svg" in inside:
            self.svgs[-1][inside[-1]] = data
        elif "style" not in inside and "svg" not in inside:
            self.text.append(data)
        if any(self._is_plain(tag, found) for tag, found in self.open):
            self.plain[-1] += data

    def _is_plain(self, tag: str, found: dict[str, str]) -> bool:
        in_list = tag == "li" and any(outer == "ul" and "plain" in at.get("class", "").split() for outer, at in self.open)
        return in_list or (tag == "p" and "plain" in found.get("class", "").split())


def syllables(word: str) -> int:
    """About how many: groups of vowels, less a silent e; a number counts as one word of two."""
    word = word.lower()
    if re.search(r"\d", word):
        return 2
    found = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and found > 1:
        found -= 1
    return max(found, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid school grade of a text (Kincaid 1975)."""
    text = re.sub(r"(?<=\d)\.(?=\d)", "", text)
    sentences = [part for part in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"\w", part)]
    words = re.findall(r"[\w²'’]+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.fixture(scope="module")
def outline(html: str) -> Outline:
    return Outline(html)


def fetched(outline: Outline, html: str) -> list[str]:
    """Everything a browser would go and get, from the network or from beside the page."""
    found = [f"{tag} {name}={value}" for tag, at in outline.tags for name, value in at.items() if name in FETCHES]
    found += [f"{tag} href" for tag, at in outline.tags if "href" in at and tag != "a" and not at["href"].startswith(("#", "data:,"))]
    found += [tag for tag, _ in outline.tags if tag in ("script", "iframe", "object", "embed", "base", "img")]
    found += re.findall(r"@import[^;]*|url\((?!#)[^)]*\)", html)
    return found


def test_nothing_is_fetched(outline: Outline, html: str, answer: Comparison) -> None:
    assert fetched(outline, html) == []
    links = [at["href"] for tag, at in outline.tags if tag == "a"]
    outside = [link for link in links if not link.startswith("#")]
    parts = [answer.nothing.known().grounds.untreated, *(part for option in answer.forecasts for part in option.known().grounds.parts)]
    results = sum(len(part.entries) for part in parts)
    assert len(outside) == len(JoinTrial.where) + 2 + results, "registries of trials, two published results, and each result behind"
    assert {link[1:] for link in links if link.startswith("#")} <= {at["id"] for _, at in outline.tags if "id" in at}


@pytest.mark.parametrize(
    "part",
    ['<img src="https://a.b/c.png">', '<link rel="stylesheet" href="a.css">', "<script>1</script>", "<style>@import 'a.css';</style>"],
)
def test_fetching_would_be_seen(part: str) -> None:
    assert fetched(Outline(part), part) != []


def test_headings_go_down_one_step_at_a_time(outline: Outline) -> None:
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.headings.count(2) == 12
    assert outline.headings.count(4) == 21, "a card for each option"


def test_every_svg_can_be_heard_or_repeats_what_is_said_beside_it(outline: Outline, answer: Comparison) -> None:
    heard = [svg for svg in outline.svgs if svg.get("aria-hidden") != "true"]
    assert len(heard) == 2 * len(answer.forecasts) + 1 + MOST_PICTURED
    assert len(outline.svgs) - len(heard) == len(answer.forecasts) + 3, "a bar for each option, three people in the key"
    ids = [at["id"] for _, at in outline.tags if "id" in at]
    assert len(ids) == len(set(ids))
    for svg in heard:
        assert svg["role"] == "img"
        assert len(svg["title"].strip()) > 10
        assert len(re.findall(r"\d+", svg["desc"])) >= 4, "says the numbers"
        assert set(svg["aria-labelledby"].split()) <= set(ids)


@pytest.mark.parametrize("who", ["answer", "woman", "taking"])
def test_the_prose_is_read_at_grade_eight_or_lower(who: str, request: pytest.FixtureRequest) -> None:
    prose = [" ".join(part.split()) for part in Outline(render(request.getfixturevalue(who))).plain]
    assert len(prose) > 14
    assert grade(" ".join(part if part.endswith((".", "!", "?")) else part + "." for part in prose)) <= 8
    for part in prose:
        if len(part.split()) >= 25 and part != BANDS_HOLD:
            assert grade(part) <= 8.5, part


def test_the_grade_tells_plain_from_hard() -> None:
    assert grade("The cat sat on the mat. It was a warm day.") < 2
    hard = "Pharmacological interventions demonstrate heterogeneous efficacy regarding androgenetic alopecia progression in populations."
    assert grade(hard) > 16


def test_what_every_reader_must_be_told(outline: Outline, answer: Comparison) -> None:
    text = " ".join(" ".join(outline.text).split())
    assert text.count(NOT_A_DEVICE) == 1
    assert BANDS_HOLD in text
    assert text.lower().count(answer.belief.label) >= 2
    assert text.lower().index(answer.belief.label) < text.index("In short")
    assert not re.search(r"\b(1|one) in \d|relative risk|guarantee|\bcure|\bbest\b|you should (buy|take|get)", text, re.IGNORECASE)


def said(value: float, sign: str = "") -> str:
    """A whole number as the page writes it."""
    whole = f"{round(float(value)):{sign}d}".replace("-", "−")
    return "0" if whole == "+0" else whole


def test_every_number_stands_in_the_tables_with_its_range(html: str, answer: Comparison) -> None:
    found = {}
    for part in re.findall(r'<details class="region">.*?</details>', html, re.DOTALL):
        name = re.search(r"<h3>(.*?)</h3>", part)
        assert name
        found[name[1].lower()] = [
            re.findall(r'<td role="cell">.*?<b>(.*?)</b> <span class="range">(.*?)</span>', table)
            for table in re.findall(r"<table.*?</table>", part, re.DOTALL)
        ]
    assert list(found) == ["crown", "whole top of the scalp", "front", "temples", "mid-scalp"]
    weeks = [moment.week for moment in answer.moments]
    for region, title in answer.regions.items():
        high = {option.name: [week for week in weeks if option.too_high(week)] for option in answer.forecasts}
        bands = [
            (option.gain(answer.nothing, region=region), weeks, "+", high[option.name])
            for option in answer.forecasts
            if option is not answer.nothing
        ]
        counts = [(option.band("visible", region), weeks, "", high[option.name]) for option in answer.forecasts]
        thick = [
            row
            for option in answer.forecasts
            for row in (
                (option.band("terminal", region), weeks[-1:], "", []),
                (option.gain(answer.nothing, "terminal", region), weeks[-1:], "+", []),
                (option.band("calibre", region), weeks[-1:], "", []),
            )
        ]
        expected = [
            [
                (
                    said(band.median[week], sign),
                    f"{said(band.low[0.95][week], sign)} to {said(band.high[0.95][week], sign)}{'; too high' if week in high else ''}",
                )
                for band, read, sign, high in table
                for week in read
            ]
            for table in (bands, counts, thick)
        ]
        assert found[title] == expected
    assert [moment.label for moment in answer.moments] == ["3 months", "6 months", "12 months", "24 months"]


def test_the_glance_says_gain_range_and_people_of_every_option(html: str, answer: Comparison) -> None:
    glance = re.search(r'<table role="table" class="glance">.*?</table>', html, re.DOTALL)
    assert glance
    rows = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>(.*?)</tr>', glance[0], re.DOTALL)
    assert [title.lower() for title, _ in rows] == [option.title.lower() for group in answer.groups for option in group.options][:-1]
    places = {option.title.lower(): option for option in answer.forecasts}
    for title, row in rows:
        option = places[title.lower()]
        gain, chances = option.gain(answer.nothing, region="vertex"), option.chances(104, "vertex")
        shown = re.findall(r"<b>(.*?)</b>", row)
        assert shown[-2:] == [str(chances.gain), str(chances.loss)]
        if option is not answer.nothing:
            assert shown[0] == said(gain.median[104], "+")
            assert f"{said(gain.low[0.95][104], '+')} to {said(gain.high[0.95][104], '+')}" in row


def test_each_option_says_what_it_stands_on_and_where_it_leaves_the_evidence(html: str, answer: Comparison) -> None:
    cards = dict(re.findall(r'<article class="option g-[a-z]+">\n<h4>(.*?)</h4>(.*?)</article>', html, re.DOTALL))
    assert list(cards) == [f"{option.title[:1].upper()}{option.title[1:]}" for group in answer.groups for option in group.options][:-1]
    for option, markup in zip((o for group in answer.groups for o in group.options), cards.values(), strict=False):
        card = unescape(markup)
        assert option.basis in card
        assert ("Where it leaves the evidence" in card) == bool(option.beyond)
        for sentence in option.beyond:
            assert sentence.removeprefix(f"{option.title}: ")[1:] in card
    assert any(option.beyond for option in answer.options)


def test_each_option_says_how_sure_it_is_on_its_card_at_a_glance_and_in_full(html: str, answer: Comparison) -> None:
    cards = re.findall(r'<article class="option.*?</article>', html, re.DOTALL)
    glance = re.search(r'<table role="table" class="glance">.*?</table>', html, re.DOTALL)
    full = re.findall(r'<details class="grounds g-.*?</details>', html, re.DOTALL)
    assert glance
    rows = re.findall(r'<tr role="row"><th role="rowheader" scope="row">.*?</tr>', glance[0], re.DOTALL)
    assert len(cards) == len(rows) == len(full) == len(answer.forecasts)
    assert len({option.known().grounds.certainty.level for option in answer.forecasts}) > 2
    for option, card, row, part in zip(answer.forecasts, cards, rows, full, strict=True):
        grounds = option.known().grounds
        assert f"<b>How sure: {grounds.certainty.level}.</b>" in card
        assert f'<span class="value">{grounds.certainty.level}</span>' in row
        assert f'<span class="sure">{grounds.certainty.level}</span>' in part
        said = unescape(part)
        for why in grounds.because:
            assert why in said
        for one in grounds.parts:
            assert one.basis in said


def test_where_numbers_come_from_is_folded_and_shows_every_result_and_assumption() -> None:
    """Of a belief that was fitted: each result with its link, people and risk of bias, each assumption with its range and mark."""
    fitted_answer = compare(read_person(EXAMPLES / "man-on-finasteride.toml"), fitted(), 0.25, ["finasteride; svf", "minoxidil 5%"])
    page = render(fitted_answer)
    Outline(page)
    assert '<details class="grounds' in page
    assert not re.search(r'<details class="grounds[^>]*open', page)
    assert "The model was fitted to all the trials" in page
    parts = re.findall(r'<details class="grounds g-.*?</details>', page, re.DOTALL)
    for option, markup in zip(fitted_answer.forecasts, parts, strict=True):
        found, said = option.known().grounds, unescape(markup)
        assert found.parts, "what he took stands behind every option of his"
        for part in found.parts:
            assert said.count(f">{part.title[0].upper()}{part.title[1:]}: what is not known") == 1
            for entry in part.entries:
                assert f'<a href="{entry.url}">{entry.study.study_id}</a>' in said
                assert entry.found in said
            for row in part.rows:
                assert words.believed(row) in said
                assert MARKS[row.mark] in said
        assert words.stands(option) in said
    added = fitted_answer.option("finasteride; svf").known().grounds
    cells, drug = (words.behind(added.of([name])) for name in ("svf", "finasteride"))
    assert words.stands(fitted_answer.option("finasteride; svf")) == (
        f"what is added: {cells}; what you take now: {drug} (how sure we are hangs on 3 trials with 2,125 people), men only"
    )
    plain = compare(read_person(EXAMPLES / "man-norwood-3v.toml"), fitted(), 0.25, ["hfsc micrograft"]).options[1]
    assert words.stands(plain) == "3 trials with 81 people (how sure we are hangs on 1 trial with 27 people)"
    assert added.of(["svf"]).people + added.of(["finasteride"]).people == added.people
    stopped = unescape(parts[-1])
    assert "Finasteride 1 mg a day, taken before" in stopped
    assert "before the fit 0.58 times" in stopped


def test_a_prior_says_that_no_trial_stands_behind_it(woman: Comparison, html: str) -> None:
    page = render(woman)
    for part in ("Prior, not yet calibrated", "These numbers are not fitted to the trials.", "it was not fitted to trials"):
        assert part in page
        assert part not in html
    assert 'class="results"' not in page
    assert 'class="results"' in html


def test_joining_a_trial_explains_itself(html: str, woman: Comparison) -> None:
    for part in (JoinTrial.what, *JoinTrial.ask, *(place.split(": ")[1] for place in JoinTrial.where)):
        assert part in html
    assert "Join a trial" not in render(woman), "it is said where it is an option"


def test_published_results_stand_beside_ours_with_row_quote_and_source(html: str, answer: Comparison) -> None:
    assert len(answer.published) == 2
    for one in answer.published:
        assert f"<code>{one.row_id}</code>" in html
        assert f'<a href="{one.url}">' in html
        assert one.citation in html
    assert html.count("<blockquote>") == len(answer.published)
    assert html.count("no range given") == len(answer.published), "none of these sources gives one"


def test_a_range_that_a_source_gives_is_shown(answer: Comparison) -> None:
    known = replace(answer, published=(replace(answer.published[0], per_cm2_range=(-60.4, -31.6)),))
    page = render(known)
    assert "−60 to −32" in page
    assert "no range given" not in page


def test_words_from_files_cannot_become_markup(answer: Comparison) -> None:
    bad = replace(answer.published[0], quote="<script>alert(1)</script>", citation="A & B <i>")
    page = render(replace(answer, published=(bad,)))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_same_answer_gives_the_same_page(html: str, answer: Comparison) -> None:
    assert render(answer) == html


def test_a_page_of_nothing_alone_and_without_a_trial(answer: Comparison) -> None:
    page = render(replace(answer, options=answer.options[:1], published=()))
    assert "What a trial found" not in page
    assert "more hairs per cm² than with nothing" not in page
    Outline(page)


def test_a_woman_and_one_who_was_not_counted_are_told_so(woman: Comparison, html: str) -> None:
    page = render(woman)
    Outline(page)
    assert "Woman of 45, Ludwig 2" in page
    assert "not known beyond a year" in page
    assert '<details class="kind' not in page, "so few options stand side by side"
    assert page.count('<article class="option') == 4
    assert "No one has counted them" in page
    assert "of your mid-scalp" in page
    assert "No count is exact" in html
    assert not re.search(
        r"\b[Mm]en\b", re.sub(r"<(details|article).*</\1>|<section aria-labelledby=.gate.>.*?</section>", "", page, flags=re.DOTALL)
    )


def test_it_stays_small(html: str) -> None:
    assert len(html.encode()) < 1_000_000


def test_a_count_is_shown_as_it_was_told_and_why_today_is_another_number(answer: Comparison, woman: Comparison) -> None:
    now = answer.nothing.band("visible", answer.main_region, (0,))
    said = words.count_and_now(answer)
    assert said.startswith("172 were counted. No count is exact")
    assert f"about {words.middle(now, 0)} ({words.within(now, 0)})" in said
    assert f"of your crown, {said}" in re.sub(r"\s+", " ", unescape(render(answer)))
    assert words.count_and_now(woman) == ""
    page = re.sub(r"\s+", " ", render(woman))
    assert "No one has counted them" in page
    assert "were counted. No count" not in page


def test_each_option_says_what_it_is_in_plain_words_and_its_plan_in_small_print(html: str, answer: Comparison) -> None:
    assert set(words.what_each_is()) == set(TREATMENTS)
    assert all(what.endswith(".") for what in words.what_each_is().values())
    cards = re.findall(r'<article class="option g-[a-z]+">\n<h4>(.*?)</h4>(.*?)</article>', html, re.DOTALL)
    by_title = {words.capital(option.title): option for option in answer.forecasts}
    for title, card in cards:
        option = by_title[unescape(title)]
        assert " ".join(words.what_it_is(option)) in unescape(card)
        assert card.index('class="small what"') < card.index('class="panel"')
        assert "Plan:" not in card
        if option.name == "wait":
            assert "<code>wait until week" in card
