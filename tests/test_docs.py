"""What is written runs, and what is linked is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "validation").glob("**/README.md")])


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")], ids=_name)
def test_python_on_a_page_runs(page: Path) -> None:
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        exec(compile(block, str(page), "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http") and not (page.parent / link).exists()] == []


def test_the_reference_names_every_output_field_and_row_column() -> None:
    from anagen.people.person import Measured, Person
    from anagen.scalp.outputs import OUTPUTS

    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    named = [*OUTPUTS, *Person.model_fields, *Measured.model_fields]
    assert [name for name in named if f"`{name}`" not in text and f"`{name} =" not in text] == []


def test_the_reference_names_every_verb() -> None:
    from anagen.cli import app

    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    verbs = [f"anagen {name}" for name in app if not name.startswith("-") and name != "evidence"]
    verbs += [f"anagen evidence {name}" for name in app["evidence"] if not name.startswith("-")]
    assert len(verbs) > 5
    assert [verb for verb in verbs if f"`{verb}" not in text] == []
