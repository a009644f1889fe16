"""A chapter as a folder, or a zip, that runs alone.

The build leaves each chapter as a plain notebook, with the tables that it opened. Here
these get what they need to run: the module, just those tables, the pins, the licences,
and a page on how to run it and how to come back.
"""

import functools
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from . import store
from .language import _
from .tables import archives, seals, shape
from .tables.problems import DESCRIPTOR

#: Where the module lies, and beside it the chapters of the book.
MODULE = Path(__file__).resolve().parent
BOOK = MODULE.parent
ROOT = BOOK.parent
#: Folder of the build: in that of the book, or beside it where it was composed for another state.
BUILD = next(
    (path for path in (ROOT / "_build", ROOT.parent / "_build") if path.is_dir()),
    ROOT / "_build",
)
#: Where the build leaves what it made of the chapters.
BUILT = BUILD / ".lifted"
#: The words of figures and tables, for `page.show`, in the folder of a lifted chapter.
BLOCKS = "blocks.json"
#: The page from which the chapters are opened where all are lifted.
START = "start.ipynb"
#: What a chapter calls that looks at cases beside its own.
_OTHERS = "cases.another("
#: What runs a notebook and draws its charts, though no line of the module imports it.
RUNNING = ("ipykernel", "anywidget")
#: What the module imports only while a book is built, or composed for another case.
BOOK_ONLY = ("myst_nb", "nbclient", "nbformat")
_IMPORT = re.compile(r"^[ \t]*(?:import|from) ([a-z]\w*)", re.MULTILINE)
_OWN = re.compile(r"^from multivector import (\([^)]*\)|.*)$", re.MULTILINE)
_ROOM = re.compile(r"^(?:from|import) multivector\.(\w+)", re.MULTILINE)
#: The earliest day that a zip can name: the bytes tell nothing of when it was made.
_DAY = (1980, 1, 1, 0, 0, 0)


def chapters(book: Path = BOOK) -> list[str]:
    """Names of the notebooks of the book."""
    return sorted(path.stem for path in book.glob("*.ipynb"))


def built(name: str, folder: Path = BUILT) -> dict[str, Any]:
    """What the build left of a chapter.

    Parameters
    ----------
    name : str
        As its notebook is called, with or without ``.ipynb``.
    folder : Path
        Where the build left it.

    Raises
    ------
    ValueError
        If there is no such chapter, or the book was not built since it was changed.
    """
    known = chapters()
    if name not in known:
        raise ValueError(f"no chapter {name!r}; allowed: {', '.join(known)}")
    file = folder / f"{name}.json"
    made = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    if made is None or made["source"] != source_of(BOOK / f"{name}.ipynb"):
        raise ValueError(
            f"{name} was not built, or changed since; build it first: {how_to_build()}"
        )
    return dict(made)


def how_to_build(root: Path = ROOT) -> str:
    """The command that builds the book, as it can be given where the book lies."""
    if (root / "essay.py").is_file():
        return "python3 essay.py serve, or jupyter-book build . beside the folder book"
    return "python -m multivector build CASE, from the folder book of the essay"


def source_of(path: Path) -> str:
    """Changes with the cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    told = [[one["cell_type"], "".join(one["source"])] for one in cells]
    return str(seals.seal_of_file(json.dumps(told).encode())["hash"])


# --- the tables --------------------------------------------------------------------------


def with_partners(package: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """Tables, those that no case can lack, and all that their rows point to.

    Examples
    --------
    >>> keys = [{"fields": "b", "reference": {"resource": "b", "fields": "id"}}]
    >>> a, b = {"name": "a", "schema": {"foreignKeys": keys}}, {"name": "b"}
    >>> sorted(with_partners({"resources": [a, b, {"name": "c"}]}, ["a"]))
    ['a', 'b']
    """
    by_name = {one["name"]: one for one in package["resources"]}
    found: set[str] = set()
    waiting = (set(names) | set(shape.REQUIRED)) & set(by_name)
    while waiting:
        name = waiting.pop()
        found.add(name)
        keys = by_name[name].get("schema", {}).get("foreignKeys", [])
        pointed = {key["reference"]["resource"] or name for key in keys}
        waiting |= (pointed & set(by_name)) - found
    return found


def inside(case: Path) -> Traversable:
    """The folder of a case, which may lie in a zip."""
    return archives.inside(case) if case.is_file() else case


def every_table(case: Path) -> list[str]:
    """Names of all tables of a case."""
    package = json.loads((inside(case) / DESCRIPTOR).read_text(encoding="utf-8"))
    return [resource["name"] for resource in package["resources"]]


def case_files(case: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The tables of a case that are named, with what they point to and a descriptor of just these.

    Parameters
    ----------
    case : Path
        Folder of the whole case.
    names : iterable of str

    Returns
    -------
    dict
        Name of the file to its bytes. The seals are those of the whole case.
    """
    place = inside(case)
    package = json.loads((place / DESCRIPTOR).read_text(encoding="utf-8"))
    kept = with_partners(package, names)
    package["resources"] = [r for r in package["resources"] if r["name"] in kept]
    files = [resource["path"] for resource in package["resources"]]
    told = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    found = {DESCRIPTOR: told.encode(), "LICENCES.md": licences(package).encode()}
    return found | {file: (place / file).read_bytes() for file in files}


