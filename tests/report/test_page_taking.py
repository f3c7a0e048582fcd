"""The page of a person who takes something today, and what its cards say of harms, costs and of numbers that are known to be too high."""

from __future__ import annotations

import re
from html import unescape

from report.test_page import Outline, said

from anagen.belief import Belief
from anagen.compare import Comparison, compare
from anagen.report.page import render


def test_for_one_who_takes_something_all_is_held_against_going_on(taking: Comparison, html: str) -> None:
    page = render(taking)
    Outline(page)
    row = re.search(r'scope="row">Add own bone-marrow cells, once</th>.*?<b>(.*?)</b>', page, re.DOTALL)
    assert row
    gain = taking.option("bone_marrow").gain(taking.option("go on"), region=taking.main_region, weeks=[13])
    assert row[1] == said(gain.median[0], "+")
    assert "can not tell if the option gives more hair than to go on as now" in page
    assert "can not tell if the option helps" in html
    assert "“Very low” or “not known” means" in html
    for part in ("Stop: finasteride 1 mg a day", "Go on: finasteride 1 mg a day", "Add minoxidil 5 %", "Switch to dutasteride"):
        assert part in page
        assert part not in html
    assert page.count("more hairs per cm² than if you go on as now, at the same time") == len(taking.regions)
    assert page.count("more hairs per cm² than if you stop, at the same time") == len(taking.regions)
    assert "If you go on as now, there may be about" in page
    assert "with nothing done" not in page
    assert "go on as now" not in html


def test_harms_and_costs_say_their_time_and_their_sources(taking: Comparison) -> None:
    page = unescape(render(taking))
    cards = dict(re.findall(r'<article class="option g-[a-z]+">\n<h4>(.*?)</h4>(.*?)</article>', page, re.DOTALL))
    svf, plasma = cards["Add stromal vascular fraction of own fat, once"], cards["Add platelet-rich plasma, 3 times 4.3 weeks apart"]
    harms = re.search(r"each over its own time</dt><dd>(.*?)</dd>", svf, re.DOTALL)
    assert harms
    lines = re.findall(r'<span class="line">(.*?)</span>', harms[1])
    assert not lines[0].startswith("As now")
    assert lines[-1].startswith("As now, finasteride 1 mg a day: ")
    counted = [one for one in lines if not re.search("serious reports|are not known", one, re.IGNORECASE)]
    assert all("time: " in one for one in counted)
    sources = re.search(r"Where these harms and costs come from</summary>(.*?)</details>", plasma, re.DOTALL)
    assert sources
    for part in ("rows a", "(rows k022, k023, k024, k025)", "finasteride 1 mg a day, 3 months, USD"):
        assert part in sources[1].lower().replace("usd", "USD"), part
    assert "Each harm was counted over a time of its own." in page
    assert "the same time hold for each option" not in page


def test_what_is_known_to_be_too_high_says_so(html: str, answer: Comparison) -> None:
    transplants = sum(option.too_high(13) for option in answer.forecasts)
    assert transplants == 2
    assert html.count("; too high</span>") == transplants * 2 * 2 * len(answer.regions), "two moments of gain and of count, each region"
    assert html.count("), too high") == 2 * transplants, "and where a chart is told"
    early = render(compare(answer.person, Belief.prior(n=100), 0.5, ["transplant"]))
    glance = re.search(r'<table role="table" class="glance">.*?</table>', early, re.DOTALL)
    assert glance
    assert glance[0].count("too high") == 2, "the gain, and the people who see it"
