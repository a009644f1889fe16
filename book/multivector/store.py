"""Keeps what takes long to compute for all notebooks of a book, and for its next build.

Several chapters ask for the same ledger, and both versions of a chapter for the same model.
While the book is built, the first one leaves the result in a folder that an environment
variable names, and the others take it from there.  A result is found again for as long as
what it was computed from is the same: the arguments, the case, and the code.  Without that
variable, as in a live session, everything is computed where it is asked for.
"""

import contextlib
import functools
import hashlib
import inspect
import io
import os
import pickle
import re
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

from .data import Case
from .tables import opened

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: Names the folder.
VARIABLE = "MULTIVECTOR_STORE"
#: An argument of this name holds what was computed of the same case before; it does not count.
LOOK = "look"
#: More results than these are not kept; those go first that were not asked for longest.
MOST = 300

#: An import from the package: of a module, or of names out of one.
_IMPORT = re.compile(
    r"^[ \t]*from \.+(\w*)[\w.]* import (\([^)]*\)|[^\n(]*)", re.MULTILINE
)

Kept = TypeVar("Kept", bound=Callable[..., Any])


def stored(function: Kept) -> Kept:
    """Keep on disk what a pure function makes of its arguments.

    Parameters
    ----------
    function : callable
        Its arguments are cases, tables, arrays and plain values, and it draws no chance
        that is not seeded.  An argument ``look`` does not count.  It speaks no language:
        the sentences in its result are :class:`language.Sentence`, told when they are read.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def kept(*given: Any, **named: Any) -> Any:
        folder = os.environ.get(VARIABLE)
        if not folder:
            return function(*given, **named)
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        arguments = {n: v for n, v in bound.arguments.items() if n != LOOK}
        words = (_content(arguments), _code(_room(function.__module__)))
        name = f"{function.__name__}-{hashlib.sha256(repr(words).encode()).hexdigest()[:24]}"
        file = Path(folder) / f"{name}.pickle"
        with _turn(file):
            with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
                tables, made = pickle.loads(file.read_bytes())
                file.touch()
                opened.note(*tables)
                return made
            with opened.listening() as tables:
                made = function(*given, **named)
            _write(file, (sorted(tables), made))
        return made

    return cast(Kept, kept)


class _Contents(pickle.Pickler):
    """Turns arguments into bytes that change with their content."""

    def persistent_id(self, value: object) -> str | None:
        return value.fingerprint() if isinstance(value, Case) else None


def _content(arguments: dict[str, Any]) -> str:
    """Changes with the content of any argument."""
    written = io.BytesIO()
    _Contents(written, protocol=5).dump(arguments)
    return hashlib.sha256(written.getvalue()).hexdigest()


def _room(module: str) -> str:
    """Name of the room of the package in which a module lies."""
    return module.removeprefix(f"{__package__}.").partition(".")[0]


@functools.cache
def _code(room: str) -> str:
    """Changes with the code of a room, of those that it imports from, and with the pins."""
    files = code_of(room)
    pins = [f"{name} {version(name)}" for name in ("numpy", "pandas", "scipy")]
    parts = [pins, *((file.name, files[file]) for file in sorted(files))]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def code_of(room: str) -> dict[Path, str]:
    """The code of a room and of those that it imports from, by file."""
    package = Path(__file__).parent
    files: dict[Path, str] = {}
    waiting = {room}
    while waiting:
        name = waiting.pop()
        for file in (package / f"{name}.py", *sorted((package / name).glob("**/*.py"))):
            if file.is_file() and file not in files:
                files[file] = text = file.read_text(encoding="utf-8")
                waiting |= _imported(text)
    return files


def _imported(text: str) -> set[str]:
    """Names that a module takes from its own package."""
    found = set()
    for module, names in _IMPORT.findall(text):
        found |= {module} if module else set(re.findall(r"\w+", names))
    return found


@contextlib.contextmanager
def _turn(file: Path) -> Iterator[None]:
    """Let one process compute a result, and the others that want it wait for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    with open(file, "ab") as held:  # who finds it empty has it to compute
        with contextlib.suppress(OSError):  # some network folders know no locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _write(file: Path, made: object) -> None:
    """Write a file whole or not at all, in the place of one that nobody wants any more."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
        unfinished.write(pickle.dumps(made))
    os.replace(unfinished.name, file)
    by_age = sorted(file.parent.glob("*.pickle"), key=lambda one: one.stat().st_mtime)
    for old in by_age[:-MOST]:
        old.unlink(missing_ok=True)
