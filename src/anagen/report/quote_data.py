"""A clinic's price made comparable, as data, for `--json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen import __version__
from anagen.clinic.text import plain
from anagen.compare import NOT_A_DEVICE

if TYPE_CHECKING:
    from anagen.clinic.quote import Amount, Quote

AMOUNTS = ("all_in", "course", "per_session", "per_cm2", "per_million_cells", "booster")


def quote(found: Quote) -> dict[str, Any]:
    """Every amount with what it was made from, what is missing, and each price beside it with its row."""
    return {
        "kind": "quote",
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "clinic": " ".join(plain(found.clinic).split()),
        "treatment": found.treatment,
        "currency": found.currency,
        "sessions": found.sessions,
        "free": found.free,
        "amounts": {name: _amount(getattr(found, name)) for name in AMOUNTS},
        "included": list(found.included),
        "missing": [asdict(one) | {"kinds": list(one.kinds)} for one in found.missing],
        "not_needed": [one.part for one in found.not_needed],
        "contradictions": list(found.contradictions),
        "beside": [
            {"from": one.cost.row_id, "of": one.of, "ours": _amount(one.ours), "position": one.position, "why": one.why}
            | {"published": one.cost.model_dump(mode="json")}
            for one in found.beside
        ],
        "why_none": found.why_none or None,
        "left_out": [{"from": cost.row_id, "why": why} for cost, why in found.left_out],
        "terms": [asdict(one) for one in found.terms],
        "questions": list(found.questions),
        "rules": [rule.model_dump(mode="json") for rule in found.rules],
    }


def _amount(one: Amount | None) -> dict[str, Any] | None:
    return None if one is None else {"value": float(f"{one.value:.8g}"), "at_least": one.at_least, "how": one.how}
