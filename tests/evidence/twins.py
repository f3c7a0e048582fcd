"""Change one cell of a table."""

from __future__ import annotations

import csv
from pathlib import Path

from anagen.evidence import tables


def rewrite(path: Path, like: dict[str, str], put: dict[str, str]) -> int:
    """Change the first row that looks like `like`; the line it stands on."""
    (_, header), *body = tables.records(path)
    found = next(i for i, (_, cells) in enumerate(body) if like.items() <= dict(zip(header, cells, strict=True)).items())
    line, cells = body[found]
    body[found] = line, list((dict(zip(header, cells, strict=True)) | put).values())
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *(cells for _, cells in body)])
    return line
