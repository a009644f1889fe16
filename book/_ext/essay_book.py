"""What this book adds to Jupyter Book: charts, maths and pages that need no network.

The parts, each in a module of its own:

`essay_blocks`
    gives charts, tables, bets and self-checks their places in the text, with their words
`essay_bets`
    gathers the bets of all chapters on one page
`essay_builds`
    lets one build of a folder wait for another; after a broken one no half page is left, and
    all is read again
`essay_cache`
    executes again what an edit of the data or of the shared module has made stale
`essay_charts`
    draws Vega-Lite charts as static SVG, with their specification beside them
`essay_specs`
    walks through the views of a chart's specification, and packs its rows for a page
`essay_paths`
    writes the paths of a drawing in few letters
`essay_drawings`
    draws each chart once, whatever pages are built again
`essay_assets`
    writes the one script that makes charts live, and the colours of the vectors
`essay_claims`
    links the claims that the text names to the ledger
`essay_licences`
    reads under which licences the numbers of a chart stand
`essay_maths`
    turns LaTeX into MathML at build time
`essay_numbers`
    numbers the figures and lets the text point to them
`essay_terms`
    says on hover what a term of the glossary means, and how long a chapter takes
`essay_kernels`
    starts kernels at once, as copies of a process that has imported all they need
`essay_words`
    tells the language of the book to kernels and scripts, and what our words are in it
`essay_runs`
    runs the notebooks, two at a time, on the other coding too where that matters
`essay_versions`
    writes what differs on the other coding into the pages
`essay_landmarks`
    gives the theme's parts names and roles that a reader's program knows
`essay_lift`
    hands each chapter out as a zip that runs alone
`essay_plain`
    writes a page as plain Markdown, for that
`essay_heads`
    one style sheet and a description in the head of every page, scripts that wait
`essay_sheets`
    cuts style sheets to the rules that some page can use
`essay_icons`
    cuts the theme's fonts to the icons that some page draws
`essay_weight`
    the last pass over the written site: one short sheet, nothing that no page asks for
`essay_search`
    writes the texts of which the search page shows excerpts, and keeps its index clean
`essay_pages`
    shows repository buttons only where there is a repository, drops unused scripts
`essay_others`
    writes the page of what others have made, from what is shipped
`essay_policy`
    takes code out of the markup and writes a policy into every page, after all others
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx

import essay_assets
import essay_bets
import essay_blocks
import essay_builds
import essay_cache
import essay_charts
import essay_claims
import essay_drawings
import essay_heads
import essay_landmarks
import essay_lift
import essay_maths
import essay_numbers
import essay_others
import essay_pages
import essay_policy
import essay_runs
import essay_search
import essay_terms
import essay_versions
import essay_weight
import essay_words


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Connect the parts to Sphinx."""
    # Kernels inherit the environment: the notebooks' charts know where they are drawn.
    os.environ["MULTIVECTOR_RENDERER"] = "book"
    parts = (
        essay_words,
        essay_builds,
        essay_cache,
        essay_charts,
        essay_drawings,
        essay_blocks,
        essay_bets,
        essay_numbers,
        essay_assets,
        essay_claims,
        essay_terms,
        essay_maths,
        essay_runs,
        essay_versions,
        essay_landmarks,
        essay_lift,
        essay_search,
        essay_pages,
        essay_others,
        essay_heads,
        essay_weight,
        essay_policy,
    )
    for part in parts:
        part.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
