"""When notebooks are executed again, and when a build must fail.

Builds a copy of the project whose table of contents names two small notebooks; the
settings, the extension, the shared module and the data are the real ones.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import nbformat
import pytest
from conftest import PATIENCE, ROOT, build, command, furnish, heard, until

import essay_builds

FIRST, SECOND = "book/index", "book/second"
CHART = """
import altair as alt
import pandas as pd
from multivector import charts
charts.switch_on()
frame = pd.DataFrame({"x": range(9), "y": range(9)})
chart = alt.Chart(frame).mark_bar().encode(x="x:Q", y="y:Q")
charts.finish(chart, "Bars rise", "Nine bars, from 0 to 8, each higher than the last.", "nobody", "model")
"""
# What the page shows of the data and of the module, so that a stale page is seen.
SHOWN = """
from pathlib import Path
from multivector import data, engagement, page
page.sources(data.open_case(), ["events"])
print("data", Path("../data/events.csv").stat().st_size, "module", getattr(engagement, "MARK", "as it was"))
print(data.open_case().cite("events"))
"""
UNSHOWABLE = """
class Unshowable:
    def _repr_html_(self):
        raise RuntimeError("not to be shown")
Unshowable()
"""


# An extension that ends a build at once, in the middle of its work, or lets no file grow from
# then on: what a disk does that is full.
ROOM = 2000  # bytes
ENDS = f"""
import os, resource, signal
def end(app, pagename, *_):
    if os.environ.get("ENDS_AT") == pagename:
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ.get("FULL_AT") == pagename:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, resource.RLIM_INFINITY))
def setup(app):
    app.connect("html-page-context", end)