def other_cases(case: Path) -> dict[str, bytes]:
    """The cases that lie beside one, whole, by their place in the folder that holds them."""
    home = case.with_name("cases")
    files = (file for file in sorted(home.rglob("*")) if file.is_file())
    return {file.relative_to(home).as_posix(): file.read_bytes() for file in files}


def in_two_versions(events: bytes) -> bool:
    """Are the acts of a case told by a text and by the record, as its table has them?"""
    return b"follows" in events.partition(b"\n")[0]


def licences(package: Mapping[str, Any]) -> str:
    """A page that names source and licence of each table."""
    told = [f"# {_('The tables, their sources and licences')}", ""]
    for table in package["resources"]:
        cited = table.get("citation") or table.get("title") or table["name"]
        terms = table.get("licenses") or package.get("licenses") or []
        said = "; ".join(
            " ".join(filter(None, (one.get("title") or one["name"], one.get("path"))))
            for one in terms
        )
        told.append(f"- `{table['path']}`: {cited}. {said}")
    return "\n".join(told) + "\n"


# --- the pins ----------------------------------------------------------------------------


def pins(code: str, requirements: str) -> str:
    """Those lines of the book's pins that some code needs, directly or not.

    Parameters
    ----------
    code : str
        Of a notebook: the rooms of the module that it imports count too.
    requirements : str
        All pins of the book.
    """
    rooms = {"commands", "lift", *_ROOM.findall(code)}
    for names in _OWN.findall(code):
        rooms |= set(re.findall(r"\w+", names))
    texts = [code, *(text for room in rooms for text in store.code_of(room).values())]
    imported = {name for text in texts for name in _IMPORT.findall(text)}
    owners = _owners()
    direct = [d for one in imported - set(BOOK_ONLY) for d in owners.get(one, ())]
    wanted = _needed([*direct, *RUNNING])
    lines = _entries(requirements)
    kept = [line for name, line in lines if name in wanted]
    return "\n".join([f"# {_('What this chapter needs to run.')}", *kept]) + "\n"


def _entries(requirements: str) -> Iterator[tuple[str, str]]:
    """(package, line) of each pin; a line that goes on is one."""
    for line in re.sub(r"\\\n", "\\\\\0", requirements).splitlines():
        name = re.match(r"[\w.-]+", line)
        if name and not line.startswith("-"):
            yield _plain(name[0]), line.replace("\0", "\n")


@functools.cache
def _owners() -> Mapping[str, list[str]]:
    """Packages by what of them is imported; to ask takes a while."""
    return packages_distributions()


