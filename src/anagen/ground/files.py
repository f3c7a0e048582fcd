"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from anagen.ground.errors import BadFile


def writable(path: str | Path) -> Path:
    """The path, if a file can be put there. Raises `BadFile` for a folder, or a place whose folder is not there or is closed.

    >>> writable("no/such/folder/page.html")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: no/such/folder/page.html: there is no folder no/such/folder to write it in.
    """
    path = Path(path)
    if path.is_dir():
        raise BadFile(str(path), "this is a folder", "the name of a file to write")
    if not path.parent.is_dir():
        raise BadFile(str(path), f"there is no folder {path.parent} to write it in")
    if not os.access(path.parent, os.W_OK):
        raise BadFile(str(path), f"the folder {path.parent} does not let us write in it")
    return path


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file (text in UTF-8), whole or not at all: a reader sees the old file or the new one, whatever stops us on the way.

    Raises `BadFile` when the file cannot be written (no room, no right); what was there before stays.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "page.html", "<p>Hair</p>").read_text(encoding="utf-8")
    '<p>Hair</p>'
    """
    path = Path(path)
    write_together({path: content})
    return path


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files: each beside its place first, and only when all stand are they put there; if one cannot be, none is.

    Raises `BadFile` for the first that cannot be written; what was there before stays.
    """
    parts: list[tuple[Path, Path, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            home = writable(path).resolve()  # a link keeps pointing
            handle, name = tempfile.mkstemp(prefix=f".{home.name}.", suffix=".part", dir=home.parent)
            parts.append((Path(name), home, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(home.stat().st_mode & 0o777 if home.exists() else 0o666 & ~_umask())
        for part, home, path in parts:  # noqa: B007  named in the error
            part.replace(home)
    except OSError as error:
        raise BadFile(str(path), f"it cannot be written ({(error.strerror or 'unknown').lower()})") from None
    finally:
        for part, _, _ in parts:
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