"""


def write_notebook(
    path: Path, title: str, *cells: str, kernel: str = "python3"
) -> None:
    """Write a notebook of a heading and some code cells."""
    v4 = nbformat.v4
    parts = [
        v4.new_markdown_cell(f"# {title}"),
        *(v4.new_code_cell(cell.strip()) for cell in cells),
    ]
    for number, part in enumerate(parts):
        part["id"] = f"cell-{number}"
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    notebook = v4.new_notebook(cells=parts, metadata={"kernelspec": spec})
    nbformat.write(notebook, path)


class Project:
    """The copy, and what its last build did.

    Edits are not taken back: what one test leaves is what the next one edits.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.up_to_date = False
        self.as_written = {}

    def write(self, page: str, *cells: str, kernel: str = "python3") -> None:
        write_notebook(self.root / f"{page}.ipynb", page, *cells, kernel=kernel)
        self.as_written[page] = cells
        self.up_to_date = False

    def append(self, path: str, text: str) -> None:
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(text)
        self.up_to_date = False

    def build(self, **variables: str) -> subprocess.CompletedProcess[str]:
        result = build(self.root, **variables)
        self.up_to_date = result.returncode == 0
        return result

    def rebuild(self) -> list[str]:
        """Build without a failure; names of the notebooks that were executed."""
        result = self.build()
        assert result.returncode == 0, result.stdout[-3000:]
        plain = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)
        return sorted(re.findall(r"([\w-]+)\.ipynb: Executed notebook in", plain))

    def page(self, page: str) -> str:
        return (self.root / "_build" / "html" / f"{page}.html").read_text(
            encoding="utf-8"
        )

    def report(self, page: str) -> str:
        """What the build wrote down about a cell that failed."""
        report = self.root / "_build" / "html" / "reports" / f"{page}.err.log"
        return report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with two small notebooks in place of its chapters, never built."""
    root = tmp_path_factory.mktemp("rebuild") / "a project"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "_build", "__pycache__", "*.ipynb", "tests"
    )
    shutil.copytree(ROOT, root, ignore=ignored)
    (root / "_toc.yml").write_text(
        f"format: jb-book\nroot: {FIRST}\nchapters:\n  - file: {SECOND}\n"
    )
    (root / "book" / "_ext" / "ends.py").write_text(ENDS)
    config = (root / "_config.yml").read_text(encoding="utf-8")
    for ours in ("    essay_book: book/_ext\n", "      - essay_book\n"):
        assert config.count(ours) == 1
        config = config.replace(ours, ours + ours.replace("essay_book", "ends"))
    (root / "_config.yml").write_text(config, encoding="utf-8")
    furnish(root)
    return Project(root)


@pytest.fixture
def built(project: Project) -> Project:
    """The same with the usual two notebooks, built and up to date."""
    usual = {FIRST: (CHART, SHOWN), SECOND: (SHOWN,)}
    if not project.up_to_date or project.as_written != usual:
        project.write(FIRST, CHART, SHOWN)
        project.write(SECOND, SHOWN)
        project.rebuild()
    return project


def test_cold_build_executes_all_and_the_next_nothing(project: Project) -> None:
    project.write(FIRST, CHART, SHOWN)
    project.write(SECOND, SHOWN)
    shutil.rmtree(project.root / "_build", ignore_errors=True)
    assert project.rebuild() == ["index", "second"]
    assert project.rebuild() == []


def test_edit_of_data_executes_all_again(built: Project) -> None:
    built.append("data/events.csv", "\n")
    assert built.rebuild() == ["index", "second"]
    size = (built.root / "data" / "events.csv").stat().st_size
    assert f"data {size} " in built.page(FIRST) and f"data {size} " in built.page(
        SECOND
    )
    assert "(changed since sealed)" in built.page(FIRST)


def test_edit_of_the_module_executes_all_again(built: Project) -> None:
    built.append("book/multivector/engagement.py", '\nMARK = "edited"\n')
    assert built.rebuild() == ["index", "second"]
    assert "module edited" in built.page(FIRST) and "module edited" in built.page(
        SECOND
    )


def test_edit_of_a_template_executes_all_again(built: Project) -> None:
    built.append(
        "book/multivector/page/templates/sources.html", "<p>template edited</p>\n"
    )
    assert built.rebuild() == ["index", "second"]
    assert "template edited" in built.page(FIRST)
    assert "template edited" in built.page(SECOND)


def test_edit_of_the_text_executes_nothing_and_draws_nothing(built: Project) -> None:
    for kept in (built.root / "_build" / ".drawings").glob("*.svg"):
        drawn = kept.read_text(encoding="utf-8")
        kept.write_text(drawn.replace("<svg", '<svg data-drawn="before"', 1))
    path = built.root / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nOne more sentence."
    nbformat.write(notebook, path)
    assert built.rebuild() == []
    assert "One more sentence." in built.page(FIRST)
    assert 'data-drawn="before"' in built.page(FIRST)


def test_pages_are_new_after_a_build_that_was_killed(built: Project) -> None:
    """Killed when all was read and a part was written: no page of before may stay."""
    built.append("data/events.csv", "\n")
    size = (built.root / "data" / "events.csv").stat().st_size
    assert built.build(ENDS_AT=SECOND).returncode == -signal.SIGKILL
    assert f"data {size} " not in built.page(SECOND)
    assert built.rebuild() == [], "what was executed is kept"
    assert f"data {size} " in built.page(SECOND)


def test_a_page_without_its_end_is_half_a_page() -> None:
    assert essay_builds.is_whole(b"<!DOCTYPE html><p>All</p></html>\n")
    assert essay_builds.is_whole(b'<meta http-equiv="Refresh" content="0; url=a.html">')
    for half in (b"", b"<!DOCTYPE html><p>As far as the disk had r"):
        assert not essay_builds.is_whole(half)


def test_a_disk_that_fills_midway_is_told_and_its_page_written_anew(
    built: Project,
) -> None:
    whole = built.page(SECOND)
    built.append("data/events.csv", "\n")
    size = (built.root / "data" / "events.csv").stat().st_size
    full = built.build(FULL_AT=SECOND)
    assert full.returncode != 0 and "File too large" in full.stdout
    left = built.root / "_build" / "html" / "book"
    assert [page.name for page in left.glob("*.html")] == ["index.html"], "no half page"
    assert built.page(FIRST).rstrip().endswith("</html>")
    assert built.rebuild() == [], "what was executed is kept"
    assert f"data {size} " in built.page(SECOND)
    assert len(built.page(SECOND)) > 0.9 * len(whole)


def test_edit_of_one_notebook_executes_only_that(built: Project) -> None:
    built.write(SECOND, SHOWN, "print('one more')")
    assert built.rebuild() == ["second"]
    assert "one more" in built.page(SECOND)


VERSION = """
import os
from multivector.page import say
say(coding=os.environ.get("MULTIVECTOR_CODING", "record"))
"""


def test_the_other_version_is_run_once_and_kept(project: Project) -> None:
    project.write(FIRST, CHART, SHOWN)
    project.write(SECOND, VERSION)
    notebook = nbformat.read(project.root / f"{SECOND}.ipynb", as_version=4)
    notebook.cells[0].source += "\n\nThis is {glue:text}`coding`."
    nbformat.write(notebook, project.root / f"{SECOND}.ipynb")
    project.rebuild()
    assert 'data-record="record" data-paper="paper">record</span>' in project.page(
        SECOND
    )
    kept = {
        path: path.stat().st_mtime_ns
        for path in (project.root / "_build").rglob("versions/*.json")
    }
    assert kept
    project.rebuild()
    assert {
        path: path.stat().st_mtime_ns
        for path in (project.root / "_build").rglob("versions/*.json")
    } == kept


# Follows one coding whatever the build asks for; follows the one that it asks for.
TOLD = """
from multivector import data
print(len(data.open_case(coding="record").acts), "acts")
"""
ASKS = """
from multivector import data
print(len(data.open_case().acts), "acts")
"""


def test_a_notebook_that_never_asks_for_the_version_is_run_once(
    project: Project,
) -> None:
    project.write(FIRST, TOLD)
    project.write(SECOND, ASKS)
    shutil.rmtree(project.root / "_build", ignore_errors=True)
    for _ in range(2):  # the second build knows it from the first
        project.rebuild()
        kept = (project.root / "_build").rglob("versions/*.json")
        assert [path.name.partition("-")[0] for path in kept] == ["second"]
        project.append(f"{FIRST}.ipynb", "\n")


def test_a_kernel_name_that_an_editor_saved_is_no_hindrance(project: Project) -> None:
    project.write(FIRST, SHOWN, "# under another name", kernel="conda-env-course-py")
    project.write(SECOND, SHOWN, kernel="venv (Python 3.12)")
    assert project.rebuild() == ["index", "second"]
    assert "data " in project.page(FIRST) and "data " in project.page(SECOND)


# Builds at one time ------------------------------------------------------------------

# A cell that says that it runs, and goes on when it may.
HELD = """
import time
from pathlib import Path
Path("started").touch()
while not Path("go-on").exists():
    time.sleep(0.05)
