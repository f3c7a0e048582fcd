"""Our pooling against the recorded numbers of R's metafor, and what stands beside published reviews, without R."""

from __future__ import annotations

import pytest
from records import record, script, stale, text

from anagen.evidence.tables import SHIPPED

FOLDERS = ("metafor", "pooled_elsewhere")
folders = pytest.mark.parametrize("folder", FOLDERS)


METAFOR, RECORD = script("metafor"), record("metafor")
SETS = sorted(name for name in RECORD["metafor"] if name != "versions")


@folders
def test_the_readme_holds_the_recorded_tables_and_says_what_was_recorded(folder: str) -> None:
    assert stale(folder) == []
    assert [sentence for sentence in script(folder).said(record(folder)) if sentence not in " ".join(text(folder).split())] == []


@pytest.mark.parametrize("name", SETS)
def test_our_numbers_are_those_of_r(name: str) -> None:
    numbers = RECORD["metafor"][name]
    found, allowed = METAFOR.ours(numbers), METAFOR.WITHIN[METAFOR.kind(numbers)]
    assert len(found) >= 3
    assert {key: value for key, value in found.items() if METAFOR.off(value, numbers[key]) > allowed} == {}
    data = {"yi", "sei", "xi", "ni", "ai", "n1i", "ci", "n2i"}
    left = {key for key in numbers if key not in found and key.split()[0] not in data}
    assert left <= {"x", "n", "log likelihood", "chance", "low", "high", "prediction_low", "prediction_high"}, (
        "R's numbers that nothing is held to"
    )


@pytest.mark.parametrize("name", SETS)
def test_the_comparison_can_fail(name: str) -> None:
    """A number moved by more than is allowed is seen: the last trial's estimate or count, changed a little."""
    numbers = dict(RECORD["metafor"][name])
    kind = METAFOR.kind(numbers)
    column = {"mean": "yi", "share": "xi", "difference": "ai"}.get(kind)
    if column is None:
        numbers["n"] += 1
    else:
        last = f"{column} {len(METAFOR.column(numbers, column))}"
        numbers[last] += 1e-3 * numbers["sei 1"] if kind == "mean" else 1
    found = METAFOR.ours(numbers)
    assert any(METAFOR.off(found[key], numbers[key]) > METAFOR.WITHIN[kind] for key in found)


def test_our_search_does_not_stop_before_lme4_does() -> None:
    for name in SETS:
        if "xi 1" in RECORD["metafor"][name]:
            assert METAFOR.higher(RECORD["metafor"][name]) > -METAFOR.ROUNDING, name


def test_sets_with_zeros_with_no_spread_and_with_few_trials_are_among_them() -> None:
    found = RECORD["metafor"]
    assert any(0.0 in METAFOR.column(numbers, "xi") for numbers in found.values())
    assert any(numbers.get("tau") == 0 for numbers in found.values())
    assert any(numbers.get("tau2") == 0 for numbers in found.values())
    assert any(len(METAFOR.column(numbers, "yi")) == 3 for numbers in found.values())
    assert set(RECORD["origins"]) == {name for name in SETS if not name.startswith("binom")}


def test_what_stands_beside_reviews_is_what_the_rows_give_now() -> None:
    run = script("pooled_elsewhere")
    for now, then in zip(run.rows(), record("pooled_elsewhere")["rows"], strict=True):
        assert now.keys() == then.keys()
        for name, value in now.items():
            assert then[name] == (pytest.approx(value, rel=2e-6) if isinstance(value, float) else value), f"{now['what']}: {name}"


def test_the_figures_of_others_stand_in_the_evidence_as_printed() -> None:
    printed = (SHIPPED / "meta_analyses.md").read_text(encoding="utf-8")
    for row in script("pooled_elsewhere").elsewhere():
        for name in ("theirs", "low", "high"):
            if row[name] is not None and row["what"] != "erectile dysfunction on finasteride (1 / 82.1)":
                assert any(form in printed for form in (f"{row[name]:g}", f"{row[name]:.2f}", f"{row[name]:.1f}")), (row["who"], row[name])
    assert "NNH 82.1" in printed
