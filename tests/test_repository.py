"""The repository itself: what lies where, what is pinned, and that the README says what is run."""

from __future__ import annotations

import ast
import fnmatch
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BUILD, ROOT, essay
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

# design: the root holds these and nothing else.
ROOT_NAMES = {
    "README.md", "essay.py", "requirements.txt", "_config.yml", "_toc.yml", "book", "data",
    "tests", "LICENSE", "CITATION.cff", "CONTRIBUTING.md", "pyproject.toml", ".binder", ".ci",
    ".git-blame-ignore-revs", ".gitattributes", ".github", ".gitignore",
    ".pre-commit-config.yaml", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "paper.md",
    ".zenodo.json", "cases",
}  # fmt: skip
CASE = "Kyrgyz", "KGZ", "Russia", "Akayev", "Bakiyev", "Manas", "United States"
MACHINE = "/home/", "/work/", "/tmp/", "/root/", "/Users/"
PYTHONS = "3.11", "3.12", "3.13"
LISTS = "requirements.txt", "tests/requirements.txt"
# The two commands, and what forwards to them.
SCRIPTS = ROOT / "essay.py", ROOT / ".ci" / "essay.py"


def ignored() -> list[str]:
    """Patterns of .gitignore, without its comments."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [
        line.strip().strip("/")
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


def is_ignored(path: Path) -> bool:
    relative = path.relative_to(ROOT).as_posix()
    return any(
        fnmatch.fnmatch(relative, pattern)
        or ("/" not in pattern and fnmatch.fnmatch(path.name, pattern))
        for pattern in ignored()
    )


def committed(folder: Path = ROOT) -> Iterator[Path]:
    """Files of the project, without what the two commands make."""
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or is_ignored(path):
            continue
        if path.is_dir():
            yield from committed(path)
        else:
            yield path


def texts() -> Iterator[tuple[Path, str]]:
    """Files of the project that are text, with the text."""
    for path in committed():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# Lay-out ---------------------------------------------------------------------


def test_root_holds_what_the_design_names() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in committed()}
    assert found - ROOT_NAMES == set()
    assert ROOT_NAMES - found - {"CITATION.cff"} == set()


def test_no_path_of_a_machine() -> None:
    own = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}: {line.strip()[:100]}"
        for path, text in texts()
        if path != own
        for line in text.splitlines()
        if any(re.search(rf"(?<![\w.:/]){re.escape(part)}", line) for part in MACHINE)
    ]
    assert found == []


def test_no_script_of_somebody_else() -> None:
    for path in committed():
        name = path.relative_to(ROOT)
        assert path.suffix not in {
            ".mjs",
            ".map",
            ".wasm",
            ".ttf",
            ".woff",
            ".woff2",
            ".whl",
        }, name
        if path.suffix in {".js", ".css", ".html"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\.min\.|-bundle\.", path.name), name
            assert max(map(len, text.splitlines()), default=0) < 400, (
                f"{name} looks minified"
            )
            assert not re.search(r"@license|@preserve|sourceMappingURL", text), name
            assert len(text) < 60_000, f"{name} is too long to be ours"


def test_pages_load_nothing_from_elsewhere() -> None:
    pattern = re.compile(
        r"""(?:src|href|url|import)\s*[=(]?\s*["'(]\s*(?:https?:)?//[^"')\s]+\.(?:js|css|mjs|woff2?)"""
    )
    for path, text in texts():
        if path.suffix in {".js", ".css", ".html", ".py", ".yml", ".ipynb"}:
            assert not pattern.search(text), path


def test_module_does_not_name_the_case() -> None:
    module = ROOT / "book" / "multivector"
    modules = sorted(p for kind in ("*.py", "*.html") for p in module.rglob(kind))
    assert {path.suffix for path in modules} == {".py", ".html"}
    found = [
        f"{path.name}: {name}"
        for path in modules
        for name in CASE
        if re.search(rf"\b{name}", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert found == []


def test_notebooks_hold_no_output() -> None:
    for path in committed():
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            assert not any(
                cell.get("outputs") or cell.get("execution_count") for cell in cells
            ), path


def test_no_typing_errors() -> None:
    files = [
        path
        for path in committed()
        if path.suffix
        in {".md", ".py", ".ipynb", ".csv", ".yml", ".toml", ".js", ".css"}
    ] + [ROOT / "data" / "datapackage.json"]
    spelling = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert spelling.returncode == 0, spelling.stdout + spelling.stderr


# The tests themselves --------------------------------------------------------

# A limit after which a test gives up is no measurement; this helper holds one.
MAY_LOOK_AT_THE_CLOCK = {("conftest.py", "until")}
CLOCKS = {
    "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
    "process_time_ns", "sleep", "thread_time", "thread_time_ns", "time_ns", "timeit",
    "wait_for_timeout",
}  # fmt: skip
PAUSE = re.compile(r"new Promise\(\s*\(?(\w+)\)?\s*=>\s*setTimeout\(\s*\1\b")


def looks_at_the_clock(tree: ast.AST, file: str) -> Iterator[str]:
    """Where a test waits for milliseconds or measures them."""
    for node in ast.iter_child_nodes(tree):
        own = getattr(node, "name", "")
        if (file, own) in MAY_LOOK_AT_THE_CLOCK:
            continue
        name = getattr(node, "attr", getattr(node, "id", None))
        # The module alone says `time`; the call of that name needs it before the dot.
        if name in CLOCKS or (name == "time" and isinstance(node, ast.Attribute)):
            yield f"{file}:{node.lineno}: {name}"
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit"):
            yield f"{file}:{node.lineno}: from {node.module}"
        if isinstance(node, ast.Constant) and PAUSE.search(str(node.value)):
            yield f"{file}:{node.lineno}: a pause in a script"
        yield from looks_at_the_clock(node, file)


def test_no_test_measures_time_or_waits_for_it() -> None:
    """A test waits for a state that is reported, so that it holds on a slow machine too."""
    found = [
        place
        for path in sorted((ROOT / "tests").glob("*.py"))
        for place in looks_at_the_clock(
            ast.parse(path.read_text(encoding="utf-8")), path.name
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "page.wait_for_timeout(100)",
        "time.sleep(1)",
        "from time import sleep",
        "start = time.perf_counter()",
        "assert time.monotonic() < end",
        "started = time.time()",
        "import timeit; timeit.timeit(f)",
        "SCRIPT = 'await new Promise((done) => TIMER(done, 150));'",
        "SCRIPT = f'const a = {1}; await new Promise(r => TIMER(r, 9))'",
    ],
)
def test_a_look_at_the_clock_is_found(line: str) -> None:
    tree = ast.parse("def test():\n    " + line.replace("TIMER", "setTimeout"))
    assert list(looks_at_the_clock(tree, "test_x.py"))


def test_a_limit_is_no_look_at_the_clock() -> None:
    fine = "until(lambda: x, 'no'); page.wait_for_function('x'); scroll_to_end(page)"
    assert list(looks_at_the_clock(ast.parse(fine), "test_x.py")) == []
    clock = "def until():\n    time.monotonic()"
    assert list(looks_at_the_clock(ast.parse(clock), "conftest.py")) == []
    assert list(looks_at_the_clock(ast.parse(clock), "test_x.py"))


# The two commands ------------------------------------------------------------


def commands_in(text: str) -> list[str]:
    """Lines of a text that run a command of the project."""
    return re.findall(r"^(python3 essay\.py .*?)\s*$", text, re.MULTILINE)


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fenced = re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    named = [line for block in fenced for line in commands_in(block)][:2]
    assert len(named) == 2
    assert commands_in((ROOT / ".ci" / "run").read_text(encoding="utf-8")) == named
    assert "ESSAY_ONCE" in readme


def test_first_command_only_wraps_the_build() -> None:
    assert essay().BUILD == list(BUILD) == "build . -W -n --keep-going".split()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "jupyter-book build . -W -n --keep-going" in readme


def test_script_needs_the_standard_library_alone() -> None:
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
        assert imported and imported <= sys.stdlib_module_names, script


def test_script_can_be_read_by_an_old_python() -> None:
    compile_old = (
        "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 6))"
    )
    for script in SCRIPTS:
        subprocess.run([sys.executable, "-c", compile_old, str(script)], check=True)


def test_the_place_where_the_commands_once_stood_forwards() -> None:
    """Links and habits hold: the same words, the same exit code."""
    for arguments, code in ((["--help"], 0), (["build"], 2)):
        said = [
            subprocess.run(
                [sys.executable, str(script), *arguments],
                capture_output=True,
                text=True,
            )
            for script in SCRIPTS
        ]
        assert [one.returncode for one in said] == [code, code]
        assert said[0].stdout == said[1].stdout != ""


def test_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    script = essay()
    monkeypatch.setattr(script.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    with pytest.raises(
        script.Missing, match=r"Python 3\.11 or newer, and this is 3\.9"
    ):
        script.right_python()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (
            "The virtual environment was not created: ensurepip is not available",
            "apt install python3-venv",
        ),
        ("No module named venv", "apt install python3-venv"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied", "cannot be written"),
    ],
)
def test_failed_environment_is_explained(said: str, remedy: str) -> None:
    assert remedy in essay().why_no_venv(said)


def test_missing_browser_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    script = essay()
    monkeypatch.delenv("ESSAY_CHROMIUM", raising=False)
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    with pytest.raises(script.Missing, match="apt install chromium"):
        script.find_chromium("the tests need")


def test_tests_run_side_by_side_and_what_follows_has_the_last_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script, ran = essay(), []
    monkeypatch.setenv("ESSAY_CHROMIUM", sys.executable)
    monkeypatch.setattr(script, "install", lambda *lists: ran.append(lists))
    monkeypatch.setattr(script, "run", lambda command: ran.append(command) or 5)
    assert script.test(["-n", "0", "-k", "pages"]) == 5
    lists, command = ran
    assert lists == LISTS
    at_once = int(command[command.index("-n") + 1])
    assert 1 <= at_once <= script.MOST_AT_ONCE
    # Tests of one file share what is costly to make.
    assert command[command.index("--dist") + 1] == "loadfile"
    assert command[-4:] == ["-n", "0", "-k", "pages"]


def test_packages_of_the_user_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "PYTHONPATH",
        "PYTHONHOME",
        "PIP_USER",
        "PIP_CONSTRAINT",
        "JUPYTER_PATH",
    ):
        monkeypatch.setenv(name, "elsewhere")
    kept = essay().clean_environment()
    assert "elsewhere" not in kept.values()
    assert kept["PYTHONNOUSERSITE"] == "1"


def test_server_takes_the_next_free_port(tmp_path: Path) -> None:
    script = essay()
    (tmp_path / "index.html").write_text(
        '<meta http-equiv="refresh" content="0; url=book/index.html">'
    )
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text("<h1>Here</h1>")
    first = script.open_server(tmp_path)
    port = first.server_address[1]
    second = script.open_server(tmp_path, range(port, port + 50))
    assert second.server_address[1] > port
    first.server_close()
    script.threading.Thread(target=second.serve_forever, daemon=True).start()
    address, size = script.front_page(f"http://127.0.0.1:{second.server_address[1]}/")
    assert address.endswith("/book/index.html") and size == len("<h1>Here</h1>")
    second.shutdown()
    second.server_close()


def test_failed_cell_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = essay()
    report = tmp_path / "_build" / "html" / "reports" / "book" / "04-akayev.err.log"
    report.parent.mkdir(parents=True)
    report.write_text("Traceback\nZeroDivisionError: division by zero\n")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "04-akayev.ipynb").write_text("{}")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "HTML", tmp_path / "_build" / "html")
    [([notebook], file, text)] = script.failed_cells(since=0)
    assert notebook.as_posix() == "book/04-akayev.ipynb"
    assert file == report.relative_to(tmp_path)
    assert "ZeroDivisionError" in text
    assert script.failed_cells(since=report.stat().st_mtime + 60) == []


