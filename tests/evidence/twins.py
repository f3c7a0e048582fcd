"""Tables to break: change one cell of a table; a folder of studies of one's own, made like shipped ones."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from anagen.evidence import tables

LIKE, MINE = "kaufman_1998", "mine_2026"


def rewrite(path: Path, like: dict[str, str], put: dict[str, str]) -> int:
    """Change the first row that looks like `like`; the line it stands on."""
    (_, header), *body = tables.records(path)
    found = next(i for i, (_, cells) in enumerate(body) if like.items() <= dict(zip(header, cells, strict=True)).items())
    line, cells = body[found]
    body[found] = line, list((dict(zip(header, cells, strict=True)) | put).values())
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *(cells for _, cells in body)])
    return line


def own_studies(folder: Path, only: Iterable[str] = ("studies", "arms", "outcomes"), line_end: str = "\n", mark: str = "") -> Path:
    """A folder with a study of one's own, `MINE`, in some of the tables: the rows of `LIKE` under other names."""
    folder.mkdir(exist_ok=True)
    for table in only:
        (_, header), *body = tables.records(tables.SHIPPED / tables.TABLES[table])
        rows = [dict(zip(header, cells, strict=True)) for _, cells in body]
        mine = [row | {"study_id": MINE} for row in rows if row["study_id"] == LIKE]
        for row in mine:
            row |= {"row_id": f"x{row['row_id']}", "duplicate_of": ""} if table == "outcomes" else {}
        with (folder / tables.TABLES[table]).open("w", encoding="utf-8", newline="") as file:
            file.write(mark)
            writer = csv.writer(file, lineterminator=line_end)
            writer.writerows([header, *(row.values() for row in mine)])
    return folder
