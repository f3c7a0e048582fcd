"""The set-up does nothing twice, adds where it can, and starts again where it must."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "setup_venv.py"
NOW = {"root": "/here", "python": "3.11", "project": "p1", "core": "c1", "test": "t1", "bench": "b1"}
DONE = {"root": "/here", "python": "3.11", "project": "p1", "core": "c1"}


@pytest.fixture(scope="module")
def setup_venv() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_venv", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("stamp", "lock", "action"),
    [
        (None, "core", "rebuild"),
        (DONE, "core", "ready"),
        (DONE, "test", "add"),
        (DONE | {"test": "t1"}, "test", "ready"),
        (DONE | {"project": "p0"}, "core", "add"),
        (DONE | {"core": "c0"}, "core", "rebuild"),
        (DONE | {"core": "c0"}, "test", "rebuild"),
        (DONE | {"root": "/moved"}, "core", "rebuild"),
        (DONE | {"python": "3.10"}, "core", "rebuild"),
    ],
)
def test_what_is_to_be_done(setup_venv: ModuleType, stamp: dict[str, str] | None, lock: str, action: str) -> None:
    assert setup_venv.decide(stamp, NOW, lock) == action


def test_a_stamp_counts_only_beside_a_python(setup_venv: ModuleType, tmp_path: Path) -> None:
    assert setup_venv.read_stamp(tmp_path) is None
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    (tmp_path / ".venv" / "stamp.json").write_text(json.dumps(DONE))
    assert setup_venv.read_stamp(tmp_path) is None
    python.touch()
    assert setup_venv.read_stamp(tmp_path) == DONE
    (tmp_path / ".venv" / "stamp.json").write_text("{half a st")
    assert setup_venv.read_stamp(tmp_path) is None


@pytest.mark.parametrize("arguments", [[], ["everything"], ["core", "test"]])
def test_an_unknown_lock_is_refused(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "core | test | bench" in done.stderr


@pytest.mark.parametrize("lock", ["core", "test", "bench", "virtualenv"])
def test_a_lock_holds_hashes_and_no_address(setup_venv: ModuleType, lock: str) -> None:
    text = setup_venv.lock_path(setup_venv.ROOT, lock).read_text()
    packages = [entry for entry in text.split("\n") if entry and not entry.startswith(" ")]
    assert packages
    assert all("==" in entry and entry.endswith("\\") for entry in packages)
    assert "://" not in text
    assert "--index-url" not in text


def test_every_lock_agrees_on_every_version(setup_venv: ModuleType) -> None:
    def pins(lock: str) -> set[str]:
        text = setup_venv.lock_path(setup_venv.ROOT, lock).read_text()
        return {entry for entry in text.split("\n") if entry and not entry.startswith(" ")}

    core, test, bench = pins("core"), pins("test"), pins("bench")
    assert core <= test
    assert core <= bench
    for shared in {entry.split("==")[0] for entry in test} & {entry.split("==")[0] for entry in bench}:
        assert {e for e in test if e.startswith(shared + "==")} == {e for e in bench if e.startswith(shared + "==")}