def test_installation_is_redone_when_pins_or_place_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = essay()
    pins = tmp_path / "requirements.txt"
    pins.write_text("a==1\n")
    first = script.digest(pins)
    pins.write_text("a==2\n")
    assert script.digest(pins) != first
    pins.write_text("a==1\n")
    assert script.digest(pins) == first
    monkeypatch.setattr(script, "VENV", tmp_path / "moved" / ".venv")
    assert script.digest(pins) != first


# Pins ------------------------------------------------------------------------


def requirement_lines(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith(("#", "-r"))]


def pins() -> dict[str, Requirement]:
    """All pins that hold here, by canonical name."""
    found = [
        Requirement(line.split(" #")[0])
        for name in LISTS
        for line in requirement_lines(name)
    ]
    return {
        canonicalize_name(one.name): one
        for one in found
        if one.marker is None or one.marker.evaluate()
    }


@pytest.mark.parametrize("name", LISTS)
def test_every_line_is_an_exact_pin_with_a_word(name: str) -> None:
    lines = requirement_lines(name)
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [^#]+?)? +# \S.+", line), line


def test_test_pins_start_from_those_of_the_book() -> None:
    lines = (
        (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    )
    assert (
        next(line for line in lines if line and not line.startswith("#"))
        == "-r ../requirements.txt"
    )


def hashed_pins(path: Path) -> dict[str, tuple[str, int]]:
    """Version, marker and number of hashes of each package of a file of hashes."""
    found = {}
    for block in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8")):
        if block.startswith("#"):
            continue
        pin, *hashes = re.split(r"\s*\\\n\s*", block.strip())
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
        one = Requirement(pin)
        found[canonicalize_name(one.name)] = (str(one.specifier), len(hashes))
    return found


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_its_hashes(name: str) -> None:
    script = essay()
    hashes = ROOT / script.HASHES[name]
    wanted = {
        canonicalize_name(one.name): str(one.specifier)
        for one in (
            Requirement(line.split(" #")[0]) for line in requirement_lines(name)
        )
    }
    found = hashed_pins(hashes)
    told = "python3 .ci/hashes.py writes them anew"
    assert {name: pin for name, (pin, _) in found.items()} == wanted, told
    assert all(many for _, many in found.values())
    assert script.pinned(hashes) == script.pinned(ROOT / name)


def test_an_installation_compares_hashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = essay()
    book, both = [LISTS[0]], list(LISTS)
    files = {name: ["-r", str(ROOT / script.HASHES[name])] for name in both}
    assert script.pip_lists(book) == ["--require-hashes", *files[LISTS[0]]]
    assert script.pip_lists(both) == ["--require-hashes", *sum(files.values(), [])]
    assert script.pip_lists(both[1:]) == script.pip_lists(both)
    assert capsys.readouterr().out == ""
    # Hashes of other pins than ours do not stop an installation, and are told.
    for name in (*LISTS, *script.HASHES.values()):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    pins = tmp_path / LISTS[0]
    pins.write_text(pins.read_text("utf-8").replace("numpy==", "numpy==1"), "utf-8")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    assert script.pip_lists(book) == ["-r", LISTS[0]]
    assert "nothing is compared with hashes" in capsys.readouterr().out


def test_nothing_is_pinned_twice() -> None:
    names = [
        Requirement(line.split(" #")[0]).name
        for name in LISTS
        for line in requirement_lines(name)
    ]
    assert sorted(names) == sorted(set(names))


def test_pins_are_installed_and_closed() -> None:
    """What is pinned is what runs here, and it needs nothing that is not pinned."""
    known = pins()
    for name, pin in known.items():
        assert importlib.metadata.version(name) in pin.specifier, name
        for line in importlib.metadata.requires(name) or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in known, f"{name} needs {need}"
                assert importlib.metadata.version(need.name) in need.specifier, (
                    f"{name} needs {need}"
                )


def refusing(python: str) -> list[str]:
    """Pinned packages that do not accept a Python."""
    found = []
    for name in pins():
        wanted = importlib.metadata.metadata(name).get("Requires-Python")
        if wanted and f"{python}.99" not in SpecifierSet(wanted):
            found.append(f"{name} wants {wanted}")
    return found


@pytest.mark.parametrize("python", PYTHONS)
def test_pins_accept_every_python_that_we_name(python: str) -> None:
    assert refusing(python) == []


def test_binder_names_a_python_that_the_pins_accept() -> None:
    runtime = (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert runtime.removeprefix("python-") in PYTHONS
    assert refusing(runtime.removeprefix("python-")) == []
