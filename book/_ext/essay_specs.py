"""The views of a chart's specification: one walk for all that look into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Keys under which a Vega-Lite specification holds other views, alone or in a list.
PARTS = ("layer", "concat", "hconcat", "vconcat", "spec")


def views(spec: Any) -> Iterator[dict[str, Any]]:
    """All views of a specification, a view before those that it holds.

    >>> [view.get("name") for view in views({"name": "a", "layer": [{"name": "b"}]})]
    ['a', 'b']
    """
    if isinstance(spec, list):
        for part in spec:
            yield from views(part)
    elif isinstance(spec, dict):
        yield spec
        for key in PARTS:
            yield from views(spec.get(key))
