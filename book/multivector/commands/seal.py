"""Seal the tables of a case anew, or check whether one has changed since.

Writes the size, the checksum and, for CSV, the number of rows of each table into
``datapackage.json``; nothing else of the file is touched.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from multivector.tables import seals

#: The case of this repository.
OWN = Path(__file__).resolve().parents[3] / "data"


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument(
        "path", nargs="?", default=OWN, type=Path, help="folder of a case"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 if a table has changed"
    )


def sealed(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The descriptor of a folder as it stands, and with new seals."""
    if folder.is_file():
        raise ValueError(
            f"'{folder}' is a file: seal the folder of the case, and zip it then"
        )
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    package = json.loads(text)
    for resource in package["resources"]:
        try:
            resource.update(_seal(folder / resource["path"], resource))
        except ValueError as error:
            raise ValueError(f"{resource['path']} cannot be read: {error}") from None
    return json.loads(text), package


def _seal(file: Path, resource: dict[str, Any]) -> dict[str, Any]:
    """The seal of one table."""
    content = file.read_bytes()
    if resource.get("format") == "toml":
        return seals.seal_of_file(content)
    return seals.seal(content, "dialect" in resource)


def run(options: argparse.Namespace) -> int:
    """Seal, or check; the exit code."""
    old, new = sealed(options.path)
    pairs = zip(old["resources"], new["resources"])
    changed = ", ".join(after["path"] for before, after in pairs if before != after)
    if options.check:
        said = f"changed since sealed: {changed}" if changed else ""
        print(said or "every table is as it was sealed")
        return 1 if changed else 0
    written = json.dumps(new, indent=1, ensure_ascii=False) + "\n"
    # Whole or not at all: a disk may be full.
    unfinished = options.path / "datapackage.json.part"
    try:
        unfinished.write_text(written, encoding="utf-8")
        unfinished.replace(options.path / "datapackage.json")
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"sealed anew: {changed or 'nothing had changed'}")
    return 0
