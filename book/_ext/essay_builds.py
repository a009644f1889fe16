"""One build of a folder at a time, and none that was cut short passes for whole."""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

LOGGER = logging.getLogger(__name__)
UNFINISHED = "essay-unfinished"
#: What Sphinx notes of its settings, paths of this machine among them, for its next build.
NOTE = ".buildinfo"
BEFORE_THE_OTHERS = 100
AFTER_ALL_OTHERS = 990


def take_turn(app: Sphinx, config: Config) -> None:
    """Wait for another build of this folder; the turn ends with the process, however it ends."""
    if fcntl is None:
        return
    # Never closed: the folder is held until this process has ended. Kernels do not get it.
    app.essay_turn = os.open(app.srcdir, os.O_RDONLY)
    try:
        fcntl.flock(app.essay_turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        LOGGER.info("essay: waiting for another build of this folder to end")
        fcntl.flock(app.essay_turn, fcntl.LOCK_EX)
    except OSError:
        LOGGER.debug("essay: no locks in this file system")


def mark_of(app: Sphinx) -> Path:
    """The file that lies beside the pages that were read, until a build has ended well."""
    return Path(app.doctreedir) / UNFINISHED


def begin(app: Sphinx) -> None:
    """Leave the mark: a build that is interrupted, or killed, cannot leave it any more."""
    mark = mark_of(app)
    app.essay_unfinished = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def reread_all(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> set[str]:
    """Read every page again if the last build warned, failed or did not end.

    Sphinx keeps pages that it has read. A second `-W` build would pass over the warnings
    of the first one and succeed; one after an interruption would leave pages of before.
    """
    return set(env.found_docs) if app.essay_unfinished else set()


def note_of(app: Sphinx) -> tuple[Path, Path]:
    """Where Sphinx looks for its note, among the pages, and where it lies between builds."""
    name = f"{app.builder.name}{NOTE}"
    return Path(app.outdir) / NOTE, Path(app.doctreedir) / name


def put_note_back(app: Sphinx) -> None:
    """Let Sphinx find the note of its last build."""
    sought, kept = note_of(app)
    if kept.is_file() and sought.parent.is_dir():
        sought.write_bytes(kept.read_bytes())


def put_note_away(app: Sphinx, exception: Exception | None) -> None:
    """Take the note from among the pages: two builds give the same bytes, wherever they stand."""
    sought, kept = note_of(app)
    if sought.is_file():
        sought.replace(kept)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Take the mark away after a build without a warning; fail one whose notebooks failed."""
    if not exception and not app._warncount:
        mark_of(app).unlink(missing_ok=True)
    pages = getattr(app.env, "nb_metadata", {}).values()
    if any(page.get("exec_data", {}).get("succeeded") is False for page in pages):
        # With or without -W: a chapter without its results is no chapter.
        app.statuscode = 1


def is_whole(page: bytes) -> bool:
    """Has a page its end? One that only leads on to another has none."""
    return page.rstrip().endswith(b"</html>") or b'http-equiv="Refresh"' in page


def drop_halves(app: Sphinx, exception: Exception | None) -> None:
    """Take away pages that have no end, after a build that went wrong: a disk may be full.

    Sphinx warns of a page that it could not write, and leaves what it had written of it.
    """
    if app.builder.format != "html" or not (exception or app._warncount):
        return
    root = Path(app.outdir)
    for page in sorted(root.rglob("*.html")):
        ours = page.relative_to(root).parts[0] != "_static"
        if ours and not is_whole(page.read_bytes()):
            page.unlink()
            LOGGER.info(f"essay: {page.name} was not written to its end, and is gone")


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("config-inited", take_turn, priority=BEFORE_THE_OTHERS)
    app.connect("builder-inited", begin)
    app.connect("builder-inited", put_note_back)
    app.connect("env-get-outdated", reread_all)
    app.connect("build-finished", finish, priority=AFTER_ALL_OTHERS)
    app.connect("build-finished", drop_halves, priority=AFTER_ALL_OTHERS)
    app.connect("build-finished", put_note_away)
