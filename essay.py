#!/usr/bin/env python3
"""Set the essay up, then build and serve it, test it, or pack it.

    python3 essay.py serve          build the book and serve it until Ctrl-C
    python3 essay.py serve --strict the same with the policy that CONTRIBUTING.md gives to servers
    python3 essay.py test [...]     run the tests; what follows goes to pytest
    python3 essay.py pack [paper]   build the book, and make a zip, an EPUB and a PDF of it

EPUB and PDF tell dates and facts by the public record, or with `paper` as the paper does.
All make the virtual environment .venv beside this folder and install the
pinned packages into it. This file uses the standard library alone, and a
syntax that an old Python can read, so that it can say what is missing.

MULTIVECTOR_CASE=FOLDER makes `serve` compose the book for the case of another state.
ESSAY_ONCE=1 makes `serve` fetch its own front page once and end.
"""

import contextlib
import csv
import errno
import gzip
import hashlib
import http.server
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import zipfile
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
HTML = ROOT / "_build" / "html"
CASE = "MULTIVECTOR_CASE"
OLDEST = (3, 11)
TESTED = ((3, 11), (3, 12), (3, 13))
BUILD = ["build", ".", "-W", "-n", "--keep-going"]
PORTS = range(8000, 8100)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Settings of pip that would put the packages elsewhere, or other packages here.
PIP_ASTRAY = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_CONSTRAINT",
    "PIP_REQUIRE_VIRTUALENV",
)
# Hashes of the files of pinned packages (.ci/hashes.py).
HASHES = {
    "requirements.txt": ".ci/hashes/requirements.txt",
    "tests/requirements.txt": ".ci/hashes/tests.txt",
}
# Seconds that an interrupted child has to end by itself.
GRACE = 20
# Tests that run at once at most: each may have a browser.
MOST_AT_ONCE = 4
# How `pack` ends where all was made but, for want of Chromium, the PDF.
NO_PDF = 3


class Missing(Exception):
    """Something that this machine lacks: the message says what, and the remedy."""


def say(text):
    print("essay: " + text, flush=True)


# Python and its virtual environment ------------------------------------------


def right_python():
    """Go on with a Python that can run the book, or say which one is needed."""
    if sys.version_info[:2] >= OLDEST:
        if sys.version_info[:2] > TESTED[-1]:
            say(
                "Python {}.{} is newer than any that the pins were tried on; going on.".format(
                    *sys.version_info
                )
            )
        return
    for version in reversed(TESTED):
        newer = shutil.which("python{}.{}".format(*version))
        if newer:
            say(
                "python3 is {}.{}; taking {} instead.".format(
                    *sys.version_info[:2], newer
                )
            )
            sys.exit(subprocess.call([newer] + sys.argv))
    raise Missing(
        "the essay needs Python 3.11 or newer, and this is {}.{} ({}).\n"
        "Install one (Debian 12 or newer: apt install python3 python3-venv; otherwise https://www.python.org/downloads/),\n"
        "then run the line again with it, for example with python3.12 in place of python3.".format(
            *sys.version_info[:2], sys.executable
        )
    )


def program(name):
    """Path of a program of the environment."""
    folder = VENV / ("Scripts" if os.name == "nt" else "bin")
    return folder / (name + (".exe" if os.name == "nt" else ""))


def clean_environment():
    """The environment variables that every child gets.

    Whatever would let packages, kernels or start-up files of the user into the
    book is left out: two readers must get the same book.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "CONDA_"))
        and name not in PIP_ASTRAY
        and name not in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "__PYVENV_LAUNCHER__")
    }
    kept["PATH"] = os.pathsep.join(
        [str(program("python").parent), os.environ.get("PATH", os.defpath)]
    )
    kept["VIRTUAL_ENV"] = str(VENV)
    kept["PYTHONNOUSERSITE"] = "1"
    kept["PYTHONUTF8"] = "1"
    kept["JUPYTER_PREFER_ENV_PATH"] = "1"
    kept["JUPYTER_CONFIG_DIR"] = str(VENV / "etc" / "jupyter-user")
    kept["IPYTHONDIR"] = str(VENV / "etc" / "ipython")
    return kept


def run(command, **more):
    """Run a child in the project's folder; its exit code."""
    child = start(command, **more)
    with ended_with_us(child):
        return exit_code(child.wait())


