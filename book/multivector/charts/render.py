"""What becomes of a finished chart: a specification for the book, a widget for a live session."""

import os
import re
import textwrap
from collections.abc import Iterable
from typing import Any, TypeVar

import altair as alt

from ..checks import one_of
from ..language import N_, _
from .theme import theme

#: What a chart is as JSON, and whatever Altair can draw.
Spec = dict[str, Any]
Drawn = TypeVar("Drawn", bound=alt.TopLevelMixin)
KINDS = (N_("coded"), N_("outside"), N_("both"), N_("model"))
MIME = "application/vnd.vegalite.v6+json"


def switch_on() -> None:
    """Draw charts from now on as the essay does; importing this room leaves Altair alone.

    In the book a chart becomes a picture of the page, elsewhere a widget: the build says so by
    an environment variable.
    """
    in_book = os.environ.get("MULTIVECTOR_RENDERER") == "book"
    alt.theme.register("multivector", enable=True)(theme)
    alt.renderers.register("multivector", for_book if in_book else for_session)
    alt.renderers.enable("multivector")


def for_book(spec: Spec, **_: Any) -> Spec:
    """The book turns the specification into a static picture and a live chart."""
    return {MIME: spec, "text/plain": f"Chart: {spec.get('description', '')}"}


def for_session(spec: Spec, **_: Any) -> Spec:
    """JupyterLab, VS Code, Binder: Altair's own widget, offline; else a picture."""
    import vl_convert

    spec = fixed_width(_with_source(spec))
    bundle = _widget(spec)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {
        **data,
        "image/svg+xml": vl_convert.vegalite_to_svg(spec),
        "text/plain": f"Chart: {spec.get('description', '')}",
    }


def live(chart: alt.TopLevelMixin) -> Any:
    """A chart as a widget, drawn without a network; :func:`exchange` puts another one in its place."""
    return _widget(fixed_width(_with_source(chart.to_dict())))


def _widget(spec: Spec) -> Any:
    """A widget of a live session; the room that makes it is opened only there."""
    from .widget import plot

    return plot(spec)


def exchange(plot: Any, chart: alt.TopLevelMixin) -> None:
    """Show another chart in a widget of :func:`live`; nor is this one checked against the schema."""
    plot.spec = fixed_width(_with_source(chart.to_dict(validate=False)))


def _with_source(spec: Spec) -> Spec:
    """Outside the book the source line stands under the title."""
    essay = spec.get("usermeta", {}).get("essay")
    if not essay:
        return spec
    title = dict(spec["title"])
    title["subtitle"] = [
        *title.get("subtitle", []),
        *textwrap.wrap(f"{_(essay['kind'])}: {essay['source']}", 90),
    ]
    return {**spec, "title": title, "usermeta": {}}  # the source stands once


def fixed_width(spec: Any, width: int = 640) -> Any:
    """Outside the book a container may have no width yet."""
    if isinstance(spec, list):
        return [fixed_width(s, width) for s in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        k: width
        if k == "width" and v == "container"
        else fixed_width(v, width)
        if k.endswith("concat")
        else v
        for k, v in spec.items()
    }


def finish(
    chart: Drawn,
    title: str,
    description: str,
    source: str | Iterable[str],
    kind: str,
    subtitle: str = "",
) -> Drawn:
    """Give a chart what every chart of the essay has.

    Parameters
    ----------
    chart : alt.Chart
    title : str
        A finding, computed, or a question.
    description : str
        What is plotted, its range and main shape, for a reader who cannot see it. Its first sentence stands
        under the figure as its caption, so it says what is drawn to one who has not looked.
    source : str or list of str
        Citations, as ``case.cite`` gives them.
    kind : {"coded", "outside", "both", "model"}
        What the chart is made from.
    subtitle : str
        Units, period, what the reader can do.

    Raises
    ------
    ValueError
        If a text is empty or the kind unknown.
    """
    cited = source if isinstance(source, str) else "; ".join(dict.fromkeys(source))
    texts = {"title": title, "description": description, "source": cited}
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name} is empty; allowed: a sentence")
    one_of("kind", kind, KINDS)
    heading = alt.Title(textwrap.wrap(title, 66), subtitle=textwrap.wrap(subtitle, 90))
    given = {} if chart.usermeta is alt.Undefined else chart.usermeta.get("essay", {})
    essay = {
        **given,
        "kind": kind,
        "source": cited,
        "caption": first_sentence(description),
    }
    return chart.properties(
        title=heading, description=description, usermeta={"essay": essay}
    )


def first_sentence(text: str) -> str:
    """Text up to the first full stop that a capital or a digit follows.

    >>> first_sentence("Bars for 3 of 5.5 threats. The mean is 2. And so on.")
    'Bars for 3 of 5.5 threats.'
    """
    return re.split(r"(?<=[.?!])\s+(?=[A-Z0-9])", text.strip(), maxsplit=1)[0]
