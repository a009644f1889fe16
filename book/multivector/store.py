"""Keeps what takes long to compute for the notebooks of one build.

Several chapters ask for the same ledger.  While the book is built, the first one leaves it
in a folder that an environment variable names, and the others take it from there.  Without
that variable, as in a live session, everything is computed where it is asked for.
"""

import functools
import hashlib
import inspect
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd

#: Names the folder.  Whoever sets it gives each state of the module a folder of its own.
VARIABLE = "MULTIVECTOR_STORE"

Kept = TypeVar("Kept", bound=Callable[..., Any])


def stored(function: Kept) -> Kept:
    """Keep on disk what a function makes of a case.

    Parameters
    ----------
    function : callable
        Its first argument is the case.  An argument ``look`` holds what was computed of the
        same case before, and does not count.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def kept(case: Any, *given: Any, **named: Any) -> Any:
        folder = os.environ.get(VARIABLE)
        if not folder:
            return function(case, *given, **named)
        bound = signature.bind(case, *given, **named)
        bound.apply_defaults()
        arguments = {
            name: value
            for name, value in list(bound.arguments.items())[1:]
            if name != "look"
        }
        words = f"{function.__name__} {arguments!r} {fingerprint(case)}"
        name = f"{function.__name__}-{hashlib.sha256(words.encode()).hexdigest()[:24]}"
        file = Path(folder) / f"{name}.pickle"
        try:
            return pickle.loads(file.read_bytes())
        except (OSError, EOFError, pickle.UnpicklingError):
            made = function(case, *given, **named)
            _write(file, made)
            return made

    return cast(Kept, kept)


def fingerprint(case: Any) -> str:
    """Changes with the content of any table of a case, and with its coding."""
    total = hashlib.sha256(case.coding.encode())
    for name in case.tables:
        table = case.table(name)
        total.update(f"{name} {list(table.columns)}".encode())
        total.update(pd.util.hash_pandas_object(table.astype(str)).to_numpy().tobytes())
    return total.hexdigest()


def _write(file: Path, made: Any) -> None:
    """Write a file whole or not at all: another notebook may look for it meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
        unfinished.write(pickle.dumps(made))
    os.replace(unfinished.name, file)
