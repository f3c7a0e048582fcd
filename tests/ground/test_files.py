"""A file is written whole or not at all, whatever stops us."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from anagen.ground.errors import BadFile
from anagen.ground.files import writable, write_together, write_whole


def test_it_writes_and_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert write_whole(path, "one\n") == path
    write_whole(path, "zwei µm\n")
    assert path.read_bytes() == "zwei µm\n".encode()
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_what_was_there_stays_when_we_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException, call: str) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    def stopped(*_: object) -> None:
        raise stop

    monkeypatch.setattr(call, stopped)
    with pytest.raises(BadFile if isinstance(stop, OSError) else KeyboardInterrupt) as caught:
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["page.html"]
    if isinstance(stop, OSError):
        assert str(caught.value) == f"{path}: it cannot be written (no space left on device)."


def test_of_several_files_all_are_written_or_none(tmp_path: Path) -> None:
    one, other, nowhere = tmp_path / "a.svg", tmp_path / "b.html", tmp_path / "no" / "c.html"
    with pytest.raises(BadFile, match="there is no folder"):
        write_together({one: "a", nowhere: "c"})
    assert os.listdir(tmp_path) == []
    write_together({one: "a", other: b"b"})
    assert (one.read_text(), other.read_bytes()) == ("a", b"b")
    with pytest.raises(BadFile, match="this is a folder"):
        write_together({one: "new", tmp_path: "c"})
    assert one.read_text() == "a"
    assert sorted(os.listdir(tmp_path)) == ["a.svg", "b.html"]


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "page.html", "\ud800")
    assert os.listdir(tmp_path) == []


def test_others_may_read_it_as_any_new_file_and_rights_stay(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    assert stat.S_IMODE(write_whole(tmp_path / "page", "x").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    plain.chmod(0o600)
    assert stat.S_IMODE(write_whole(plain, "x").stat().st_mode) == 0o600


def test_a_place_that_cannot_hold_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no folder"):
        writable(tmp_path / "no" / "page.html")
    with pytest.raises(BadFile, match="this is a folder"):
        writable(tmp_path)
    assert writable(tmp_path / "page.html") == tmp_path / "page.html"


def test_a_closed_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(BadFile, match="does not let us write"):
        write_whole(tmp_path / "page.html", "x")


def test_a_link_keeps_pointing(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
