"""Record which tables each chapter opens, into book/multivector/cases/needs.toml.

    .venv/bin/python .ci/needs.py [chapter ...]

Runs the notebooks, which takes some minutes; with names only those, and the others stay.
What is opened only where a case has it, or by a rule of a claim, is no need of a chapter.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import tomllib
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NEEDS = ROOT / "book" / "multivector" / "cases" / "needs.toml"
HEAD = """# Tables that each chapter opens, recorded while it ran on the case of this book
# (.ci/needs.py).  What it opens only where a case has it, and what the rules of claims
# look at, is not among them.
"""
#: Rooms that look first whether a table is there.
CAREFUL = ("multivector.alignment.measures", "multivector.reliability")
LEDGER = ("claims", "rules", "choices")

BEFORE = f"""
import json, os, sys
from multivector import data
OPENED, KNOWN = set(), data.Case._known
def _known(self, name):
    frame, needed = sys._getframe(1), True
    while frame is not None:
        room = frame.f_globals.get("__name__", "")
        by_rule = room.startswith("multivector.claims") and name not in {LEDGER}
        needed &= not (by_rule or room in {CAREFUL})
        frame = frame.f_back
    how = "" if sys._getframe(1).f_code.co_name == "table" else "~"
    OPENED.update([how + name] if needed else [])
    return KNOWN(self, name)
data.Case._known = _known
LISTED = []
data.Case.tables = property(lambda self: LISTED.append(1) or list(self._tables))
"""
AFTER = 'open(os.environ["NEEDS"], "w").write(json.dumps([*OPENED, *LISTED]))'


def recorded(path):
    """The tables that a notebook opens."""
    notebook = nbformat.read(path, 4)
    code = nbformat.v4.new_code_cell
    notebook.cells = [code(BEFORE), *notebook.cells, code(AFTER)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEEDS"] = str(Path(folder) / "needs.json")
        kernel = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=3600, resources=kernel).execute()
        opened = json.loads(Path(os.environ["NEEDS"]).read_text())
    text, every = path.read_text(encoding="utf-8"), 1 in opened
    names = [one for one in opened if one != 1]
    # What is only cited, or where it goes through all tables, is needed if it is named.
    found = {one.lstrip("~") for one in names if "~" not in one and not every}
    found |= {one.lstrip("~") for one in names if f'\\"{one.lstrip("~")}\\"' in text}
    return with_ledger(found)


def with_ledger(tables):
    """The tables, the claims with their rules, since a kept ledger opens neither."""
    ledger = {"claims", "rules"}
    return sorted({*tables, *(ledger if ledger & set(tables) else ())})


def write(found):
    """Write all chapters in order of their names."""
    lines = [HEAD]
    for name in sorted(found):
        tables = "".join(f'\n    "{table}",' for table in found[name])
        lines.append(f"[{name}]\ntables = [{tables}\n]\n")
    NEEDS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    known = tomllib.loads(NEEDS.read_text(encoding="utf-8")) if NEEDS.exists() else {}
    found = {name: one["tables"] for name, one in known.items()}
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            found[path.stem] = recorded(path)
            print(path.stem, ", ".join(found[path.stem]), flush=True)
            write(found)
