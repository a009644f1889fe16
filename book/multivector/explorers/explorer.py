"""What all explorers share: a figure, the controls that set its arguments, and the line on the page."""

import html
import inspect
import os
from collections.abc import Mapping
from typing import Any, Self

import ipywidgets as widgets
from altair.utils.schemapi import debug_mode
from IPython.display import HTML, display

from .. import charts, page
from ..data import Case
from ..language import N_, _
from . import controls


class Explorer:
    """A figure, the controls that set its arguments, and the line that stands on the page.

    ``figure`` is the whole of an explorer; its controls only call it.
    """

    #: What a live session adds, for the line on the page.
    ADDS = ""
    STANDS = N_("stands still on this page")
    #: What stands above the controls.
    HINT = ""
    case: Case
    #: Arguments of ``figure`` at which the explorer begins.
    start: Mapping[str, Any] = {}

    def at(self, **start: Any) -> Self:
        """The explorer, to begin at this setting: arguments of ``figure``."""
        self.start = start
        return self

    def figure(self) -> Any:
        """The chart for one setting."""
        raise NotImplementedError

    def source(self) -> str:
        """What the numbers of a model are cited from: the claims of the case, where it has any."""
        if self.case.has("claims"):
            return self.case.cite("claims")
        return _("numbers that are made up")

    def controls(self) -> dict[str, widgets.Widget]:
        """Controls by the argument of ``figure`` that each sets."""
        raise NotImplementedError

    def setting(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Arguments of ``figure``, from the values of the controls."""
        return chosen

    def default(self, name: str) -> Any:
        """Where a control starts: where the explorer begins, else at what ``figure`` takes without it."""
        taken = inspect.signature(self.figure).parameters[name].default
        return self.start.get(name, taken)

    def sliders(self, room: str, *rows: tuple[Any, ...]) -> dict[str, widgets.Widget]:
        """Sliders out of rows (argument, label, low, high, step); ``room`` is the width of a label."""
        return {
            name: controls.slider(label, self.default(name), low, high, step, room)
            for name, label, low, high, step in rows
        }

    def widget(self) -> widgets.Widget:
        """Controls, a line for messages, and a chart that follows the controls."""
        panel = self.controls()
        plot, message = charts.live(self.figure(**self.start)), widgets.HTML()

        def redraw(_: object) -> None:
            chosen = {name: control.value for name, control in panel.items()}
            setting = {**self.start, **self.setting(chosen)}
            try:
                # The same chart was checked when it was first drawn, and checking takes
                # longer than computing.
                with debug_mode(False):
                    charts.exchange(plot, self.figure(**setting))
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in panel.values():
            control.observe(redraw, names="value")
        above = [widgets.HTML(_(self.HINT))] if self.HINT else []
        return widgets.VBox([*above, *panel.values(), message, plot])

    def _ipython_display_(self) -> None:
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(
                HTML(page.fill("run.html", stands=_(self.STANDS), adds=_(self.ADDS)))
            )
            figure = self.figure(**self.start)
            # Its views have the names of views of the page.
            figure.usermeta["essay"]["explorer"] = True
            display(figure)
        else:
            display(self.widget())
