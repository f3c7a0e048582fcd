"""BibTeX of a forecast: what it stands on, each once, in entries that a reference manager can read."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from fitted import fitted

from anagen.compare import compare
from anagen.forecast import Forecast, forecast
from anagen.grounds.cite import methods, named
from anagen.people.person import read_person

MAN = read_person(Path(__file__).resolve().parents[2] / "examples" / "man-norwood-3v.toml")


def keys(text: str) -> list[str]:
    """The keys of a BibTeX file whose braces close."""
    assert text.count("{") == text.count("}")
    found = re.findall(r"^@\w+\{([^,\s]+),$", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"^\}$", text, re.MULTILINE))
    return found


@pytest.fixture(scope="module")
def finasteride() -> Forecast:
    found = forecast(MAN, "finasteride", fitted(), years=0.25)
    assert isinstance(found, Forecast)
    return found


def test_a_forecast_cites_its_trials_its_sources_and_its_methods(finasteride: Forecast) -> None:
    found = keys(finasteride.cite())
    assert not [key for key, count in Counter(found).items() if count > 1]
    assert {one.study.study_id for part in finasteride.grounds.all_parts for one in part.entries} <= set(found)
    assert {"whiting_2001", "courtois_1994", "gottlieb_2001", "hoffman_2014"} <= set(found)
    assert {"p138", "p056"} <= set(found), "sources of assumptions"
    assert "kuka_2020" not in found, "a trial of cells has no part in it"


def test_a_prior_does_not_cite_how_it_would_have_been_fitted() -> None:
    from anagen.belief import Belief

    found = forecast(MAN, "finasteride", Belief.prior(n=100), years=0.25)
    assert isinstance(found, Forecast)
    assert not {"hoffman_2014", "phan_2019"} & set(keys(found.cite()))
    assert "van_neste_2000" in keys(found.cite()), "its basis names that trial"


def test_a_comparison_cites_all_of_its_options_once(finasteride: Forecast) -> None:
    answer = compare(MAN, fitted(), 0.25, ["finasteride", "svf"])
    found = keys(answer.cite())
    assert len(found) == len(set(found))
    svf = answer.option("svf").known().cite()
    assert set(found) == set(keys(finasteride.cite())) | set(keys(svf))


def test_rows_that_a_text_names() -> None:
    assert named("counts (o110-o112, o125); p138 p139") == ("o110", "o111", "o112", "o125", "p138", "p139")
    assert named("models.md: no row") == ()


def test_methods_are_whole_entries() -> None:
    assert keys("\n".join(methods().values())) == list(methods())
    for text in methods().values():
        assert {"title", "year"} <= set(re.findall(r"^  (\w+) = ", text, re.MULTILINE))
