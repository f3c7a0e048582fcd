"""Who stands behind a number: its form, what the registry says, what fits what was claimed, and where to look further."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anagen.clinic.boards import LookUp, where_to_look
from anagen.clinic.credentials import IDENTITY_ONLY, Claimed, Credential, Said, format_of, judged
from anagen.clinic.npi import NPI
from anagen.clinic.registry import Record, Registry
from anagen.clinic.registry_live import TIMEOUT_S, URL, look_up_live
from anagen.ground.errors import BadInput

FURTHER = ("licence", "discipline", "board", "identity")


@dataclass(frozen=True)
class Who:
    """A number that has the right form. `source` is empty where nobody was asked; `record` is None where the number was not found."""

    npi: str
    source: str
    record: Record | None
    findings: tuple[Credential, ...]
    lookups: tuple[LookUp, ...]


def who(
    number: str,
    claimed: Claimed | None = None,
    registry: str | Path | None = None,
    live: bool = False,
    url: str = URL,
    timeout_s: float = TIMEOUT_S,
) -> Who:
    """What can be said of a number: from its form alone, from an imported bulk file (`registry`), or from the registry itself (`live`).

    Raises `BadParameter` for what is no NPI, `BadFile` for a registry that cannot be read, `Unreachable` where nobody answers.

    >>> found = who("1234567893")
    >>> [finding.about for finding in found.findings], found.record
    (['format', 'identity'], None)
    """
    if live and registry is not None:
        raise BadInput("--live and --registry are two ways to look a number up; give one.")
    npi, said = NPI.parse(number), claimed if claimed is not None else Said()
    form, lookups = format_of(str(npi)), where_to_look("US", FURTHER)
    if registry is None and not live:
        note = Credential("identity", "note", f"Nobody was asked whose number it is. {IDENTITY_ONLY}", "us_npi_not_quality")
        return Who(str(npi), "", None, (form, note), lookups)
    if registry is not None:
        with Registry(registry) as opened:
            record, source = opened.look_up(npi), f"bulk file {opened.made.file}"
    else:
        record, source = look_up_live(npi, url, timeout_s), f"the registry at {url}"
    return Who(str(npi), source, record, (form, *judged(record, said, source)), lookups)