def run_aloud(command, **more):
    """Run a child in the project's folder, and listen: (exit code, the end of what it said).

    All that it says is passed on as it comes.
    """
    colours = {"FORCE_COLOR": "1"} if is_colourful(sys.stdout) else {}
    child = start(
        command, colours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more
    )
    said = b""
    with ended_with_us(child), child.stdout:
        while True:
            heard = os.read(child.stdout.fileno(), 65536)
            if not heard:
                break
            sys.stdout.buffer.write(heard)
            sys.stdout.buffer.flush()
            said = (said + heard)[-100000:]
        return exit_code(child.wait()), said.decode(errors="replace")


def start(command, variables=None, cwd=ROOT, **more):
    """A child in the project's folder, or another, just started."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=str(cwd),
        env=dict(clean_environment(), **(variables or {})),
        **more,
    )


@contextlib.contextmanager
def ended_with_us(child):
    """Leave no child behind: Ctrl-C reaches it too, and it has a moment to end by itself."""
    try:
        yield
    except BaseException as why:
        if not (isinstance(why, KeyboardInterrupt) and has_ended(child)):
            child.terminate()
        if not has_ended(child):
            child.kill()
            child.wait()
        raise


def has_ended(child):
    """Has a child ended, or does it within a moment?"""
    try:
        child.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        return False
    return True


def exit_code(code):
    """As a shell has it: what a signal ended counts from 128."""
    return 128 - code if code < 0 else code


def is_colourful(stream):
    """Is this a terminal that shows colours, and are they wanted?"""
    return (
        stream.isatty()
        and "NO_COLOR" not in os.environ
        and os.environ.get("TERM", "dumb") != "dumb"
    )


@contextlib.contextmanager
def turn(path, waiting):
    """Hold a file or folder that one run at a time may hold; `waiting` says for whom we wait.

    Children that get what this gives hold it too, until the last of them has ended.
    """
    if not fcntl:
        yield None
        return
    held = os.open(str(path), os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(held, fcntl.LOCK_EX)
        except OSError:
            pass  # some network folders know no locks
        yield held
    finally:
        os.close(held)


def shared(*held):
    """Arguments that hand what is held to a child."""
    return {"pass_fds": held} if fcntl else {}


def environment_version():
    """Python version of .venv as 'major.minor.micro', or None where it is absent or broken."""
    ask = "import sys, pip; print('%d.%d.%d' % sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [str(program("python")), "-c", ask],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=600,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.decode().strip() if answer.returncode == 0 else None


def read_stamp():
    """What the last finished installation left: {requirements file: digest, ...}, or {}."""
    try:
        return json.loads((VENV / "essay-stamp.json").read_text())
    except (OSError, ValueError):
        return {}


def digest(requirements):
    """Changes with the pins and with the place, for scripts in .venv hold its path."""
    return hashlib.sha256(requirements.read_bytes() + str(VENV).encode()).hexdigest()


def usable_venv():
    """Is .venv whole, and made for this Python (or, if somebody else made it, for a new enough one)?"""
    version = environment_version()
    if version is None or (VENV / "essay-installing").exists():
        return False
    stamp = read_stamp()
    if not stamp:
        return tuple(int(part) for part in version.split(".")[:2]) >= OLDEST
    return stamp.get("python") == version == running_version()


def running_version():
    return "{}.{}.{}".format(*sys.version_info)


def make_venv(held):
    """Make .venv anew, `held` being the locks."""
    say("making the virtual environment {} (Python {})".format(VENV, running_version()))
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        env={
            name: value
            for name, value in clean_environment().items()
            if name != "VIRTUAL_ENV"
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **shared(*held),
    )
    if made.returncode:
        raise Missing(why_no_venv(made.stdout.decode(errors="replace")))


def why_no_venv(output):
    """Turn what `venv` said into a message with a remedy."""
    if (
        not os.access(str(ROOT), os.W_OK)
        or "Permission denied" in output
        or "Read-only" in output
    ):
        return "the folder {} cannot be written.\nCopy the project to a folder of your own and run the line there.".format(
            ROOT
        )
    if is_full_disk(output):
        return full_disk()
    if "ensurepip" in output or "No module named venv" in output:
        return (
            "this Python cannot make virtual environments: its venv package is missing.\n"
            "Debian, Ubuntu: apt install python3-venv (as root), then run the line again."
        )
    return "making {} failed:\n{}".format(VENV, output.strip())


def is_full_disk(output):
    """Did a child end because nothing more can be written?"""
    return "No space left on device" in output or "Disk quota exceeded" in output


def is_closed(output):
    """Did a child end because it may not write?"""
    return "Permission denied" in output or "Read-only file system" in output


def writes_here():
    """What must be writable."""
    return "The essay writes .venv and _build into {}: it must be writable, with about 1 GB free.".format(
        ROOT
    )


def full_disk():
    """That the disk is full, and what can go."""
    made = [
        "{} ({:.0f} MB)".format(folder, size(folder) / 1e6)
        for folder in (ROOT / "_build", VENV)
        if folder.exists()
    ]
    places = {
        str(folder): shutil.disk_usage(str(folder)).free / 1e6
        for folder in (ROOT, Path(tempfile.gettempdir()))
    }
    return (
        "the disk is full: {}.\n"
        "The packages need about 1 GB, a build about 50 MB more. What can go:{}\n"
        "- what pip has kept of its downloads: python3 -m pip cache purge\n"
        "- old files in the folder of temporary files, {}\n"
        "Then run the line again.".format(
            " and ".join(
                "{:.0f} MB free in {}".format(free, place)
                for place, free in places.items()
            ),
            "".join("\n- {}, made again by the next run".format(one) for one in made),
            tempfile.gettempdir(),
        )
    )


def size(folder):
    """Bytes of all files below a folder."""
    total = 0
    for place, _, names in os.walk(str(folder)):
        for name in names:
            with contextlib.suppress(OSError):  # it may just have gone
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def install(*names):
    """Install requirements files into .venv unless the same pins are there already."""
    with turn(
        Path(__file__).resolve(), "waiting for another run that installs packages here"
    ) as installing:
        whole = usable_venv()
        stamp = read_stamp() if whole else {}
        stale = [name for name in names if stamp.get(name) != digest(ROOT / name)]
        if whole and not stale:
            return
        # Packages must not change under a build; it holds the folder (book/_ext/essay_builds.py).
        with turn(
            ROOT,
            "waiting for a build in this folder to end, before its packages change",
        ) as building:
            held = (installing, building)
            if not whole:
                make_venv(held)
            pip_install(stale, held)
            stamp.update(
                {name: digest(ROOT / name) for name in stale},
                python=environment_version(),
            )
            (VENV / "essay-stamp.json").write_text(json.dumps(stamp, indent=1))
            (VENV / "essay-installing").unlink()


def pinned(path):
    """The pins of a requirements file, as they stand, without comments and hashes."""
    text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)==([\w.!+]+)", text, re.M)
    return sorted(
        (re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found
    )


def pip_lists(names):
    """What pip is told of requirements files: their pins with hashes, where those are at hand.

    Hashes of other pins than ours are of no use: then it says so, and the pins alone hold.
    """
    # With hashes pip wants to have one for everything, and the tests need the book's too.
    whole = names if names == ["requirements.txt"] else list(HASHES)
    known = [ROOT / HASHES[name] for name in whole]
    for name, hashes in zip(whole, known):
        if not hashes.is_file() or pinned(hashes) != pinned(ROOT / name):
            say(
                "{} has not the pins of {}, so that nothing is compared with hashes; "
                "python3 .ci/hashes.py writes them anew.".format(HASHES[name], name)
            )
            return [part for name in names for part in ("-r", name)]
    return ["--require-hashes"] + [
        part for hashes in known for part in ("-r", str(hashes))
    ]


def pip_install(names, held):
    """Install requirements files; a mark stays in .venv until the caller takes it away."""
    (VENV / "essay-installing").write_text(
        "An installation that did not end: .venv is made anew next time.\n"
    )
    say(
        "installing the pinned packages of {} (once; some minutes on a slow line)".format(
            " and ".join(names)
        )
    )
    pip = [
        program("python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-compile",
    ]
    code, said = run_aloud(pip + pip_lists(names), **shared(*held))
    if code:
        if is_full_disk(said):
            raise Missing(full_disk())
        raise Missing(
            "pip could not install the packages; what it said is above.\n"
            "If it found no version at all, or timed out, there is no way to the package index: check the network\n"
            "(or pip's proxy and index settings) and run the line again. After the first time no network is needed.\n"
            "If hashes do not match, the index gives other files than those pinned here: take pypi.org itself\n"
            "(PIP_INDEX_URL=https://pypi.org/simple), or do not trust what you were given."
        )
    if "requirements.txt" in names:
        # Other packages may compute other numbers: nothing made with the old ones is kept.
        shutil.rmtree(str(ROOT / "_build"), ignore_errors=True)


# The book --------------------------------------------------------------------


def build():
    """Build the book; the exit code of jupyter-book."""
    begun = time.time()
    code, said = run_aloud([program("jupyter-book"), *BUILD])
    if code:
        failed = failed_cells(begun)
        for notebooks, report, text in failed:
            say(
                "a cell failed in {}; the whole report is in {}:".format(
                    ", ".join(map(str, notebooks)), report
                )
            )
            print(text)
        told = [said, *(text for _, _, text in failed)]
        if any(map(is_full_disk, told)):
            say(full_disk())
        elif any(map(is_closed, told)):
            say(writes_here())
        say(
            "the book did not build (jupyter-book ended with {}){}; what it said is above.".format(
                code, first_warning(said)
            )
        )
    elif not (HTML / "index.html").is_file():
        raise Missing("the build left no front page in {}.".format(HTML))
    return code


def first_warning(said):
    """The first thing that a builder warned of, with chapter and cell; empty if that was nothing.

    As `placed` of the module has it, which needs packages; this has to run without any.
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    found = re.search(
        r"^(.+\.(?:ipynb|md)):(\d+): (?:WARNING|ERROR): (.*?)(?: \[[\w.]+\])?$",
        plain,
        re.M,
    )
    if not found:
        return ""
    path, line, what = Path(found.group(1)), int(found.group(2)), found.group(3)
    place = "{}, line {}".format(path.name, line)
    if path.suffix == ".ipynb":  # a line counts ten thousand for each cell
        with contextlib.suppress(OSError, ValueError, LookupError):
            cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
            place = "{}, cell '{}'".format(path.stem, cells[line // 10000 - 1]["id"])
    return ": {}: {}".format(place, what)


def state_of(case):
    """Code of the state that a case is about, as its table of actors says; None if nobody says."""
    try:
        if case.is_dir():
            text = (case / "actors.csv").read_text(encoding="utf-8-sig")
        else:
            with zipfile.ZipFile(case) as packed:
                names = [n for n in packed.namelist() if n.endswith("actors.csv")]
                text = packed.read(names[0]).decode("utf-8-sig")
    except (OSError, IndexError, UnicodeDecodeError, zipfile.BadZipFile):
        return None  # the build says what is wrong with it
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines)
    return next((row["actor"] for row in rows if row.get("kind") == "self"), None)


def other_case():
    """The case of another state that was asked for; None if the book is built on its own."""
    case = Path(os.environ.get(CASE) or ROOT / "data")
    return case if state_of(case) not in (None, state_of(ROOT / "data")) else None


def build_other(case):
    """Compose the book for another state and build it; (exit code, folder of the pages)."""
    folder = case.with_name(case.stem + "-book")
    command = [program("python"), "-m", "multivector", "build", str(case)]
    code, said = run_aloud([*command, "--out", str(folder)], cwd=ROOT / "book")
    if code and is_full_disk(said):
        say(full_disk())
    return code, folder / "_build" / "html"


def failed_cells(since):
    """(notebooks, report file, what matters of it) for every way in which cells failed in this build."""
    found = {}
    for report in sorted((HTML / "reports").rglob("*.err.log")):
        if report.stat().st_mtime < since - 1:
            continue
        page = report.relative_to(HTML / "reports").as_posix()[: -len(".err.log")]
        notebooks = [
            path
            for path in (ROOT / (page + ".ipynb"), ROOT / "book" / (page + ".ipynb"))
            if path.exists()
        ]
        name = notebooks[0].relative_to(ROOT) if notebooks else page
        text = what_matters(report.read_text(errors="replace"))
        found.setdefault(text, ([], report.relative_to(ROOT)))[0].append(name)
    return [(names, report, text) for text, (names, report) in found.items()]


def what_matters(report):
    """The last lines of a report; of a case with problems, every line from their count on."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", report).strip().splitlines()
    counts = [
        place
        for place, line in enumerate(lines)
        if re.search(r"\b\d+ problems? in the case ", line)
    ]
    return "\n".join(lines[counts[-1] if counts else -5 :])


class Pages(http.server.SimpleHTTPRequestHandler):
    """The built pages, text compressed, without a line of log for each, and never an old copy."""

    # Headers that go with each page: those of a server that lets pages do less.
    strict = {}

    def log_message(self, *args):
        pass

    def send_head(self):
        path = self.translate_path(self.path)
        kind = self.guess_type(path)
        taken = "gzip" in self.headers.get("Accept-Encoding", "")
        asked_again = "If-Modified-Since" in self.headers
        if asked_again or not taken or not is_text(kind) or not os.path.isfile(path):
            return super().send_head()
        with open(path, "rb") as file:
            body = gzip.compress(file.read(), 9)
            changed = os.fstat(file.fileno()).st_mtime
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(changed))
        self.end_headers()
        return io.BytesIO(body)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        for name, value in self.strict.items():
            self.send_header(name, value)
        super().end_headers()


def is_text(kind):
    """Is a type of file worth compressing? (Pictures and fonts are compressed already.)"""
    return kind.startswith("text/") or kind.split(";")[0] in (
        "application/javascript",
        "application/json",
        "image/svg+xml",
    )


class Server(http.server.ThreadingHTTPServer):
    """A server that takes no notice of a reader who leaves in the middle of a page."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def is_taken(port):
    """Does anybody answer there? (An address of IPv6 would hide ours behind 'localhost'.)"""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(1)
                if probe.connect_ex((host, port)) == 0:
                    return True
        except OSError:  # this machine has no such addresses
            continue
    return False


def open_server(folder=HTML, ports=PORTS):
    """A server of the built pages on the first port that is free."""
    for port in ports:
        if is_taken(port):
            continue
        try:
            return Server(("127.0.0.1", port), partial(Pages, directory=str(folder)))
        except OSError:
            continue
    raise Missing(
        "no free port between {} and {} on localhost.".format(ports[0], ports[-1])
    )


def front_page(address):
    """Fetch the first page, following the redirection that the book's root is; (address, size)."""
    for _ in range(3):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            address, timeout=120
        ) as reply:
            body = reply.read().decode("utf-8")
        onward = re.search(r'http-equiv="refresh"[^>]*url=([^"\s>]+)', body, re.I)
        if not onward:
            break
        address = urllib.parse.urljoin(address, onward.group(1))
    if "<h1" not in body:
        raise Missing(
            "the front page {} has no heading: the book is not whole.".format(address)
        )
    return address, len(body)


