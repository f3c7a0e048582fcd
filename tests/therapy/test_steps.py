"""Every number of the steps names the rows that it hangs on: those that move it, and no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from therapy.test_protocol import GOOD

from anagen.ground.errors import BadParameter
from anagen.therapy.protocol import as_protocol
from anagen.therapy.steps import Quantity, Steps, quantities, take_steps
from anagen.therapy.unknowns import Unknowns

DRAWN = Unknowns.drawn(100)


def found(**changed: object) -> dict[str, Quantity]:
    protocol = as_protocol(GOOD | changed, "mine.toml")
    return {one.name: one for one in quantities(protocol, DRAWN, take_steps(protocol, DRAWN))}


def names(one: Quantity) -> set[str]:
    return {f"{row.of}.{row.name}" for row in one.rows}


def test_what_the_protocol_gives_hangs_on_nothing_and_all_else_on_a_row() -> None:
    made = found()
    assert {name for name, one in made.items() if not one.rows} == {"lipoaspirate_ml"}
    assert all(row.mark in ("read", "assumed") and row.source for one in made.values() for row in one.rows)


def test_live_cells_hang_on_yield_donor_site_weight_and_viability() -> None:
    assert names(found()["live_cells"]) == {
        "lipoaspirate.density_g_per_ml",
        "lipoaspirate.donor_factor",
        "lipoaspirate.site_factor_abdomen",
        "enzymatic_svf.yield_per_g",
        "enzymatic_svf.viable_share",
        "release.sample_share",
    }


def test_a_dose_that_is_nearly_always_met_still_names_what_it_hangs_on() -> None:
    made = found(injection={"dose_per_cm2": 6e5})
    assert np.median(made["dose"].draws) == 6e5
    assert names(made["dose"]) == names(made["live_cells"])


def test_a_row_moved_by_hand_moves_exactly_what_names_it() -> None:
    protocol = as_protocol(GOOD, "mine.toml")
    before = {q.name: q for q in quantities(protocol, DRAWN, take_steps(protocol, DRAWN))}
    for of, name in (("enzymatic_svf", "viable_share"), ("inject", "lost_share"), ("retention", "half_days")):
        other = DRAWN.but({(of, name): DRAWN.of(of)[name] * 0.9})
        after = {q.name: q.draws for q in quantities(protocol, other, take_steps(protocol, other))}
        moved = {key for key, q in before.items() if not np.allclose(q.draws, after[key], rtol=1e-9)}
        assert moved == {key for key, q in before.items() if f"{of}.{name}" in names(q)}, name


@pytest.mark.parametrize("name", ["hours", "live_cells", "minutes", "delivered_per_cm2", "reached_share", "dose"])
def test_each_number_has_a_unit(name: str) -> None:
    assert found()[name].unit


TISSUES: dict[str, dict[str, Any]] = {
    "fat": {"source": {"kind": "lipoaspirate", "volume_ml": 100}, "recipe": {"name": "enzymatic_svf"}},
    "marrow": {"source": {"kind": "marrow", "volume_ml": 60}, "recipe": {"name": "marrow_concentrate"}},
    "scalp": {"source": {"kind": "scalp_biopsy", "number": 5}, "recipe": {"name": "hfsc_micrograft"}},
}


@pytest.mark.parametrize(("what", "least"), [("fat", 28), ("marrow", 28), ("scalp", 14)])
def test_tissue_is_not_taken_anew_too_soon_nor_too_often(what: str, least: int) -> None:
    def take(**injection: Any) -> Steps:
        return take_steps(as_protocol(GOOD | TISSUES[what] | {"injection": injection}, "mine.toml"), Unknowns.middle())

    assert take(sessions=6, interval_days=least).dose.value > 0
    with pytest.raises(BadParameter) as caught:
        take(sessions=2, interval_days=least - 1)
    assert f"interval_days is {least - 1}, and {what} is taken anew for each session; allowed: at least {least} days" in str(caught.value)
    with pytest.raises(BadParameter, match=f"sessions is 7, and {what} is taken anew for each; allowed: at most 6 harvests, or cultured"):
        take(sessions=7, interval_days=least)


def test_cells_of_one_harvest_may_be_given_any_day() -> None:
    grown = GOOD | {"recipe": {"name": "culture_adsc", "passage": 2}, "injection": {"sessions": 24, "interval_days": 1}}
    assert take_steps(as_protocol(grown, "mine.toml"), Unknowns.middle()).dose.value > 0
