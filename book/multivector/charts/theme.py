"""Palette and theme: colours as variables of the page, so that dark mode and print need no second drawing."""

import re
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd
from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from ..forms import in_force
from ..language import N_


def css(name: str, light: str, *session: str) -> str:
    """A colour of the page; a live session that lacks it falls back to its own, then to ``light``."""
    for other in reversed(session):
        light = f"var(--{other}, {light})"
    return f"var(--chart-{name}, {light})"


TEXT = css("text", "#1f2328", "jp-content-font-color1", "vscode-editor-foreground")
RULE = css("rule", "#6b7280", "jp-border-color0")
GRID = css("grid", "#e5e7eb", "jp-border-color3")
PAGE = css("background", "#ffffff", "jp-layout-color0", "vscode-editor-background")
ACCENT = css("accent", "#0b62c4")
MUTED = css("muted", "#8a929c")
#: For large areas that matter less than what stands beside them.
PALE = css("pale", "#ced4da")
#: Four shades from warm to cold, for kinds of acts and whatever must stand apart; the first one warns.
WARN = css("kind-1", "#8f2f06")
WARM = css("kind-2", "#dd742c")
COOL = css("kind-3", "#4a93ea")
COLD = css("kind-4", "#184a90")
#: Colours of the levels of the game.  None is the colour of a vector, and the three stay apart for the colour-blind.
LEVELS = {
    N_("internal"): css("level-internal", "#9a7b00"),
    N_("external"): css("level-external", "#7a4fd6"),
    N_("both"): css("level-both", "#00594c"),
}
#: A real family first: Vega measures text on a canvas, which knows no "inherit".
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
)


def _signs(language: str) -> dict[str, Any]:
    """How a language writes numbers and dates, as Vega wants to know it."""
    if language == "en":
        return {}
    locale = Locale.parse(language)
    months, days = (
        {form: list(names["format"][form].values()) for form in ("wide", "abbreviated")}
        for names in (locale.months, locale.days)
    )
    for form in days:  # Babel's weeks begin on a Monday
        days[form] = [days[form][-1], *days[form][:-1]]
    number = {
        "decimal": get_decimal_symbol(locale),
        "thousands": get_group_symbol(locale),
        "grouping": [3],
        "currency": ["", ""],
    }
    time = {
        "dateTime": "%x, %X",
        "date": "%-d %B %Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": days["wide"],
        "shortDays": days["abbreviated"],
        "months": months["wide"],
        "shortMonths": months["abbreviated"],
    }
    return {"locale": {"number": number, "time": time}}


def theme() -> alt.theme.ThemeConfig:
    """Colours as CSS variables, so that dark mode and print need no second drawing."""
    axis = {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "tickColor": RULE,
        "domainColor": RULE,
        "gridColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return alt.theme.ThemeConfig(
        {
            "config": {
                **_signs(in_force()),
                "background": "transparent",
                "font": FONT,
                "view": {"stroke": None},
                "axis": axis,
                "title": {
                    "color": TEXT,
                    "subtitleColor": TEXT,
                    "fontSize": 15,
                    "subtitleFontSize": 12,
                    "anchor": "start",
                    "offset": 12,
                    "lineHeight": 19,
                    "subtitleLineHeight": 16,
                },
                "legend": {
                    "labelColor": TEXT,
                    "titleColor": TEXT,
                    "labelFontSize": 12,
                    "titleFontSize": 12,
                    "orient": "top",
                    "columns": 4,
                    "symbolType": "square",
                    "title": None,
                },
                "text": {"color": TEXT, "fontSize": 12},
                "rule": {"color": RULE},
                "line": {"color": TEXT, "strokeWidth": 2},
                "point": {"filled": True, "color": TEXT},
            }
        }
    )


def slug(text: str) -> str:
    """Lower case with hyphens, as in the names of the page's colours."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def colours(
    vectors: pd.DataFrame, among: Iterable[str] | None = None
) -> dict[str, str]:
    """Colour of each vector, the same in every figure; of all, or of those ``among`` which one looks."""
    shades = {
        name: f"var(--vector-{slug(name)}, {colour})"
        for name, colour in zip(vectors["vector"], vectors["colour"])
    }
    return shades if among is None else {name: shades[name] for name in among}


def for_words(shade: str) -> str:
    """The colour of a vector as words have it, which must be told from the page more than a mark.

    >>> for_words("var(--vector-peru, #ce6d67)")
    'var(--vector-peru-text, #ce6d67)'
    """
    return re.sub(r"^var\((--vector-[\w-]+),", r"var(\1-text,", shade)


def present(vectors: pd.DataFrame, values: Iterable[Any]) -> list[str]:
    """The vectors that occur among values, in their usual order."""
    found = set(values)
    return [name for name in vectors["vector"] if name in found]
