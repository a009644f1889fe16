"""Draw a notebook's Vega-Lite charts: a static SVG at once, a live chart on demand.

A chart arrives as a Vega-Lite 6 specification that already carries its theme. On the
page it becomes a figure: an SVG drawn at build time, the specification for the script
that replaces it (`essay-charts.js`), a line with kind and source, and its description
as text. If no script runs, the SVG stays.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx

from essay_controls import panel
from essay_drawings import draw
from essay_layout import WIDTHS, drawn_at
from essay_licences import licences, of_case
from essay_paths import stepwise
from essay_specs import packed, views
from essay_words import _, formatted, typeset

# "+json" is required: nbformat rejects the key that Altair uses itself.
MIME = "application/vnd.vegalite.v6+json"
# Rows of a table, by column.
ROWS = "application/vnd.essay.rows+json"
# A second specification beside the first: the same chart in another version of the book.
OTHER = "application/vnd.essay.version+json"
#: Marks that only a pointer finds, and a still has no pointer; frames of nothing.
UNSEEN = re.compile(
    r'<path\b[^>]*\s(?:opacity="0"|display="none"|d="M0,0h0v0h0Z")[^>]*(?:/>|></path>)'
)
#: What holds where nothing is said.
SAID_ANYWAY = ' opacity="1"'
LONG_SOURCE = 400  # letters of a source line beyond which it is folded
KINDS = {"coded": ["coded"], "outside": ["outside"], "model": ["model"]}
KINDS["both"] = ["coded", "outside"]


def lines(text: Any) -> str:
    """Text of a title, which Vega-Lite takes as a string or as a list of lines."""
    return " ".join(map(str, text)) if isinstance(text, list) else str(text or "")


def title_text(spec: dict[str, Any]) -> str:
    """Title of a chart in one line, empty if there is none."""
    title = spec.get("title") or ""
    return lines(title.get("text")) if isinstance(title, dict) else lines(title)


def with_minus_signs(spec: dict[str, Any]) -> dict[str, Any]:
    """Copy of a specification whose title, description and caption are typeset."""

    def signed(text: Any) -> Any:
        if isinstance(text, dict):
            return {
                key: signed(part) if key in ("text", "subtitle") else part
                for key, part in text.items()
            }
        if isinstance(text, list):
            return [signed(line) for line in text]
        return typeset(text) if isinstance(text, str) else text

    found = {
        **spec,
        **{key: signed(spec[key]) for key in ("title", "description") if key in spec},
    }
    essay = spec.get("usermeta", {}).get("essay", {})
    if "caption" in essay:
        found["usermeta"] = {
            **spec["usermeta"],
            "essay": {**essay, "caption": signed(essay["caption"])},
        }
    return found


def problems(spec: dict[str, Any], words: bool = True) -> list[str]:
    """What a reader would miss in a chart; its own `words`, unless the text has them."""
    essay = spec.get("usermeta", {}).get("essay", {})
    found = []
    if words and not title_text(spec).strip():
        found.append("chart has no title")
    if words and not str(spec.get("description") or "").strip():
        found.append("chart has no description")
    if essay.get("kind") not in KINDS:
        found.append(
            f"chart has kind {essay.get('kind')!r}, expected one of {sorted(KINDS)}"
        )
    if not str(essay.get("source") or "").strip():
        found.append("chart has no source")
    return found


def rounded(tag: str) -> str:
    """Tag whose lengths have no more digits than a screen can show: half as much to load.

    >>> rounded('<path d="M0.0384,1e-9h540.25" transform="scale(0.0625)" opacity="0.125">')
    '<path d="m0 0h540.2" transform="scale(0.0625)" opacity="0.125">'
    >>> rounded('<g transform="translate(5.125,6) rotate(-90)">')
    '<g transform="translate(5.1,6) rotate(-90)">'
    """

    def length(text: re.Match[str]) -> str:
        return f"{round(float(text[0]), 1) + 0:.10g}"

    def lengths(text: str) -> str:
        return re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", length, text)

    def attribute(found: re.Match[str]) -> str:
        if found[1] == "d":
            return f' d="{stepwise(lengths(found[2]))}"'
        if found[1] != "transform":
            return f' {found[1]}="{lengths(found[2])}"'
        moved = re.sub(r"translate\([^)]*\)", lambda one: lengths(one[0]), found[2])
        return f' transform="{moved}"'

    return re.sub(r'\s(d|transform|[xy][12]?|r)="([^"]*)"', attribute, tag)


def for_page(svg: str, uid: str) -> str:
    """SVG whose ids (clip paths, gradients) do not meet those of another chart."""

    def rename(tag: re.Match[str]) -> str:
        # Roles and names of single marks are not heard within an image: dead weight.
        # The face is that of the whole drawing.
        dead = r'\s(role|aria-[a-z]+|font-family)="[^"]*"'
        text = re.sub(dead, "", rounded(tag[0])).replace(SAID_ANYWAY, "")
        text = re.sub(r'(\sid=")', rf"\1{uid}-", text)
        return re.sub(r'(url\(#|href="#)', rf"\1{uid}-", text)

    return re.sub(r"<[^>]+>", rename, UNSEEN.sub("", svg))


def label(spec: dict[str, Any]) -> str:
    """What a screen reader says of a chart."""
    parts = (title_text(spec), str(spec.get("description") or ""))
    return ". ".join(part.strip().rstrip(".") for part in parts)


def naming(spec: dict[str, Any], uid: str) -> str:
    """Attributes that name a drawing: by the words beside it where it has none itself."""
    if title_text(spec).strip():
        return f'aria-label="{html.escape(label(spec))}"'
    return f'aria-labelledby="{uid}-title" aria-describedby="{uid}-said"'


def static_svg(spec: dict[str, Any], uid: str, heaviest: int | None = None) -> str:
    """SVGs of a chart for a wide and a narrow column, each one labelled image to a screen reader.

    Where the narrow one would weigh more than `heaviest` bytes as it is sent, the wide one
    stands for any column.
    """
    font = html.escape((spec.get("config") or {}).get("font", "sans-serif"))
    named = f'{naming(spec, uid)} font-family="{font}"'
    wide, narrow = (
        still(drawn_at(width, spec, draw), f"{uid}-{name}", name, named)
        for name, width in WIDTHS.items()
    )
    if heaviest is not None and len(gzip.compress(narrow.encode())) > heaviest:
        return wide.replace("essay-chart__still--wide", "essay-chart__still--any")
    return wide + narrow


def still(drawn: str, uid: str, name: str, named_by: str) -> str:
    """A drawing of the build as the page shows it: one image, its parts unheard.

    >>> still('<svg class="marks" width="9" viewBox="0 0 9 4">', "a", "wide", 'role="x"')
    '<svg role="img" role="x" width="9" viewBox="0 0 9 4" class="essay-chart__still essay-chart__still--wide">'
    """
    kind = f"essay-chart__still essay-chart__still--{name}"

    def opened(found: re.Match[str]) -> str:
        rest = re.sub(r'\s(class|version|xmlns(:\w+)?)="[^"]*"', "", found[1])
        return f'<svg role="img" {named_by}{rest} class="{kind}">'

    svg = re.sub(r"^\s*<svg([^>]*)>", opened, for_page(drawn, uid), count=1)
    return svg.replace("<g", '<g aria-hidden="true"', 1)


def named(kinds: str, source: str) -> str:
    """The line that says what a chart is made from; a long list of works is folded."""
    text = html.escape(source)
    if len(source) <= LONG_SOURCE:
        return f'<p class="essay-chart__source">{kinds}{text}</p>'
    works = formatted(source.count("; ") + 1, _("# source|# sources"))
    return (
        f'<details class="essay-fold essay-chart__source"><summary>{kinds}{works}</summary>'
        f"<p>{text}</p></details>"
    )


def kind_and_source(spec: dict[str, Any]) -> str:
    """The line under a chart: what it is made from, and by whom."""
    essay = spec.get("usermeta", {}).get("essay", {})
    kinds = "".join(
        f'<span class="essay-kind essay-kind--{kind}">{_(kind)}</span> '
        for kind in KINDS.get(essay.get("kind"), [])
    )
    return named(kinds, lines(essay.get("source")))


def caption(spec: dict[str, Any]) -> str:
    """What is drawn, kind, source and description of a chart, for every reader."""
    essay = spec.get("usermeta", {}).get("essay", {})
    source = kind_and_source(spec)
    description = html.escape(str(spec.get("description") or ""))
    sentence = html.escape(str(essay.get("caption") or ""))
    said = f'<p class="essay-chart__caption">{sentence}</p>' if sentence else ""
    return (
        f"<figcaption>{said}{source}"
        '<div class="essay-chart__extras"><details class="essay-chart__description">'
        f"<summary>{_('Describe this chart')}</summary>"
        f"<p>{description}</p></details></div>"
        "</figcaption>"
    )


def view_names(spec: Any) -> Iterator[str]:
    """Names that a specification gives to its views, the outermost first."""
    for view in views(spec):
        name = view.get("name")
        # Altair names views without one by a counter.
        if isinstance(name, str) and not re.fullmatch(r"view_\d+", name):
            yield name


def anchors(spec: dict[str, Any]) -> str:
    """Places to which other pages can link: one for each named view.

    An explorer's chart has none: its views are called as those of the chart that it explores.
    """
    if spec.get("usermeta", {}).get("essay", {}).get("explorer"):
        return ""
    return "".join(map(anchor, dict.fromkeys(view_names(spec))))


def anchor(name: str) -> str:
    """A place to which a link can lead: the figure of this name."""
    return f'<span id="figure-{html.escape(name)}"></span>'


def embedded(spec: dict[str, Any]) -> str:
    """JSON of a specification, as a script element can hold it."""
    # "<" would end the element early, in a text that holds "</script>" or "<!--".
    text = json.dumps(packed(spec), separators=(",", ":"))
    return text.replace("<", "\\u003c")


def licence(spec: dict[str, Any], package: dict[str, Any]) -> str:
    """Licences of the numbers that a chart draws, after the descriptor of the case."""
    source = spec.get("usermeta", {}).get("essay", {}).get("source")
    return licences(lines(source), package)


def figure(spec: dict[str, Any], uid: str, place: str, package: dict[str, Any]) -> str:
    """Whole figure: static drawing, specification, caption.

    `place` (page, cell, output) marks where `essay_versions` may add a second specification.
    """
    terms = html.escape(licence(spec, package))
    return (
        f'<figure class="essay-chart" id="{uid}" data-licence="{terms}">{anchors(spec)}'
        f"{drawing(spec, uid, place)}{caption(spec)}</figure>"
    )


def drawing(spec: dict[str, Any], uid: str, place: str) -> str:
    """Controls, static drawings and specification of a figure, which has the id `uid`."""
    return (
        f'<div class="essay-chart__view">{panel(spec)}{static_svg(spec, uid)}</div>'
        f'<!--essay-chart {place}--><script type="application/json">{embedded(spec)}</script>'
    )


def chart_id(place: str, spec: dict[str, Any]) -> str:
    """Identifier that is the same in every build and another one for every chart."""
    content = place + json.dumps(spec, sort_keys=True)
    return "chart-" + hashlib.sha256(content.encode()).hexdigest()[:10]


class ChartRenderer:
    """Plug-in for myst-nb that takes our MIME type and leaves all others."""

    mime_priority_overrides = [
        (builder, MIME, 5) for builder in ("html", "dirhtml", "singlehtml")
    ]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Nodes for one output, or None to let others handle it."""
        if data.mime_type != MIME or inline:
            return None

        def warn(message: str) -> None:
            place = f"cell {(data.cell_index or 0) + 1}: {message}"
            renderer.logger.warning(place, subtype="chart", line=data.line)

        spec = with_minus_signs(data.content)
        for problem in problems(spec):
            warn(problem)
        env = renderer.renderer.sphinx_env
        docname = env.docname
        uid = chart_id(f"{docname} {data.cell_index} {data.output_index}", spec)
        try:
            text = figure(
                spec,
                uid,
                f"{docname}#{data.cell_index}.{data.output_index}",
                of_case(Path(env.srcdir)),
            )
        except ValueError as error:
            warn(f"chart cannot be drawn: {' '.join(str(error).split())[:300]}")
            return [nodes.paragraph("", str(spec.get("description") or ""))]
        return [nodes.raw(text=text, format="html", classes=["output"])]


def setup(app: Sphinx) -> None:
    """Register the renderer."""
    # myst-nb looks for renderers among the entry points of installed packages; its
    # cached list takes one that is not installed as well.
    renderers = load_mime_renders()
    if ChartRenderer not in renderers:
        renderers.append(ChartRenderer)