"""


def wait_for_file(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a build has made a file."""
    until(
        lambda: path.exists() or process.poll() is not None, f"{path.name} is not there"
    )
    assert process.poll() is None, process.communicate()[0][-3000:]


def hold(project: Project) -> tuple[Path, Path]:
    """Write a notebook whose cell waits: the files that it makes, and that it waits for."""
    project.write(FIRST, SHOWN)
    project.write(SECOND, HELD)
    started, go_on = project.root / "book" / "started", project.root / "book" / "go-on"
    started.unlink(missing_ok=True)
    go_on.unlink(missing_ok=True)
    shutil.rmtree(project.root / "_build", ignore_errors=True)
    return started, go_on


def test_two_first_commands_at_once_wait_for_each_other(project: Project) -> None:
    started, go_on = hold(project)
    first = command(project.root, "serve", ESSAY_ONCE="1")
    wait_for_file(started, first)
    second = command(project.root, "serve", ESSAY_ONCE="1")
    heard(second, "waiting for another build of this folder to end")
    go_on.touch()
    said = [process.communicate(timeout=PATIENCE)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], "\n".join(said)[-3000:]
    assert "Executed notebook" in said[0]
    assert "Executed notebook" not in said[1], (
        "the second finds what the first has made"
    )
    assert all("fetched http://localhost" in text for text in said)


def test_ctrl_c_ends_a_build_that_has_notebooks_before_it(project: Project) -> None:
    """The other version of the book waits for its turn; it must not hold up the end."""
    started, _ = hold(project)
    process = command(project.root, "serve")
    wait_for_file(started, process)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130 and said.endswith("essay: stopped.\n")
    assert "the book is at" not in said


# Builds that must fail -------------------------------------------------------


def test_a_notebook_that_fails_in_the_other_version_fails_the_build(
    project: Project,
) -> None:
    project.write(FIRST, SHOWN)
    project.write(
        SECOND, 'import os\nassert os.environ.get("MULTIVECTOR_CODING") != "paper"'
    )
    for _ in range(2):
        result = project.build()
        assert (
            result.returncode != 0
            and "does not run in the version of the paper" in result.stdout
        )


def test_failing_cell_fails_the_build_every_time(project: Project) -> None:
    project.write(FIRST, SHOWN)
    project.write(SECOND, "1 / 0")
    for _ in range(2):  # what was executed and kept must not pass the second time
        assert project.build().returncode != 0
        assert "ZeroDivisionError" in project.report(SECOND)


def test_chart_without_description_fails_the_build_every_time(project: Project) -> None:
    project.write(FIRST, SHOWN)
    project.write(SECOND, f'{CHART.strip()}.properties(description="")')
    for _ in range(2):
        result = project.build()
        assert result.returncode != 0 and "chart has no description" in result.stdout


def test_output_that_cannot_be_shown_fails_the_build(project: Project) -> None:
    project.write(FIRST, SHOWN)
    project.write(SECOND, UNSHOWABLE)
    assert project.build().returncode != 0
    assert "not to be shown" in project.report(SECOND)


def test_reference_to_nothing_fails_the_build(project: Project) -> None:
    project.write(FIRST, SHOWN)
    project.write(SECOND, SHOWN)
    notebook = nbformat.read(project.root / f"{SECOND}.ipynb", as_version=4)
    notebook.cells[0].source += "\n\nSee [there](no-such-page.ipynb)."
    nbformat.write(notebook, project.root / f"{SECOND}.ipynb")
    result = project.build()
    assert result.returncode != 0 and "no-such-page" in result.stdout
