"""Controls of the explorers: what of ipywidgets they use, in one look."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import traitlets

from .language import _


def slider(
    label: str, value: Any, low: float, high: float, step: float, room: str = "9em"
) -> widgets.FloatSlider:
    """A slider of numbers; ``room`` is the width of its label."""
    return widgets.FloatSlider(
        value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=False,
        style={"description_width": room},
        layout={"width": "36em"},
    )


def whole(label: str, value: Any, low: float, high: float) -> widgets.BoundedIntText:
    """A box for a whole number."""
    return widgets.BoundedIntText(
        value,
        min=low,
        max=high,
        description=label,
        continuous_update=False,
        style={"description_width": "9em"},
        layout={"width": "18em"},
    )


def seed() -> widgets.BoundedIntText:
    """A box for the seed of random numbers."""
    return whole(_("Seed"), 1, 0, 2**31 - 1)


def several(
    label: str, options: Any, value: Any = (), width: str = "36em"
) -> widgets.SelectMultiple:
    """A list of which any number can be chosen."""
    return widgets.SelectMultiple(
        options=options,
        value=value,
        description=label,
        style={"description_width": "9em"},
        layout={"width": width, "height": "11em"},
    )


def one(label: str, options: Any, value: Any, **layout: str) -> widgets.Dropdown:
    """A list of which one is chosen."""
    return widgets.Dropdown(
        options=options,
        value=value,
        description=label,
        style={"description_width": "9em"},
        layout=layout,
    )


def lines(
    label: str, text: str, width: str, height: str, room: str = "9em"
) -> widgets.Textarea:
    """A box for lines of text."""
    return widgets.Textarea(
        text,
        description=label,
        continuous_update=False,
        style={"description_width": room},
        layout={"width": width, "height": height},
    )


def steps(label: str, value: int, low: int, high: int, step: int) -> widgets.IntSlider:
    """A slider of whole numbers."""
    return widgets.IntSlider(
        value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=False,
        style={"description_width": "9em"},
        layout={"width": "36em"},
    )


def buttons(
    label: str, options: Mapping[str, str], value: str
) -> widgets.ToggleButtons:
    """Buttons of which one is pressed; options by what stands on them."""
    return widgets.ToggleButtons(
        options=options,
        value=value,
        description=label,
        style={"description_width": "9em"},
    )


def switch(label: str) -> widgets.Checkbox:
    """A box to tick, ticked at first."""
    return widgets.Checkbox(
        True, description=label, indent=False, layout={"width": "11em"}
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
