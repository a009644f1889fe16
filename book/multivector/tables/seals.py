"""Seals of a table: its size, its checksum and the number of its rows.

All three are taken as if lines ended in a line feed alone, so that a table is the same
table on every machine.  Needs nothing but Python, an old one too.
"""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any


def with_line_feeds(content: bytes) -> bytes:
    """The bytes with every line ended by a line feed alone."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def seal(content: bytes, comments: bool = False) -> dict[str, Any]:
    """What the descriptor holds of a table.

    Parameters
    ----------
    content : bytes
        The file as it lies in the folder.
    comments : bool
        Whether lines that begin with a hash say nothing.

    Returns
    -------
    dict
        ``bytes``, ``hash`` and ``rows`` (lines that say something, without the header).
    """
    text = content.decode("utf-8").lstrip("\ufeff")
    told = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    rows = sum(1 for row in told if not (comments and row[0].startswith("#")))
    return dict(seal_of_file(content), rows=max(rows - 1, 0))


def seal_of_file(content: bytes) -> dict[str, Any]:
    """``bytes`` and ``hash`` alone, of what is no CSV."""
    plain = with_line_feeds(content)
    digits = hashlib.sha256(plain).hexdigest()
    return {"bytes": len(plain), "hash": "sha256:" + digits}


def known(algorithm: str) -> bool:
    """Is this a way of making checksums that Python has?"""
    return algorithm in hashlib.algorithms_guaranteed and not algorithm.startswith(
        "shake"
    )


def holds(content: bytes, checksum: str) -> bool:
    """Is a file what its checksum says, whatever its line ends?

    Parameters
    ----------
    content : bytes
    checksum : str
        ``algorithm:digits``, or the digits of an MD5 alone, as a Data Package has them.
    """
    algorithm, _, digits = checksum.rpartition(":")
    make = getattr(hashlib, algorithm or "md5")
    return digits.lower() in (
        make(with_line_feeds(content)).hexdigest(),
        make(content).hexdigest(),
    )
