"""Make the execution cache notice edits of the data and of the shared module.

jupyter-cache compares only a notebook's own code. Here the cache's folder is named
after everything else that a notebook's outputs depend on, so that an edit of any of
it starts an empty cache, and no edit executes nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from essay_words import catalogues

CASE_VARIABLE = "MULTIVECTOR_CASE"
CODING_VARIABLE = "MULTIVECTOR_CODING"
# What several notebooks compute alike is kept here; kernels inherit the variable.
STORE_VARIABLE = "MULTIVECTOR_STORE"


def case_folder(root: Path) -> Path:
    """Folder, or zip, of the case that the book is built on."""
    named = os.environ.get(CASE_VARIABLE)
    composed = [path for path in (root / "case", root / "case.zip") if path.exists()]
    return Path(named or next(iter(composed), root / "data")).resolve()


def visible_files(folder: Path) -> Iterator[Path]:
    """Files below `folder`, in a stable order, without hidden and compiled ones."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(
            p.startswith((".", "__pycache__")) for p in parts
        ):
            yield path


def execution_inputs(root: Path, language: str = "en") -> dict[str, Path]:
    """What outputs depend on beside the notebooks: case, module, words, pinned packages.

    Returns
    -------
    dict
        Name, independent of where the folders lie, to path.
    """
    case, module = case_folder(root), root / "book" / "multivector"
    inputs = {"case": case} if case.is_file() else {}
    inputs |= {f"case/{p.relative_to(case).as_posix()}": p for p in visible_files(case)}
    for path in visible_files(module):  # its templates too
        inputs[f"module/{path.relative_to(module).as_posix()}"] = path
    inputs |= catalogues(language)
    pins = root / "requirements.txt"
    return inputs | ({"requirements.txt": pins} if pins.is_file() else {})


def rendering_inputs(root: Path) -> dict[str, Path]:
    """What pages depend on beside outputs: this extension and its assets."""
    folders = (root / "book" / "_ext", root / "book" / "_static")
    paths = (path for folder in folders for path in visible_files(folder))
    return {path.relative_to(root).as_posix(): path for path in paths}


def digest(files: dict[str, Path]) -> str:
    """SHA-256 over names and contents, so that a renamed or removed file counts too."""
    total = hashlib.sha256()
    for name in sorted(files):
        content = hashlib.sha256(files[name].read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()


def prune(folder: Path, keep: str) -> None:
    """Remove everything in `folder` but the entry called `keep`."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name == keep:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point myst-nb to the cache of this state of the inputs.

    myst-nb reads the setting at `builder-inited`; both settings count as part of the
    environment, so that a change of either makes Sphinx read all notebooks again.
    """
    root = Path(app.srcdir)
    if os.environ.get(CASE_VARIABLE):
        # Kernels start in book/, so a path relative to the builder's folder would not hold.
        os.environ[CASE_VARIABLE] = str(case_folder(root))
    coding = os.environ.get(CODING_VARIABLE, "")
    name = hashlib.sha256(
        (
            digest(execution_inputs(root, config.language)) + coding + config.language
        ).encode()
    ).hexdigest()[:16]
    caches = Path(app.outdir).parent / ".jupyter_cache"
    prune(caches, keep=name)
    (caches / name).mkdir(parents=True, exist_ok=True)
    config.nb_execution_cache_path = str(caches / name)
    # A result is found by all that it was computed from, so that an edit leaves the others.
    os.environ[STORE_VARIABLE] = str(Path(app.outdir).parent / ".results")
    config.essay_inputs = f"{name}-{digest(rendering_inputs(root))[:16]}"


def setup(app: Sphinx) -> None:
    """Register settings and events."""
    app.add_config_value("essay_inputs", "", "env", [str])
    app.connect("config-inited", choose_cache)
