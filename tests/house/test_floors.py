"""The house keeps its own order: imports go down, files stay short, every room and every public name says what it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "anagen"
LONGEST = 400


def sources(*folders: str) -> list[Path]:
    """Every Python file below these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def long_files(paths: list[Path]) -> list[str]:
    """The files of more lines than the house allows."""
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{path}: {lines} lines" for path, lines in counts.items() if lines > LONGEST]


def silent_rooms(package: Path) -> list[Path]:
    """The folders of Python files whose `__init__.py` does not say what they are."""
    rooms = {path.parent for path in package.rglob("*.py")}
    inits = [room / "__init__.py" for room in rooms]
    return sorted(init for init in inits if not init.exists() or not ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))))


def undocumented(node: ast.AST, within: str = "") -> Iterator[str]:
    """The public functions, methods and classes below a node without a docstring; overload stubs are no names."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or child.name.startswith("_"):
            continue
        stub = any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in child.decorator_list)
        if not stub and not ast.get_docstring(child):
            yield f"{within}{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, f"{within}{child.name}.")


def test_imports_only_go_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_too_long() -> None:
    assert long_files(sources("src", "tests", "tools", "validation", "benchmarks")) == []


def test_every_room_says_what_it_is() -> None:
    assert silent_rooms(PACKAGE) == []


@pytest.mark.parametrize("path", sources("src", "tools"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_public_name_says_what_it_does(path: Path) -> None:
    assert list(undocumented(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_these_checks_can_fail(tmp_path: Path) -> None:
    module = tmp_path / "room" / "module.py"
    module.parent.mkdir()
    module.write_text(
        "def spoken():\n    'Says so.'\n\ndef silent(): ...\n\nclass Thing:\n    'Is.'\n    def mute(self): ...\n" + "\n" * LONGEST
    )
    assert len(long_files([module])) == 1
    assert silent_rooms(tmp_path) == [module.parent / "__init__.py"]
    assert list(undocumented(ast.parse(module.read_text()))) == ["silent", "Thing.mute"]