def strict_headers():
    """The headers of a server that forbids what the pages can do without."""
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from essay_policy import HEADERS

    return HEADERS


def serve(strict=False):
    """Build, then serve until stopped."""
    install("requirements.txt")
    case = other_case()
    code, pages = build_other(case) if case else (build(), HTML)
    if code:
        return code
    if strict:
        Pages.strict = strict_headers()
    server = open_server(pages)
    address = "http://localhost:{}/".format(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say("the book is at {}".format(address))
    if os.environ.get("ESSAY_ONCE", "0") not in ("", "0"):
        page, size = front_page(address)
        say(
            "fetched {} ({} bytes of HTML); ending, as ESSAY_ONCE asks.".format(
                page, size
            )
        )
    else:
        wait_for_ctrl_c()
    server.shutdown()
    return 0


def wait_for_ctrl_c():
    try:
        say("Ctrl-C stops it.")
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        say("stopped.")


# The tests -------------------------------------------------------------------


def find_chromium(what):
    """The browser that `test` and `pack` drive: ESSAY_CHROMIUM, or the first of the usual names."""
    named = os.environ.get("ESSAY_CHROMIUM")
    for name in (named,) if named else CHROMIUMS:
        path = shutil.which(name)
        if path:
            return path
    raise Missing(
        "{} the browser Chromium{}.\n".format(
            what,
            " (ESSAY_CHROMIUM names {}, which is not there)".format(named)
            if named
            else "",
        )
        + "Debian, Ubuntu: apt install chromium (as root). Elsewhere: set ESSAY_CHROMIUM to the path of Chromium or Chrome."
    )


def test(arguments):
    """Run the tests; the exit code of pytest."""
    chromium = find_chromium("the tests need")
    install("requirements.txt", "tests/requirements.txt")
    os.environ["ESSAY_CHROMIUM"] = chromium
    return run([program("python"), "-m", "pytest", *side_by_side(), *arguments])


def side_by_side():
    """Arguments that let as many tests run at once as there are processors; of a file, one."""
    return [
        "-n",
        str(min(os.cpu_count() or 1, MOST_AT_ONCE)),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
    ]


# The packages ----------------------------------------------------------------


def pack(coding):
    """Build, then make zip and EPUB of the book, and a PDF if there is a Chromium.

    A `coding` other than that of the pages may be named, in a list.
    """
    if other_case():
        raise Missing(
            "`pack` makes files of this book's own case; unset {} for it.".format(CASE)
        )
    install("requirements.txt")
    code = build()
    if code:
        return code
    command = [program("python"), ROOT / "book" / "_ext" / "essay_pack.py", HTML]
    try:
        chromium = find_chromium("zip and EPUB are made, the PDF is not: it needs")
    except Missing as lack:
        code = run(command)
        say(str(lack))
        return code or NO_PDF
    named = ["--coding", *coding] if coding else []
    return run([*command, "--chromium", chromium, *named])


def find_case():
    """Make the path of another case absolute: children run in the project's folder."""
    named = os.environ.get(CASE)
    if not named:
        return
    folder = Path.cwd() / named
    zipped = folder.suffix.lower() == ".zip" and folder.is_file()
    if not zipped and not (folder / "datapackage.json").is_file():
        raise Missing(
            "{} names {!r}; looked in {}, and there is {}.\n"
            "Name a folder of tables, from where you stand or as a whole path.".format(
                CASE,
                named,
                folder,
                "no datapackage.json" if folder.is_dir() else "no such folder",
            )
        )
    os.environ[CASE] = str(folder)


def is_known(arguments):
    """Is this a command, with what may follow it?"""
    return arguments[:1] == ["test"] or arguments in (
        ["serve"],
        ["serve", "--strict"],
        ["pack"],
        ["pack", "record"],
        ["pack", "paper"],
    )


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, too
    try:
        if not is_known(arguments):
            print(__doc__)
            return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
        right_python()
        find_case()
        if arguments[0] == "test":
            return test(arguments[1:])
        if arguments[0] == "pack":
            return pack(arguments[1:])
        return serve(strict=bool(arguments[1:]))
    except Missing as lack:
        say(str(lack))
        return 1
    except BrokenPipeError:  # nobody listens to us any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            say(full_disk())
            return 1
        if error.errno not in (errno.EACCES, errno.EROFS):
            raise
        say("{}\n{}".format(error, writes_here()))
        return 1
    except KeyboardInterrupt:
        say("stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
