"""The built book as one zip that opens from a disk; the same book makes the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

# What a build leaves beside the pages, and no page asks for.
LEFT_OUT = (".buildinfo", ".nojekyll", "objects.inv", "reports")
# The first moment that a zip can hold: no clock, so that two builds are alike.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
READ_ME = "READ ME.txt"


def files(book: Path) -> Iterator[Path]:
    """Files of a built book that its pages need, the front page first, then by name."""
    found = (
        path.relative_to(book)
        for path in book.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    yield from sorted(
        (path for path in found if path.parts[0] not in LEFT_OUT),
        key=lambda path: (path.as_posix() != "index.html", path.as_posix()),
    )


def write_zip(book: Path, target: Path, read_me: str) -> Path:
    """Write a built book into one zip, in a folder that is named as the zip.

    Parameters
    ----------
    book
        Folder of the built pages.
    target
        The zip; what lies there is replaced once the new one is whole.
    read_me
        What the text beside the front page says.
    """
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(
        unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9
    ) as packed:
        add(packed, f"{target.stem}/{READ_ME}", read_me.encode())
        for path in files(book):
            add(packed, f"{target.stem}/{path.as_posix()}", (book / path).read_bytes())
    unfinished.replace(target)
    return target


def add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add one file, whoever owns it and whenever it was made."""
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = READABLE
    entry.create_system = 3  # as on Unix, also where it is not
    packed.writestr(entry, content)
