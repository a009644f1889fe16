"""Reads a case out of a zip.

Nothing is unpacked, so that nothing can be written anywhere.  What leads out of the zip,
is no plain file, or grows beyond what a case can be, is refused before any of it is read.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from pathlib import Path

from .problems import DESCRIPTOR, CaseError, Problem

#: The most files of a zip, and the most bytes that they come to.
MOST_FILES = 1000
MOST_BYTES = 64 * 2**20
#: What file managers add to a zip.
_ADDED = re.compile(r"(__MACOSX/.*|(.*/)?(\.DS_Store|Thumbs\.db|desktop\.ini))")
_REMEDY = "Zip the folder of the case anew"


def inside(file: Path) -> zipfile.Path:
    """The folder of a case in a zip: its top, or the only folder there.

    Parameters
    ----------
    file : Path

    Raises
    ------
    data.CaseError
        If the zip cannot be read, holds what no case holds, or holds no case.
    """
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
        if wrong := _refused(members):
            raise CaseError(file, wrong)
        spoiled = archive.testzip()
    except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        wrong = [Problem(file.name, None, None, None, _said(error), _REMEDY)]
        raise CaseError(file, wrong) from None
    if spoiled:
        wrong = [Problem(spoiled, None, None, None, "is spoiled in the zip", _REMEDY)]
        raise CaseError(file, wrong)
    return zipfile.Path(archive, _top(file, members))


def _refused(members: list[zipfile.ZipInfo]) -> list[Problem]:
    """What a zip holds that no case does."""
    found = []

    def refuse(name: str, wrong: str, remedy: str = _REMEDY) -> None:
        found.append(Problem(name, None, None, None, wrong, remedy))

    names = [member.orig_filename for member in members]
    for member, name in zip(members, names):
        if _leads_out(name):
            refuse(name, "leads out of the zip", "Take it out: a case is one folder")
        elif stat.S_ISLNK(member.external_attr >> 16):
            refuse(name, "is a link, no file", "Put the file itself in its place")
        elif member.flag_bits & 1:
            refuse(name, "is encrypted", "Zip the folder without a password")
        elif names.count(name) > 1:
            refuse(name, "stands more than once", "Keep one of them")
    if len(members) > MOST_FILES:
        refuse("the zip", f"holds {len(members)} files; allowed: {MOST_FILES}")
    size = sum(member.file_size for member in members)
    if size > MOST_BYTES:
        refuse("the zip", f"comes to {size} bytes; allowed: {MOST_BYTES}")
    return list(dict.fromkeys(found))


def _leads_out(name: str) -> bool:
    """Is it a path that another program might write somewhere else?"""
    parts = re.split(r"[/\\]", name)
    drive = re.match(r"[A-Za-z]:", name)
    return bool(drive) or name.startswith(("/", "\\", "~")) or ".." in parts


def _top(file: Path, members: list[zipfile.ZipInfo]) -> str:
    """The folder in which the descriptor lies, with a slash behind it; empty for the top."""
    names = [m.filename for m in members if not _ADDED.fullmatch(m.filename)]
    places = [name[: -len(DESCRIPTOR)] for name in names if _is_descriptor(name)]
    if "" in places:
        return ""
    if len(places) == 1:
        return places[0]
    wrong = "several cases" if places else "missing file"
    remedy = "Zip the folder of one case, with the descriptor at its top"
    raise CaseError(file, [Problem(DESCRIPTOR, None, None, None, wrong, remedy)])


def _is_descriptor(name: str) -> bool:
    """Does a descriptor of this name lie at the top, or in a folder at the top?"""
    return name.rpartition("/")[2] == DESCRIPTOR and name.count("/") < 2


def _said(error: Exception) -> str:
    """Why a zip cannot be read."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return f"not a readable zip: {error}"
