"""Controls of the explorers: what of ipywidgets they use, in one look."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
import traitlets

from ..language import _


def _made(
    kind: Callable[..., widgets.Widget],
    label: str,
    width: str | None = "36em",
    room: str = "9em",
    **rest: Any,
) -> Any:
    """A control with its label, whose width is ``room``; typing and dragging count when they are over."""
    layout = {"height": rest.pop("height", None), "width": width}
    made = kind(
        description=label, style={"description_width": room}, layout=layout, **rest
    )
    if made.has_trait("continuous_update"):
        made.continuous_update = False
    return made


def slider(
    label: str, value: Any, low: float, high: float, step: float, room: str = "9em"
) -> widgets.FloatSlider:
    """A slider of numbers; ``room`` is the width of its label."""
    ends: dict[str, Any] = {"min": low, "max": high, "step": step}
    return _made(widgets.FloatSlider, label, room=room, value=value, **ends)


def steps(label: str, value: int, low: int, high: int, step: int) -> widgets.IntSlider:
    """A slider of whole numbers."""
    ends: dict[str, Any] = {"min": low, "max": high, "step": step}
    return _made(widgets.IntSlider, label, value=value, **ends)


def whole(label: str, value: Any, low: float, high: float) -> widgets.BoundedIntText:
    """A box for a whole number."""
    ends: dict[str, Any] = {"min": low, "max": high}
    return _made(widgets.BoundedIntText, label, "18em", value=value, **ends)


def seed(value: int) -> widgets.BoundedIntText:
    """A box for the seed of random numbers."""
    return whole(_("Seed"), value, 0, 2**31 - 1)


def several(
    label: str, options: Any, value: Any = (), width: str = "36em"
) -> widgets.SelectMultiple:
    """A list of which any number can be chosen."""
    return _made(
        widgets.SelectMultiple,
        label,
        width,
        options=options,
        value=value,
        height="11em",
    )


def one(
    label: str, options: Any, value: Any, width: str | None = None
) -> widgets.Dropdown:
    """A list of which one is chosen."""
    return _made(widgets.Dropdown, label, width, options=options, value=value)


def lines(
    label: str, text: str, width: str, height: str, room: str = "9em"
) -> widgets.Textarea:
    """A box for lines of text."""
    return _made(widgets.Textarea, label, width, room, value=text, height=height)


def buttons(
    label: str, options: Mapping[str, str], value: str
) -> widgets.ToggleButtons:
    """Buttons of which one is pressed; options by what stands on them."""
    return _made(widgets.ToggleButtons, label, None, options=options, value=value)


def switch(label: str, ticked: bool) -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(
        ticked, description=label, indent=False, layout={"width": "11em"}
    )


class Several(widgets.Box):
    """Controls that act as one, below each other or in a row: ``value`` holds theirs by name."""

    value = traitlets.Dict()

    def __init__(
        self, named: Mapping[str, widgets.Widget], flow: str = "column"
    ) -> None:
        super().__init__(list(named.values()), layout={"flex_flow": flow})

        def collect(_: object = None) -> None:
            self.value = {name: control.value for name, control in named.items()}

        for control in self.children:
            control.observe(collect, names="value")
        collect()
