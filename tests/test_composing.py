"""Another case's chapters: what replaces what, what falls, and what is told of it."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from multivector.cases import betting, composing, fragments, pruning, running
from multivector.cases.fragments import Piece

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
FRAME = ROOT / "book" / "frame"


def notebook(*cells: tuple) -> nbformat.NotebookNode:
    """A notebook of (id, text, code, tags)."""
    made = nbformat.v4.new_notebook()
    for name, text, code, tags in cells:
        new = nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell
        made.cells.append(new(text, id=name, metadata={"tags": tags} if tags else {}))
    return made


# What replaces what ------------------------------------------------------------------


def test_own_words_go_before_those_of_the_frame_and_both_before_the_case() -> None:
    book = notebook(
        ("a", "# Title of the case", False, ["case"]),
        ("b", "Frame.", False, []),
        ("c", "Only here.", False, ["case"]),
        ("d", "x = 1", True, ["case"]),
    )
    frame = {"a": "# Any state", "d": "Words.\n\n```{code-cell}\ny = 2\n```"}
    texts = [piece.text for piece in fragments.composed(book, {}, frame)]
    assert texts == ["# Any state", "Frame.", "Words.", "y = 2"]
    own = {"a": "# This state", "b": "Own."}
    texts = [piece.text for piece in fragments.composed(book, own, frame)]
    assert texts[:2] == ["# This state", "Own."]


def test_a_cell_is_cut_before_each_heading_but_not_inside_a_fence() -> None:
    text = "One.\n\n(place)=\n## Two\n\n```\n## no heading\n```\n\n### Three\nend"
    pieces = fragments.composed(notebook(("a", text, False, [])))
    assert [piece.rank for piece in pieces] == [0, 2, 3]
    assert [piece.name for piece in pieces] == ["a", "a-2", "a-3"]
    assert pieces[1].text.startswith("(place)=") and "no heading" in pieces[1].text


def test_a_file_of_fragments_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    assert fragments.read(path) == {}
    path.write_text("+++ a\nOne.\n\n+++ b-2\n\nTwo.\n")
    assert fragments.read(path) == {"a": "One.", "b-2": "Two."}
    book = notebook(("a", "x", False, []), ("b2", "y", False, []))
    (told,) = fragments.strangers(path, book)
    assert "'b-2'" in told and "b2" in told
    for wrong in ("words\n+++ a\nOne.", "+++ a\nOne.\n+++ a\nTwo."):
        path.write_text(wrong)
        with pytest.raises(ValueError, match="01.md"):
            fragments.read(path)


def test_a_page_loses_its_blocks_of_the_case() -> None:
    text = '# A\n\none\n\n+++ {"tags": ["case"]}\n\ntwo\n\n+++\n\nthree\n'
    kept = fragments.without_case(text)
    assert "one" in kept and "three" in kept
    assert "two" not in kept and "+++" not in kept


# What falls --------------------------------------------------------------------------


def test_a_section_that_lacks_something_falls_with_all_that_rests_on_it(
    tmp_path: Path,
) -> None:
    pieces = [
        Piece("t", "# Chapter"),
        Piece("open", "shared = 1\nclass Missing(ValueError): pass", True),
        Piece("s1", "## First"),
        Piece("c1", "own = 2", True),
        Piece("c2", "raise Missing(\"table 'x' is not in the case\")", True),
        Piece("w1", "words"),
        Piece("s2", "## Second"),
        Piece("c3", "print(shared)", True),
        Piece("s3", "### Third"),
        Piece("c4", "print(own)", True),
        Piece("s4", "## Fourth"),
        Piece("c5", "1 / 0", True),
        Piece("s5", "## Fifth"),
        Piece("c6", "theirs", True),
    ]
    ran = running.run(pieces, tmp_path, {}, ["theirs = 3"])
    why = "table 'x' is not in the case"
    assert [(one.heading, one.why, one.fault) for one in ran.lost] == [
        ("First", why, False),
        ("Third", why, False),
        ("Fourth", "ZeroDivisionError: division by zero", True),
        ("Fifth", "the case of this book", False),
    ]
    assert [piece.name for piece in ran.pieces] == [
        *("t", "open", "s1", "s2", "c3", "s3", "s4", "s5")
    ]
    first = next(piece for piece in ran.pieces if piece.name == "s1")
    assert first.text.startswith("## First") and "the table `x`" in first.text


def test_lost_sections_in_a_row_that_lack_the_same_stand_under_one_heading(
    tmp_path: Path,
) -> None:
    lacks = 'class Missing(ValueError): pass\nraise Missing("{}")'
    pieces = [Piece("t", "# Chapter"), Piece("w", "words")]
    for name, why in zip("abcd", ["one", "one", "one", "two"]):
        pieces.append(Piece(name, f"## Section {name}"))
        pieces.append(Piece(name + "1", lacks.format(why), True))
    pieces += [Piece("e", "## Section e"), Piece("f", "## Section f")]
    pieces += [Piece("f1", lacks.format("two"), True)]
    ran = running.run(pieces, tmp_path, {})
    assert [piece.name for piece in ran.pieces] == ["t", "w", "a", "d", "e", "f"]
    assert len(ran.lost) == 5  # each is told of on the page of what is left out
    text = ran.pieces[2].text
    assert "one" in text and "“Section b” and “Section c”" in text
    assert "“" not in ran.pieces[3].text + ran.pieces[5].text


@given(st.lists(st.integers(0, 4), max_size=30))
def test_every_piece_stands_under_headings_of_rising_rank(ranks: list[int]) -> None:
    pieces = [
        Piece(str(i), f"{'#' * rank} x" if rank else "x")
        for i, rank in enumerate(ranks)
    ]
    for place, over in enumerate(running.sections(pieces)):
        found = [pieces[heading].rank for heading in over]
        assert found == sorted(set(found)) and all(heading <= place for heading in over)
        if pieces[place].rank:
            assert over[-1] == place


def kept(text: str, **known) -> str:
    given = {
        "said": frozenset({"n"}),
        "shown": frozenset({"chart/line"}),
        "places": {"here": frozenset({"line"}), "there": frozenset({"far"})},
        "terms": frozenset({"act"}),
        "page": "here",
    }
    return pruning.filtered(text, pruning.Known(**given | known))


def test_only_the_paragraph_falls_that_speaks_of_what_is_not_there() -> None:
    good = [
        "{glue:text}`n:.1f` partners in {chart}`line` and {chart}`there#far`.",
        "[Over there](there.ipynb) is an {term}`acts <act>`.",
        "- item {glue:text}`n`",
        "```{chart} line\nA.\n\nB.\n\nC.\n```",
    ]
    bad = [
        "{glue:text}`m:.1f` partners.",
        "In {chart}`other`.",
        "[Nowhere](gone.ipynb).",
        "A {term}`band`.",
        "- item {glue:text}`m`",
        "```{chart} other\nA.\n\nB.\n\nC.\n```",
        "```{bet} b\n:answer: m\nQ?\n\nA.\n```",
    ]
    mixed = "\n\n".join(text for pair in zip(bad, good) for text in pair)
    assert kept(mixed + "\n\n" + "\n\n".join(bad[4:])) == "\n\n".join(good)


def test_what_is_folded_falls_when_nothing_is_left_in_it() -> None:
    text = ":::{dropdown} More\n:open:\n\n{glue:text}`m`\n\n{glue:text}`n`\n:::"
    assert "`n`" in kept(text) and "`m`" not in kept(text)
    assert kept(":::{dropdown} More\n:open:\n\n{glue:text}`m`\n:::") == ""


@given(st.text(alphabet="ab `:-#|\n{}[]()", max_size=80))
def test_cutting_a_text_loses_and_doubles_nothing(text: str) -> None:
    parts = [part for part, _gap in pruning.blocks(text)]
    lines = [line for part in parts for line in part.splitlines() if line.strip()]
    assert lines == [line for line in text.splitlines() if line.strip()]


def test_a_number_that_is_none_is_not_said() -> None:
    def glued(name: str, text: str) -> nbformat.NotebookNode:
        return nbformat.v4.new_output(
            "display_data",
            {"application/papermill.record/text/plain": text},
            metadata={"scrapbook": {"name": name}},
        )

    values = {"a": "1.5", "b": "nan", "c": "None", "d": "'word'", "e": "inf"}
    outputs = tuple(glued(name, text) for name, text in values.items())
    assert pruning.said([Piece("x", "", True, outputs=outputs)])[0] == {"a", "d"}


# The chapters of this book -----------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_words_of_the_frame_stand_for_cells_of_their_chapter(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    words = FRAME / f"{path.stem}.md"
    assert fragments.strangers(words, book) == []
    marked = {c["id"] for c in book.cells if "case" in c.metadata.get("tags", ())}
    assert set(fragments.read(words)) <= marked


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_of_the_frame_rests_on_one_of_the_case(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    words = fragments.read(FRAME / f"{path.stem}.md")
    theirs: set[str] = set()
    frame: set[str] = set()
    for cell in (c for c in book.cells if c.cell_type == "code"):
        names = running.assigned(cell.source)
        if "case" in cell.metadata.get("tags", ()):
            theirs |= names
            # The frame's own words for the cell may give the same names.
            given = fragments.composed(
                nbformat.v4.new_notebook(cells=[cell]), {}, words
            )
            frame |= {n for p in given if p.code for n in running.assigned(p.text)}
            continue
        code = compile(cell.source, cell["id"], "exec", dont_inherit=True)
        used = set(code.co_names) | {
            name
            for inner in code.co_consts
            if hasattr(inner, "co_names")
            for name in inner.co_names
        }
        # What follows a dot is no name of the chapter.
        tree = ast.parse(cell.source)
        used &= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not used & (theirs - frame - names), cell["id"]
        frame |= names


def test_no_file_of_the_frame_is_for_a_chapter_that_is_not_there() -> None:
    known = {path.stem for path in NOTEBOOKS}
    assert {path.stem for path in FRAME.glob("*")} <= known


def test_every_term_of_the_glossary_is_found() -> None:
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    found = composing.terms_of(glossary)
    assert {"act", "AR(1)", "balance", "bureaucratic politics"} <= found
    lines = glossary.splitlines()
    pairs = zip(lines, lines[1:], strict=False)
    assert len(found) == sum(
        bool(one[:1].strip()) and two[:2] == "  " for one, two in pairs
    )


# --- bets, and errors while something is shown -------------------------------------------------------


def said_piece(**values: object) -> fragments.Piece:
    """A cell that has said these."""
    outputs = tuple(
        {
            "metadata": {"scrapbook": {"name": name}},
            "data": {pruning.SAID: repr(value)},
        }
        for name, value in values.items()
    )
    return fragments.Piece("said", "say()", code=True, outputs=outputs)


def bet(low: str, high: str, options: str = "") -> fragments.Piece:
    ends = f":low: {low}\n:high: {high}\n" if low else ""
    text = f"```{{bet}} b\n:answer: n\n{ends}\nHow many?\n\n{options}Twelve.\n```"
    return fragments.Piece("bet-many", text)


@pytest.mark.parametrize(
    ("block", "fits"),
    [
        (bet("0", "10"), False),
        (bet("0", "most"), True),
        (bet("13", "20"), False),
        (bet("0", "unsaid"), True),  # it falls with the number
        (bet("", "", "- one\n- two\n\n"), False),
    ],
)
def test_an_answer_that_nobody_can_bet_on_is_found(
    block: fragments.Piece, fits: bool
) -> None:
    told = list(betting.unfit([said_piece(n=12, most=15.0), block]))
    assert (
        told == [] if fits else "cell 'bet-many', bet 'b': the answer is 12" in told[0]
    )


def test_ends_of_bets_for_any_state_are_computed_or_those_of_a_share() -> None:
    """What can come out of another state's tables has no end that could be typed."""
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        frame = fragments.read(composing.FRAME / f"{path.stem}.md")
        for piece in fragments.composed(notebook, {}, frame):
            for name, options, _ in pruning.worded_bets(
                "" if piece.code else piece.text
            ):
                typed = [v for v in (options.get("low"), options.get("high")) if v]
                typed = [v for v in typed if v.replace(".", "").isdigit()]
                share = options.get("form", "").endswith("%")
                assert set(typed) <= ({"0", "1"} if share else {"0"}), (path.stem, name)


def test_an_error_while_something_is_shown_is_told_by_its_name(tmp_path: Path) -> None:
    shows = (
        "class Shown:\n    def _ipython_display_(self):\n        raise {}\n\n\nShown()"
    )
    for error, fault in (("KeyError('a year')", True), ("Missing('a year')", False)):
        lines = f"class Missing(ValueError):\n    pass\n\n\n{shows.format(error)}"
        cells = [
            fragments.Piece("a", "## Head"),
            fragments.Piece("b", lines, code=True),
        ]
        [lost] = running.run(cells, tmp_path, {}).lost
        assert lost.fault == fault and "a year" in lost.why and "None" not in lost.why
