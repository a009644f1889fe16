"""What is wrong in a case, told so that it can be mended."""

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

DESCRIPTOR = "datapackage.json"
SHOWN = 3  #: rows that a problem found in many rows names


class Problem(NamedTuple):
    """One thing that is wrong in a case: where, what, and what would be right."""

    file: str
    #: Line of the file, the header being line 1; None for the whole file.
    row: Any
    column: str | None  #: of the descriptor the place in it, as keys and numbers
    value: object
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return _told([self])


class CaseError(ValueError):
    """All problems of a case at once.

    Its text tells equal problems of one column once, with their number and the first rows.

    Attributes
    ----------
    problems : tuple of Problem
        File, row, column, value, what is wrong, what would be right; each on its own.
    """

    def __init__(self, folder: Traversable, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        many = (
            "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        )
        alike: dict[tuple[Any, ...], list[Problem]] = {}
        for problem in self.problems:
            key = (problem.file, problem.column, problem.wrong, problem.remedy)
            alike.setdefault(key, []).append(problem)
        lines = [f"- {_told(group)}" for group in alike.values()]
        super().__init__("\n".join([f"{many} in the case {folder.name!r}:", *lines]))


def _told(alike: list[Problem]) -> str:
    """One line for problems that differ in row and value only."""
    first = alike[0]
    place = first.file
    what = "line" if first.file.endswith(".toml") else "row"
    rows = list(dict.fromkeys(str(p.row) for p in alike if p.row is not None))
    if rows:
        place += f", {what}{'s' if len(rows) > 1 else ''} {_listed(rows)}"
    if first.column is not None:
        named = first.file != DESCRIPTOR and what == "row"
        place += f", column {first.column!r}" if named else f", at {first.column}"
    many = f"{len(rows)} {what}s: " if len(rows) > 1 else ""
    values = list(dict.fromkeys(_short(p.value) for p in alike if p.value is not None))
    found = f" ({_listed(values)})" if values else ""
    return f"{place}: {many}{first.wrong}{found}. {first.remedy}."


def _listed(texts: list[str]) -> str:
    """A few of some texts, and how many more there are."""
    more = len(texts) - SHOWN
    if more <= 0:
        return ", ".join(texts)
    return f"{', '.join(texts[:SHOWN])} and {more} more"


def _short(value: Any, most: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."
