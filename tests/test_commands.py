"""The two commands as real processes: what they say and leave behind when something goes wrong.

Most of them run in a small project whose `jupyter-book` and `pip` are stand-ins that do
what the test wants; what only the real build can show is in `test_rebuild.py`.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from conftest import (
    PATIENCE,
    ROOT,
    command,
    essay,
    furnish,
    heard,
    program,
    until,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and links of Unix")

FULL = "OSError: [Errno 28] No space left on device"
# What stands in for jupyter-book: a front page and a large picture.
BUILDS = """
from pathlib import Path
pages = Path("_build/html")
pages.mkdir(parents=True, exist_ok=True)
(pages / "index.html").write_text("<h1>Here</h1>")
(pages / "large.bin").write_bytes(bytes(50_000_000))
"""
WAITS = """
import os, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("building as", os.getpid(), flush=True)
signal.pause()
"""


class Small:
    """A project with the real script, and stand-ins for what it runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        shutil.copy(ROOT / "essay.py", root)
        (root / "requirements.txt").write_text("nothing==1\n")
        furnish(root)
        self.builder(BUILDS)

    def builder(self, lines: str) -> None:
        """What jupyter-book does here."""
        program(self.root, "jupyter-book", lines, by=sys.executable)

    def installer(self, lines: str) -> None:
        """What pip does here when the pins have changed, as they have."""
        (self.root / "requirements.txt").write_text("nothing==2\n")
        program(
            self.root,
            "python",
            f'case "$*" in *"pip install"*) {lines};; esac\n'
            f'exec {shlex.quote(sys.executable)} "$@"',
        )

    def start(self, *arguments: str, **more) -> subprocess.Popen[str]:
        return command(self.root, *arguments, **more)

    def serve_once(self, **more) -> tuple[int, str]:
        """Exit code and words of a first command that serves one page and ends."""
        process = self.start("serve", ESSAY_ONCE="1", **more)
        said, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, said


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "a project")


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def serving(small: Small) -> tuple[subprocess.Popen, int]:
    """The first command while it serves, and its port."""
    process = small.start("serve", ESSAY_ONCE="")
    port = int(heard(process, "the book is at").rpartition(":")[2].strip().strip("/"))
    heard(process, "Ctrl-C stops it")
    return process, port


# What is served --------------------------------------------------------------


def test_a_good_build_is_served(small: Small) -> None:
    code, said = small.serve_once()
    assert code == 0 and "fetched http://localhost" in said


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
    ],
    ids=["failed", "killed"],
)
def test_a_build_that_broke_off_is_not_served(
    small: Small, lines: str, code: int
) -> None:
    small.builder(BUILDS + lines)
    ended, said = small.serve_once()
    assert ended == code and f"jupyter-book ended with {code}" in said
    assert "the book is at" not in said


def test_the_first_warning_is_told_with_chapter_and_cell(small: Small) -> None:
    book = small.root / "book"
    book.mkdir()
    cells = [{"id": "head"}, {"id": "bet-tilt"}]
    (book / "04-first.ipynb").write_text(json.dumps({"cells": cells}))
    warning = f"{book / '04-first.ipynb'}:20002: WARNING: answer is 12 [mystnb.glue]"
    small.builder(f"{BUILDS}print({warning!r})\nraise SystemExit(1)")
    code, said = small.serve_once()
    last = said.strip().splitlines()[-1]
    assert code == 1 and "04-first, cell 'bet-tilt': answer is 12; what it said" in last


def test_a_build_without_a_front_page_is_not_served(small: Small) -> None:
    small.builder("")
    code, said = small.serve_once()
    assert code == 1 and "no front page" in said and "the book is at" not in said


@pytest.mark.parametrize(
    ("send", "sent", "code"),
    [(os.killpg, signal.SIGINT, 130), (os.kill, signal.SIGTERM, 143)],
    ids=["Ctrl-C", "terminated"],
)
def test_an_interrupted_build_ends_clean(
    small: Small, send: Callable[[int, int], None], sent: int, code: int
) -> None:
    """A terminal sends Ctrl-C to all that run in it, `kill` to one process alone."""
    small.builder(WAITS)
    process = small.start("serve")
    builder = int(heard(process, "building as").split()[-1])
    send(process.pid, sent)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert "Traceback" not in said and "the book is at" not in said
    assert not is_alive(builder)