@functools.cache
def _asked_by(name: str) -> tuple[str, ...]:
    """Packages that a package needs on any system; extras are not asked for."""
    try:
        asked = [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:  # of another system
        return ()
    return tuple(_plain(r.name) for r in asked if "extra" not in str(r.marker or ""))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(packages: Iterable[str]) -> set[str]:
    """Packages, and all that they need."""
    found: set[str] = set()
    waiting = set(map(_plain, packages))
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(_asked_by(name)) - found
    return found


# --- all together ------------------------------------------------------------------------


def files(name: str, made: Mapping[str, Any], case: Path) -> dict[str, bytes]:
    """All files of a lifted chapter, by their place in its folder.

    Parameters
    ----------
    name : str
        Of the chapter.
    made : mapping
        What the build left of it, as :func:`built` gives it.
    case : Path
        Folder of the whole case.
    """
    tables = case_files(case, made["tables"])
    notebook = made["notebook"]
    cells = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    code = "\n".join(one["source"] for one in cells)
    others = other_cases(case) if _OTHERS in code else {}
    asked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {
        "README.md": readme(name, made, tables).encode(),
        f"{name}.ipynb": written(notebook),
        BLOCKS: written(made["blocks"]),
        "requirements.txt": pins(code, asked).encode(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        **{f"data/{file}": content for file, content in tables.items()},
        **{f"cases/{file}": content for file, content in others.items()},
        **{f"multivector/{file}": content for file, content in module().items()},
    }


def all_files(case: Path) -> dict[str, bytes]:
    """Every chapter in a folder of its own, and a page to start from."""
    made = {name: built(name) for name in chapters()}
    in_order = sorted(made, key=lambda name: made[name]["place"])
    found = {START: start({name: made[name]["title"] for name in in_order})}
    for name in in_order:
        own = files(name, made[name], case)
        found |= {f"{name}/{place}": content for place, content in own.items()}
    return found


def start(titles: Mapping[str, str]) -> bytes:
    """A notebook that leads to the chapters, by name and title."""
    lines = [f"- [{title}]({name}/{name}.ipynb)" for name, title in titles.items()]
    words = [
        f"# {_('The chapters, each to run by itself')}",
        _("Open one and run all its cells; a long one says how far it is."),
        "\n".join(lines),
    ]
    cell = {"cell_type": "markdown", "id": "start", "metadata": {}}
    notebook = {
        "cells": [cell | {"source": "\n\n".join(words)}],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return written(notebook)


def written(value: Any) -> bytes:
    """Something as JSON, in the form that notebooks have."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def module() -> dict[str, bytes]:
    """The files of the module, by their place in it."""
    found = {}
    for path in sorted(MODULE.rglob("*")):
        place = path.relative_to(MODULE)
        compiled = any(part.startswith((".", "__pycache__")) for part in place.parts)
        if path.is_file() and not compiled:
            found[place.as_posix()] = path.read_bytes()
    return found


def readme(name: str, made: Mapping[str, Any], tables: Mapping[str, bytes]) -> str:
    """The page that says what the folder is, how it runs, and how to come back."""
    n = sum(file.endswith((".csv", ".toml")) for file in tables)
    title, book = made["title"], made["book"]
    there = _("book/{name}.ipynb of the essay", name=name)
    back = made["address"] or (
        _("{there}; python3 essay.py serve shows it", there=there)
        if (ROOT / "essay.py").is_file()
        else _("book/{name}.html of its pages", name=name)
    )
    return "\n".join(
        [
            f"# {title}",
            "",
            _("This is a chapter of “{book}”, to run by itself.", book=book),
            "",
            "```sh",
            "python -m pip install -r requirements.txt jupyterlab",
            f"jupyter lab {name}.ipynb",
            "```",
            "",
            _(
                "VS Code opens the notebook as it is; on Colab, unpack the zip and change into its folder first."
            ),
            _(
                "The words and numbers of the text are those of the book, after the public record; a cell that is run computes its own. With MULTIVECTOR_CODING=paper in the environment the cells follow the paper."
            )
            if in_two_versions(tables.get("events.csv", b""))
            else _(
                "The words and numbers of the text are those of the book; a cell that is run computes its own."
            ),
            "",
            f"- `{name}.ipynb`: {_('the chapter')}",
            f"- `{BLOCKS}`: {_('the words of its figures and tables, for the cells that draw them')}",
            f"- `multivector/`: {_('the code that all chapters share')}",
            f"- `data/`: {_('the {n} tables that it opens, checked each time', n=n)}",
            f"- `LICENSE`, `data/LICENCES.md`: {_('of code and text, and of each table')}",
            "",
            _("Back to the whole book: {back}.", back=back),
            "",
        ]
    )


def packed(name: str, found: Mapping[str, bytes]) -> bytes:
    """A zip of a folder; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in sorted(found):
            entry = zipfile.ZipInfo(f"{name}/{place}", _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, found[place])
    return held.getvalue()


def write(name: str, found: Mapping[str, bytes], path: Path) -> None:
    """Write the files into a folder, or a zip if its name ends so; nothing is overwritten.

    Raises
    ------
    ValueError
        If the path exists.
    """
    if path.exists():
        raise ValueError(f"{path} exists; nothing was written. Name another path")
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(name, found))
        return
    for place, content in found.items():
        file = path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
