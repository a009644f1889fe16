"""What this book adds to Jupyter Book: charts, maths and pages that need no network.

The parts, each in a module of its own:

`essay_cache`
    executes again what an edit of the data or of the shared module has made stale
`essay_charts`
    draws Vega-Lite charts as static SVG, with their specification beside them
`essay_assets`
    writes the one script that makes charts live, and the colours of the vectors
`essay_claims`
    links the claims that the text names to the ledger
`essay_maths`
    turns LaTeX into MathML at build time
`essay_versions`
    runs the notebooks on the other coding too and writes what differs into the pages
`essay_pages`
    shows repository buttons only where there is a repository, drops unused scripts
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx

import essay_assets
import essay_cache
import essay_charts
import essay_claims
import essay_maths
import essay_pages
import essay_versions


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Connect the parts to Sphinx."""
    # Kernels inherit the environment: the notebooks' charts know where they are drawn.
    os.environ["MULTIVECTOR_RENDERER"] = "book"
    for part in (essay_cache, essay_charts, essay_assets, essay_claims, essay_maths, essay_versions, essay_pages):
        part.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