@pytest.mark.parametrize("why", [KeyboardInterrupt, SystemExit, ValueError])
def test_no_child_is_left_behind(
    why: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one that does not listen."""
    script = essay()
    monkeypatch.setattr(script, "GRACE", 0.2)
    deaf = "import signal, sys; [signal.signal(s, signal.SIG_IGN) for s in (2, 15)]"
    child = subprocess.Popen(
        [sys.executable, "-c", f"{deaf}; print('deaf', flush=True); signal.pause()"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    heard(child, "deaf")
    with pytest.raises(why), script.ended_with_us(child), child.stdout:
        raise why
    assert child.returncode == -signal.SIGKILL


def test_ctrl_c_ends_the_server_clean(serving: tuple[subprocess.Popen, int]) -> None:
    process, _ = serving
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and said == "essay: stopped.\n"


def test_a_reader_who_leaves_in_the_middle_leaves_no_trace(
    serving: tuple[subprocess.Popen, int],
) -> None:
    process, port = serving
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET /large.bin HTTP/1.0\r\n\r\n")
            assert reader.recv(1000).startswith(b"HTTP/1.0 200")
            # Closed without a farewell, while most of the file is still to come.
            reader.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
    address = f"http://127.0.0.1:{port}/index.html"
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        address
    ) as reply:
        assert reply.read() == b"<h1>Here</h1>"
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert said == "essay: stopped.\n"


def test_text_is_served_compressed_to_who_takes_it(tmp_path: Path) -> None:
    """A slow line carries a third of the bytes; a picture is as small as it gets already."""
    text, picture = "<h1>Here</h1>" * 999, bytes(9999)
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    (tmp_path / "dot.png").write_bytes(picture)
    server = essay().open_server(tmp_path)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"

    def fetch(name: str, **headers: str) -> tuple[bytes, str | None]:
        asked = urllib.request.Request(f"{address}/{name}", headers=headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE) as reply:
            body = reply.read()
            assert int(reply.headers["Content-Length"]) == len(body)
            return body, reply.headers["Content-Encoding"]

    with server:
        takes = {"Accept-Encoding": "br, gzip"}
        small, how = fetch("index.html", **takes)
        assert how == "gzip" and gzip.decompress(small).decode() == text
        assert len(small) < len(text) / 3
        assert fetch("index.html") == (text.encode(), None)
        assert fetch("dot.png", **takes) == (picture, None)
        # Who has a page already is told that it stands.
        kept = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        with pytest.raises(urllib.error.HTTPError, match="304"):
            fetch("index.html", **takes, **kept)
        server.shutdown()


def test_a_fault_of_the_server_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only readers who leave are passed over in silence."""
    server = essay().open_server(tmp_path)
    with server:
        for fault in (ConnectionResetError(), BrokenPipeError(), ZeroDivisionError()):
            try:
                raise fault
            except (OSError, ArithmeticError):
                server.handle_error(None, ("127.0.0.1", 1))
    said = capsys.readouterr().err
    assert said.count("Traceback") == 1 and "ZeroDivisionError" in said


def test_a_command_that_nobody_listens_to_ends_clean(small: Small) -> None:
    """As in `serve | head`: no word of a broken pipe, and no child that goes on."""
    small.builder("while True: print('a line', flush=True)")
    told = small.root / "told"
    process = subprocess.Popen(
        f"{shlex.quote(sys.executable)} essay.py serve 2> told | head -1",
        cwd=small.root,
        shell=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    said, _ = process.communicate(timeout=PATIENCE)
    assert said == "a line\n" and told.read_text() == ""


# A full disk -----------------------------------------------------------------


def assert_full_disk_is_explained(said: str, root: Path) -> None:
    assert "the disk is full" in said and f"free in {root}" in said
    assert f"{root / '.venv'} (" in said, "what can go is named, with its size"
    assert "pip cache purge" in said and "the book is at" not in said


def test_a_build_on_a_full_disk_says_so(small: Small) -> None:
    small.builder(BUILDS + f"raise SystemExit({FULL!r})")
    code, said = small.serve_once()
    assert code == 1
    assert FULL in said, "what the build said is passed on"
    assert_full_disk_is_explained(said, small.root)
    assert f"{small.root / '_build'} (50 MB)" in said


def test_an_installation_on_a_full_disk_says_so(small: Small) -> None:
    """The pins have changed, and pip cannot write."""
    small.installer(f'echo "ERROR: {FULL}" >&2; exit 1')
    code, said = small.serve_once()
    assert code == 1 and "check the network" not in said
    assert_full_disk_is_explained(said, small.root)


def failing_below(
    small: Small, number: int, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """The script, whose installation of packages ends with an error of the system."""
    script = essay(small.root / "essay.py")

    def fails(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(script, "pip_install", fails)
    monkeypatch.setattr(script.signal, "signal", lambda *_: None)
    (small.root / "requirements.txt").write_text("nothing==2\n")
    return script


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_under_the_script_itself_is_told(
    number: int,
    small: Small,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert failing_below(small, number, monkeypatch).main(["serve"]) == 1
    assert_full_disk_is_explained(capsys.readouterr().out, small.root)


CLOSED = [errno.EACCES, errno.EROFS]


@pytest.mark.parametrize("number", CLOSED)
def test_a_build_that_may_not_write_says_so(number: int, small: Small) -> None:
    said_by_the_build = f"OSError: [Errno {number}] {os.strerror(number)}: '_build'"
    small.builder(f"raise SystemExit({said_by_the_build!r})")
    code, said = small.serve_once()
    assert code == 1 and said_by_the_build in said
    assert f"into {small.root}: it must be writable" in said
    assert "the book is at" not in said and "the disk is full" not in said


@pytest.mark.parametrize("number", CLOSED)
def test_a_folder_that_the_script_may_not_write_is_told(
    number: int,
    small: Small,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert failing_below(small, number, monkeypatch).main(["serve"]) == 1
    assert "it must be writable" in capsys.readouterr().out


# Another case ----------------------------------------------------------------

TELLS_CASE = "import os; print('case', os.environ['MULTIVECTOR_CASE'])"


def test_a_case_is_looked_for_where_the_reader_stands(
    small: Small, tmp_path: Path
) -> None:
    tables = tmp_path / "elsewhere" / "tables"
    tables.mkdir(parents=True)
    (tables / "datapackage.json").write_text("{}")
    small.builder(BUILDS + TELLS_CASE)
    for named in ("tables", str(tables), "../elsewhere/tables"):
        code, said = small.serve_once(cwd=tables.parent, MULTIVECTOR_CASE=named)
        told = next(line for line in said.splitlines() if line.startswith("case "))
        assert code == 0 and Path(told[5:]).is_absolute()
        assert Path(told[5:]).resolve() == tables
    (tables.parent / "case.zip").write_bytes(b"")
    code, said = small.serve_once(cwd=tables.parent, MULTIVECTOR_CASE="case.zip")
    assert code == 0 and f"case {tables.parent / 'case.zip'}" in said


def test_the_book_of_another_state_is_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case of another state, or a zip of it; not the own one, nor a copy of it."""
    script, other = essay(), ROOT / "cases" / "uzbekistan"
    assert script.other_case() is None
    monkeypatch.setenv("MULTIVECTOR_CASE", str(ROOT / "data"))
    assert script.other_case() is None
    monkeypatch.setenv("MULTIVECTOR_CASE", str(other))
    assert script.other_case() == other
    packed = shutil.make_archive(str(tmp_path / "case"), "zip", other)
    assert script.state_of(Path(packed)) == script.state_of(other) == "UZB"
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    assert script.state_of(tmp_path / "broken.zip") is None
    asked = []
    monkeypatch.setattr(script, "install", lambda *names: None)
    monkeypatch.setattr(
        script, "run_aloud", lambda command, cwd: (asked.append(command), (1, ""))[1]
    )
    assert script.serve() == 1
    (command,) = asked
    assert command[1:4] == ["-m", "multivector", "build"] and str(other) in command
    with pytest.raises(script.Missing, match="of this book's own case"):
        script.pack([])


@pytest.mark.parametrize("is_there", [False, True])
def test_a_case_that_is_not_there_is_told_with_the_place(
    small: Small, tmp_path: Path, is_there: bool
) -> None:
    if is_there:
        (tmp_path / "tables").mkdir()
    code, said = small.serve_once(cwd=tmp_path, MULTIVECTOR_CASE="tables")
    assert code == 1 and f"looked in {tmp_path / 'tables'}" in said
    assert ("no datapackage.json" if is_there else "no such folder") in said


# Cells that failed -----------------------------------------------------------

PROBLEMS = [f"- events.csv, row {row}, column 'day': '31 June'" for row in range(2, 30)]


def test_every_problem_of_a_case_is_shown(small: Small) -> None:
    """The report of a cell is long; the count of problems and all of them are what matters."""
    count = f"\x1b[31mCaseError\x1b[0m: {len(PROBLEMS)} problems in the case 'data':"
    report = "\n".join(["Traceback", *["  a line"] * 40, count, *PROBLEMS, "", ""])
    small.builder(
        BUILDS
        + f"""
for page in ("04-akayev", "05-bakiyev"):
    report = pages / "reports" / "book" / f"{{page}}.err.log"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text({report!r})
    Path("book").mkdir(exist_ok=True)
    Path(f"book/{{page}}.ipynb").write_text("")
raise SystemExit(1)
"""
    )
    code, said = small.serve_once()
    assert code == 1
    assert [line for line in said.splitlines() if line in PROBLEMS] == PROBLEMS
    assert "a line" not in said and "\x1b" not in said
    assert "failed in book/04-akayev.ipynb, book/05-bakiyev.ipynb" in said


# Waiting for each other ------------------------------------------------------


def test_packages_do_not_change_under_a_build(small: Small) -> None:
    """An installation waits until a build, which holds the folder, has ended."""
    import fcntl

    small.installer('echo "pip was here"; exit 0')
    build = os.open(small.root, os.O_RDONLY)
    fcntl.flock(build, fcntl.LOCK_EX)
    process = small.start("serve", ESSAY_ONCE="1")
    assert "pip" not in heard(process, "waiting for a build in this folder")
    os.close(build)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and "pip was here" in said


def test_a_folder_without_locks_is_no_hindrance(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = essay()

    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(script.fcntl, "flock", refuse)
    with script.turn(tmp_path, "waiting"):
        pass


def test_one_holds_what_another_waits_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = essay()
    order = []

    def second() -> None:
        with script.turn(tmp_path, "waiting"):
            order.append("second")

    with script.turn(tmp_path, "nobody else is here"):
        other = threading.Thread(target=second)
        other.start()
        until(lambda: "waiting" in capsys.readouterr().out, "nobody waits")
        order.append("first")
    other.join(PATIENCE)
    assert order == ["first", "second"]
