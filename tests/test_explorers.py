"""What all explorers share, and the chapter in which they stand together."""

from __future__ import annotations

import functools

import pytest
from conftest import ROOT

from multivector import data, explorers

# A setting for each that is not the one it begins with by itself.
STARTS = {
    "BalanceExplorer": {
        "half_life": 365.0,
        "off": ["China"],
        "doubts": ("dates",),
        "seed": 4,
        "direction": "by",
        "shares": {"SCO": 0.25},
    },
    "BidsExplorer": {"host_value": 40.0, "rival_value": 60.0, "private_weight": 0.6},
    "BreakYearsExplorer": {"series": "UN gap", "years": [2005], "null": "permutation"},
    "EpisodesExplorer": {
        "text": "label,significance,commitment,threat,external\n"
        "a,0.9,1,0.1,1\nb,0.1,1,0.1,0\nc,0.7,1,0.5,1\nd,0.3,1,0.5,0\n",
        "model": "external only",
        "prior_sd": 0.5,
    },
    "GameExplorer": {"groups": "a, 0.2, 0.5\nb, 0.8, 0.5", "threshold": 0.75},
}


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case()


def made(name: str, case: data.Case) -> explorers.Explorer:
    few = {"draws": 100} if name in ("BalanceExplorer", "EpisodesExplorer") else {}
    return getattr(explorers, name)(case, **few)


@pytest.mark.parametrize("name", STARTS)
def test_an_explorer_begins_where_it_is_told(name: str, case: data.Case) -> None:
    """On the page its figure, in a session its controls and its figure."""
    start = STARTS[name]
    explorer = made(name, case).at(**start)
    asked: list[dict] = []
    draw = explorer.figure

    @functools.wraps(draw)
    def figure(**setting):
        asked.append(setting)
        return draw(**setting)

    explorer.figure = figure
    panel = explorer.widget().children
    assert asked == [start]
    # A control that moves hands over where all others stand.
    moved = next(one for one in panel if hasattr(one, "value") and hasattr(one, "step"))
    before, moved.value = moved.value, moved.value + moved.step
    moved.value = before
    handed = {**asked[-1]}
    for argument, value in start.items():
        given = handed[argument]
        if argument in ("off", "doubts", "years"):
            given, value = set(given), set(value)
        if argument == "shares":
            given = {actor: given[actor] for actor in value}
        assert given == value, argument


@pytest.mark.parametrize("name", STARTS)
def test_an_explorer_begins_elsewhere_by_itself(name: str, case: data.Case) -> None:
    explorer = made(name, case)
    assert all(explorer.default(one) != value for one, value in STARTS[name].items())


def test_the_explorers_stand_in_the_laboratory_and_nowhere_else() -> None:
    pages = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "book").glob("*.ipynb"))
    }
    homes = {
        name: [page for page, text in pages.items() if f"explorers.{name}(" in text]
        for name in STARTS
    }
    assert homes == dict.fromkeys(STARTS, ["laboratory"])
    known = {name for name in vars(explorers) if name.endswith("Explorer")}
    assert known == {*STARTS, "Explorer"}
