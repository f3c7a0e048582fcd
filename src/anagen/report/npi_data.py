"""Who stands behind a provider number, as data, for `--json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen import __version__
from anagen.compare import NOT_A_DEVICE
from anagen.evidence.tables import row

if TYPE_CHECKING:
    from anagen.clinic.registry import Imported
    from anagen.clinic.who import Who


def npi(found: Who) -> dict[str, Any]:
    """The number, the record, each finding with the rule it stands on, and the look-ups. Days are as 2026-11-24."""
    record = None
    if found.record is not None:
        record = {
            name: str(value) if name in ("enumerated", "updated", "deactivated", "reactivated") and value else value
            for name, value in asdict(found.record).items()
        } | {"name": found.record.name, "active": found.record.active}
    rules = sorted({finding.rule for finding in found.findings})
    return {
        "kind": "npi",
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "npi": found.npi,
        "looked_up_in": found.source or None,
        "record": record,
        "findings": [asdict(finding) for finding in found.findings],
        "rules": {
            rule: row("vetting_rules", rule).model_dump(mode="json", include={"as_of", "source_citation", "source_url"}) for rule in rules
        },
        "look_up": [asdict(one) for one in found.lookups],
    }


def imported(made: Imported) -> dict[str, Any]:
    """What an imported file holds."""
    return {"kind": "registry", "anagen": __version__, **asdict(made), "path": str(made.path)}
